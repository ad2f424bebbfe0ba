package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/vote"
)

// A vote of the demonstration is announced, its roll posted, its ballots handed out and its key made on these days; then it opens.
const (
	demoVoteNotice = 16 * day
	demoVoteRoll   = 2 * day
	demoVoteHanded = 4 * day
	demoVoteKey    = 5 * day
)

// demoTellers are of three sides: an owner, the community, the street office.
var demoTellers = [teller.Tellers]string{"neighbour", "community", "street-deputy"}

// decision is a vote that the demonstration holds.
type decision struct {
	*demonstration
	name      string
	announced time.Time
	length    time.Duration
	draft     vote.Draft
	vote      vote.Vote
	secrets   [teller.Tellers]*teller.Secret
}

// ownersVotes are three: one that was counted and published, one that is open and waits for the owner with a log-in, and a proposal that looks
// for support.
func (d *demonstration) ownersVotes() []happening {
	begin, opened := d.begin(), int(d.now.Sub(d.begin())/day)-4
	past := &decision{demonstration: d, name: "held vote", announced: begin, length: 6 * day, draft: vote.Draft{
		Scope: vote.ServiceArea, PlaceID: d.serviceArea.ID, Kind: vote.Extraordinary, Title: "屋面维修资金使用表决",
		Reason: "三栋楼的屋面去年雨季都有渗漏，物业报修记录和现场查勘记录附后，须由业主共同决定是否动用维修资金。",
		Items: []vote.Item{
			{Matter: 5, Title: "使用维修资金翻修 1 至 3 号楼屋面防水", Content: "翻修屋面防水 2,160 平方米，预算 38.9 万元，从各栋维修资金账户中按专有部分面积分摊；超出预算的部分须另行表决。", Options: []vote.Name{{Text: "同意"}}, Most: 1},
			{Matter: 8, Title: "在中心花园设置广告灯箱", Content: "与广告公司签约三年，设置灯箱四座，收入归全体业主，用于补充维修资金。", Options: []vote.Name{{Text: "同意"}}, Most: 1},
		}}}
	open := &decision{demonstration: d, name: "open vote", announced: begin.Add(time.Duration(opened)*day - demoVoteNotice), length: 21 * day, draft: vote.Draft{
		Scope: vote.ServiceArea, PlaceID: d.serviceArea.ID, Kind: vote.Regular, Title: "老旧小区改造方案和改造后管理方式",
		Reason: "小区列入今年的改造计划。改什么、改后由谁管，由业主共同决定。",
		Items: []vote.Item{
			{Matter: 7, Title: "同意外墙保温和雨污分流改造方案", Content: "改造外墙保温 9,800 平方米，雨水管和污水管分开，施工期约五个月。业主出资部分按专有部分面积分摊，每平方米不超过 18 元，方案全文和分摊表见附件公示。", Options: []vote.Name{{Text: "同意"}}, Most: 1},
			{Matter: 4, Title: "改造完成后怎样选聘物业服务人", Content: "现合同到期后，从下列办法中选一种。选中的办法得到法定多数才算通过。", Options: []vote.Name{{Text: "续聘现物业服务企业两年"}, {Text: "公开招标选聘"}, {Text: "业主自行管理"}}, Most: 1},
		}}}
	at := func(when time.Time, do func(context.Context) error) happening { return happening{when, do} }
	out := slices.Concat(past.prepared(), past.cast(52), past.finished(), open.prepared(), open.cast(19))
	return append(out, at(d.now.Add(-26*hour), open.authorises), at(d.now.Add(-6*day), d.proposes))
}

// prepared is everything up to the opening, which the program does by itself.
func (v *decision) prepared() []happening {
	return []happening{
		{v.announced, v.announces},
		{v.announced.Add(demoVoteRoll), v.postsRoll},
		{v.announced.Add(demoVoteHanded), v.handsOut},
		{v.announced.Add(demoVoteKey), v.makesKey},
	}
}

func (v *decision) opens() time.Time { return v.announced.Add(demoVoteNotice) }

// read reads the vote as it is.
func (v *decision) read(ctx context.Context) error {
	seen, err := v.Votes.Show(ctx, v.as["committee"], v.vote.ID)
	v.vote = seen.Vote
	return err
}

func (v *decision) announces(ctx context.Context) (err error) {
	committee := v.as["committee"]
	if v.vote, err = v.Votes.Propose(ctx, committee, v.key(v.name), v.draft); err != nil || v.vote.State != vote.Proposed {
		return err
	}
	opens := clock.At(v.opens())
	v.vote, err = v.Votes.Announce(ctx, committee, v.vote.ID, vote.Taken{Version: v.vote.Version}, vote.Announcement{OpensAt: opens, ClosesAt: opens.Add(v.length)})
	return err
}

func (v *decision) postsRoll(ctx context.Context) (err error) {
	if v.vote.State != vote.Announced {
		return nil
	}
	v.vote, err = v.Votes.PostRoll(ctx, v.as["committee"], v.vote.ID, vote.Taken{Version: v.vote.Version})
	return err
}

func (v *decision) handsOut(ctx context.Context) error {
	if v.vote.State != vote.RollPosted {
		return nil
	}
	heads := make([]int, v.vote.RollHeads)
	for i := range heads {
		heads[i] = i + 1
	}
	_, err := v.Votes.Deliver(ctx, v.as["community-worker"], v.key(v.name+" delivered"), v.vote.ID, vote.Delivery{Heads: heads, How: "door", Note: "上门送达"})
	return err
}

// makesKey is the ceremony of the three tellers, each with a file as `redproperty vote teller` keeps it. In earnest these files are on three
// people's own devices; here they lie beside the demonstration's data, so that one person can play all three.
func (v *decision) makesKey(ctx context.Context) error {
	var reach teller.Reaches
	for i, name := range demoTellers {
		secret, err := v.secret(name, i+1)
		if err != nil {
			return err
		}
		v.secrets[i] = secret
		if reach[i], err = secret.Reach(); err != nil {
			return err
		}
		if _, err := v.Votes.TakeSeat(ctx, v.teller(i), vote.Taken{Once: v.key(v.name + " seat of " + name)}, v.vote.ID, reach[i]); err != nil && !settled(err) {
			return err
		}
	}
	for i, name := range demoTellers {
		dealing, err := v.secrets[i].Deal(reach)
		if err == nil {
			err = v.save(i)
		}
		if err != nil {
			return err
		}
		if _, err := v.Votes.Deal(ctx, v.teller(i), vote.Taken{Once: v.key(v.name + " dealing of " + name)}, v.vote.ID, dealing); err != nil && !settled(err) {
			return err
		}
	}
	return v.confirm(ctx, reach)
}

// settled tells whether an earlier start has done it.
func settled(err error) bool { return errors.Is(err, fault.Conflict) }

func (v *decision) confirm(ctx context.Context, reach teller.Reaches) error {
	var dealt [teller.Tellers]teller.Dealing
	for i, s := range v.secrets {
		dealt[i] = *s.Dealing
	}
	for i, name := range demoTellers {
		key, err := v.secrets[i].Finish(reach, dealt)
		if err == nil {
			err = v.save(i)
		}
		if err != nil {
			return err
		}
		if _, err := v.Votes.Confirm(ctx, v.teller(i), vote.Taken{Once: v.key(v.name + " key of " + name)}, v.vote.ID, key.Hash); err != nil && !settled(err) {
			return err
		}
	}
	return v.read(ctx)
}

func (d *demonstration) teller(i int) authz.Principal {
	if demoTellers[i] == "neighbour" {
		return d.homes[2].Principal
	}
	return d.as[demoTellers[i]]
}

// tellerFile is where the demonstration keeps a teller's secret.
func (v *decision) tellerFile(i int) string {
	return filepath.Join(v.tellersFolder(), fmt.Sprintf("%s-%s.json", demoTellers[i], v.vote.ID))
}

// tellersFolder is beside the attachments.
func (a *App) tellersFolder() string {
	return filepath.Join(filepath.Dir(a.Config.Blob.Dir), "tellers")
}

// secret is a teller's file, or a new one.
func (v *decision) secret(name string, no int) (*teller.Secret, error) {
	raw, err := os.ReadFile(v.tellerFile(no - 1))
	if errors.Is(err, os.ErrNotExist) {
		return teller.Start(v.vote.ID, no)
	}
	if err != nil {
		return nil, err
	}
	s := &teller.Secret{}
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("teller %s: %w", name, err)
	}
	return s, nil
}

func (v *decision) save(i int) error {
	raw, err := json.MarshalIndent(v.secrets[i], "", "  ")
	if err == nil {
		err = os.MkdirAll(v.tellersFolder(), 0o700)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(v.tellerFile(i), append(raw, '\n'), 0o600)
}

// cast lets n owners vote: those with an account on their phones, the others on paper that two persons enter.
func (v *decision) cast(n int) []happening {
	var out []happening
	for i := range n {
		at := v.opens().Add(2*hour + time.Duration(i)*3*day/time.Duration(n))
		out = append(out, happening{at, func(ctx context.Context) error { return v.ballot(ctx, i) }})
	}
	return out
}

// ballot casts for the i-th line of the roll that has not voted.
func (v *decision) ballot(ctx context.Context, i int) error {
	if i == 0 {
		if err := v.read(ctx); err != nil {
			return err
		}
	}
	if !v.vote.State.Taking() {
		return fmt.Errorf("%s is %s when the first ballot is to be cast", v.name, v.vote.State)
	}
	choices := demoChoices(v.name, i)
	who, ok := v.speaker(i)
	if !ok {
		return v.onPaper(ctx, i, choices)
	}
	own, err := v.Votes.Mine(ctx, who, v.vote.ID)
	if err != nil || len(own) == 0 || own[0].Ballot != nil {
		return err
	}
	sealed, err := teller.Seal(v.vote.KeyPublic, v.context(own[0].Head, len(choices)), choices)
	if err != nil {
		return err
	}
	_, err = v.Votes.Cast(ctx, who, v.key(fmt.Sprintf("%s ballot %d", v.name, i)), v.vote.ID, own[0].Head, sealed)
	return err
}

// speaker is the i-th owner with an account; the owner with a log-in is the last of the past vote and none of the open one. Nobody
// casts for the developer, whose paper is not recorded.
func (v *decision) speaker(i int) (authz.Principal, bool) {
	var owners []authz.Principal
	for _, o := range v.others {
		if slices.ContainsFunc(o.Grants, func(g authz.Grant) bool { return g.Role == authz.RoleOwner }) {
			owners = append(owners, o.Principal)
		}
	}
	if v.name == "held vote" {
		owners = append(owners, v.homes[2].Principal, v.homes[0].Principal)
	}
	if i%6 == 3 || i >= len(owners) { // every sixth comes with paper
		return authz.Principal{}, false
	}
	return owners[i], true
}

func (v *decision) context(head, items int) teller.Context {
	return teller.Context{Vote: v.vote.ID, Form: *v.vote.FormHash, Head: head, Items: items}
}

// onPaper enters a paper ballot of a line without an account, by two persons.
func (v *decision) onPaper(ctx context.Context, i int, choices []teller.Choice) error {
	lines, err := v.Votes.Roll(ctx, v.as["committee"], v.vote.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(lines, func(l vote.Line) bool { return !*l.Voted && !l.Developer && v.unclaimed(l.Parts) })
	if at < 0 {
		return nil
	}
	c := v.context(lines[at].No, len(choices))
	for _, name := range []string{"community-worker", "committee"} {
		sealed, err := teller.Seal(v.vote.KeyPublic, c, choices)
		if err != nil {
			return err
		}
		scan, err := teller.SealScan(v.vote.KeyPublic, c, demoBallotPaper(choices))
		if err != nil {
			return err
		}
		_, err = v.Votes.Enter(ctx, v.as[name], v.key(fmt.Sprintf("%s paper %d of %s", v.name, i, name)), v.vote.ID, vote.Paper{Head: c.Head, Mark: teller.Mark(c, "DEMO", choices), Sealed: sealed, Scan: scan})
		if err != nil && !settled(err) {
			return err
		}
	}
	return nil
}

// demoBallotPaper is the picture of a paper ballot: of each item a row of boxes, the chosen one filled.
func demoBallotPaper(choices []teller.Choice) []byte {
	const side = 40
	img := image.NewGray(image.Rect(0, 0, 9*side, (2*len(choices)+1)*side))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	box := func(row, column, border int, in *image.Uniform) {
		at := image.Rect(0, 0, side, side).Add(image.Pt((2*column+1)*side, (2*row+1)*side))
		draw.Draw(img, at, image.Black, image.Point{}, draw.Src)
		draw.Draw(img, at.Inset(border), in, image.Point{}, draw.Src)
	}
	for row, choice := range choices {
		for column, of := range []teller.Choice{teller.Option(0), teller.Option(1), teller.Option(2), teller.Against} {
			box(row, column, 2, image.White)
			if choice == of {
				box(row, column, 10, image.Black)
			}
		}
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img) // memory takes everything
	return out.Bytes()
}

// unclaimed tells whether nobody with an account lives in any of a line's units.
func (v *decision) unclaimed(parts []vote.RollUnit) bool {
	lives := func(r resident) bool {
		return slices.ContainsFunc(parts, func(u vote.RollUnit) bool { return u.UnitID == r.unit })
	}
	return !slices.ContainsFunc(v.others, lives) && !slices.ContainsFunc(v.homes, lives)
}

// demoChoices are mixed by number: the roof finds its majority, the light boxes do not.
func demoChoices(name string, i int) []teller.Choice {
	first, second := teller.Option(0), teller.Option(0)
	if i%10 == 5 {
		first = teller.Against
	}
	if i%10 == 9 {
		first = teller.Abstain
	}
	switch {
	case name == "open vote":
		second = []teller.Choice{teller.Option(0), teller.Option(1), teller.Option(0), teller.Abstain, teller.Option(2)}[i%5]
	case i%2 == 1:
		second = teller.Against
	case i%10 == 4:
		second = teller.Abstain
	}
	return []teller.Choice{first, second}
}

// finished is the count by two tellers and the publication, once the program has closed the vote.
func (v *decision) finished() []happening {
	after := v.opens().Add(v.length + day)
	return []happening{{after.Add(hour), v.counts}, {after.Add(3 * hour), v.publishes}}
}

func (v *decision) counts(ctx context.Context) error {
	if err := v.read(ctx); err != nil || v.vote.State != vote.Closed {
		return err
	}
	var own [2]teller.Part
	for i := range own {
		box, err := v.Votes.Open(ctx, v.teller(i), v.vote.ID)
		if err != nil {
			return err
		}
		if own[i], err = v.secrets[i].Part(box.Key, box.Ballots); err != nil {
			return err
		}
		sealed, err := v.secrets[i].SendPart(own[i], v.vote.ID, 2-i)
		if err != nil {
			return err
		}
		if err := v.Votes.SendPart(ctx, v.teller(i), vote.Taken{}, v.vote.ID, v.vote.ID, 2-i, sealed); err != nil {
			return err
		}
	}
	for i := range own {
		if err := v.handsIn(ctx, i, own[i], own[1-i]); err != nil {
			return err
		}
	}
	return v.read(ctx)
}

func (v *decision) handsIn(ctx context.Context, i int, own, other teller.Part) error {
	box, err := v.Votes.Open(ctx, v.teller(i), v.vote.ID)
	if err != nil {
		return err
	}
	out, spoiled, err := teller.Count(box.Key, v.context(0, len(box.Questions)), box.Questions, box.Ballots, own, other)
	if err != nil {
		return err
	}
	_, err = v.Votes.HandIn(ctx, v.teller(i), vote.Taken{}, v.vote.ID, out, spoiled)
	return err
}

func (v *decision) publishes(ctx context.Context) error {
	if v.vote.State != vote.Counted {
		return nil
	}
	_, err := v.Votes.Publish(ctx, v.as["committee"], v.vote.ID, vote.Taken{Version: v.vote.Version})
	return err
}

// authorises: an owner who is away gives the neighbour with a log-in authority to vote.
func (v *decision) authorises(ctx context.Context) error {
	who, ok := v.speaker(25)
	if !ok {
		return nil
	}
	own, err := v.Votes.Mine(ctx, who, v.vote.ID)
	if err != nil || len(own) == 0 || own[0].Proxy != nil {
		return err
	}
	given, err := v.Votes.Grant(ctx, who, v.key("authority"), v.vote.ID, own[0].Head)
	if err != nil {
		return err
	}
	_, err = v.Votes.TakeProxy(ctx, v.homes[2].Principal, v.key("authority taken"), v.vote.ID, given.Code)
	return err
}

// proposes: the neighbour with a log-in proposes something, and some owners support it.
func (d *demonstration) proposes(ctx context.Context) error {
	made, err := d.Votes.Propose(ctx, d.homes[2].Principal, d.key("proposal"), vote.Draft{
		Scope: vote.ServiceArea, PlaceID: d.serviceArea.ID, Kind: vote.Extraordinary, Title: "东大门改为人脸和刷卡并用",
		Reason: "现在的门禁常坏，老人带着菜进不了门；只用人脸又有人不愿意。请业主共同决定。",
		Items: []vote.Item{{Matter: tally.Item(9), Title: "东大门门禁改为人脸和刷卡并用", Content: "改造费用 4.2 万元从公共收益支出；不愿登记人脸的业主继续刷卡，人脸信息只存在门禁机内，随时可以删除。",
			Options: []vote.Name{{Text: "同意"}}, Most: 1}}})
	if err != nil {
		return err
	}
	for i := range 11 {
		_, err := d.Votes.Support(ctx, d.lodger(len(d.homes)+i).Principal, d.key(fmt.Sprintf("support %d", i)), made.ID)
		if err != nil && !settled(err) && !errors.Is(err, fault.Forbidden) { // a tenant is no owner
			return err
		}
	}
	return nil
}

package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// VoteParam names a figure of the procedure of owners' votes that differs from place to place. None is a test of Civil Code 278:
// those are code (package tally), and a file can only add to them.
type VoteParam string

// The parameters.
const (
	VoteNoticeDays        VoteParam = "notice_days"        // from the announcement to the opening, calendar days at least
	VoteNoticeExtraDays   VoteParam = "notice_extra_days"  // the same for an extraordinary meeting
	VoteRollDays          VoteParam = "roll_days"          // how long the roll is posted before the opening, at least
	VoteWindowMinDays     VoteParam = "window_min_days"    // of the time in which votes are taken
	VoteWindowMaxDays     VoteParam = "window_max_days"    //
	VoteExtensionMaxDays  VoteParam = "extension_max_days" // of the one extension
	VoteProxyCap          VoteParam = "proxy_cap"          // owners whom one delegate may stand for
	VoteSupportPercent    VoteParam = "support_percent"    // of the owners, who propose a vote
	VoteUndeliverableDays VoteParam = "undeliverable_days" // public notice to owners whom nobody finds
	VotePublishDays       VoteParam = "publish_days"       // from the closing to the publication, at most
	VotePostingDays       VoteParam = "posting_days"       // how long a result is posted before it takes effect, working days
	VoteFewestShown       VoteParam = "fewest_shown"       // heads that a total must have to be published; of fewer, area and number name who they are
	VoteReservedOnline    VoteParam = "reserved_online"    // 1 where electronic votes belong to the municipal system
)

// voteParams are the bounds that no file leaves. Twenty per cent is the Regulation's own (PMR 13): a place can make proposing
// easier, never harder. No total is shown of fewer than the platform's smallest group, whatever a file says.
var voteParams = map[VoteParam][2]int{
	VoteNoticeDays: {5, 60}, VoteNoticeExtraDays: {5, 60}, VoteRollDays: {3, 30}, VoteWindowMinDays: {1, 60}, VoteWindowMaxDays: {5, 60}, VoteExtensionMaxDays: {1, 60},
	VoteProxyCap: {1, 50}, VoteSupportPercent: {1, 20}, VoteUndeliverableDays: {3, 60}, VotePublishDays: {1, 15}, VotePostingDays: {5, 30}, VoteFewestShown: {LeastGroup, 100},
	VoteReservedOnline: {0, 1},
}

// VoteFigure is a parameter's value with its source.
type VoteFigure struct {
	Value    int      `yaml:"value"`
	Standing Standing `yaml:"standing"`
	Source   string   `yaml:"source"`
	From     string   `yaml:"-"` // the profile that states it
}

// AddedTest is what a place asks for an item beyond the Civil Code: Num of Den in favour, by area and by heads.
type AddedTest struct {
	Item   int    `yaml:"item"`
	Num    int64  `yaml:"num"`
	Den    int64  `yaml:"den"`
	OfAll  bool   `yaml:"of_all"` // of everybody on the roll, not of those who took part
	Source string `yaml:"source"`
}

// VoteProcedure is how owners' votes are held in one place, with everything it inherits.
type VoteProcedure struct {
	Code     string
	Text     Text
	Division string
	Added    []AddedTest
	figures  map[VoteParam]VoteFigure
}

// Figure is a parameter with its source. Every profile has every one.
func (p *VoteProcedure) Figure(name VoteParam) VoteFigure { return p.figures[name] }

// Get is a parameter's value.
func (p *VoteProcedure) Get(name VoteParam) int { return p.figures[name].Value }

// VoteBook is the file of owners' votes.
type VoteBook struct {
	// Hash of the file, which each vote cites.
	Hash  Hash
	order []*VoteProcedure
}

// All lists the procedures, the nation's first.
func (b *VoteBook) All() []*VoteProcedure { return b.order }

// ForDivision returns the procedure of the nearest place that holds a division with this code; the nation holds all.
func (b *VoteBook) ForDivision(code string) *VoteProcedure {
	best := b.order[0]
	for _, p := range b.order {
		if len(p.Division) > len(best.Division) && strings.HasPrefix(code, p.Division) {
			best = p
		}
	}
	return best
}

// Find returns the procedure with a code, as a vote keeps it; nil for an unknown one.
func (b *VoteBook) Find(code string) *VoteProcedure {
	for _, p := range b.order {
		if p.Code == code {
			return p
		}
	}
	return nil
}

type voteProfile struct {
	Code     string `yaml:"code"`
	Parent   string `yaml:"parent"`
	Text     `yaml:",inline"`
	Division string                   `yaml:"division"`
	Params   map[VoteParam]VoteFigure `yaml:"params"`
	Added    []AddedTest              `yaml:"added_tests"`
}

// ParseVotes reads and checks the file of owners' votes.
func ParseVotes(f File) (*VoteBook, error) {
	var doc struct {
		Profiles []voteProfile `yaml:"profiles"`
	}
	if err := f.decode(&doc); err != nil {
		return nil, err
	}
	c, b := &check{file: f.Name}, &VoteBook{Hash: f.Hash}
	for i, p := range doc.Profiles {
		b.add(c, fmt.Sprintf("profiles[%d] %s", i, p.Code), p)
	}
	c.want(len(b.order) > 0, "profiles", "missing")
	return b, c.err()
}

func (b *VoteBook) add(c *check, field string, in voteProfile) {
	parent := b.Find(in.Parent)
	switch {
	case in.Code == "" || b.Find(in.Code) != nil:
		c.add(field+".code", "missing or used twice")
		return
	case len(b.order) == 0:
		c.want(in.Parent == "" && in.Division == "", field, "the first profile is the nation: no parent, no division")
	case parent == nil:
		c.add(field+".parent", "no profile %q above this one", in.Parent)
		return
	default:
		c.want(digits(in.Division) && len(in.Division) > len(parent.Division) && strings.HasPrefix(in.Division, parent.Division),
			field+".division", "want digits that continue the parent's %q", parent.Division)
	}
	c.text(field, in.Text)
	p := &VoteProcedure{Code: in.Code, Text: in.Text, Division: in.Division, figures: map[VoteParam]VoteFigure{}}
	if parent != nil {
		p.Added = append(p.Added, parent.Added...)
		for name, figure := range parent.figures {
			p.figures[name] = figure
		}
	}
	for name, figure := range in.Params {
		p.set(c, field+".params."+string(name), name, figure)
	}
	for i, t := range in.Added {
		t.check(c, field+".added_tests["+strconv.Itoa(i)+"]")
		p.Added = append(p.Added, t)
	}
	p.whole(c, field)
	b.order = append(b.order, p)
}

func (p *VoteProcedure) set(c *check, field string, name VoteParam, v VoteFigure) {
	bounds, known := voteParams[name]
	if !known {
		c.add(field, "unknown parameter: the tests of Civil Code 278 are no parameters")
		return
	}
	c.within(field+".value", v.Value, bounds[0], bounds[1])
	c.want(oneOf(v.Standing, []Standing{Statute, LocalRegulation, Default}), field+".standing", "want statute, local_regulation or default")
	c.want(v.Source != "", field+".source", "missing")
	if above, ok := p.figures[name]; ok && name == VoteFewestShown {
		c.want(v.Value >= above.Value, field+".value", "shows totals of fewer owners than the %d of the place above", above.Value)
	}
	v.From = p.Code
	p.figures[name] = v
}

// whole wants every parameter, and figures that go together.
func (p *VoteProcedure) whole(c *check, field string) {
	for name := range voteParams {
		_, ok := p.figures[name]
		c.want(ok, field+".params."+string(name), "missing, here and above")
	}
	c.want(p.Get(VoteWindowMinDays) <= p.Get(VoteWindowMaxDays), field+".params", "window_min_days is above window_max_days")
	c.want(p.Get(VoteRollDays) <= min(p.Get(VoteNoticeDays), p.Get(VoteNoticeExtraDays)), field+".params", "the roll cannot be posted for longer than the notice")
}

// check wants a test that asks for more than the Civil Code: 3/4 of those who took part for items 6 to 8, more than half for the others.
// One that asks for less would be without effect, since the Code's own tests are always applied, and is refused as a mistake.
func (t AddedTest) check(c *check, field string) {
	c.want(t.Item >= 1 && t.Item <= 9, field+".item", "want an item of Civil Code 278, 1 to 9")
	c.want(t.Source != "", field+".source", "missing")
	if t.Den < 1 || t.Num < 1 || t.Num > t.Den || t.Den > 1000 {
		c.add(field, "want a share num/den of 1 at most")
		return
	}
	num, den := int64(1), int64(2) // the Code's own share of those who took part
	if t.Item >= 6 && t.Item <= 8 {
		num, den = 3, 4
	}
	if t.OfAll { // of two thirds at least
		num, den = 2*num, 3*den
	}
	c.want(t.Num*den > num*t.Den, field, "weakens the test of Civil Code 278 for item %d", t.Item)
}

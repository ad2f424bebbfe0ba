package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// A house of as many owners with equal flats, some of whom vote on the web.
const (
	ownersThere = 12
	ownersOnWeb = 3
)

// house is owners who decide on the renovation of their building, and the three tellers of their vote.
type house struct {
	*installation
	db                      *dbx.DB
	community, worker       *user
	owners                  []*user // who vote on the web
	building, project, item string
	vote                    string
	units                   []string
	tellers                 [teller.Tellers]string // what each logs in with
	files                   string                 // folder of the tellers' files
	receipts                []string
}

// From the plan of works to the owners' consent: a vote by web and paper that three tellers count with the command, while the program and a
// teller's command are killed. The bundle verifies with two tellers' files, names a ballot that was changed in it, and what passed is the
// owners' consent to the item, which nobody else can give.
func TestAVoteIsCountedThroughKillsAndGivesConsent(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		in := install(t, e).up("demo")
		h := &house{installation: in, db: in.database(), files: t.TempDir()}
		h.build()
		h.plan()
		h.ask()
		for range 3 { // a seat, a dealing, a confirmation
			for no := range h.tellers {
				h.tell(no)
			}
		}
		in.kill()
		h.until("opens_at")
		in.up("demo")
		h.eventually("open")
		h.voted()
		in.kill()
		h.until("closes_at")
		in.up("demo")
		h.eventually("closed")
		h.countedThroughKills()
		h.onVote("publish", nil)
		h.verified()
		h.consented()
	})
}

// build makes the house, its owners and their accounts.
func (h *house) build() {
	w := explore(h.installation)
	office := h.as("street-office")
	h.community, h.worker = h.as("community"), h.as("community-worker")
	estate := office.post("/estates", obj{"communityId": w.communityArea, "name": "决定苑"}, once()...).want(201).id("id")
	serviceArea := office.post("/service-areas", obj{"estateId": estate, "name": "决定苑"}, once()...).want(201).id("id")
	h.building = office.post("/service-areas/"+serviceArea+"/buildings", obj{"name": "1号楼", "floorsAbove": 6}, once()...).want(201).id("id")
	var units []obj
	for n := range ownersThere {
		units = append(units, obj{"number": fmt.Sprintf("%d0%d", 1+n/2, 1+n%2), "use": "residential", "areas": obj{"register": 8000}, "delivery": "delivered", "occupied": "owner"})
	}
	made := office.post("/buildings/"+h.building+"/units", obj{"units": units}, once()...).want(201)
	for n := range ownersThere {
		h.units = append(h.units, made.id(fmt.Sprintf("%d.id", n)))
	}
	for _, unit := range h.units[:ownersOnWeb] {
		owner := h.byCode(newPhone())
		h.community.post("/owners", obj{"name": "业主", "kind": "person", "unitIds": []string{unit}, "from": "2020-01-01", "evidence": "register", "personId": owner.get("/account").want(200).id("person")}, once()...).want(201)
		owner.post("/units/"+unit+"/claim", nil, once()...).want(201)
		h.owners = append(h.owners, owner)
	}
	const password = "teller-of-the-house-2026"
	h.owners[0].put("/account/password", obj{"new": password}).want(204)
	h.login[h.owners[0].name] = password
	h.tellers = [teller.Tellers]string{"community", "street-office", h.owners[0].name}
	h.project = office.post("/renovations", obj{"areaId": estate, "name": "决定苑改造", "why": "屋面渗漏多年，管线老化。", "parts": []obj{},
		"inspections": []obj{{"subject": "屋面", "finding": "防水层失效"}}}, once()...).want(201).id("id")
}

// plan brings the project to the owners' consent: with so few dwellings the record of a meeting stands for a survey of wishes.
func (h *house) plan() {
	office, path := h.as("street-office"), "/renovations/"+h.project
	step := func(step string, body obj) {
		office.post(path+"/"+step, body, office.get(path).want(200).match()...).want(200)
	}
	step("advance", obj{"stage": "wishes"})
	minutes := office.upload(path+"/documents", "file", "纪要.pdf", []byte("%PDF-1.4\nminutes\n%%EOF\n")).want(201).str("hash")
	office.put(path+"/surveys/wishes", obj{"document": minutes}).want(200)
	step("advance", obj{"stage": "plan"})
	step("plans", obj{"reason": "按居民意愿编制", "items": []obj{{"key": "roof", "code": "roof", "title": "屋面防水", "parts": []obj{{"buildingId": h.building}}, "quantity": 30000, "budgetFen": 9_000_000}}})
	step("advance", obj{"stage": "consent"})
	h.item = office.get(path).want(200).id("items.0.id")
	h.community.put(path+"/items/"+h.item+"/consent", obj{"voted": true}).refused(400, "input.invalid")
}

// ask puts it to the owners.
func (h *house) ask() {
	h.vote = h.community.post("/votes", obj{"scope": "building", "placeId": h.building, "kind": "regular", "title": "屋面改造", "reason": "改造须由本幢业主共同决定。", "items": []obj{
		{"matter": 7, "title": "屋面防水改造", "content": "按公布的方案改造屋面。", "options": []obj{{"text": "同意"}}, "most": 1, "subjectKind": "renovation", "subjectId": h.item, "subjectOption": 1}}}, once()...).want(201).id("id")
	opens := time.Now().AddDate(0, 0, 20)
	h.onVote("announce", obj{"opensAt": opens.UTC().Format(time.RFC3339), "closesAt": opens.AddDate(0, 0, 7).UTC().Format(time.RFC3339)})
	h.onVote("roll", nil)
}

// onVote takes a step on the vote as it is, as its organiser.
func (h *house) onVote(step string, body any) {
	h.t.Helper()
	path := "/votes/" + h.vote
	h.community.post(path+"/"+step, body, h.community.get(path).want(200).match()...).want(200)
}

// until stops waiting: the days from the posting of the roll on are so much earlier that one of them is now. The program is not running.
func (h *house) until(column string) {
	h.t.Helper()
	h.leasesEnd(h.db)
	require.NoError(h.t, h.db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		var at int64
		if err := tx.Get(ctx, &at, "SELECT "+column+" FROM vote"); err != nil {
			return err
		}
		by := at - time.Now().UnixMilli()
		return tx.ExecOne(ctx, "UPDATE vote SET posted_at = posted_at - ?, opens_at = opens_at - ?, closes_at = closes_at - ?", by, by, by)
	}))
}

func (h *house) eventually(state string) {
	h.t.Helper()
	require.Eventually(h.t, func() bool { return h.community.get("/votes/"+h.vote).want(200).str("state") == state }, 20*time.Second, 100*time.Millisecond, "the vote is not %s", state)
}

// tellerCommand is the command of a teller, with the file that the teller alone has.
func (h *house) tellerCommand(ctx context.Context, no int) *exec.Cmd {
	who := h.tellers[no]
	cmd := exec.CommandContext(ctx, binary, "vote", "teller", filepath.Join(h.files, fmt.Sprint(no)), "--server", h.url(), "--vote", h.vote, "--login", who)
	cmd.Env = append(bare(), "REDPROPERTY_PASSWORD="+h.login[who])
	return cmd
}

// tell has a teller do what the vote waits for.
func (h *house) tell(no int) string {
	h.t.Helper()
	out, err := h.tellerCommand(h.t.Context(), no).CombinedOutput()
	require.NoError(h.t, err, "%s", out)
	return string(out)
}

// seal seals a choice for a line of the roll, as any client does.
func (h *house) seal(head int, choice teller.Choice) []byte {
	h.t.Helper()
	v := h.community.get("/votes/" + h.vote).want(200)
	public, err := base64.StdEncoding.DecodeString(v.str("keyPublic"))
	require.NoError(h.t, err)
	which, err := id.Parse(h.vote)
	require.NoError(h.t, err)
	form, err := hex.DecodeString(v.str("formHash"))
	require.NoError(h.t, err)
	sealed, err := teller.Seal(public, teller.Context{Vote: which, Form: [32]byte(form), Head: head, Items: 1}, []teller.Choice{choice})
	require.NoError(h.t, err)
	return sealed
}

// voted has some vote on the web and the others on paper, which two persons enter: three quarters in favour, exactly as many as the law asks.
func (h *house) voted() {
	web := map[int64]bool{}
	for _, owner := range h.owners {
		head := owner.get("/votes/" + h.vote + "/own-heads").want(200).num("items.0.head")
		web[head] = true
		body := obj{"sealed": h.seal(int(head), teller.Option(0))}
		path := fmt.Sprintf("/votes/%s/heads/%d/ballot", h.vote, head)
		h.receipts = append(h.receipts, owner.put(path, body, once()...).want(200).str("receipt"))
	}
	against := 0
	for head := int64(1); head <= ownersThere; head++ {
		if web[head] {
			continue
		}
		choice := teller.Option(0)
		if against++; against <= ownersThere/4 {
			choice = teller.Against
		}
		for n, clerk := range []*user{h.worker, h.community} {
			body := obj{"mark": fmt.Sprintf("%064x", head), "sealed": h.seal(int(head), choice), "scan": h.seal(int(head), choice)} // sealed; the server cannot see what it shows
			state := clerk.post(fmt.Sprintf("/votes/%s/heads/%d/paper", h.vote, head), body, once()...).want(200).str("state")
			require.Equal(h.t, []string{"waiting", "entered"}[n], state)
		}
	}
}

// countedThroughKills has the tellers count while their commands or the program are killed. No count is there but those handed in whole, one
// teller's is none, and in the end two agree.
func (h *house) countedThroughKills() {
	require.Contains(h.t, h.tell(0), "Your part is sent")
	for n := range 4 {
		after := time.Duration(20+rand.IntN(120)) * time.Millisecond
		ctx, cancel := h.t.Context(), context.CancelFunc(func() {})
		program := h.cmd.Process
		if n%2 == 0 {
			time.AfterFunc(after, func() { _ = program.Kill() })
		} else {
			ctx, cancel = context.WithTimeout(ctx, after)
		}
		_ = h.tellerCommand(ctx, 1).Run() // it got through, or it did not
		cancel()
		if n%2 == 0 {
			h.killed()
			h.leasesEnd(h.db)
			h.up("demo")
		}
		require.LessOrEqual(h.t, count(h.t, h.db, "SELECT COUNT(*) FROM vote_count"), int64(1))
		require.Equal(h.t, "closed", h.community.get("/votes/"+h.vote).want(200).str("state"))
	}
	require.Contains(h.t, h.tell(1), "The vote is closed")
	require.Contains(h.t, h.tell(0), "The vote is counted")
	require.EqualValues(h.t, 2, count(h.t, h.db, "SELECT COUNT(*) FROM vote_count"))
}

// verified checks the bundle with the command, and one in which a ballot was flipped.
func (h *house) verified() {
	var b reply
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end) && b.Status != 200; time.Sleep(100 * time.Millisecond) { // until the ledger has it
		b = h.as(h.tellers[0]).get("/votes/" + h.vote + "/bundle")
	}
	b.want(200)
	require.NotContains(h.t, string(h.owners[1].get("/votes/"+h.vote+"/bundle").want(200).Body), `"outcome":`, "three who were against would be named")
	key := h.nobody().get("/ledger/key").want(200).str("verifierKey")
	verify := func(bundle []byte) (string, int) {
		file := filepath.Join(h.t.TempDir(), "bundle.json")
		require.NoError(h.t, os.WriteFile(file, bundle, 0o600))
		return command(h.t, bare(), "vote", "verify", file, "--key", key, "--teller", filepath.Join(h.files, "0"), "--teller", filepath.Join(h.files, "2"), "--receipt", h.receipts[0])
	}
	out, code := verify(b.Body)
	require.Zero(h.t, code, out)
	require.Contains(h.t, out, "Took part: 12 owners, 960.00 m², 12 ballots")
	require.Contains(h.t, out, "in favour 9 owners, 720.00 m²: passed")
	require.Contains(h.t, out, "Counted again with the files of two tellers.")
	whole, err := votebundle.Read(bytes.NewReader(b.Body))
	require.NoError(h.t, err)
	head := whole.Ballots[7].Head
	whole.Ballots[7].Sealed = h.seal(head, teller.Abstain)
	flipped, err := json.Marshal(whole)
	require.NoError(h.t, err)
	out, code = verify(flipped)
	require.NotZero(h.t, code)
	require.Contains(h.t, out, fmt.Sprintf("WRONG: the ballot of head %d is not the one that was cast", head))
	require.Equal(h.t, 1, strings.Count(out, "is not the one that was cast"), out)
}

// consented records the decision as the consent to the item: nobody says what it was, the vote does.
func (h *house) consented() {
	path := "/renovations/" + h.project
	for _, name := range []string{"street-office", "manager", "street-party"} {
		r := h.as(name).put(path+"/items/"+h.item+"/consent", obj{"voted": true})
		require.Contains(h.t, []int{403, 404}, r.Status, name)
	}
	h.community.put(path+"/items/"+h.item+"/consent", obj{"voted": true}).want(200)
	item := h.owners[1].get(path).want(200)
	require.Equal(h.t, "given", item.str("items.0.consent"))
}

package vote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

var yes = teller.Option(0)

// A list is narrowed to some states.
func TestVotesAreListedByState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.homes(60, regular)
		announced, posted := w.announced(w.draft(yesNo(tally.Provider))), w.posted(w.draft(yesNo(tally.Provider)))
		for _, c := range []struct {
			states []State
			ids    []id.ID
		}{
			{nil, []id.ID{posted.ID, announced.ID}},
			{[]State{Announced, RollPosted}, []id.ID{posted.ID, announced.ID}},
			{[]State{Announced, Open}, []id.ID{announced.ID}},
			{[]State{Open, Extended}, []id.ID{}},
		} {
			list, err := w.Votes(w.ctx(), w.owner(0), c.states, page.Request{})
			require.NoError(t, err)
			got := []id.ID{}
			for _, v := range list.Items {
				got = append(got, v.ID)
			}
			require.Equal(t, c.ids, got, "%v", c.states)
		}
	})
}

// The whole way of a decision: proposed, announced, posted, open, extended, counted by two tellers, published, effective.
func TestADecisionFromProposalToEffect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.homes(60, regular)
		contract := id.New()
		about := yesNo(tally.Provider)
		about.SubjectKind, about.SubjectID, about.SubjectOption = SubjectOf, &contract, 1
		lift := Item{Matter: tally.Rebuild, Title: "加装电梯", Content: "两种方案中选择。", Options: []Name{{"方案一"}, {"方案二"}}, Most: 1}
		v := w.open(w.draft(about, lift))
		require.False(t, v.Small())
		require.Equal(t, int64(60), v.RollHeads)
		for i := range 45 {
			choice := yes
			if i >= 30 {
				choice = teller.Against
			}
			w.cast(v, i, choice, teller.Option(i%2))
		}
		s, err := w.Show(w.ctx(), w.owner(0), v.ID)
		require.NoError(t, err)
		require.Equal(t, &tally.Tests{QuorumArea: true, QuorumHeads: true}, s.Quorum, "whether enough took part, and nothing of how they voted")
		require.Nil(t, s.Result)
		v = w.must(w.Extend(w.ctx(), w.committee, v.ID, seen(w.again(v)), v.ClosesAt.Add(5*24*time.Hour), "部分业主出差，投票时间延长五天。"))
		require.Equal(t, Extended, v.State)
		_, err = w.Extend(w.ctx(), w.committee, v.ID, seen(v), v.ClosesAt.Add(5*24*time.Hour), "再延长一次。")
		code(t, "vote.step_impossible", err)
		v = w.published(w.counted(v))
		r := w.result(v)
		require.True(t, r.Items[0].Options[0].Passed)
		require.Equal(t, int64(60), r.Items[0].Options[0].Count.Total.Heads)
		require.Equal(t, int64(45), r.Items[0].Options[0].Count.Joined.Heads)
		require.Equal(t, int64(30), r.Items[0].Options[0].Count.Favour.Heads)
		require.False(t, r.Items[1].Options[0].Passed || r.Items[1].Options[1].Passed, "neither option has three quarters")
		d, ok, err := w.Passed(w.ctx(), w.db, SubjectOf, contract)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, r.Items[0].Options[0].Count, &d.Count)
		w.clock.Advance(3 * 24 * time.Hour)
		w.work()
		require.Equal(t, Published, w.again(v).State, "five working days are not over")
		w.clock.Advance(12 * 24 * time.Hour)
		w.work()
		require.Equal(t, Effective, w.again(v).State)
		mine, err := w.ExportPerson(w.ctx(), db, w.owner(0).Person)
		require.NoError(t, err)
		require.Len(t, mine, 1)
		require.Equal(t, ByWeb, *mine[0].Channel)
		leaves, err := w.Leaves(w.ctx(), w.owner(0), v.ID)
		require.NoError(t, err)
		kinds := map[string]int{}
		for _, l := range leaves {
			kinds[l.Kind]++
			require.NotNil(t, l.Entry)
			hash := w.again(v).leafHash(l.Kind, l.Body)
			require.Equal(t, hash[:], l.Hash)
		}
		require.Equal(t, map[string]int{"announce": 1, "post_roll": 1, "make_key": 1, "open": 1, "ballot": 45, "extend": 1, "close": 1, "count": 1, "publish": 1}, kinds)
	})
}

func TestNobodyVotesAndEverybodyAbstains(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.open(w.draft(yesNo(tally.OtherMatter)))
	v = w.published(w.counted(v))
	o := w.result(v).Items[0].Options[0]
	require.Equal(t, []string{"quorum_area", "quorum_heads", "favour_area", "favour_heads"}, o.Tests.Failed(), "zero turnout")
	v = w.open(w.draft(yesNo(tally.OtherMatter)))
	for i := range 40 {
		w.cast(v, i, teller.Abstain)
	}
	v = w.published(w.counted(v))
	o = w.result(v).Items[0].Options[0]
	require.Equal(t, []string{"favour_area", "favour_heads"}, o.Tests.Failed(), "all took part, nobody agreed")
	_, ok, err := w.Passed(w.ctx(), w.db, SubjectOf, id.New())
	require.NoError(t, err)
	require.False(t, ok)
}

// The developer's block and the owner of forty flats weigh by area and count as one head each.
func TestBlocksAreOneHead(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	for i := range 40 { // one owner
		w.units[i].Owners = w.units[0].Owners
	}
	w.homes(30, regular)
	for range 50 {
		w.units = append(w.units, Unit{ID: id.New(), Label: "2号楼", Area: 9000, Source: "survey", Unsold: true})
	}
	sent, waits, buyer := w.as(id.New()), w.as(id.New()), w.as(id.New())
	w.units[70].Members = []id.ID{sent.Person} // whom the developer authorised
	w.units[71].Members, w.units[71].Awaited = []id.ID{waits.Person}, true
	w.units[72].Owners, w.units[72].Members = []Owner{{ID: id.New(), Person: buyer.Person}}, []id.ID{buyer.Person} // the register still calls it unsold
	w.units[45].Owners, w.units[45].Members = []Owner{{ID: id.New()}}, []id.ID{w.owner(3).Person}                  // a company's, which sent somebody who is an owner too
	w.units[46].Owners = w.units[45].Owners
	v := w.open(w.draft(yesNo(tally.Provider)))
	require.Equal(t, int64(31), v.RollHeads)
	w.cast(v, 0, yes)
	for i := 40; i < 70; i++ {
		if i != 45 && i != 46 {
			w.cast(v, i, teller.Against)
		}
	}
	cast := func(p authz.Principal, head int) error {
		_, err := w.Cast(w.ctx(), p, idem.Key{}, v.ID, head, w.sealed(v, head, teller.Abstain))
		return err
	}
	own, err := w.Mine(w.ctx(), w.owner(3), v.ID)
	require.NoError(t, err)
	require.Equal(t, []int64{40, 2}, []int64{int64(len(own[0].Units)), int64(len(own[1].Units))}, "for themselves and for the company")
	require.NoError(t, cast(w.owner(3), own[1].Head))
	// Whom the community entered in an unsold flat casts nothing before the developer's paper is recorded.
	blocks, err := w.Roll(w.ctx(), w.committee, v.ID)
	require.NoError(t, err)
	developers := blocks[30].No
	require.Error(t, cast(sent, developers))
	_, err = w.Enter(w.ctx(), w.worker, idem.Key{}, v.ID, Paper{Head: developers, Sealed: w.sealed(v, developers, yes), Scan: w.scanned(v, developers, "paper")})
	code(t, "vote.developer_unauthorised", err)
	paper := DeveloperAuthority{w.paper(v).Hash, w.units[70].ID}
	for _, other := range []authz.Principal{w.manager, w.party, sent} {
		_, err = w.AuthoriseDeveloper(w.ctx(), other, v.ID, seen(v), paper)
		require.Error(t, err)
	}
	for unit, want := range map[int]string{0: "vote.developer_unit", 71: "vote.developer_unit", 72: "vote.developer_unit", 80: "vote.developer_nobody"} {
		_, err = w.AuthoriseDeveloper(w.ctx(), w.committee, v.ID, seen(v), DeveloperAuthority{paper.Document, w.units[unit].ID})
		code(t, want, err)
	}
	_, err = w.AuthoriseDeveloper(w.ctx(), w.committee, v.ID, seen(v), DeveloperAuthority{Unit: paper.Unit})
	code(t, "vote.document", err)
	v = w.must(w.AuthoriseDeveloper(w.ctx(), w.committee, v.ID, seen(v), paper))
	require.Equal(t, paper.Document, *w.again(v).DeveloperPaper)
	own, err = w.Mine(w.ctx(), sent, v.ID)
	require.NoError(t, err)
	require.True(t, own[0].Developer)
	require.Len(t, own[0].Units, 50)
	require.NoError(t, cast(sent, own[0].Head))
	_, err = w.AuthoriseDeveloper(w.ctx(), w.committee, v.ID, seen(v), paper)
	code(t, "vote.developer_voted", err)
	require.Error(t, cast(waits, own[0].Head), "who waits for a flat is not the developer")
	require.Error(t, cast(buyer, own[0].Head), "nor is who bought one")
	v = w.published(w.counted(v))
	o, err := w.Exact(w.ctx(), w.tellers[0], v.ID)
	require.NoError(t, err)
	require.Equal(t, int64(1), o.Items[0].Options[0].Heads, "forty units, one voice")
	require.False(t, w.result(v).Items[0].Options[0].Passed)
	require.Equal(t, int64(2), o.Items[0].Abstain.Heads, "a company's units are one voice, the developer's too")
	lines, err := w.Roll(w.ctx(), w.owner(40), v.ID)
	require.NoError(t, err)
	require.True(t, lines[30].Developer)
	require.True(t, *lines[30].Voted)
	require.Equal(t, int64(50*9000), lines[30].Area)
}

// Who owns when the roll is frozen votes; a sale between roll and vote moves nothing, and a correction before the opening does.
func TestOwnershipChangesBetweenRollAndVote(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.posted(w.draft(yesNo(tally.Provider)))
	sold, bought := w.owner(3), Owner{ID: id.New(), Person: id.New()}
	w.units[3].Owners = []Owner{bought}
	o, err := w.Object(w.ctx(), w.as(bought.Person), idem.Key{}, v.ID, "3号房屋已过户，名册有误。")
	require.NoError(t, err)
	first := v.RollHash
	v = w.keyed(v)
	w.clock.Set(v.OpensAt.Time())
	w.work()
	s, err := w.Show(w.ctx(), w.committee, v.ID)
	require.NoError(t, err)
	require.Equal(t, "vote.objections_open", s.Waits)
	require.Equal(t, RollPosted, s.State, "nothing opens while an objection is open")
	_, err = w.Answer(w.ctx(), w.committee, v.ID, o.ID, Taken{Version: 1}, true, "已更正。")
	require.NoError(t, err)
	v = w.must(w.PostRoll(w.ctx(), w.committee, v.ID, seen(v)))
	require.Equal(t, first, v.RollHash, "the same unit, area and head; its owner is another")
	w.work()
	v = w.again(v)
	require.Equal(t, Open, v.State)
	head := w.headFor(v, 3)
	_, err = w.Cast(w.ctx(), sold, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.not_elector", err)
	w.cast(v, 3, yes)
	w.units[3].Owners = []Owner{{ID: id.New(), Person: id.New()}}
	_, err = w.Cast(w.ctx(), w.owner(3), idem.Key{}, v.ID, head, w.sealed(v, head, teller.Against))
	code(t, "vote.not_elector", err)
	_, err = w.PostRoll(w.ctx(), w.committee, v.ID, seen(v))
	code(t, "vote.step_impossible", err)
}

func TestTheClosingSecond(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	w.clock.Set(v.ClosesAt.Time().Add(-time.Millisecond))
	w.cast(v, 0, yes)
	w.clock.Set(v.ClosesAt.Time())
	head := w.headFor(v, 1)
	_, err := w.Cast(w.ctx(), w.owner(1), idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.not_open", err)
	_, err = w.Extend(w.ctx(), w.committee, v.ID, seen(v), v.ClosesAt.Add(24*time.Hour), "太晚的延长。")
	code(t, "vote.step_impossible", err)
	v = w.close(v)
	_, err = w.Cast(w.ctx(), w.owner(1), idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.not_open", err)
	var b int
	require.NoError(t, w.db.Get(w.ctx(), &b, `SELECT COUNT(*) FROM vote_ballot WHERE vote_id = ?`, v.ID))
	require.Equal(t, 1, b)
}

// A thousand owners at once: each has one ballot, and the count has them all.
func TestAThousandOwnersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.homes(1000, regular)
		v := w.open(w.draft(yesNo(tally.Provider)))
		heads := map[id.ID]int{}
		units, err := unitsOf(w.ctx(), db, v.ID)
		require.NoError(t, err)
		for _, u := range units {
			heads[u.UnitID] = u.Head
		}
		var all sync.WaitGroup
		failed := make(chan error, 1100)
		for i := range 1100 { // a hundred of them twice
			all.Go(func() {
				unit := i % 1000
				head := heads[w.units[unit].ID]
				sealed, err := teller.Seal(v.KeyPublic, v.context(head, 1), []teller.Choice{yes})
				if err == nil {
					_, err = w.Cast(w.ctx(), w.owner(unit), idem.Key{}, v.ID, head, sealed)
				}
				if err != nil && !fault.Is(err, "version.stale") {
					failed <- err
				}
			})
		}
		all.Wait()
		close(failed)
		require.NoError(t, <-failed)
		var kept struct {
			Ballots int `db:"ballots"`
			Leaves  int `db:"leaves"`
			Counted int `db:"counted"`
		}
		require.NoError(t, db.Get(w.ctx(), &kept, `SELECT COUNT(*) AS ballots, SUM(revision) AS counted, (SELECT COUNT(*) FROM vote_leaf WHERE vote_id = ? AND kind = 'ballot') AS leaves
			FROM vote_ballot WHERE vote_id = ?`, v.ID, v.ID))
		require.Equal(t, 1000, kept.Ballots)
		require.Equal(t, kept.Counted, kept.Leaves, "every revision is in the ledger, once")
		v = w.close(v)
		joined, err := joinedWeight(w.ctx(), db, v.ID)
		require.NoError(t, err)
		require.Equal(t, v.total(), joined)
	})
}

// Counting happens on the tellers' devices: one that dies leaves nothing half done here, and counts again.
func TestACountThatDiesIsCountedAgain(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(45, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	for i := range 40 {
		w.cast(v, i, yes)
	}
	v = w.close(v)
	w.count(v, 0, 1) // died before it was handed in
	require.Equal(t, Closed, w.again(v).State)
	var rows int
	require.NoError(t, w.db.Get(w.ctx(), &rows, `SELECT COUNT(*) FROM vote_count WHERE vote_id = ?`, v.ID))
	require.Zero(t, rows)
	out, spoiled := w.count(v, 0, 1)
	v = w.must(w.HandIn(w.ctx(), w.tellers[0], Taken{}, v.ID, out, spoiled))
	require.Equal(t, Closed, v.State, "one teller's count is none")
	wrong := out
	wrong.Items = []teller.ItemOutcome{{Options: []tally.Weight{{Area: out.Items[0].Options[0].Area, Heads: 39}}, Against: tally.Weight{Heads: 1}}}
	v = w.must(w.HandIn(w.ctx(), w.tellers[1], Taken{}, v.ID, wrong, nil))
	require.Equal(t, Closed, v.State, "nor are two that differ")
	box, err := w.Open(w.ctx(), w.tellers[2], v.ID)
	require.NoError(t, err)
	require.True(t, box.Differ)
	out, spoiled = w.count(v, 2, 1)
	v = w.must(w.HandIn(w.ctx(), w.tellers[2], Taken{}, v.ID, out, spoiled))
	require.Equal(t, Counted, v.State, "the third settles it")
	_, err = w.HandIn(w.ctx(), w.tellers[1], Taken{}, v.ID, out, spoiled)
	code(t, "vote.step_impossible", err)
	_, err = w.HandIn(w.ctx(), w.tellers[1], Taken{}, v.ID, teller.Outcome{Joined: tally.Weight{Area: 1, Heads: 41}}, nil)
	code(t, "vote.count_balance", err)
}

// Nothing in the database, in any answer or in any file shows a choice: the same choice of all owners and the opposite differ nowhere but in
// what is sealed and in the totals.
func TestNothingStoredShowsAChoice(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	w.cast(v, 0, yes)
	w.cast(v, 1, teller.Against)
	var rows []Ballot
	rows, err := ballotsOf(w.ctx(), w.db, v.ID)
	require.NoError(t, err)
	require.Len(t, rows[0].Sealed, len(rows[1].Sealed))
	v = w.counted(v)
	for _, p := range []authz.Principal{w.manager, w.operator, w.stranger} {
		_, err := w.Show(w.ctx(), p, v.ID)
		code(t, "not_found", err)
	}
	for _, p := range []authz.Principal{w.party, w.keeper, w.second, w.owner(5)} {
		_, err := w.Open(w.ctx(), p, v.ID)
		code(t, "vote.not_teller", err)
		_, err = w.Exact(w.ctx(), p, v.ID)
		code(t, "vote.not_teller", err)
		head := w.headFor(v, 2)
		_, err = w.Cast(w.ctx(), p, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
		require.Error(t, err)
	}
	s, err := w.Show(w.ctx(), w.party, v.ID)
	require.NoError(t, err)
	require.Nil(t, s.Result, "before the publication")
}

// A ballot that somebody took from the wire and casts for themselves opens for nobody: it is void, and so is a paper of which one half was copied.
func TestABallotFromTheWireCountsForNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(60, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	taken := w.sealed(v, w.headFor(v, 0), yes)
	cast := func(unit int, sealed []byte) {
		_, err := w.Cast(w.ctx(), w.owner(unit), idem.Key{}, v.ID, w.headFor(v, unit), sealed)
		require.NoError(t, err, "sealed ballots look alike")
	}
	for unit := range 3 {
		cast(unit, taken)
	}
	paper := w.headFor(v, 3)
	for i, p := range []authz.Principal{w.worker, w.committee} {
		_, err := w.Enter(w.ctx(), p, idem.Key{}, v.ID, Paper{Head: paper, Mark: [32]byte{1}, Sealed: [][]byte{w.sealed(v, paper, yes), taken}[i], Scan: w.scanned(v, paper, "scan")})
		require.NoError(t, err)
	}
	v = w.close(v)
	out, spoiled := w.count(v, 0, 2)
	require.Equal(t, []int{w.headFor(v, 1), w.headFor(v, 2), paper}, spoiled)
	require.Equal(t, []int64{1, 3}, []int64{out.Items[0].Options[0].Heads, out.Items[0].Void.Heads})
}

func TestAnEntranceIsOneOfItsBuilding(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(3, func(int) int64 { return 8912 })
	d := w.draft(yesNo(tally.Rebuild))
	d.Scope, d.Entrance = Entrance, "3单元"
	_, err := w.Propose(w.ctx(), w.owner(0), idem.Key{}, d)
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, []string{"body.entrance", "vote.entrance_unknown", "1单元、2单元"}, []string{f.Fields[0].Path, f.Fields[0].Code, f.Fields[0].Params["known"].(string)})
}

func TestSmallScopesPublishTestsAlone(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	areas := []int64{8912, 9034, 8876, 12011, 11987, 12045, 6543, 6550, 6561, 10021, 10034, 9999}
	w.homes(12, func(i int) int64 { return areas[i] })
	lift, item := id.New(), yesNo(tally.Rebuild)
	item.SubjectKind, item.SubjectID, item.SubjectOption = SubjectProject, &lift, 1
	d := w.draft(item)
	d.Scope, d.Entrance = Entrance, "2单元"
	v := w.open(d)
	s, err := w.Show(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	require.True(t, s.SmallScope, "voters are told")
	for i := range 12 {
		w.cast(v, i, yes)
	}
	v = w.published(w.counted(v))
	r := w.result(v)
	require.False(t, r.Shown)
	require.Nil(t, r.Items[0].Options[0].Count)
	require.Nil(t, r.Items[0].Against)
	require.True(t, r.Items[0].Options[0].Passed)
	made, ok, err := w.Passed(w.ctx(), w.db, SubjectProject, lift)
	require.NoError(t, err)
	held, err := w.Held(w.ctx(), w.db, []id.ID{lift, id.New()})
	require.NoError(t, err)
	require.Equal(t, map[id.ID]Vote{lift: {ID: v.ID, State: Published}}, held)
	require.Equal(t, []bool{true, false}, []bool{ok, made.Shown}, "it carries what it is about, and its totals are kept nowhere else")
	exact, err := w.Exact(w.ctx(), w.tellers[2], v.ID)
	require.NoError(t, err)
	require.Equal(t, int64(12), exact.Items[0].Options[0].Heads, "the tellers have the totals")
	w.work()
	shown, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	require.Nil(t, shown.Outcome)
	require.Nil(t, shown.Salt)
	guess, err := json.Marshal(exact)
	require.NoError(t, err)
	bare := blob.HashOf(guess).String()
	for _, l := range shown.Leaves {
		require.NotContains(t, l.Body, bare, "whoever tries every outcome finds none")
	}
	whole, err := w.Bundle(w.ctx(), w.tellers[2], v.ID)
	require.NoError(t, err)
	require.Equal(t, &exact, whole.Outcome)
	for _, b := range []votebundle.Bundle{shown, whole} {
		found, err := votebundle.Verify(b, votebundle.Options{VerifierKey: w.Ledger.VerifierKey()})
		require.NoError(t, err)
		require.Empty(t, found.Wrong)
	}
}

func TestSilenceIsShownBothWays(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(60, regular)
	d := w.draft(yesNo(tally.Provider))
	d.Silent = true
	_, err := w.Propose(w.ctx(), w.committee, idem.Key{}, d)
	code(t, "vote.bylaw", err)
	v := w.open(d)
	require.NotNil(t, v.Bylaw)
	for i := range 30 {
		w.cast(v, i, yes)
	}
	var heads []int
	for i := 30; i < 50; i++ {
		heads = append(heads, w.headFor(v, i))
	}
	n, err := w.Deliver(w.ctx(), w.worker, idem.Key{}, v.ID, Delivery{Heads: heads, How: "door", Note: "当面送达并告知不表态的后果"})
	require.NoError(t, err)
	require.EqualValues(t, 20, n)
	_, err = w.Deliver(w.ctx(), w.worker, idem.Key{}, v.ID, Delivery{Heads: []int{w.headFor(v, 55)}, How: "notice"})
	require.NoError(t, err)
	require.NoError(t, w.Received(w.ctx(), w.owner(30), v.ID), "already delivered: nothing changes")
	v = w.published(w.counted(v))
	require.NoError(t, w.Received(w.ctx(), w.owner(58), v.ID))
	r := w.result(v)
	require.Equal(t, int64(20), r.Silent.Heads, "public notice is no delivery, nor is a word after the end")
	require.True(t, r.Items[0].Options[0].Passed, "with the silent")
	require.False(t, r.Spoken[0].Options[0].Passed, "without them no quorum")
	require.Equal(t, int64(30), r.Spoken[0].Options[0].Count.Joined.Heads)
}

func TestOwnersProposeAndSupport(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(10, regular)
	v := w.must(w.Propose(w.ctx(), w.owner(0), idem.Key{}, w.draft(yesNo(tally.Committee))))
	require.Nil(t, v.OrganiserID)
	s, err := w.Support(w.ctx(), w.owner(0), idem.Key{}, v.ID)
	require.NoError(t, err)
	require.Equal(t, Support{Heads: 1, Of: 10, Percent: 20, Mine: true}, s)
	_, err = w.Support(w.ctx(), w.owner(0), idem.Key{}, v.ID)
	code(t, "vote.supported_already", err)
	s, err = w.Support(w.ctx(), w.owner(1), idem.Key{}, v.ID)
	require.NoError(t, err)
	require.True(t, s.Reached, "two of ten are twenty per cent")
	_, err = w.ReadSupport(w.ctx(), w.manager, v.ID)
	code(t, "not_found", err)
	_, err = w.ReadSupport(w.ctx(), w.party, v.ID)
	code(t, "auth.forbidden", err)
	_, err = w.Support(w.ctx(), w.as(id.New()), idem.Key{}, v.ID)
	code(t, "vote.not_elector", err)
	now := clock.Now(w.clock)
	v = w.must(w.Announce(w.ctx(), w.keeper, v.ID, seen(v), Announcement{now.Add(16 * 24 * time.Hour), now.Add(22 * 24 * time.Hour)}))
	require.Equal(t, w.keeper.Grants[0].Org, *v.OrganiserID)
	_, err = w.PostRoll(w.ctx(), w.committee, v.ID, seen(v))
	code(t, "vote.not_organiser", err)
	_, err = w.Support(w.ctx(), w.owner(2), idem.Key{}, v.ID)
	code(t, "vote.step_impossible", err)
}

func TestNoticeWindowAndWhatIsAnnouncedStays(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.must(w.Propose(w.ctx(), w.committee, idem.Key{}, w.draft(yesNo(tally.Provider))))
	now := clock.Now(w.clock)
	at := func(days int) clock.Instant { return now.Add(time.Duration(days) * 24 * time.Hour) }
	_, err := w.Announce(w.ctx(), w.committee, v.ID, seen(v), Announcement{at(14), at(25)})
	code(t, "vote.notice", err)
	_, err = w.Announce(w.ctx(), w.committee, v.ID, seen(v), Announcement{at(15), at(19)})
	code(t, "vote.window", err)
	_, err = w.Announce(w.ctx(), w.party, v.ID, seen(v), Announcement{at(15), at(25)})
	code(t, "auth.forbidden", err)
	v = w.must(w.Announce(w.ctx(), w.committee, v.ID, seen(v), Announcement{at(15), at(25)}))
	_, err = w.Edit(w.ctx(), w.committee, v.ID, seen(v), w.draft(yesNo(tally.UseFund)))
	code(t, "vote.step_impossible", err)
	w.clock.Advance(11 * 24 * time.Hour)
	_, err = w.PostRoll(w.ctx(), w.committee, v.ID, seen(v))
	code(t, "vote.roll_late", err)
	v = w.must(w.Cancel(w.ctx(), w.committee, v.ID, seen(v), "名册公示时间不足，另行召开。"))
	require.Equal(t, Cancelled, v.State)
	_, err = w.Show(w.ctx(), w.owner(0), v.ID)
	code(t, "not_found", err)
}

func TestProxiesAndCoOwners(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	spouse := Owner{ID: id.New(), Person: id.New()}
	w.units[0].Owners = append(w.units[0].Owners, spouse)
	v := w.open(w.draft(yesNo(tally.Provider)))
	head := w.headFor(v, 0)
	w.cast(v, 0, yes)
	_, err := w.Cast(w.ctx(), w.as(spouse.Person), idem.Key{}, v.ID, head, w.sealed(v, head, teller.Against))
	code(t, "vote.co_owner_voted", err)
	_, err = w.Enter(w.ctx(), w.worker, idem.Key{}, v.ID, Paper{Head: head, Mark: rules.Hash{1}, Sealed: w.sealed(v, head, teller.Against), Scan: w.scanned(v, head, "picture")})
	code(t, "vote.voted_on_web", err)
	kept, err := ballotOf(w.ctx(), w.db, v.ID, head)
	require.NoError(t, err)
	require.Equal(t, w.units[0].Owners[0].Person, kept.PersonID, "co-owners have one vote: the first one's stands until that person changes it")
	again := w.cast(v, 0, teller.Abstain)
	require.Equal(t, 2, again.Revision, "one's own later ballot replaces the earlier")

	delegate := w.owner(10)
	for i := 1; i <= 4; i++ {
		g, err := w.Grant(w.ctx(), w.owner(i), idem.Key{}, v.ID, w.headFor(v, i))
		require.NoError(t, err)
		_, err = w.Grant(w.ctx(), w.owner(i), idem.Key{}, v.ID, w.headFor(v, i))
		code(t, "vote.proxy_given", err)
		own, err := w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, g.Code)
		if i == 4 {
			code(t, "vote.proxy_cap", err)
			continue
		}
		require.NoError(t, err)
		require.Len(t, own, 1+i)
	}
	_, err = w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, "WRONGCODE")
	code(t, "vote.no_proxy", err)
	head = w.headFor(v, 1)
	_, err = w.Cast(w.ctx(), delegate, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	require.NoError(t, err)
	w.cast(v, 1, teller.Against)
	_, err = w.Cast(w.ctx(), delegate, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.owner_voted", err)
	require.NoError(t, w.EndProxy(w.ctx(), w.owner(2), idem.Key{}, v.ID, w.headFor(v, 2)))
	head = w.headFor(v, 2)
	_, err = w.Cast(w.ctx(), delegate, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.not_elector", err)
	g, err := w.Grant(w.ctx(), w.owner(2), idem.Key{}, v.ID, head)
	require.NoError(t, err)
	_, err = w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, g.Code)
	require.NoError(t, err, "an authority that ended makes room")
	_, err = w.Cast(w.ctx(), delegate, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	require.NoError(t, err)
	require.NoError(t, w.EndProxy(w.ctx(), w.owner(2), idem.Key{}, v.ID, head))
	g, err = w.Grant(w.ctx(), w.owner(5), idem.Key{}, v.ID, w.headFor(v, 5))
	require.NoError(t, err)
	_, err = w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, g.Code)
	code(t, "vote.proxy_cap", err)
	w.cast(v, 2, teller.Against)
	_, err = w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, g.Code)
	require.NoError(t, err, "the owner came in person: the delegate stands for them no more")
}

// A corrected roll numbers its lines anew: an authority stays with its owner's units, or ends; it never becomes one for another's line.
func TestAnAuthorityNeverMovesToAnotherLine(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.posted(w.draft(yesNo(tally.Provider)))
	delegate := w.owner(30)
	for _, unit := range []int{0, 4, 5} {
		g, err := w.Grant(w.ctx(), w.owner(unit), idem.Key{}, v.ID, w.headFor(v, unit))
		require.NoError(t, err)
		_, err = w.TakeProxy(w.ctx(), delegate, idem.Key{}, v.ID, g.Code)
		require.NoError(t, err)
	}
	w.units[3].Owners = w.units[2].Owners // found out to be of one owner: every line after it moves up
	w.units[5].Owners = []Owner{{ID: id.New(), Person: id.New()}}
	v = w.must(w.PostRoll(w.ctx(), w.committee, v.ID, seen(v)))
	own, err := w.Mine(w.ctx(), delegate, v.ID)
	require.NoError(t, err)
	var heads []int
	for _, o := range own {
		heads = append(heads, o.Head)
	}
	require.Equal(t, []int{w.headFor(v, 30), w.headFor(v, 0)}, heads, "the line that is what it was, and no other")
	v = w.keyed(v)
	w.clock.Set(v.OpensAt.Time().Add(time.Second))
	w.work()
	v = w.again(v)
	head := w.headFor(v, 6)
	_, err = w.Cast(w.ctx(), delegate, idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.not_elector", err)
}

func TestPaperIsEnteredByTwoPersons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.homes(40, regular)
		v := w.open(w.draft(yesNo(tally.Provider)))
		head := w.headFor(v, 7)
		paper := func(choice teller.Choice) Paper {
			return Paper{Head: head, Mark: teller.Mark(v.context(head, 1), "K7QX9", []teller.Choice{choice}), Sealed: w.sealed(v, head, choice), Scan: w.scanned(v, head, "picture of line 7")}
		}
		enter := func(p authz.Principal, in Paper) EntryState {
			state, err := w.Enter(w.ctx(), p, idem.Key{}, v.ID, in)
			require.NoError(t, err)
			return state
		}
		require.Equal(t, EntryWaits, enter(w.worker, paper(yes)))
		for who, waits := range map[*authz.Principal]bool{&w.keeper: true, &w.committee: true} {
			lines, err := w.Roll(w.ctx(), *who, v.ID)
			require.NoError(t, err)
			require.Equal(t, waits, lines[head-1].Paper)
		}
		lines, err := w.Roll(w.ctx(), w.owner(7), v.ID)
		require.NoError(t, err)
		require.False(t, lines[head-1].Paper, "who entered paper is for those who do it")
		_, err = w.Enter(w.ctx(), w.worker, idem.Key{}, v.ID, paper(yes))
		code(t, "vote.same_person", err)
		require.Equal(t, EntryDiffers, enter(w.keeper, paper(teller.Against)))
		require.Equal(t, EntryMatches, enter(w.worker, paper(teller.Against)))
		_, err = w.Enter(w.ctx(), w.keeper, idem.Key{}, v.ID, paper(yes))
		code(t, "vote.voted_on_paper", err)
		_, err = w.Cast(w.ctx(), w.owner(7), idem.Key{}, v.ID, head, w.sealed(v, head, yes))
		code(t, "vote.voted_on_paper", err)
		for _, p := range []authz.Principal{w.party, w.office, w.owner(3)} {
			_, err = w.Enter(w.ctx(), p, idem.Key{}, v.ID, paper(yes))
			code(t, "auth.forbidden", err)
		}
		no := paper(yes)
		for _, scan := range [][]byte{nil, []byte("an open picture"), bytes.Repeat([]byte{4}, 900)} {
			no.Scan = scan
			_, err = w.Enter(w.ctx(), w.keeper, idem.Key{}, v.ID, no)
			code(t, "vote.scan", err)
		}
		// A second person who marks what stands on the paper and seals something else decides nothing: the ballot is void, and named.
		head = w.headFor(v, 9)
		require.Equal(t, EntryWaits, enter(w.worker, paper(yes)))
		swapped := paper(yes)
		swapped.Sealed = w.sealed(v, head, teller.Against)
		require.Equal(t, EntryMatches, enter(w.keeper, swapped))
		w.cast(v, 8, yes)
		v = w.close(v)
		_, spoiled := w.count(v, 0, 1)
		require.Equal(t, []int{head}, spoiled)
		v = w.counted(v)
		o, err := w.Exact(w.ctx(), w.tellers[0], v.ID)
		require.NoError(t, err)
		require.Equal(t, []int64{1, 1, 1, 3}, []int64{o.Items[0].Options[0].Heads, o.Items[0].Against.Heads, o.Items[0].Void.Heads, o.Joined.Heads})
	})
}

// Two tellers see the picture of a paper beside its choice, and it is the one that was entered; one alone sees nothing.
func TestThePicturesOfAPaperAreOpenedWithIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.homes(40, regular)
		v := w.open(w.draft(yesNo(tally.Provider)))
		head := w.headFor(v, 7)
		for i, p := range []authz.Principal{w.worker, w.keeper} {
			in := Paper{Head: head, Mark: teller.Mark(v.context(head, 1), "K7QX9", []teller.Choice{yes}), Sealed: w.sealed(v, head, yes), Scan: w.scanned(v, head, fmt.Sprint("picture ", i))}
			_, err := w.Enter(w.ctx(), p, idem.Key{}, v.ID, in)
			require.NoError(t, err)
		}
		w.cast(v, 8, yes)
		v = w.close(v)
		asked := map[int]Opening{}
		for _, no := range []int{head, w.headFor(v, 8)} {
			o, err := w.AskOpening(w.ctx(), w.office, Taken{}, v.ID, no, "court", "人民法院调查令（2026）鲁0612民初1号。")
			require.NoError(t, err)
			asked[no] = o
		}
		scans, err := w.Scans(w.ctx(), w.tellers[1], v.ID, asked[w.headFor(v, 8)].ID)
		require.NoError(t, err)
		require.Empty(t, scans, "what came over the web has no paper")
		for _, p := range []authz.Principal{w.manager, w.party, w.owner(7)} {
			_, err := w.Scans(w.ctx(), p, v.ID, asked[head].ID)
			require.Error(t, err)
		}
		scans, err = w.Scans(w.ctx(), w.tellers[1], v.ID, asked[head].ID)
		require.NoError(t, err)
		box, err := w.Open(w.ctx(), w.tellers[1], v.ID)
		require.NoError(t, err)
		one := teller.Single{Scans: scans, Ballot: box.Ballots[slices.IndexFunc(box.Ballots, func(b teller.Ballot) bool { return b.Head == head })]}
		a, err := w.secrets[0].Part(box.Key, one.List())
		require.NoError(t, err)
		b, err := w.secrets[2].Part(box.Key, one.List())
		require.NoError(t, err)
		_, err = teller.OpenSingle(box.Key, v.context(0, 1), one, a, a)
		require.ErrorIs(t, err, teller.ErrPart, "one teller alone opens nothing")
		opened, err := teller.OpenSingle(box.Key, v.context(0, 1), one, a, b)
		require.NoError(t, err)
		require.Equal(t, teller.Opened{Choices: []teller.Choice{yes}, Pictures: [][]byte{[]byte("picture 0"), []byte("picture 1")}}, opened)
	})
}

func TestTellersAreOfThreeSides(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.posted(w.draft(yesNo(tally.Provider)))
	s, err := teller.Start(v.ID, 1)
	require.NoError(t, err)
	reach, err := s.Reach()
	require.NoError(t, err)
	take := func(p authz.Principal) error {
		_, err := w.TakeSeat(w.ctx(), p, Taken{}, v.ID, reach)
		return err
	}
	require.NoError(t, take(w.committee))
	code(t, "vote.seat_taken", take(w.committee))
	require.NoError(t, take(w.worker))
	code(t, "vote.seat_taken", take(w.keeper))
	code(t, "auth.forbidden", take(w.party))
	code(t, "not_found", take(w.manager))
	w.companies[w.owner(3).Person] = true
	code(t, "vote.teller_company", take(w.owner(3)))
	require.NoError(t, take(w.owner(4)))
	code(t, "vote.tellers_full", take(w.office))
	_, err = w.Vacate(w.ctx(), w.owner(5), Taken{}, v.ID, 3)
	code(t, "auth.forbidden", err)
	seats, err := w.Vacate(w.ctx(), w.committee, Taken{}, v.ID, 3)
	require.NoError(t, err)
	require.Len(t, seats, 2)
	require.NoError(t, take(w.office))
}

// Where the place reserves electronic votes, no ballot is taken over the web; paper is counted, or the official result entered and labelled.
func TestReservedPlaces(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	w.at.Division = "370702001" // Weifang
	d := w.draft()
	before, err := w.Procedure(w.ctx(), w.committee, d.Scope, d.PlaceID, "")
	require.NoError(t, err)
	_, err = w.Procedure(w.ctx(), w.manager, d.Scope, d.PlaceID, "")
	code(t, "not_found", err)
	v := w.open(w.draft(yesNo(tally.Provider)))
	require.Equal(t, "weifang", v.Procedure)
	shown, err := w.Show(w.ctx(), w.committee, v.ID)
	require.NoError(t, err)
	require.Equal(t, before, shown.Demands, "what the place asks is known before it is proposed")
	head := w.headFor(v, 0)
	_, err = w.Cast(w.ctx(), w.owner(0), idem.Key{}, v.ID, head, w.sealed(v, head, yes))
	code(t, "vote.web_reserved", err)
	_, err = w.EnterOfficial(w.ctx(), w.committee, v.ID, seen(v), Official{})
	code(t, "vote.official_early", err)
	v = w.close(v)
	total := v.total()
	out := teller.Outcome{Joined: total, Items: []teller.ItemOutcome{{Options: []tally.Weight{total}}}}
	in := Official{System: "潍坊市业主电子投票系统", Document: w.paper(v).Hash, Outcome: out}
	bad := in
	bad.Outcome.Joined.Heads++
	_, err = w.EnterOfficial(w.ctx(), w.committee, v.ID, seen(v), bad)
	code(t, "vote.count_balance", err)
	short := in
	short.Outcome.Items = []teller.ItemOutcome{{Options: []tally.Weight{{Area: total.Area, Heads: total.Heads - 1}}}}
	_, err = w.EnterOfficial(w.ctx(), w.committee, v.ID, seen(v), short)
	code(t, "vote.official_balance", err)
	require.Equal(t, "body.outcome.items[0]", fault.Of(err).Fields[0].Path, "the item is named")
	v = w.published(w.must(w.EnterOfficial(w.ctx(), w.committee, v.ID, seen(v), in)))
	r := w.result(v)
	require.True(t, r.Official)
	require.True(t, r.Items[0].Options[0].Passed)
	w.at.Division = "370612001"
	v = w.close(w.open(w.draft(yesNo(tally.Provider))))
	_, err = w.EnterOfficial(w.ctx(), w.committee, v.ID, seen(v), in)
	code(t, "vote.not_reserved", err)
}

func TestOrdersAreReasonedAndAppealable(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(60, regular)
	contract := id.New()
	item := yesNo(tally.Provider)
	item.SubjectKind, item.SubjectID, item.SubjectOption = SubjectOf, &contract, 1
	v := w.open(w.draft(item))
	for i := range 45 {
		w.cast(v, i, yes)
	}
	v = w.published(w.counted(v))
	const why = "公示的名册遗漏了地下车位，责令补正后重新公示。"
	_, err := w.Order(w.ctx(), w.party, v.ID, seen(v), Decided{Kind: Correct, Reasons: why})
	code(t, "auth.forbidden", err)
	_, err = w.Order(w.ctx(), w.office, v.ID, seen(v), Decided{Kind: Correct, Reasons: "不行"})
	code(t, "text.length", err)
	_, err = w.Order(w.ctx(), w.office, v.ID, seen(v), Decided{Kind: Revoke, Authority: HousingDepartment, Reasons: why})
	code(t, "vote.order_paper", err)
	v = w.must(w.Order(w.ctx(), w.office, v.ID, seen(v), Decided{Kind: Revoke, Authority: HousingDepartment, Paper: "烟住建物撤〔2026〕3 号", Reasons: why}))
	require.Equal(t, Revoked, v.State)
	_, ok, err := w.Passed(w.ctx(), w.db, SubjectOf, contract)
	require.NoError(t, err)
	require.False(t, ok, "a revoked decision carries nothing")
	orders, err := w.Orders(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	o := orders[0]
	require.Equal(t, []any{why, HousingDepartment, "烟住建物撤〔2026〕3 号"}, []any{o.Reasons, o.Authority, o.Paper})
	overturned := Ruling{Paper: "鲁政复〔2026〕8 号", Reasons: "理由成立，撤销原决定。"}
	_, err = w.RuleOnAppeal(w.ctx(), w.second, v.ID, o.ID, Taken{Version: o.Version}, overturned)
	code(t, "vote.not_appealed", err)
	_, err = w.LiftOrder(w.ctx(), w.second, v.ID, o.ID, Taken{Version: o.Version}, "")
	code(t, "vote.order_paper", err) // the street office alone ends no order of the department
	o, err = w.AppealOrder(w.ctx(), w.owner(0), v.ID, o.ID, Taken{Version: o.Version}, "名册无误，请求复核该决定。")
	require.NoError(t, err)
	for p, mine := range map[*authz.Principal]bool{&w.office: true, &w.second: false} { // who is told that somebody else rules
		orders, err = w.Orders(w.ctx(), *p, v.ID)
		require.NoError(t, err)
		require.Equal(t, mine, orders[0].Mine)
	}
	_, err = w.RuleOnAppeal(w.ctx(), w.office, v.ID, o.ID, Taken{Version: o.Version}, overturned)
	code(t, "vote.same_person", err)
	_, err = w.RuleOnAppeal(w.ctx(), w.second, v.ID, o.ID, Taken{Version: o.Version}, Ruling{Reasons: overturned.Reasons})
	code(t, "vote.order_paper", err)
	o, err = w.RuleOnAppeal(w.ctx(), w.second, v.ID, o.ID, Taken{Version: o.Version}, overturned)
	require.NoError(t, err)
	require.False(t, *o.Upheld)
	require.Equal(t, overturned.Paper, o.EndedPaper)
	require.Equal(t, Published, w.again(v).State)
	_, ok, err = w.Passed(w.ctx(), w.db, SubjectOf, contract)
	require.NoError(t, err)
	require.True(t, ok)
}

// One ballot is opened by two tellers, with a reason, and the owner is told.
func TestOpeningOneBallot(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	w.cast(v, 0, teller.Against)
	w.cast(v, 1, yes)
	const why = "人民法院调查令（2026）鲁0612民初1号。"
	head := w.headFor(v, 0)
	_, err := w.AskOpening(w.ctx(), w.office, Taken{}, v.ID, head, "court", why)
	code(t, "vote.step_impossible", err)
	v = w.counted(v)
	_, err = w.AskOpening(w.ctx(), w.keeper, Taken{}, v.ID, head, "court", why)
	code(t, "auth.forbidden", err)
	o, err := w.AskOpening(w.ctx(), w.office, Taken{}, v.ID, head, "court", why)
	require.NoError(t, err)
	var told string
	require.NoError(t, w.db.Get(w.ctx(), &told, `SELECT payload FROM outbox WHERE topic = 'vote.opening'`))
	require.Contains(t, told, w.owner(0).Person.String())
	list, err := w.Openings(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	require.Len(t, list, 1)
	list, err = w.Openings(w.ctx(), w.owner(1), v.ID)
	require.NoError(t, err)
	require.Empty(t, list)
	box, err := w.Open(w.ctx(), w.tellers[0], v.ID)
	require.NoError(t, err)
	var one []teller.Ballot
	for _, b := range box.Ballots {
		if b.Head == head {
			one = append(one, b)
		}
	}
	a, err := w.secrets[0].Part(box.Key, one)
	require.NoError(t, err)
	b, err := w.secrets[1].Part(box.Key, one)
	require.NoError(t, err)
	sent, err := w.secrets[0].SendPart(a, o.ID, 2)
	require.NoError(t, err)
	require.NoError(t, w.SendPart(w.ctx(), w.tellers[0], Taken{}, v.ID, o.ID, 2, sent))
	code(t, "not_found", w.SendPart(w.ctx(), w.tellers[0], Taken{}, v.ID, id.New(), 2, sent))
	box, err = w.Open(w.ctx(), w.tellers[1], v.ID)
	require.NoError(t, err)
	for _, p := range box.Parts {
		if p.Purpose == o.ID {
			a, err = w.secrets[1].ReceivePart(p.Sealed, o.ID, 1)
			require.NoError(t, err)
		}
	}
	c := teller.Context{Vote: v.ID, Form: box.Form, Items: 1}
	require.NoError(t, teller.Open(box.Key, c, one, a, b, func(_ teller.Ballot, choices []teller.Choice) {
		require.Equal(t, []teller.Choice{teller.Against}, choices)
	}))
	require.Error(t, teller.Open(box.Key, c, box.Ballots, a, b, nil), "the parts open no other ballot")
	o, err = w.MarkOpened(w.ctx(), w.tellers[1], Taken{}, v.ID, o.ID)
	require.NoError(t, err)
	require.NotNil(t, o.OpenedAt)
	w.clock.Advance(time.Minute)
	again, err := w.MarkOpened(w.ctx(), w.tellers[0], Taken{}, v.ID, o.ID)
	require.NoError(t, err)
	require.Equal(t, o, again, "who opened it first and when stays")
	var opened int
	require.NoError(t, w.db.Get(w.ctx(), &opened, `SELECT COUNT(*) FROM audit_record WHERE action = 'vote.opened'`))
	require.Equal(t, 2, opened)
}

func TestWhatIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(40, regular)
	for want, change := range map[string]func(*Draft){
		"vote.items":          func(d *Draft) { d.Items = nil },
		"vote.matter":         func(d *Draft) { d.Items[0].Matter = 10 },
		"vote.options":        func(d *Draft) { d.Items[0].Options = nil },
		"vote.option_twice":   func(d *Draft) { d.Items[0].Options = []Name{{"甲"}, {"甲"}} },
		"vote.most":           func(d *Draft) { d.Items[0].Most = 2 },
		"vote.subject":        func(d *Draft) { d.Items[0].SubjectKind = SubjectOf },
		"vote.business_alone": func(d *Draft) { d.Items = append(d.Items, yesNo(tally.BusinessUse)) },
		"text.length":         func(d *Draft) { d.Title = "" },
		"not_found":           func(d *Draft) { d.PlaceID = id.Nil },
	} {
		d := w.draft(yesNo(tally.Provider))
		change(&d)
		_, err := w.Propose(w.ctx(), w.committee, idem.Key{}, d)
		code(t, want, err)
	}
	for _, p := range []authz.Principal{w.manager, w.operator, w.party, w.stranger} {
		_, err := w.Propose(w.ctx(), p, idem.Key{}, w.draft(yesNo(tally.Provider)))
		require.Error(t, err)
	}
	v := w.open(w.draft(yesNo(tally.Provider)))
	head := w.headFor(v, 0)
	sealed := w.sealed(v, head, yes)
	for _, bad := range [][]byte{nil, sealed[:50], append(sealed[:len(sealed):len(sealed)], 0), make([]byte, len(sealed)), []byte(strings.Repeat("';--", 30))} {
		_, err := w.Cast(w.ctx(), w.owner(0), idem.Key{}, v.ID, head, bad)
		code(t, "vote.sealed", err)
	}
	_, err := w.Cast(w.ctx(), w.owner(0), idem.Key{}, v.ID, head+1, sealed)
	code(t, "vote.not_elector", err)
	r, err := w.Cast(w.ctx(), w.owner(0), idem.Key{}, v.ID, head, sealed)
	require.NoError(t, err)
	again, err := w.Cast(w.ctx(), w.owner(0), idem.Key{}, v.ID, head, sealed)
	require.NoError(t, err)
	require.Equal(t, r, again, "sent again after a lost answer")
	require.NoError(t, r.Check(teller.ReceiptKey(w.VoteReceipts(v.ID))))
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(raw), "RPV1.")
}

// Totals that a handful of owners make together name them: they are shown together with others, or not at all, and the tellers have them.
func TestTotalsOfAFewNameNobody(t *testing.T) {
	of := func(heads int64) tally.Weight { return tally.Weight{Area: 8000 * heads, Heads: heads} }
	v, items := Vote{RollArea: 900_000, RollHeads: 60}, []Item{yesNo(tally.Provider)}
	for name, c := range map[string]struct {
		favour, against, abstain int64
		counts, each             bool
	}{
		"all of them many":      {30, 10, 5, true, true},
		"nobody abstained":      {30, 15, 0, true, true},
		"two abstained":         {30, 10, 2, true, false},
		"three against, two no": {40, 3, 2, true, false},
		"one against":           {44, 1, 0, false, false},
		"four in favour":        {4, 30, 11, false, false},
		"all in favour":         {45, 0, 0, true, true},
	} {
		favour, against, abstain := of(c.favour), of(c.against), of(c.abstain)
		out := teller.Outcome{Joined: favour.Add(against).Add(abstain), Items: []teller.ItemOutcome{{Options: []tally.Weight{favour}, Against: against, Abstain: abstain}}}
		settled := string(disclosure{fewest: 5, joined: out.Joined, voters: []tally.Voters{{Area: 8000, Heads: int(out.Joined.Heads)}}}.of(items[0], out.Items[0]))
		for _, v.Shown = range []*string{&settled, nil} { // also of a vote that was counted before it was settled then
			item := results(v, items, out, tally.Weight{}, nil).Items[0]
			require.Equal(t, []bool{c.counts, c.each, c.counts && !c.each, !c.counts}, []bool{item.Options[0].Count != nil, item.Against != nil, item.Rest != nil, item.Few}, name)
			require.Equal(t, tally.Count{Total: v.total(), Joined: out.Joined, Favour: favour}.Tests(tally.Provider), item.Options[0].Tests, "the tests are shown: %s", name)
		}
	}

	w := newWorld(t, dbtest.SQLite(t))
	w.homes(60, func(i int) int64 { return 8000 + int64(i*i*131)%4001 })
	open := w.open(w.draft(yesNo(tally.Provider)))
	require.False(t, open.Small())
	for i := range 12 {
		w.cast(open, i, []teller.Choice{yes, teller.Against}[i%2])
	}
	held := w.published(w.counted(open))
	require.True(t, held.Small(), "twelve of sixty took part, who are known by name")
	require.Nil(t, w.result(held).Items[0].Options[0].Count)
	exact, err := w.Exact(w.ctx(), w.tellers[0], held.ID)
	require.NoError(t, err)
	require.Equal(t, int64(6), exact.Items[0].Against.Heads)
}

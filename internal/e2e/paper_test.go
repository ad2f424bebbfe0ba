package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// How many envelopes are printed, and how many sheets come back.
const (
	printed  = 20
	returned = 12
)

// paperDesk is three people who work with the paper of a round on a program that is killed, and what they have done so far.
type paperDesk struct {
	*installation
	db                    *dbx.DB
	round, lot            id.ID
	office, first, second *ballotclient.Client
	answers               questionnaire.Answers
	codes                 []ballot.SheetCode
	receipts              []*ballot.Receipt // of the sheets, as the second person got them
}

// Paper from the order to the count, by a program that is killed while a lot is signed, while it is filed, while an envelope is handed out and
// while two persons key sheets in: what was acknowledged stays, nothing is half-done, the same again goes on, and each sheet counts once.
func TestPaperSurvivesKills(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		in := install(t, e).up("demo")
		in.kill()
		d := &paperDesk{installation: in, db: in.database()}
		in.moment(d.db, "opens_at")
		in.up("demo")
		d.arrive()
		d.print()
		d.handOut()
		d.keyIn()
		in.kill()
		in.moment(d.db, "closes_at")
		in.up("demo")
		d.eachCountsOnce()
	})
}

// arrive logs the three in, once the round is open.
func (d *paperDesk) arrive() {
	d.t.Helper()
	ctx := d.t.Context()
	key, err := ballotclient.LedgerKey(ctx, d.url())
	require.NoError(d.t, err)
	for name, c := range map[string]**ballotclient.Client{"street-office": &d.office, "community-worker": &d.first, "community": &d.second} {
		*c, err = ballotclient.New(d.url(), key)
		require.NoError(d.t, err)
		require.NoError(d.t, (*c).LogIn(ctx, name, d.login[name]))
	}
	require.NoError(d.t, d.db.Get(ctx, &d.round, "SELECT id FROM survey_round"))
	var paper ballotclient.Paper
	require.Eventually(d.t, func() bool {
		paper, err = d.office.Paper(ctx, d.round)
		return err == nil && paper.State == "open"
	}, 15*time.Second, 100*time.Millisecond, "the round does not open: %v", err)
	d.answers = (&device{paper: paper}).answers(4)
}

// interrupted does something while the program is killed, and the same again once it is up where no answer came.
func (d *paperDesk) interrupted(do func() error) {
	d.t.Helper()
	program := d.cmd.Process
	time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { _ = program.Kill() })
	lost := do() != nil
	d.killed()
	d.up("demo")
	if lost {
		require.NoError(d.t, do())
	}
}

func (d *paperDesk) print() {
	d.t.Helper()
	dir, ctx := d.t.TempDir(), d.t.Context()
	key, err := ballotclient.LedgerKey(ctx, d.url())
	require.NoError(d.t, err)
	var order ballotclient.PrintOrder
	require.Eventually(d.t, func() bool { // once the ledger has the round
		order, err = d.office.OrderLot(ctx, dir, d.round, "s0001", printed)
		return err == nil
	}, 15*time.Second, 100*time.Millisecond)
	d.lot = order.LotID
	require.NoError(d.t, ballotclient.BlindLot(dir, key))
	d.interrupted(func() error { return d.office.SignLot(ctx, dir) })
	_, err = ballotclient.FinishLot(dir)
	require.NoError(d.t, err)
	d.interrupted(func() error { return d.office.RegisterLot(ctx, dir) })
	require.EqualValues(d.t, printed, count(d.t, d.db, "SELECT COUNT(*) FROM survey_envelope"))
	require.EqualValues(d.t, 1, count(d.t, d.db, "SELECT COUNT(*) FROM survey_leaf WHERE kind = 'lot'"))

	page, err := os.ReadFile(filepath.Join(dir, ballotclient.SheetsFile))
	require.NoError(d.t, err)
	for _, m := range regexp.MustCompile(`<code>([0-9A-Z-]{24})</code>`).FindAllStringSubmatch(string(page), -1) {
		code, err := ballot.ParseSheetCode(m[1])
		require.NoError(d.t, err)
		d.codes = append(d.codes, code)
	}
	require.Len(d.t, d.codes, printed)
}

// handOut gives envelopes to dwellings; the program is killed while the last one is given.
func (d *paperDesk) handOut() {
	d.t.Helper()
	ctx, pending := d.t.Context(), filepath.Join(d.t.TempDir(), "taken.json")
	var homes []id.ID
	require.NoError(d.t, d.db.Select(ctx, &homes, "SELECT unit_id FROM survey_dwelling WHERE left_out = '' AND sampled = 1 ORDER BY label"))
	take := func(home id.ID) error { return d.first.TakeEnvelopeOnce(ctx, pending, d.round, d.lot, home) }
	for _, home := range homes[:returned-1] {
		require.NoError(d.t, take(home))
	}
	d.interrupted(func() error { return take(homes[returned-1]) })
	require.EqualValues(d.t, returned, count(d.t, d.db, "SELECT COUNT(*) FROM survey_draw"))
	require.EqualValues(d.t, returned, count(d.t, d.db, "SELECT taken FROM survey_lot"))
}

// keyIn has both persons key sheets in, the second close behind the first, until the program is killed; looks at what is there; and has them
// key everything in again.
func (d *paperDesk) keyIn() {
	d.t.Helper()
	ctx, n, program := d.t.Context(), 0, d.cmd.Process
	d.receipts = make([]*ballot.Receipt, returned)
	kept := make(chan int, returned)
	var both sync.WaitGroup
	both.Go(func() {
		defer close(kept)
		for i := range returned {
			if _, err := d.first.EnterSheet(ctx, d.round, d.codes[i], d.answers); err != nil {
				return
			}
			kept <- i
		}
	})
	both.Go(func() {
		for i := range kept {
			r, err := d.second.EnterSheet(ctx, d.round, d.codes[i], d.answers)
			if err != nil {
				return
			}
			d.receipts[i] = r
			if n++; n == 4 {
				go func() { _ = program.Kill() }()
			}
		}
	})
	both.Wait()
	require.GreaterOrEqual(d.t, n, 4)
	d.killed()
	d.nothingIsHalfDone(n)
	d.up("demo")
	for i, before := range d.receipts {
		_, err := d.first.EnterSheet(ctx, d.round, d.codes[i], d.answers)
		require.NoError(d.t, err)
		for range 2 {
			d.receipts[i], err = d.second.EnterSheet(ctx, d.round, d.codes[i], d.answers)
			require.NoError(d.t, err)
			require.NotNil(d.t, d.receipts[i])
		}
		if before != nil {
			require.Equal(d.t, *before, *d.receipts[i], "the same receipt")
		}
	}
	d.t.Logf("%d of %d receipts before it was killed", n, returned)
}

// nothingIsHalfDone wants that a sheet counts whole or not at all, and that those whose receipt somebody holds count.
func (d *paperDesk) nothingIsHalfDone(receipts int) {
	d.t.Helper()
	entered := count(d.t, d.db, "SELECT COUNT(*) FROM survey_envelope WHERE fate = 'entered'")
	require.GreaterOrEqual(d.t, entered, int64(receipts))
	for _, query := range []string{
		"SELECT entered FROM survey_lot", "SELECT COUNT(*) FROM survey_cast WHERE channel = 'paper'", "SELECT COUNT(*) FROM audit_record WHERE action = 'survey.paper_enter'",
	} {
		require.Equal(d.t, entered, count(d.t, d.db, query), query)
	}
	require.Zero(d.t, count(d.t, d.db, "SELECT COUNT(*) FROM survey_entry e JOIN survey_envelope v ON v.round_id = e.round_id AND v.token_hash = e.token_hash WHERE v.fate <> ''"))
}

// eachCountsOnce waits for the count and looks for every sheet in it.
func (d *paperDesk) eachCountsOnce() {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		return count(d.t, d.db, "SELECT COUNT(*) FROM survey_round WHERE state IN ('closed', 'scored', 'published')") == 1
	}, 30*time.Second, 100*time.Millisecond, "the round is not counted")
	paper, err := d.office.Paper(context.Background(), d.round)
	require.NoError(d.t, err)
	for i, r := range d.receipts {
		counted := d.nobody().get(fmt.Sprintf("/public/survey-rounds/%s/responses/%s", d.round, d.codes[i].Secret(d.round).Token().Hash(d.round))).want(200)
		entry, err := ballot.ParseEntry([]byte(counted.id("entry")))
		require.NoError(d.t, err)
		require.NoError(d.t, r.Verify(paper.ReceiptKey))
		require.True(d.t, r.Kept(entry.(ballot.Response)))
	}
	for query, want := range map[string]int64{
		"SELECT COUNT(*) FROM survey_response": returned, "SELECT COUNT(*) FROM survey_response WHERE channel = 'paper' AND lot = 'p0001'": returned,
		"SELECT COUNT(*) FROM survey_draw": returned, "SELECT entered FROM survey_lot": returned, "SELECT COUNT(*) FROM survey_entry": 0,
		"SELECT COUNT(*) FROM audit_record WHERE action = 'survey.paper_enter'": returned, "SELECT COUNT(*) FROM survey_leaf WHERE kind = 'closed'": 1,
	} {
		require.Equal(d.t, want, count(d.t, d.db, query), query)
	}
}

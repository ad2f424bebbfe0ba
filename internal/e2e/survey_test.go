package e2e

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
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

// device is what a household casts with.
type device struct {
	*ballotclient.Envelope
	client *ballotclient.Client
	paper  ballotclient.Paper
}

// A round over HTTP whose server is killed while people cast, and again while it counts: whatever was acknowledged is in the ledger in the end,
// and every device shows it from its own file.
func TestARoundSurvivesKills(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		in := install(t, e).up("demo")
		in.kill()
		db := in.database()
		in.moment(db, "opens_at")
		in.up("demo")
		devices := []*device{in.device("owner"), in.device("tenant")}
		for range 2 {
			end := time.AfterFunc(400*time.Millisecond, func() { _ = in.cmd.Process.Kill() })
			castUntilDown(devices, ballot.MaxRevision)
			if end.Stop() { // every device has changed its mind as often as it may
				_ = in.cmd.Process.Kill()
			}
			in.killed()
			in.up("demo")
		}
		for _, d := range devices { // what is not known to have arrived is sent again
			last := questionnaire.Answers{}
			if n := len(d.Casts); n > 0 {
				last = d.Casts[n-1].Answers
			}
			receipt, err := d.Cast(t.Context(), d.client, last)
			require.NoError(t, err)
			again, err := d.Cast(t.Context(), d.client, last)
			require.NoError(t, err)
			require.GreaterOrEqual(t, again.Revision, receipt.Revision)
		}
		in.kill()
		in.moment(db, "closes_at")
		in.up("demo")
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond) // it closes, counts and scores
		in.kill()
		in.leasesEnd(db)
		in.up("demo")
		in.everyReceiptIsKept(db, devices)
	})
}

// moment stops waiting: an instant of the round, which is minutes or weeks away, is now. The program is not running.
func (in *installation) moment(db *dbx.DB, column string) {
	in.t.Helper()
	in.leasesEnd(db)
	require.NoError(in.t, db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		return tx.ExecOne(ctx, "UPDATE survey_round SET "+column+" = ?", time.Now().UnixMilli())
	}))
}

// leasesEnd stops waiting for the leases of a process that was killed.
func (in *installation) leasesEnd(db *dbx.DB) {
	in.t.Helper()
	require.NoError(in.t, db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE lease SET ends_at = 0")
		return err
	}))
}

// device draws the ballot of a household of the demonstration, once the round is open and in the ledger.
func (in *installation) device(name string) *device {
	in.t.Helper()
	ctx := in.t.Context()
	key, err := ballotclient.LedgerKey(ctx, in.url())
	require.NoError(in.t, err)
	client, err := ballotclient.New(in.url(), key)
	require.NoError(in.t, err)
	require.NoError(in.t, client.LogIn(ctx, name, in.login[name]))
	var round, unit id.ID
	require.Eventually(in.t, func() bool {
		round, unit, err = client.Find(ctx, "", "")
		return err == nil
	}, 15*time.Second, 100*time.Millisecond, "the round does not open: %v", err)
	d := &device{client: client}
	d.Envelope, err = ballotclient.Start(filepath.Join(in.t.TempDir(), name+".json"), in.url(), key, round, unit)
	require.NoError(in.t, err)
	require.Eventually(in.t, func() bool { err = d.Draw(ctx, client); return err == nil }, 15*time.Second, 100*time.Millisecond)
	require.NoError(in.t, err)
	d.paper, err = client.Paper(ctx, round)
	require.NoError(in.t, err)
	return d
}

// castUntilDown has every device change its mind until the server answers no more, at most so many times.
func castUntilDown(devices []*device, most int) {
	var group sync.WaitGroup
	for _, d := range devices {
		group.Go(func() {
			last := min(len(d.Casts)+most, ballot.MaxRevision-4)
			for n := len(d.Casts); n < last; n++ {
				if _, err := d.Cast(context.Background(), d.client, d.answers(1+n%5)); err != nil {
					return
				}
			}
		})
	}
	group.Wait()
}

// answers are the same rating for everything.
func (d *device) answers(rating int) questionnaire.Answers {
	out := questionnaire.Answers{}
	for _, i := range d.paper.Questionnaire.Items() {
		switch {
		case !i.Required:
		case i.Kind == questionnaire.Rating:
			out[i.Code] = questionnaire.Number(rating)
		case i.Kind == questionnaire.Scale10:
			out[i.Code] = questionnaire.Number(2 * rating)
		case i.Kind == questionnaire.Single:
			out[i.Code] = questionnaire.Choice(i.Options[0].Code)
		}
	}
	return out
}

// everyReceiptIsKept waits for the count and checks each receipt that any device ever got.
func (in *installation) everyReceiptIsKept(db *dbx.DB, devices []*device) {
	in.t.Helper()
	ctx := in.t.Context()
	require.Eventually(in.t, func() bool {
		return count(in.t, db, "SELECT COUNT(*) FROM survey_round WHERE state IN ('closed', 'scored', 'published')") == 1
	}, 30*time.Second, 100*time.Millisecond, "the round is not counted")
	receipts := 0
	for _, d := range devices {
		require.NoError(in.t, d.Check(ctx, d.client))
		counted := in.nobody().get("/public/survey-rounds/" + d.Round.String() + "/responses/" + d.Ballot.Name().String()).want(200)
		entry, err := ballot.ParseEntry([]byte(counted.id("entry")))
		require.NoError(in.t, err)
		for _, c := range d.Casts {
			if c.Receipt != nil {
				receipts++
				require.NoError(in.t, c.Receipt.Verify(d.ReceiptKey))
				require.True(in.t, c.Receipt.Kept(entry.(ballot.Response)))
			}
		}
	}
	in.t.Logf("%d receipts are kept", receipts)
	require.Greater(in.t, receipts, 2*len(devices))
	require.EqualValues(in.t, len(devices), count(in.t, db, "SELECT COUNT(*) FROM survey_response"))
	require.EqualValues(in.t, len(devices), count(in.t, db, "SELECT COUNT(*) FROM survey_draw"))
	require.EqualValues(in.t, 1, count(in.t, db, "SELECT COUNT(*) FROM survey_leaf WHERE kind = 'closed'"))
	require.EqualValues(in.t, 1, count(in.t, db, "SELECT COUNT(*) FROM survey_leaf WHERE kind = 'round_opened'"))
	in.traceless()
}

// traceless wants nothing of drawing and casting in what the processes wrote, nor what the database's driver would write by itself of
// connections that break, some of which cast.
func (in *installation) traceless() {
	in.t.Helper()
	for _, log := range in.logs {
		for line := range strings.Lines(log.String()) {
			for _, word := range []string{"drawBallot", "castBallot", "/ballot ", "/responses ", "[mysql]"} {
				require.NotContains(in.t, line, word)
			}
		}
	}
}

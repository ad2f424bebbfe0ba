package survey

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// voter is somebody of a home who has looked the key up in the ledger.
type voter struct {
	authz.Principal
	unit id.ID
	key  ballot.TrustedKey
	name ballot.Hash // of the key
}

// voters are the residents of all homes of a service area, by their number.
func (w *world) voters(r Round, a id.ID) []voter {
	w.t.Helper()
	paper, err := w.Paper(w.ctx(), r.ID)
	require.NoError(w.t, err)
	keys := map[string]ballot.TrustedKey{}
	for _, k := range paper.Keys {
		keys[k.Stratum] = w.trusted(r, k.PublicKey)
	}
	out := make([]voter, len(w.homes[a]))
	for n, h := range w.homes[a] {
		p := w.resident(a, n)
		own, err := w.Own(w.ctx(), p, r.ID, h.Unit)
		require.NoError(w.t, err)
		out[n] = voter{p, h.Unit, keys[own.Stratum], ballotHash(own.KeyID)}
	}
	return out
}

// patiently asks again as a client does that was told that the server is busy.
func patiently(do func() error) error {
	for {
		err := do()
		if !fault.Is(err, "ballot.busy") {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// draw is the whole of a client's drawing.
func (v voter) draw(ctx context.Context, w *world, r Round) (ballot.Kept, error) {
	pending, err := ballot.Prepare(v.key)
	if err != nil {
		return ballot.Kept{}, err
	}
	var signature []byte
	err = patiently(func() error {
		signature, err = w.DrawBallot(ctx, v.Principal, r.ID, v.unit, v.name, pending.Blinded())
		return err
	})
	if err != nil {
		return ballot.Kept{}, err
	}
	return pending.Finish(signature)
}

// atOnce does something n times side by side, all beginning at the same moment.
func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-begin
			do(i)
		})
	}
	close(begin)
	group.Wait()
}

// oneAddress is the limits as the program has them, for callers who share an address.
type oneAddress struct {
	limiter *ratelimit.Limiter
	build   *ratelimit.Builder
	salts   ratelimit.Salts
}

var sharedAddress = netip.MustParseAddr("203.0.113.7")

func (w *world) behindOneAddress() oneAddress {
	w.t.Helper()
	file, err := os.ReadFile("../../configs/ratelimits.yaml")
	require.NoError(w.t, err)
	defaults, err := ratelimit.ParseDefaults(file)
	require.NoError(w.t, err)
	build, err := ratelimit.NewBuilder(ratelimit.BuilderConfig{Defaults: defaults, Key: safeKey})
	require.NoError(w.t, err)
	limiter, err := ratelimit.NewLimiter(ratelimit.LimiterConfig{Memory: ratelimit.NewMemory(ratelimit.MemoryConfig{Clock: w.clock}), Clock: w.clock})
	require.NoError(w.t, err)
	return oneAddress{limiter, build, ratelimit.Salts{Now: ratelimit.Salt(ballot.NewHash()), Before: ratelimit.Salt(ballot.NewHash())}}
}

func (o oneAddress) judge(ctx context.Context, b ratelimit.Batch, err error) error {
	if err != nil {
		return err
	}
	d, err := o.limiter.Decide(ctx, b)
	return errors.Join(err, d.Err())
}

func (o oneAddress) Draw(ctx context.Context, round, household, account id.ID) error {
	b, err := o.build.BallotDraw("test", round, household, account)
	return o.judge(ctx, b, err)
}

func (o oneAddress) Envelope(context.Context, id.ID, id.ID, id.ID) error { return nil }

func (o oneAddress) CastFailed(ctx context.Context, round id.ID) error {
	b, err := o.build.BallotFailed("test", round, sharedAddress, o.salts)
	return o.judge(ctx, b, err)
}

func (o oneAddress) Suspect(ctx context.Context, round id.ID) bool {
	b, err := o.build.BallotSuspect("test", round, sharedAddress, o.salts)
	return o.judge(ctx, b, err) != nil
}

// flood casts n tokens that nobody signed and counts the answers by their codes.
func (w *world) flood(r Round, key ballot.Hash, signature []byte, n int) map[string]int {
	var mu sync.Mutex
	codes := map[string]int{}
	atOnce(20, func(int) {
		for range n / 20 {
			forged := cast(ballot.Kept{Round: r.ID, Key: key, Secret: ballot.Secret(ballot.NewHash()), Prefix: ballot.NewHash(), Signature: signature}, 1, questionnaire.Answers{})
			_, err := w.CastBallot(w.ctx(), r.ID, forged)
			mu.Lock()
			codes[fault.Of(err).Code]++
			mu.Unlock()
		}
	})
	return codes
}

// A building of 600 households behind one address answers at once, while somebody at the address sends 10,000 forged tokens: the forger is
// stopped after the sixtieth, and nobody else notices.
func TestSixHundredBehindOneAddressAnswerAtOnceBesideAForger(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.Limits = w.behindOneAddress()
		a := w.place("大望家园", 30, 20)
		r := w.open(a)
		all, answers := w.voters(r, a), w.rated(r, 4, "楼道的灯坏了")
		errs, receipts := make([]error, len(all)), make([]ballot.Receipt, len(all))
		forged := make(chan map[string]int)
		one := w.draw(r, a, 0)
		go func() { forged <- w.flood(r, all[0].name, flipped(one.Signature), 10_000) }()
		atOnce(len(all), func(i int) {
			kept, err := one, error(nil)
			if i > 0 {
				kept, err = all[i].draw(t.Context(), w, r)
			}
			if err == nil {
				receipts[i], err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, answers))
			}
			errs[i] = err
		})
		for _, err := range errs {
			require.NoError(t, err)
		}
		require.Equal(t, map[string]int{"ballot.forged": 60, ratelimit.BallotFailuresPerAddress.Code(): 9940}, <-forged)
		require.Equal(t, 600, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.Equal(t, 600, count1(t, db, `SELECT COUNT(DISTINCT dwelling_id) FROM survey_draw`))
		require.Equal(t, 600, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Equal(t, 600, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
		r = w.close(r)
		w.everyReceiptIsKept(r, receipts)
		card, err := w.Card(t.Context(), w.office, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, 600, card.Projects[0].Result.Counts.Answers)
	})
}

// everyReceiptIsKept checks receipts as their holders do: the response is in the tree of the newest checkpoint, and says what
// was promised.
func (w *world) everyReceiptIsKept(r Round, receipts []ballot.Receipt) {
	w.t.Helper()
	trust, err := ballot.NewTrust(w.log.VerifierKey())
	require.NoError(w.t, err)
	for _, receipt := range receipts {
		require.NoError(w.t, receipt.Verify(ballotHash(r.ReceiptKey)))
		counted, err := w.Counted(w.ctx(), r.ID, receipt.Token)
		require.NoError(w.t, err, "a receipt without a response in the ledger")
		entry, err := ballot.ParseEntry([]byte(counted.Entry))
		require.NoError(w.t, err)
		require.True(w.t, receipt.Kept(entry.(ballot.Response)))
		require.NoError(w.t, trust.Included([]byte(counted.Entry), w.proof(counted.Pos)))
	}
}

func TestOneResidentDrawsFiftyTimesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		v := w.voters(r, w.area)[3]
		errs := make([]error, 50)
		atOnce(50, func(i int) { _, errs[i] = v.draw(t.Context(), w, r) })
		drawn := 0
		for _, err := range errs {
			if err == nil {
				drawn++
				continue
			}
			code(t, "survey.drawn_already", err)
		}
		require.Equal(t, 1, drawn)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
	})
}

func TestTheSameBlindedTokenFiftyTimesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		v := w.voters(r, w.area)[3]
		pending, err := ballot.Prepare(v.key)
		require.NoError(t, err)
		errs, signatures := make([]error, 50), make([][]byte, 50)
		atOnce(50, func(i int) {
			errs[i] = patiently(func() (err error) {
				signatures[i], err = w.DrawBallot(t.Context(), v.Principal, r.ID, v.unit, v.name, pending.Blinded())
				return err
			})
		})
		for i := range errs {
			require.NoError(t, errs[i])
			require.Equal(t, signatures[0], signatures[i])
		}
		_, err = pending.Finish(signatures[0])
		require.NoError(t, err)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
	})
}

func TestOneBallotIsCastFiftyTimesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		once := cast(w.draw(r, w.area, 7), 1, w.rated(r, 5, "很好"))
		errs, receipts := make([]error, 50), make([]ballot.Receipt, 50)
		atOnce(50, func(i int) { receipts[i], errs[i] = w.CastBallot(t.Context(), r.ID, once) })
		for i := range errs {
			require.NoError(t, errs[i])
			require.Equal(t, receipts[0], receipts[i])
		}
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
	})
}

// Who casts what is there already shares a transaction with others, and these are written all the same; for a while the intake looks before it
// inserts.
func TestABallotThatIsThereHoldsUpNoneBesideIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		before := cast(w.draw(r, w.area, 0), 1, w.rated(r, 5, ""))
		_, err := w.CastBallot(t.Context(), r.ID, before)
		require.NoError(t, err)
		sg, err := w.signing(t.Context(), r.ID, before.Ballot.Key)
		require.NoError(t, err)
		a, err := w.asking(t.Context(), r.ID)
		require.NoError(t, err)
		arriving := func(c Cast) *arrival {
			row, _ := response(r.ID, sg, a.form, c)
			return &arrival{row: row}
		}
		twice := cast(w.draw(r, w.area, 2), 1, w.rated(r, 2, ""))
		batch := []*arrival{arriving(before), arriving(cast(w.draw(r, w.area, 1), 1, w.rated(r, 4, ""))), arriving(twice), arriving(twice)}
		require.False(t, w.intake.looksFirst(r.ID))
		written, err := w.intake.write(t.Context(), batch)
		require.NoError(t, err)
		require.Equal(t, []bool{false, true, true, false}, written)
		require.Equal(t, 3, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		for range intakeWary {
			require.True(t, w.intake.looksFirst(r.ID))
		}
		require.False(t, w.intake.looksFirst(r.ID))
	})
}

// Of revisions that come in at once the highest stays, whatever their order.
func TestRevisionsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		kept, key := w.draw(r, w.area, 7), ballot.NewHash()
		errs, casts := make([]error, 40), make([]Cast, 40)
		for i := range casts {
			casts[i] = cast(kept, i+1, w.rated(r, 1+i%5, "第几次"))
			casts[i].TextKey = key
		}
		receipts := make([]ballot.Receipt, 40)
		atOnce(40, func(i int) { receipts[i], errs[i] = w.CastBallot(t.Context(), r.ID, casts[i]) })
		var given []ballot.Receipt
		for i, err := range errs {
			if err != nil {
				code(t, "survey.revision_stale", err)
				continue
			}
			given = append(given, receipts[i])
		}
		require.NoError(t, errs[39], "nothing is later than the last revision")
		row, ok, err := castOf(t.Context(), db, r.ID, kept.Name())
		require.NoError(t, err)
		require.True(t, ok)
		require.EqualValues(t, 40, row.Revision)
		require.Equal(t, receipts[39].Commitment, row.Commitment)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
		w.everyReceiptIsKept(w.close(r), given)
	})
}

// A round closes while people cast. Whoever got a receipt is counted, and whoever was refused is not.
func TestCastingWhileTheRoundCloses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		a := w.place("闭幕家园", 10, 20)
		r := w.open(a)
		all := w.voters(r, a)
		kept := make([]ballot.Kept, len(all))
		atOnce(len(all), func(i int) { kept[i], _ = all[i].draw(t.Context(), w, r) })
		receipts := &promises{}
		early := 60 // have cast before, and revise in the last second
		for i := range early {
			receipt, err := w.CastBallot(t.Context(), r.ID, cast(kept[i], 1, w.rated(r, 3, "")))
			require.NoError(t, err)
			receipts.keep(receipt)
		}
		w.clock.Set(r.ClosesAt.Time().Add(-time.Millisecond))
		answers := w.rated(r, 4, "")
		closing := make(chan struct{})
		go func() {
			defer close(closing)
			time.Sleep(30 * time.Millisecond)
			w.clock.Set(r.ClosesAt.Time())
			for range 20 {
				for _, j := range w.Jobs() {
					_, err := w.runner.Once(t.Context(), j)
					receipts.problem(err)
				}
			}
		}()
		atOnce(len(all), func(i int) {
			last := 1
			if i < early {
				last = 12
			}
			for revision := 1; revision <= last; revision++ {
				if i < early && revision == 1 {
					continue
				}
				receipt, err := w.CastBallot(t.Context(), r.ID, cast(kept[i], revision, answers))
				if err == nil {
					receipts.keep(receipt)
				} else if !fault.Is(err, "survey.not_open") {
					receipts.problem(err)
				}
			}
		})
		<-closing
		w.work()
		require.Empty(t, receipts.errs)
		r = w.must(roundByID(t.Context(), db, r.ID))
		require.True(t, r.State.Over(), r.State)
		t.Logf("%d receipts, %d responses", len(receipts.list), count1(t, db, `SELECT COUNT(*) FROM survey_response`))
		w.everyReceiptIsKept(r, receipts.list)
		w.closedInOrder(r)
		names := map[ballot.Hash]bool{}
		for _, p := range receipts.list {
			names[p.Token] = true
		}
		require.Equal(t, len(names), count1(t, db, `SELECT COUNT(*) FROM survey_response`), "nobody was counted who was refused")
	})
}

// promises collects what concurrent casts got.
type promises struct {
	mu   sync.Mutex
	list []ballot.Receipt
	errs []error
}

func (p *promises) keep(r ballot.Receipt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, r)
}

func (p *promises) problem(err error) {
	if err == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errs = append(p.errs, err)
}

// closedInOrder wants the responses of a round to stand in the ledger one after the other by their names, before the leaf that
// closes it, and the leaves of the round in their order.
func (w *world) closedInOrder(r Round) {
	w.t.Helper()
	var rows []Response
	require.NoError(w.t, eachResponse(w.ctx(), w.db, r.ID, func(row Response) error {
		rows = append(rows, row)
		return nil
	}))
	behind := w.standInOrder(r, rows)
	leaves, err := leavesOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	for i, l := range leaves {
		require.NotNil(w.t, l.Entry)
		if i > 0 {
			require.Greater(w.t, *l.Entry, *leaves[i-1].Entry)
		}
		if l.Kind != "closed" {
			continue
		}
		require.Equal(w.t, len(rows), closedLeaf(w.t, l).Counted)
		require.GreaterOrEqual(w.t, *l.Entry, behind)
	}
}

// standInOrder wants the leaves of a round's responses, which are in the order of their names, one after another in the ledger, and
// each response to know the first of its run. It returns the place behind them.
func (w *world) standInOrder(r Round, rows []Response) int64 {
	w.t.Helper()
	if len(rows) == 0 {
		return 0
	}
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	made, err := leavesOfCasts(rows, keysOf(strata))
	require.NoError(w.t, err)
	first := *rows[0].First
	stand, err := w.log.Leaves(w.ctx(), w.db, ballot.Log, first, len(rows))
	require.NoError(w.t, err)
	require.Len(w.t, stand, len(rows))
	for i, row := range rows {
		require.Equal(w.t, first+int64(i), stand[i].Index)
		require.Equal(w.t, made[i][:], stand[i].Hash)
		if place := first + int64(i); *row.First != place {
			require.Less(w.t, place, *row.First+runLength)
			require.Equal(w.t, *rows[i-1].First, *row.First)
		}
	}
	return first + int64(len(rows))
}

func closedLeaf(t testing.TB, l Leaf) ballot.Closed {
	t.Helper()
	entry, err := ballot.ParseEntry([]byte(l.Body))
	require.NoError(t, err)
	c, ok := entry.(ballot.Closed)
	require.True(t, ok, l.Kind)
	return c
}

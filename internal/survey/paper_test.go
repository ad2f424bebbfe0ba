package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/bundle"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// A whole round on paper, on the web and with an interviewer: what was entered counts with its channel and lot, void ballots are in the
// ledger, the bundle verifies, and more is never counted than was drawn.
func TestARoundOnPaperAndWithInterviewers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 60)
		var receipts []ballot.Receipt
		for n := range 40 {
			w.hand(r, b, w.area, n)
			if n < 30 {
				receipts = append(receipts, w.entered(r, b.sheets[n], w.rated(r, 1+n%5, fmt.Sprintf("第%d张纸上的话", n))))
			}
		}
		n, err := w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(b.sheets[40:]...), Fate: Unused})
		require.NoError(t, err)
		require.Equal(t, 20, n)
		_, err = w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(b.sheets[39]), Fate: Spoilt})
		require.NoError(t, err)
		for n := 40; n < 90; n++ {
			kept := w.draw(r, w.area, n)
			_, err := w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 1+n%5, "")))
			require.NoError(t, err)
		}
		badge := w.interviewer(r, w.keeper)
		for n := 90; n < 100; n++ {
			w.assisted(r, n, badge, 4)
		}
		r = w.close(r)
		require.Equal(t, Scored, r.State)
		require.Equal(t, 30, count1(t, db, `SELECT COUNT(*) FROM survey_response WHERE channel = 'paper' AND lot = 'p0001'`))
		require.Equal(t, 10, count1(t, db, `SELECT COUNT(*) FROM survey_response WHERE channel = 'assisted' AND lot = 'i01'`))
		require.Equal(t, 100, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.Equal(t, 21, count1(t, db, `SELECT COUNT(*) FROM survey_leaf WHERE kind = 'voided'`))
		card, err := w.Card(t.Context(), w.office, r.ID)
		require.NoError(t, err)
		counts := card.Projects[0].Result.Counts
		require.EqualValues(t, 90, counts.Answers)
		require.EqualValues(t, 33_333_333, counts.PaperShare)
		lots, err := w.Lots(t.Context(), w.keeper, r.ID)
		require.NoError(t, err)
		require.Len(t, lots, 1)
		require.EqualValues(t, []int64{40, 30, 21}, []int64{*lots[0].Taken, *lots[0].Entered, *lots[0].Void})
		w.clock.Advance(publishAfter * 25 * time.Hour)
		w.work()
		report := verified(t, w, r, receipts)
		require.Equal(t, 30, report.Kept)
	})
}

// verified writes the bundle of a round and checks it.
func verified(t *testing.T, w *world, r Round, receipts []ballot.Receipt) bundle.Report {
	t.Helper()
	write, err := w.Bundle(t.Context(), r.ID)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, write(&file))
	report, err := bundle.Verify(&file, bundle.Options{VerifierKey: w.log.VerifierKey(), Receipts: receipts})
	require.NoError(t, err)
	require.Empty(t, report.Problems)
	return report
}

func TestOrderingLots(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		draft := w.frozen(w.sibling)
		_, err := w.OrderLot(t.Context(), w.office, idem.Key{}, draft.ID, "s0001", 20)
		code(t, "survey.not_open", err)
		r := w.open(w.area)
		order := func(p authz.Principal, stratum string, size int64) error {
			_, err := w.OrderLot(t.Context(), p, idem.Key{}, r.ID, stratum, size)
			return err
		}
		code(t, "survey.lot_least", order(w.office, "s0001", 19))
		code(t, "survey.lot_most", order(w.office, "s0001", 133))
		code(t, "survey.no_stratum", order(w.office, "s0002", 20))
		code(t, "survey.not_author", order(w.head, "s0001", 20))
		require.Error(t, order(w.manager, "s0001", 20))
		code(t, "not_found", order(w.stranger, "s0001", 20))
		var made atomic.Int64
		atOnce(8, func(int) {
			if order(w.office, "s0001", 20) == nil {
				made.Add(1)
			}
		})
		require.EqualValues(t, 6, made.Load(), "132 envelopes are a tenth more than 120 dwellings")
		require.Equal(t, 120, count1(t, db, `SELECT SUM(size) FROM survey_lot`))
		require.Equal(t, 6, count1(t, db, `SELECT COUNT(DISTINCT no) FROM survey_lot`))
	})
}

// The same batch again gets the same signatures, whoever asks at once and however often; another one gets none, and the ledger has the lot once.
func TestALotIsSignedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		l := w.ordered(r, 20)
		mine, other := w.batch(r, l), w.batch(r, l)
		sign := func(blinded [][]byte) ([][]byte, error) {
			return w.SignLot(t.Context(), w.office, r.ID, l.ID, blinded)
		}
		_, err := sign(mine.Blinded()[1:])
		code(t, "survey.lot_size", err)
		_, err = sign(append(mine.Blinded()[1:], mine.Blinded()[1]))
		code(t, "survey.lot_twice", err)
		_, err = sign(append(mine.Blinded()[1:], []byte("'; DROP TABLE survey_lot; --")))
		code(t, "ballot.blinded", err)
		_, err = w.RegisterLot(t.Context(), w.office, r.ID, l.ID, nil)
		code(t, "survey.lot_size", err)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_leaf WHERE kind = 'lot'`))
		got := make([][][]byte, 4)
		errs := make([]error, 4)
		batches := []*ballot.Batch{mine, mine, other, other}
		atOnce(4, func(i int) {
			errs[i] = patiently(func() (err error) { got[i], err = sign(batches[i].Blinded()); return err })
		})
		winner := slices.IndexFunc(errs, func(err error) bool { return err == nil })
		require.GreaterOrEqual(t, winner, 0, errs)
		for i, err := range errs {
			if batches[i] == batches[winner] {
				require.NoError(t, err)
				require.Equal(t, got[winner], got[i])
			} else {
				code(t, "survey.lot_signed", err)
			}
		}
		again, err := sign(batches[winner].Blinded())
		require.NoError(t, err)
		require.Equal(t, got[winner], again)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_leaf WHERE kind = 'lot'`))
		second := w.ordered(r, 20)
		_, err = w.SignLot(t.Context(), w.office, r.ID, second.ID, batches[winner].Blinded())
		code(t, "survey.lot_twice", err)
		_, err = w.SignLot(t.Context(), w.office, id.New(), l.ID, batches[winner].Blinded())
		code(t, "not_found", err)

		sheets, err := batches[winner].Finish(again)
		require.NoError(t, err)
		list := ballot.Manifest(sheets)
		register := func(list []ballot.Ballot) error {
			_, err := w.RegisterLot(t.Context(), w.office, r.ID, l.ID, list)
			return err
		}
		swapped := slices.Clone(list)
		swapped[0], swapped[1] = swapped[1], swapped[0]
		code(t, "survey.lot_order", register(swapped))
		forged := slices.Clone(list)
		forged[3].Signature = flipped(forged[3].Signature)
		code(t, "ballot.forged", register(forged))
		code(t, "survey.lot_not_ready", w.TakeEnvelope(t.Context(), w.keeper, r.ID, l.ID, w.homes[w.area][0].Unit, ballot.NewHash()))
		var failed atomic.Int64
		atOnce(4, func(int) {
			if register(list) != nil {
				failed.Add(1)
			}
		})
		require.Zero(t, failed.Load(), "the same list again changes nothing")
		require.Equal(t, 20, count1(t, db, `SELECT COUNT(*) FROM survey_envelope`))
		code(t, "survey.lot_registered", register(ballot.Manifest(w.boxed(r, 20).sheets)))
	})
}

// Two clerks hand out the last envelopes at once, and a dwelling takes paper while it draws on the web: as many draws as ballots, one each.
func TestTheLastEnvelopeAndTheLastDwelling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		errs := make([]error, 30)
		atOnce(30, func(i int) {
			clerk := []authz.Principal{w.keeper, w.head}[i%2]
			errs[i] = w.TakeEnvelope(t.Context(), clerk, r.ID, b.ID, w.homes[w.area][i].Unit, ballot.NewHash())
		})
		var taken []int
		for i, err := range errs {
			if err == nil {
				taken = append(taken, i)
			} else {
				code(t, "survey.lot_empty", err)
			}
		}
		require.Len(t, taken, 20)
		require.Equal(t, 20, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.Equal(t, 20, count1(t, db, `SELECT taken FROM survey_lot`))

		b = w.boxed(r, 20)
		unit, slip := w.homes[w.area][50].Unit, ballot.NewHash()
		pending := w.prepare(r, w.area, 50)
		var web, paper atomic.Int64
		atOnce(10, func(i int) {
			if i%2 == 0 {
				if w.TakeEnvelope(t.Context(), w.keeper, r.ID, b.ID, unit, slip) == nil {
					paper.Add(1)
				}
				return
			}
			err := patiently(func() error {
				_, err := w.DrawBallot(t.Context(), w.resident(w.area, 50), r.ID, unit, pending.Key(), pending.Blinded())
				return err
			})
			if err == nil {
				web.Add(1)
			}
		})
		require.True(t, (web.Load() == 5) != (paper.Load() == 5), "%d on the web, %d on paper", web.Load(), paper.Load())
		require.Equal(t, 21, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.EqualValues(t, paper.Load()/5, count1(t, db, `SELECT taken FROM survey_lot WHERE no = 2`), "the same slip again takes no other envelope")
	})
}

// A lot without envelopes answers the same of every dwelling, and an account cannot ask about all of them in a row.
func TestAnEmptyLotDoesNotTellWhoHasDrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.draw(r, w.area, 30)
		slip := ballot.NewHash()
		take := func(n int, slip ballot.Hash) error {
			return w.TakeEnvelope(t.Context(), w.keeper, r.ID, b.ID, w.homes[w.area][n].Unit, slip)
		}
		for range 2 {
			require.NoError(t, take(0, slip))
		}
		code(t, "survey.drawn_already", take(30, ballot.NewHash()))
		require.Equal(t, 1, count1(t, db, `SELECT taken FROM survey_lot`), "of the dwelling that had drawn none was taken")
		for n := 1; n < 20; n++ {
			w.hand(r, b, w.area, n)
		}
		code(t, "survey.lot_empty", take(30, ballot.NewHash()))
		code(t, "survey.lot_empty", take(31, ballot.NewHash()))
		require.NoError(t, take(0, slip), "the same slip again changes nothing")
		require.Equal(t, 20, count1(t, db, `SELECT taken FROM survey_lot`))
		require.Equal(t, 21, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		w.limits.spent = w.keeper.Account
		code(t, "rate.account", take(30, ballot.NewHash()))
		code(t, "rate.account", take(31, ballot.NewHash()))
	})
}

// Nobody can count a ballot of an envelope but from the paper, nor one that nobody took, nor make void what counts.
func TestEnvelopesCountFromPaperAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		l := w.ordered(r, 20)
		batch := w.batch(r, l)
		signatures, err := w.SignLot(t.Context(), w.office, r.ID, l.ID, batch.Blinded())
		require.NoError(t, err)
		sheets, err := batch.Finish(signatures)
		require.NoError(t, err)
		four := w.rated(r, 4, "")

		// Whoever prints casts before registering: no more than was drawn, which is nothing, and then the lot is of no use.
		_, err = w.CastBallot(t.Context(), r.ID, cast(sheets[0].Kept, 1, four))
		code(t, "survey.more_than_drawn", err)
		kept := w.draw(r, w.area, 0)
		_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, four))
		require.NoError(t, err, "who drew casts all the same")
		_, err = w.RegisterLot(t.Context(), w.office, r.ID, l.ID, ballot.Manifest(sheets))
		require.NoError(t, err)
		b := box{l, sheets}

		for revision := 1; revision <= 2; revision++ {
			_, err = w.CastBallot(t.Context(), r.ID, cast(sheets[0].Kept, revision, four))
			code(t, "survey.paper_only", err)
		}
		first, err := w.enters(w.keeper, r, sheets[0], four)
		require.NoError(t, err)
		require.Equal(t, "first", first.State)
		_, err = w.enters(w.head, r, sheets[0], four)
		code(t, "survey.lot_returned", err)
		w.hand(r, b, w.area, 1)
		_, err = w.enters(w.head, r, sheets[0], four)
		require.NoError(t, err)
		_, err = w.CastBallot(t.Context(), r.ID, cast(sheets[0].Kept, 2, w.rated(r, 1, "")))
		code(t, "survey.paper_only", err)
		_, err = w.enters(w.office, r, sheets[0], w.rated(r, 1, ""))
		code(t, "survey.entered_already", err)
		_, err = w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(sheets[0]), Fate: Spoilt})
		code(t, "survey.entered_already", err)
		_, err = w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(sheets[1]), Fate: Spoilt})
		code(t, "survey.lot_void", err) // one was taken, and it came back
		_, err = w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(sheets...)[1:], Fate: Unused})
		require.NoError(t, err)
		n, err := w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(sheets...)[1:], Fate: Unused})
		require.NoError(t, err)
		require.Zero(t, n, "a repetition changes nothing")
		_, err = w.enters(w.keeper, r, sheets[1], four)
		code(t, "survey.void", err)
		code(t, "survey.lot_empty", w.TakeEnvelope(t.Context(), w.keeper, r.ID, b.ID, w.homes[w.area][2].Unit, ballot.NewHash()))
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Equal(t, 19, count1(t, db, `SELECT COUNT(*) FROM survey_envelope WHERE fate = 'unused'`))
	})
}

func TestTwoPersonsEnterASheet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.hand(r, b, w.area, 0)
		sheet := b.sheets[0]
		said := w.rated(r, 4, "楼道 灯坏了")
		slip := w.rated(r, 4, "楼道灯坏了")
		rating := slices.Sorted(ratedItems(said))[0]
		other := questionnaire.Answers{}
		for k, v := range said {
			other[k] = v
		}
		other[rating] = questionnaire.Number(1)

		_, err := w.enters(w.manager, r, sheet, said)
		require.Error(t, err)
		rated := w.keeper
		w.staff[w.company] = append(w.staff[w.company], rated.Person)
		_, err = w.enters(rated, r, sheet, said)
		code(t, "survey.author_rated", err)
		w.staff[w.company] = w.staff[w.company][:len(w.staff[w.company])-1]
		_, err = w.enters(w.stranger, r, sheet, said)
		code(t, "not_found", err)
		unknown := keyed(sheet, said)
		unknown.Opening = ballot.NewHash()
		_, err = w.EnterPaper(t.Context(), w.keeper, r.ID, unknown)
		code(t, "survey.no_envelope", err)

		for range 2 { // one person twice is one person
			got, err := w.enters(w.keeper, r, sheet, said)
			require.NoError(t, err)
			require.Equal(t, "first", got.State)
		}
		_, err = w.enters(w.head, r, sheet, other)
		code(t, "survey.entries_differ", err)
		fields := fault.Of(err).Fields
		require.Len(t, fields, 1)
		require.Equal(t, "body.answers."+rating, fields[0].Path)
		require.NotContains(t, fmt.Sprint(fields, err), "4", "the other's answer is not told")
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		for range mostTries - 1 {
			_, err = w.enters(w.head, r, sheet, other)
			code(t, "survey.entries_differ", err)
		}
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_entry`), "nobody finds the answers by trying")
		got, err := w.enters(w.head, r, sheet, said)
		require.NoError(t, err)
		require.Equal(t, "first", got.State)
		second := keyed(sheet, slip)
		done, err := w.EnterPaper(t.Context(), w.keeper, r.ID, second)
		require.NoError(t, err)
		again, err := w.EnterPaper(t.Context(), w.keeper, r.ID, second)
		require.NoError(t, err)
		require.Equal(t, done, again, "a repetition gets the same receipt")
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_entry`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_text WHERE content = '楼道灯坏了'`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'survey.paper_enter'`))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE detail LIKE ?`, "%"+sheet.Kept.Name().String()+"%"))
	})
}

func ratedItems(a questionnaire.Answers) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for code, v := range a {
			if _, ok := v.Number(); ok && !yield(code) {
				return
			}
		}
	}
}

// Many persons key the same sheet at once, and others make it void: it counts once, or it is void, never both.
func TestASheetIsEnteredOrVoidOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		for n := range 10 {
			w.hand(r, b, w.area, n)
		}
		clerks := []authz.Principal{w.keeper, w.head, w.office, w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)}
		for n := range 10 {
			atOnce(6, func(i int) {
				if i == 5 {
					_, _ = w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(b.sheets[n]), Fate: Spoilt})
					return
				}
				_, _ = w.enters(clerks[i%4], r, b.sheets[n], w.rated(r, 4, ""))
			})
			counted := count1(t, db, `SELECT COUNT(*) FROM survey_cast WHERE round_id = ? AND token_hash = ?`, r.ID, b.sheets[n].Kept.Name())
			spoilt := count1(t, db, `SELECT COUNT(*) FROM survey_envelope WHERE round_id = ? AND token_hash = ? AND fate = 'spoilt'`, r.ID, b.sheets[n].Kept.Name())
			require.LessOrEqual(t, counted+spoilt, 1)
		}
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_lot WHERE entered = (SELECT COUNT(*) FROM survey_cast) AND spoilt = (SELECT COUNT(*) FROM survey_envelope WHERE fate = 'spoilt')`))
	})
}

// A drawing on paper writes a row of draws like any other and adds one to a count: nothing else in the whole database changes, and the row
// does not tell that it was paper.
func TestTakingAnEnvelopeLeavesNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.draw(r, w.area, 1)
		all := func() map[string]string {
			out := map[string]string{}
			for _, table := range tablesOf(t, db) {
				out[table] = fmt.Sprint(dump(t, db, table))
			}
			return out
		}
		before := all()
		w.hand(r, b, w.area, 0)
		after := all()
		var changed []string
		for table := range after {
			if before[table] != after[table] {
				changed = append(changed, table)
			}
		}
		slices.Sort(changed)
		require.Equal(t, []string{"survey_draw", "survey_lot"}, changed)
		for _, row := range dump(t, db, "survey_draw") {
			require.Len(t, strings.Join(row, ""), 32+32+10+3*16, "web and paper have the same shape")
		}
		for table, dumped := range after {
			for _, s := range b.sheets {
				require.NotContains(t, dumped, string(s.Code), table)
			}
		}
	})
}

func TestPaperEndsWithTheRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		b := w.boxed(r, 20)
		w.hand(r, b, w.area, 0)
		_, err := w.enters(w.keeper, r, b.sheets[0], w.rated(r, 4, ""))
		require.NoError(t, err)
		require.NoError(t, w.RecordAgreement(t.Context(), w.head, r.ID, w.homes[w.area][7].Unit))
		w.clock.Set(r.ClosesAt.Time())
		_, err = w.enters(w.head, r, b.sheets[0], w.rated(r, 4, ""))
		code(t, "survey.not_open", err)
		code(t, "survey.not_open", w.TakeEnvelope(t.Context(), w.keeper, r.ID, b.ID, w.homes[w.area][1].Unit, ballot.NewHash()))
		r = w.close(r)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_entry`))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_agreement`))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		_, err = w.OrderLot(context.Background(), w.office, idem.Key{}, r.ID, "s0001", 20)
		code(t, "survey.not_open", err)
	})
}

// Lots are listed of the areas that one works in, wherever these stand among the others, and never for who is rated.
func TestWhoseLotsAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area, w.sibling)
		projects, err := projectsOf(t.Context(), db, r.ID)
		require.NoError(t, err)
		for _, pr := range projects {
			list, err := w.Lots(t.Context(), w.post(authz.RoleCommunityWork, id.New(), pr.ScopePath), r.ID)
			require.NoError(t, err)
			require.Empty(t, list)
		}
		w.ordered(r, 20)
		list, err := w.Lots(t.Context(), w.keeper, r.ID)
		require.NoError(t, err)
		require.Len(t, list, 1)
		w.staff[w.company] = append(w.staff[w.company], w.keeper.Person)
		_, err = w.Lots(t.Context(), w.keeper, r.ID)
		code(t, "survey.author_rated", err)
	})
}

// What a lot's clerk writes waits for a round that is closing, and is refused.
func TestWhatIsWrittenOfALotWaitsForTheClosing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		unsigned, unregistered, b := w.ordered(r, 20), w.ordered(r, 20), w.boxed(r, 20)
		first, second := w.batch(r, unsigned), w.batch(r, unregistered)
		signatures, err := w.SignLot(t.Context(), w.office, r.ID, unregistered.ID, second.Blinded())
		require.NoError(t, err)
		sheets, err := second.Finish(signatures)
		require.NoError(t, err)
		for name, write := range map[string]func() error{
			"sign": func() error {
				_, err := w.SignLot(t.Context(), w.office, r.ID, unsigned.ID, first.Blinded())
				return err
			},
			"register": func() error {
				_, err := w.RegisterLot(t.Context(), w.office, r.ID, unregistered.ID, ballot.Manifest(sheets))
				return err
			},
			"void": func() error {
				_, err := w.VoidEnvelopes(t.Context(), w.keeper, r.ID, b.ID, Voiding{Openings: openings(b.sheets[0]), Fate: Unused})
				return err
			},
		} {
			told := make(chan error, 1)
			require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
				if err := pinRound(ctx, tx, r.ID, Open); err != nil {
					return err
				}
				go func() { told <- write() }()
				time.Sleep(500 * time.Millisecond) // what it checks beforehand finds the round open
				return tx.ExecOne(ctx, `UPDATE survey_round SET state = ? WHERE id = ?`, Closing, r.ID)
			}))
			err := <-told
			code(t, "survey.not_open", err)
			require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
				return tx.ExecOne(ctx, `UPDATE survey_round SET state = ? WHERE id = ?`, Open, r.ID)
			}), name)
		}
	})
}

// Lots that are signed at once queue for their numbers in the ledger.
func TestManyLotsAreSignedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		lots := []LotView{w.ordered(r, 20), w.ordered(r, 20), w.ordered(r, 20), w.ordered(r, 20)}
		batches := make([]*ballot.Batch, len(lots))
		for i, l := range lots {
			batches[i] = w.batch(r, l)
		}
		errs := make([]error, len(lots))
		atOnce(len(lots), func(i int) {
			errs[i] = patiently(func() error {
				_, err := w.SignLot(t.Context(), w.office, r.ID, lots[i].ID, batches[i].Blinded())
				return err
			})
		})
		require.NoError(t, errors.Join(errs...))
		require.Equal(t, len(lots), count1(t, db, `SELECT COUNT(*) FROM survey_leaf WHERE kind = 'lot'`))
	})
}

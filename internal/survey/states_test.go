package survey

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/score"
)

var allStates = []State{Draft, Frozen, Open, Closing, Closed, Scored, Published, Revised, Cancelled}

// Every step from every state: what is not in the table of the issue is refused, and changes nothing.
func TestEveryStepFromEveryState(t *testing.T) {
	leads := map[Step]map[State]State{
		StepEdit: {Draft: Draft}, StepRoll: {Draft: Draft}, StepPledge: {Draft: Draft}, StepFreeze: {Draft: Frozen},
		StepReveal: {Frozen: Frozen}, StepOpen: {Frozen: Open}, StepClose: {Open: Closing}, StepCount: {Closing: Closed},
		StepScore: {Closed: Scored}, StepPublish: {Scored: Published}, StepRevise: {Published: Revised, Revised: Revised},
		StepCancel: {Draft: Cancelled, Frozen: Cancelled},
	}
	w := newWorld(t, dbtest.SQLite(t))
	r := w.must(w.Create(t.Context(), w.office, idem.Key{}, w.plan(w.area)))
	actor := w.office.Actor(w.office.Grants[0])
	nothing := func(context.Context, *dbx.Tx, *move) error { return nil }
	for _, state := range allStates {
		for step, moves := range leads {
			from := r
			from.State = state
			require.NoError(t, w.force(from))
			err := w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return w.step(ctx, tx, actor, from, step, nothing) })
			after := w.must(roundByID(t.Context(), w.db, r.ID))
			if to, ok := moves[state]; ok {
				require.NoError(t, err, "%s from %s", step, state)
				require.Equal(t, to, after.State, "%s from %s", step, state)
				require.Equal(t, from.Version+1, after.Version)
			} else {
				code(t, "survey.step_impossible", err)
				require.Equal(t, from.Version, after.Version, "%s from %s", step, state)
				require.Equal(t, state, after.State)
			}
			r.Version = after.Version
		}
	}
}

// force puts a round into a state, as no use case does.
func (w *world) force(r Round) error {
	return w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		return tx.ExecOne(ctx, `UPDATE survey_round SET state = ? WHERE id = ? AND version = ?`, r.State, r.ID, r.Version)
	})
}

// The steps that people take, from every state that a round can be in: a conflict, never a defect.
func TestPeoplesStepsFromEveryState(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.must(w.Create(t.Context(), w.office, idem.Key{}, w.plan(w.area)))
	plan := w.plan(w.area)
	steps := map[string]func() error{
		"edit":      func() error { _, err := w.Edit(t.Context(), w.office, r.ID, seen(r), plan); return err },
		"reconcile": func() error { _, err := w.Reconcile(t.Context(), w.keeper, r.ID, w.area, seen(r)); return err },
		"freeze":    func() error { _, err := w.Freeze(t.Context(), w.office, r.ID, seen(r)); return err },
		"cancel": func() error {
			_, err := w.Cancel(t.Context(), w.office, r.ID, seen(r), "本次测评不再举行")
			return err
		},
		"publish": func() error { _, err := w.Publish(t.Context(), w.office, r.ID, seen(r)); return err },
	}
	possible := map[string][]State{"edit": {Draft}, "reconcile": {Draft}, "cancel": {Draft, Frozen}, "publish": {Scored}}
	for _, state := range allStates {
		for name, step := range steps {
			if name == "freeze" && state == Draft {
				continue // it depends on what else was done
			}
			now := r
			now.State = state
			require.NoError(t, w.force(now))
			err := step()
			if slices.Contains(possible[name], state) {
				require.NoError(t, err, "%s from %s", name, state)
			} else {
				require.Equal(t, fault.Conflict, fault.Of(err).Kind, "%s from %s: %v", name, state, err)
			}
			r.Version = w.must(roundByID(t.Context(), w.db, r.ID)).Version
		}
	}
}

func TestAStaleVersionChangesNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.must(w.Create(t.Context(), w.office, idem.Key{}, w.plan(w.area)))
	reconciled := w.must(w.Reconcile(t.Context(), w.keeper, r.ID, w.area, seen(r)))
	_, err := w.Freeze(t.Context(), w.office, r.ID, seen(r))
	code(t, "version.stale", err)
	_, err = w.Cancel(t.Context(), w.office, r.ID, Taken{Version: reconciled.Version + 1}, "本次测评不再举行")
	code(t, "version.stale", err)
	require.Equal(t, reconciled, w.must(roundByID(t.Context(), w.db, r.ID)))
	edited := w.must(w.Edit(t.Context(), w.office, r.ID, seen(reconciled), w.plan(w.area, w.sibling)))
	projects, err := projectsOf(t.Context(), w.db, r.ID)
	require.NoError(t, err)
	require.Len(t, projects, 2)
	require.Nil(t, projects[0].ReconciledAt, "a changed plan is reconciled anew")
	require.Equal(t, commonPath(projects), edited.ScopePath, "the round is where its service areas are")
	require.NotEqual(t, r.ScopePath, edited.ScopePath)
}

// A request that is repeated with its key takes its step once and gets the same answer.
func TestARepeatedStep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		key := func(text string) idem.Key {
			return idem.New(w.office.Account, "survey", text, text, nil, clock.Now(w.clock))
		}
		plan := w.plan(w.area)
		ids := make([]id.ID, 10)
		atOnce(10, func(i int) {
			r, err := w.Create(t.Context(), w.office, key("create"), plan)
			if err == nil {
				ids[i] = r.ID
			}
		})
		require.Len(t, slices.Compact(ids), 1)
		require.False(t, ids[0].IsZero())
		r := w.must(roundByID(t.Context(), db, ids[0]))
		r = w.must(w.Reconcile(t.Context(), w.keeper, r.ID, w.area, seen(r)))
		freeze := Taken{Once: key("freeze"), Version: r.Version}
		errs := make([]error, 10)
		atOnce(10, func(i int) { _, errs[i] = w.Freeze(t.Context(), w.office, r.ID, freeze) })
		for _, err := range errs {
			require.True(t, err == nil || fault.Is(err, "version.stale") || fault.Is(err, "survey.step_impossible"), err)
		}
		again := w.must(w.Freeze(t.Context(), w.office, r.ID, freeze))
		require.Equal(t, Frozen, again.State)
		require.Equal(t, r.Version+1, again.Version)
		require.Equal(t, 120, count1(t, db, `SELECT COUNT(*) FROM survey_dwelling`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_event WHERE kind = 'freeze'`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_round`))
	})
}

// A questionnaire that is saved or published again with the same key, since the answer was lost, is answered as the first time.
func TestAQuestionnaireIsPublishedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		key := func(text string) idem.Key {
			return idem.New(w.office.Account, "form", text, text, nil, clock.Now(w.clock))
		}
		tpl, err := w.Rules.Surveys.Template("property_service")
		require.NoError(t, err)
		draft, err := w.CreateForm(t.Context(), w.office, key("create"), tpl.Code, tpl.Questionnaire)
		require.NoError(t, err)
		revise, publish := Taken{Once: key("revise"), Version: draft.Version}, Taken{Once: key("publish"), Version: draft.Version + 1}
		for range 2 {
			f, err := w.ReviseForm(t.Context(), w.office, draft.ID, revise, tpl.Questionnaire)
			require.NoError(t, err)
			require.Equal(t, draft.Version+1, f.Version)
		}
		for range 2 {
			f, err := w.PublishForm(t.Context(), w.office, draft.ID, publish)
			require.NoError(t, err)
			require.Equal(t, FormPublished, f.State)
			require.Equal(t, draft.Version+2, f.Version)
		}
		_, err = w.PublishForm(t.Context(), w.office, draft.ID, Taken{Once: key("another"), Version: draft.Version + 2})
		require.True(t, fault.Is(err, "survey.form_published"), err)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'survey.form_publish'`))
	})
}

// errCut is a replica that dies: what it had not committed is gone.
var errCut = errors.New("cut off")

// Two replicas do the jobs at once, from the opening to the score, and again and again: nothing is doubled, and the leaves
// stand in their order.
func TestTwoReplicasDoTheJobsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		a := w.place("双机家园", 30, 20) // 600: more responses than one batch of the sealer
		r := w.frozen(a)
		both := func() {
			atOnce(2, func(i int) {
				runner := job.NewRunner(db, w.clock, w.logger())
				for range 6 {
					for _, j := range w.Jobs() {
						j.Name += []string{"", ".second"}[i] // leases of their own: as if one had slept through its lease
						if _, err := runner.Once(t.Context(), j); err != nil && !harmless(err) {
							t.Error(err)
						}
					}
				}
			})
		}
		w.clock.Advance(25 * time.Hour)
		both()
		require.Equal(t, Open, w.must(roundByID(t.Context(), db, r.ID)).State)
		r = w.must(roundByID(t.Context(), db, r.ID))
		receipts := w.everybodyCasts(r, a)
		w.clock.Advance(48 * time.Hour)
		both()
		w.clock.Set(r.ClosesAt.Time())
		both()
		w.work()
		r = w.must(roundByID(t.Context(), db, r.ID))
		require.Equal(t, Scored, r.State)
		w.everyReceiptIsKept(r, receipts)
		w.closedInOrder(r)
		w.sealsHold(r)
		w.nothingIsDoubled(r)
	})
}

// harmless tells of an error that says that another replica was faster.
func harmless(err error) bool {
	return errors.Is(err, dbx.ErrNoMatch) || fault.Is(err, "version.stale") || fault.Is(err, "survey.step_impossible") || dbx.IsDuplicate(err) ||
		dbx.Classify(err) == dbx.Retryable
}

// everybodyCasts draws and casts for all homes of a service area.
func (w *world) everybodyCasts(r Round, a id.ID) []ballot.Receipt {
	w.t.Helper()
	all := w.voters(r, a)
	out, errs := make([]ballot.Receipt, len(all)), make([]error, len(all))
	atOnce(len(all), func(i int) {
		kept, err := all[i].draw(w.ctx(), w, r)
		if err == nil {
			out[i], err = w.CastBallot(w.ctx(), r.ID, cast(kept, 1, w.rated(r, 1+i%5, "")))
		}
		errs[i] = err
	})
	for _, err := range errs {
		require.NoError(w.t, err)
	}
	return out
}

// nothingIsDoubled counts what a round leaves behind.
func (w *world) nothingIsDoubled(r Round) {
	w.t.Helper()
	one := func(query string, args ...any) { require.Equal(w.t, 1, count1(w.t, w.db, query, args...), query, args) }
	for _, kind := range []string{"round_opened", "closed", "score"} {
		one(`SELECT COUNT(*) FROM survey_leaf WHERE round_id = ? AND kind = ?`, r.ID, kind)
	}
	for _, step := range []Step{StepOpen, StepClose, StepCount, StepScore} {
		one(`SELECT COUNT(*) FROM survey_event WHERE round_id = ? AND kind = ?`, r.ID, string(step))
		one(`SELECT COUNT(*) FROM audit_record WHERE object_id = ? AND action = ?`, r.ID, "survey."+string(step))
	}
	one(`SELECT COUNT(*) FROM survey_score WHERE round_id = ? AND area_id = ?`, r.ID, id.Nil)
	days := count1(w.t, w.db, `SELECT COUNT(DISTINCT sealed_on) FROM survey_seal WHERE round_id = ?`, r.ID)
	strata := count1(w.t, w.db, `SELECT COUNT(*) FROM survey_stratum WHERE round_id = ?`, r.ID)
	require.Equal(w.t, days*strata, count1(w.t, w.db, `SELECT COUNT(*) FROM survey_leaf WHERE round_id = ? AND kind = 'draw_seal'`, r.ID))
	c, err := w.log.Newest(w.ctx(), w.db, ballot.Log)
	require.NoError(w.t, err)
	leaves := count1(w.t, w.db, `SELECT COUNT(*) FROM survey_leaf WHERE entry IS NOT NULL`) + count1(w.t, w.db, `SELECT COUNT(*) FROM survey_response WHERE pos IS NOT NULL`)
	require.EqualValues(w.t, leaves, c.Size, "each leaf stands in the tree once")
	require.Zero(w.t, count1(w.t, w.db, `SELECT COUNT(*) FROM survey_cast WHERE round_id = ?`, r.ID))
}

// The program dies before each transaction of closing in turn; the jobs simply go on, and the leaves are the same in the same
// order.
func TestClosingGoesOnWhereverItStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		a := w.place("断电家园", 30, 20)
		r := w.open(a)
		receipts := w.everybodyCasts(r, a)
		w.clock.Set(r.ClosesAt.Time())
		for stops := 0; ; stops++ {
			require.Less(t, stops, 60)
			runner := job.NewRunner(db, w.clock, w.logger())
			busy := false
			for _, part := range []job.Work{w.CloseDue, w.Seal, w.CountDue, w.ScoreDue} {
				// One part, then the process is gone: its lease runs out and another one begins from the tables alone.
				_, err := runner.Once(t.Context(), job.Job{Name: "survey.rounds", Do: func(ctx context.Context, l job.Lease) (bool, error) {
					b, err := part(ctx, l)
					busy = busy || b
					return false, errors.Join(err, errCut)
				}})
				require.ErrorIs(t, err, errCut)
				w.Service = New(w.Deps)
				w.clock.Advance(time.Minute)
				runner = job.NewRunner(db, w.clock, w.logger())
			}
			if w.must(roundByID(t.Context(), db, r.ID)).State == Scored && !busy {
				break
			}
		}
		w.work()
		r = w.must(roundByID(t.Context(), db, r.ID))
		w.everyReceiptIsKept(r, receipts)
		w.closedInOrder(r)
		w.nothingIsDoubled(r)
	})
}

// A cast that is not among the counted, against all reason, is not deleted, and the round does not go on without it.
func TestNoCastIsForgottenThatIsNotCounted(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.area)
	w.everybodyCasts(r, w.area)
	cast := count1(t, w.db, `SELECT COUNT(*) FROM survey_cast`)
	w.clock.Set(r.ClosesAt.Time())
	step := func(part job.Work) error {
		_, err := w.runner.Once(t.Context(), job.Job{Name: "survey.rounds", Do: part})
		w.clock.Advance(time.Minute)
		return err
	}
	require.NoError(t, step(w.CloseDue))
	require.NoError(t, step(w.Seal))
	w.exec(`DELETE FROM survey_response WHERE token_hash = (SELECT MIN(token_hash) FROM survey_cast)`)
	require.ErrorContains(t, step(w.CountDue), "are counted")
	require.NotZero(t, count1(t, w.db, `SELECT COUNT(*) FROM survey_cast WHERE token_hash = (SELECT MIN(token_hash) FROM survey_cast) AND token_hash NOT IN (SELECT token_hash FROM survey_response)`))
	require.LessOrEqual(t, count1(t, w.db, `SELECT COUNT(*) FROM survey_response`), cast-1)
	require.Equal(t, Closing, w.must(roundByID(t.Context(), w.db, r.ID)).State)
}

// A round that cannot be counted does not hold up another one.
func TestOneRoundDoesNotHoldUpAnother(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	first, second := w.open(w.sibling), w.open(w.area)
	_, err := w.CastBallot(t.Context(), second.ID, cast(w.draw(second, w.area, 0), 1, w.rated(second, 4, "")))
	require.NoError(t, err)
	require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE survey_dwelling SET sampled = 0 WHERE round_id = ?`, first.ID) // a seal of nothing fails
		return err
	}))
	w.clock.Set(second.ClosesAt.Time())
	for range 10 {
		for _, j := range w.Jobs() {
			_, _ = w.runner.Once(t.Context(), j) // the first round's error is told each time
		}
	}
	require.Equal(t, Open, w.must(roundByID(t.Context(), w.db, first.ID)).State)
	require.Equal(t, Scored, w.must(roundByID(t.Context(), w.db, second.ID)).State)
}

// More rounds than one page of a job are opened, sealed and closed, those that wait in front of them notwithstanding.
func TestManyRoundsAreSealedEachDay(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.sibling)
	var copies []id.ID
	require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		for range roundsPage + 5 {
			c := r
			c.ID = id.New()
			copies = append(copies, c.ID)
			if err := insertRound(ctx, tx, c); err != nil {
				return err
			}
			st := Stratum{ID: id.New(), RoundID: c.ID, ServiceAreaID: w.sibling, No: 1, Name: "x", Dwellings: 1, Sampled: 1}
			key := ballot.NewHash()
			st.KeyID = key[:]
			d := Dwelling{ID: id.New(), RoundID: c.ID, ServiceAreaID: w.sibling, StratumID: &st.ID, UnitID: id.New(), BuildingID: id.New(), Elector: ByHousehold, Sampled: true, Secret: ballot.NewHash()}
			if err := errors.Join(insertStrata(ctx, tx, []Stratum{st}), insertRoll(ctx, tx, []Dwelling{d})); err != nil {
				return err
			}
		}
		return nil
	}))
	w.clock.Advance(24 * time.Hour)
	w.work()
	require.Equal(t, len(copies)+1, count1(t, w.db, `SELECT COUNT(DISTINCT round_id) FROM survey_seal`))
}

// sampled is a sample over an estate of which all that are asked are expected to answer, pledged and frozen; secrets are what the parties will
// reveal.
func (w *world) sampled(a id.ID, margin int64) (Round, map[id.ID]ballot.Hash) {
	w.t.Helper()
	all := int64(100)
	return w.sampledAt(a, margin, &all)
}

func (w *world) sampledAt(a id.ID, margin int64, response *int64) (Round, map[id.ID]ballot.Hash) {
	w.t.Helper()
	plan := w.plan(a)
	plan.Method, plan.Margin, plan.Response = Sample, &margin, response
	r := w.must(w.Create(w.ctx(), w.office, idem.Key{}, plan))
	r = w.must(w.Reconcile(w.ctx(), w.keeper, r.ID, a, seen(r)))
	_, err := w.Freeze(w.ctx(), w.office, r.ID, seen(r))
	code(w.t, "survey.not_pledged", err)
	secrets := map[id.ID]ballot.Hash{}
	for _, org := range []id.ID{w.office.Grants[0].Org, w.company, w.owners} {
		secrets[org] = ballot.NewHash()
	}
	for _, p := range w.parties(a) {
		org := p.Grants[0].Org
		secret := secrets[org]
		r = w.must(w.Pledge(w.ctx(), p, r.ID, seen(r), ballot.Hash(score.Commit(r.ID.String(), org.String(), secret[:]))))
		_, err := w.Pledge(w.ctx(), p, r.ID, seen(r), ballot.NewHash())
		code(w.t, "survey.pledged_already", err)
	}
	return w.must(w.Freeze(w.ctx(), w.office, r.ID, seen(r))), secrets
}

func TestASampleIsDrawnBySecretsOfAllParties(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		a := w.place("抽样家园", 25, 40)
		r, secrets := w.sampledAt(a, 500, nil)
		p := w.parties(a)
		_, err := w.Reveal(t.Context(), p[0], r.ID, seen(r), ballot.NewHash())
		code(t, "survey.revealed_other", err)
		for i, x := range p {
			if i == len(p)-1 {
				w.clock.Advance(25 * time.Hour)
				w.work()
				require.Equal(t, Frozen, w.must(roundByID(t.Context(), db, r.ID)).State, "it waits for the last secret")
			}
			r = w.must(w.Reveal(t.Context(), x, r.ID, seen(r), secrets[x.Grants[0].Org]))
		}
		_, err = w.Reveal(t.Context(), p[0], r.ID, seen(r), secrets[p[0].Grants[0].Org])
		code(t, "survey.revealed_already", err)
		_, err = w.Cancel(t.Context(), w.office, r.ID, seen(r), "抽中的住户不合意")
		code(t, "survey.revealed_all", err)
		w.work()
		r = w.must(roundByID(t.Context(), db, r.ID))
		require.Equal(t, Open, r.State)
		require.EqualValues(t, 40, *r.Response, "the rule's")
		require.Equal(t, 695, count1(t, db, `SELECT COUNT(*) FROM survey_dwelling WHERE sampled = 1`), "±5 points of 1,000 dwellings are 278 answers, of 40 %")
		w.drawnAgain(r, a)

		asked, left := -1, -1
		for n, h := range w.homes[a] {
			d, err := dwellingOf(t.Context(), db, r.ID, h.Unit)
			require.NoError(t, err)
			if d.Sampled {
				asked = n
			} else {
				left = n
			}
		}
		own, err := w.Own(t.Context(), w.resident(a, left), r.ID, w.homes[a][left].Unit)
		require.NoError(t, err)
		_, err = w.DrawBallot(t.Context(), w.resident(a, left), r.ID, w.homes[a][left].Unit, ballotHash(own.KeyID), make([]byte, 256))
		code(t, "survey.not_asked", err)
		w.draw(r, a, asked)
		r = w.close(r)
		w.closedInOrder(r)
		w.sealsHold(r)
	})
}

// drawnAgain draws the sample from what is public: the pledges, the frozen roll's hash and the salted lines.
func (w *world) drawnAgain(r Round, a id.ID) {
	w.t.Helper()
	pledges, err := w.Pledges(w.ctx(), w.office, r.ID)
	require.NoError(w.t, err)
	var openings []score.Opening
	for _, p := range pledges {
		openings = append(openings, score.Opening{Party: p.OrgID.String(), Commitment: score.Hash(p.Commitment), Secret: p.Value[:]})
	}
	seed, err := score.Seed(r.ID.String(), score.Hash(r.RollHash), openings)
	require.NoError(w.t, err)
	require.Equal(w.t, r.Seed, seed[:])
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	roll, err := rollOf(w.ctx(), w.db, r.ID, id.Nil)
	require.NoError(w.t, err)
	hash, err := rollHash(r.ID, roll, strata)
	require.NoError(w.t, err)
	require.Equal(w.t, ballotHash(r.RollHash), hash)
	keys := make([]string, len(roll))
	no := map[id.ID]int64{strata[0].ID: 1}
	for i, d := range roll {
		keys[i] = d.line(no).String()
	}
	chosen, err := score.Sample(seed, keys, int(strata[0].Sampled))
	require.NoError(w.t, err)
	for i, d := range roll {
		require.Equal(w.t, slices.Contains(chosen, i), d.Sampled)
	}
}

func TestAPartyThatDoesNotRevealEndsTheRound(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	a := w.place("失信家园", 25, 40)
	r, secrets := w.sampled(a, 700)
	for _, x := range w.parties(a)[:2] {
		r = w.must(w.Reveal(t.Context(), x, r.ID, seen(r), secrets[x.Grants[0].Org]))
	}
	w.clock.Set(r.RevealUntil.Time())
	w.work()
	require.Equal(t, Frozen, w.must(roundByID(t.Context(), w.db, r.ID)).State)
	w.clock.Advance(time.Millisecond)
	w.work()
	r = w.must(roundByID(t.Context(), w.db, r.ID))
	require.Equal(t, Cancelled, r.State)
	require.Zero(t, count1(t, w.db, `SELECT COUNT(*) FROM survey_dwelling WHERE sampled = 1`))
	var detail string
	require.NoError(t, w.db.Get(t.Context(), &detail, `SELECT detail FROM survey_event WHERE round_id = ? AND kind = 'cancel'`, r.ID))
	require.Contains(t, detail, w.parties(a)[2].Grants[0].Org.String(), "who did not reveal is named")
}

// Who ends a round by keeping its secret is named, has no part in the next draw there and is not waited for; then it has one again.
func TestWhoWithheldASecretHasNoPartInTheNextDraw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		r, secrets := w.sampled(w.area, 1000)
		parties := w.parties(w.area) // street, company, owners
		for _, i := range []int{0, 2} {
			r = w.must(w.Reveal(ctx, parties[i], r.ID, seen(r), secrets[parties[i].Grants[0].Org]))
		}
		w.clock.Advance(5 * 24 * time.Hour)
		w.work()
		require.Equal(t, Cancelled, w.reread(r).State)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_event WHERE round_id = ? AND kind = 'cancel' AND detail LIKE ?`, r.ID, "%"+w.company.String()+"%"), "it is named")

		again := func(pledging ...int) Round {
			margin, plan := int64(1000), w.plan(w.area)
			plan.Method, plan.Margin = Sample, &margin
			r := w.must(w.Create(ctx, w.office, idem.Key{}, plan))
			r = w.must(w.Reconcile(ctx, w.keeper, r.ID, w.area, seen(r)))
			for _, i := range pledging {
				org := parties[i].Grants[0].Org
				secret := secrets[org]
				r = w.must(w.Pledge(ctx, parties[i], r.ID, seen(r), ballot.Hash(score.Commit(r.ID.String(), org.String(), secret[:]))))
			}
			return r
		}
		alone := again(0)
		_, err := w.Freeze(ctx, w.office, alone.ID, seen(alone))
		code(t, "survey.not_pledged", err)
		r = again(0, 2)
		_, err = w.Pledge(ctx, parties[1], r.ID, seen(r), ballot.NewHash())
		code(t, "survey.withheld_before", err)
		r = w.must(w.Freeze(ctx, w.office, r.ID, seen(r)))
		for _, i := range []int{0, 2} {
			r = w.must(w.Reveal(ctx, parties[i], r.ID, seen(r), secrets[parties[i].Grants[0].Org]))
		}
		w.clock.Advance(25 * time.Hour)
		w.work()
		require.Equal(t, Open, w.reread(r).State)
		w.clock.Advance(20 * 24 * time.Hour)
		r = again(0, 1, 2)
		require.Equal(t, Draft, r.State)
	})
}

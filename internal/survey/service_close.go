package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// Jobs is the background work of surveys, done by one replica at a time. One job does all that appends to the log of
// surveys, so that the leaves of a round stand in their order.
func (s *Service) Jobs() []job.Job {
	return []job.Job{
		{Name: "survey.rounds", Every: 10 * time.Second, Do: s.Advance},
		{Name: "survey.seal", Every: 2 * time.Second, Do: s.Seal},
		{Name: "survey.examine", Every: 10 * time.Second, Do: s.ExamineDue},
	}
}

// Advance does what is due of every round: opening, the daily seals, reminders, closing, the end of the count, the score.
func (s *Service) Advance(ctx context.Context, l job.Lease) (busy bool, err error) {
	for _, part := range []job.Work{s.OpenDue, s.SealDraws, s.RemindDue, s.CloseDue, s.CountDue, s.MixTexts, s.CleanUp, s.ScoreDue} {
		b, e := part(ctx, l)
		busy, err = busy || b, errors.Join(err, e)
	}
	return busy, err
}

// each does something with every round in a state whose moment has come; one that fails, or that stays in its state, does
// not stop the others.
func (s *Service) each(ctx context.Context, state State, column string, before clock.Instant, do func(Round) error) error {
	var all error
	for after := id.Nil; ; {
		due, err := dueRounds(ctx, s.DB, state, column, before, after, roundsPage)
		all = errors.Join(all, err)
		for _, r := range due {
			if e := do(r); e != nil {
				all = errors.Join(all, fmt.Errorf("round %s: %w", r.ID, e))
			}
			after = r.ID
		}
		if len(due) < roundsPage || ctx.Err() != nil {
			return errors.Join(all, ctx.Err())
		}
	}
}

// roundsPage is how many rounds a job reads at once.
const roundsPage = 50

// automatic moves a round on without anybody's doing.
func (s *Service) automatic(ctx context.Context, l job.Lease, r Round, step Step, do effect) error {
	actor := authz.Actor{Role: authz.RoleSystem, Request: "survey." + string(step)}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		return s.step(ctx, tx, actor, r, step, do)
	})
}

// SealDraws seals, for each open round, who had drawn a ballot at the end of each day that is over.
func (s *Service) SealDraws(ctx context.Context, l job.Lease) (bool, error) {
	yesterday := clock.DateOf(s.now().Time()).AddDays(-1)
	return false, s.each(ctx, Open, "opened_at", s.now(), func(r Round) error {
		last, err := lastSeal(ctx, s.DB, r.ID)
		if err != nil || last >= yesterday || clock.DateOf(r.OpenedAt.Time()) > yesterday {
			return err
		}
		err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := errors.Join(l.Check(ctx, tx), pinRound(ctx, tx, r.ID, Open)); err != nil {
				return err
			}
			return s.sealThrough(ctx, tx, r, yesterday)
		})
		if errors.Is(err, dbx.ErrNoMatch) {
			return nil // closed meanwhile, which seals every day
		}
		return err
	})
}

// sealThrough writes the seals that are missing up to a day.
func (s *Service) sealThrough(ctx context.Context, tx *dbx.Tx, r Round, through clock.Date) error {
	last, err := lastSeal(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	day := clock.DateOf(r.OpenedAt.Time())
	if last != "" {
		day = last.AddDays(1)
	}
	for ; day <= through; day = day.AddDays(1) {
		if err := s.sealDraws(ctx, tx, r, day); err != nil {
			return err
		}
	}
	return nil
}

// sealDraws writes the seals of a day, a leaf for each stratum.
func (s *Service) sealDraws(ctx context.Context, tx *dbx.Tx, r Round, day clock.Date) error {
	strata, err := strataOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	for _, st := range strata {
		list, err := commitments(ctx, tx, r, st, day)
		if err != nil {
			return err
		}
		root, err := ballot.SealDay(list)
		if err != nil {
			return err
		}
		if err := insertSeal(ctx, tx, Seal{r.ID, st.ID, day, int64(len(list)), root}); err != nil {
			return err
		}
		if err := addLeaf(ctx, tx, r.ID, s.now(), ballot.DrawSeal{Round: r.ID, Key: ballotHash(st.KeyID), Day: day, Count: len(list), Root: root}); err != nil {
			return err
		}
	}
	return nil
}

// commitments are what a day's seal of a stratum is made of, one for each dwelling that is asked, ascending.
func commitments(ctx context.Context, q dbx.Querier, r Round, st Stratum, day clock.Date) ([]ballot.Hash, error) {
	roll, err := rollOf(ctx, q, r.ID, st.ID)
	if err != nil {
		return nil, err
	}
	drawn, err := drawnBy(ctx, q, st.ID, day)
	if err != nil {
		return nil, err
	}
	var out []ballot.Hash
	for _, d := range roll {
		if d.Sampled {
			out = append(out, ballot.DrawCommitment(r.ID, day, d.ID, d.Secret, drawn[d.ID]))
		}
	}
	slices.SortFunc(out, ballot.Hash.Compare)
	return out, nil
}

// CloseDue closes the rounds whose time is over: the signing keys are gone with it.
func (s *Service) CloseDue(ctx context.Context, l job.Lease) (bool, error) {
	return false, s.each(ctx, Open, "closes_at", s.now(), func(r Round) error {
		return s.automatic(ctx, l, r, StepClose, func(ctx context.Context, tx *dbx.Tx, m *move) error {
			m.next.ClosedAt = &m.at
			if err := s.sealThrough(ctx, tx, r, clock.DateOf(m.at.Time())); err != nil {
				return err
			}
			if err := s.endPaper(ctx, tx, r, m.at); err != nil {
				return err
			}
			s.residue.Store(true)
			return destroyKeys(ctx, tx, r.ID, m.at)
		})
	})
}

// sealBatch is how many leaves are appended in one transaction.
const sealBatch = 4000

// sealBatches is how many of them are sealed before the job takes its lease anew, which is a transaction of its own.
const sealBatches = 25

// Seal appends what waits to the log of surveys. While a round closes these are its responses in the order of their hashes,
// so that their order says nothing. It starts again wherever it stopped.
func (s *Service) Seal(ctx context.Context, l job.Lease) (busy bool, err error) {
	sealer := ledger.Sealer{DB: s.DB, Ledger: s.Ledger, Log: ballot.Log, Batch: sealBatch, Waiting: s.waiting}
	for range sealBatches {
		if busy, err = sealer.Do(ctx, l); err != nil || !busy {
			break
		}
	}
	return busy, err
}

func (s *Service) waiting(ctx context.Context, tx *dbx.Tx, limit int) ([]ledger.Entry, error) {
	leaves, err := unsealedLeaves(ctx, tx, limit)
	if err != nil {
		return nil, err
	}
	out := make([]ledger.Entry, 0, limit)
	for _, l := range leaves {
		out = append(out, ledger.Entry{Leaf: l.Hash, Number: func(ctx context.Context, tx *dbx.Tx, seq int64) error { return numberLeaf(ctx, tx, l.ID, seq) }})
	}
	for after := id.Nil; len(out) < limit; {
		closing, err := dueRounds(ctx, tx, Closing, "closed_at", s.now(), after, 1)
		if err != nil || len(closing) == 0 {
			return out, err
		}
		list, err := s.counting(ctx, tx, closing[0].ID, limit-len(out))
		if err != nil {
			return nil, err
		}
		out, after = append(out, list...), closing[0].ID
	}
	return out, nil
}

// CountDue ends the count of the rounds whose every response is in the ledger. None can come any more: the step that closed
// the round waited for those that were being written, and whatever came after found it closed.
func (s *Service) CountDue(ctx context.Context, l job.Lease) (bool, error) {
	return false, s.each(ctx, Closing, "closed_at", s.now(), func(r Round) error {
		left, err := anyUncounted(ctx, s.DB, r.ID)
		if err != nil || left {
			return err
		}
		if err := s.forgetCasts(ctx, l, r.ID); err != nil {
			return err
		}
		return s.automatic(ctx, l, r, StepCount, func(ctx context.Context, tx *dbx.Tx, m *move) error {
			closed, err := s.balance(ctx, tx, r)
			if err != nil {
				return err
			}
			m.detail["counted"] = closed.Counted
			s.residue.Store(true)
			return addLeaf(ctx, tx, r.ID, m.at, closed)
		})
	})
}

// CleanUp sees to it that destroyed keys and the rows as they were before the count are not in the files of an embedded database
// any more. While somebody is reading it tries again at the next turn.
func (s *Service) CleanUp(ctx context.Context, _ job.Lease) (bool, error) {
	if !s.residue.Load() {
		return false, nil
	}
	done, err := s.DB.Purge(ctx)
	if done {
		s.residue.Store(false)
	}
	return false, err
}

// balance is the leaf that ends the casting.
func (s *Service) balance(ctx context.Context, q dbx.Querier, r Round) (ballot.Closed, error) {
	strata, err := strataOf(ctx, q, r.ID)
	if err != nil {
		return ballot.Closed{}, err
	}
	counted, err := countByStratum(ctx, q, "survey_response", r.ID)
	if err != nil {
		return ballot.Closed{}, err
	}
	out := ballot.Closed{Round: r.ID, Day: clock.DateOf(r.ClosedAt.Time())}
	for _, st := range strata {
		list, err := finalDraws(ctx, q, r, st)
		if err != nil {
			return ballot.Closed{}, err
		}
		root, drawn, err := ballot.FinalRoot(list)
		if err != nil {
			return ballot.Closed{}, err
		}
		n := int(counted[st.ID])
		out.Strata = append(out.Strata, ballot.ClosedStratum{Key: ballotHash(st.KeyID), Dwellings: int(st.Sampled), Drawn: drawn, Counted: n, Draws: root})
		out.Counted += n
	}
	return out, nil
}

// finalDraws is the list of who drew a ballot, each under a tag that only its household can find.
func finalDraws(ctx context.Context, q dbx.Querier, r Round, st Stratum) ([]ballot.FinalDraw, error) {
	roll, err := rollOf(ctx, q, r.ID, st.ID)
	if err != nil {
		return nil, err
	}
	drawn, err := drawnBy(ctx, q, st.ID, clock.DateOf(r.ClosedAt.Time()))
	if err != nil {
		return nil, err
	}
	var out []ballot.FinalDraw
	for _, d := range roll {
		if d.Sampled {
			out = append(out, ballot.FinalDraw{Tag: ballot.DrawTag(r.ID, d.ID, d.Secret), Drawn: drawn[d.ID]})
		}
	}
	slices.SortFunc(out, func(a, b ballot.FinalDraw) int { return a.Tag.Compare(b.Tag) })
	return out, nil
}

package survey

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
)

// batch is the next ballots of a closing round behind a name, in the order of their names.
type batch struct {
	behind ballot.Hash
	runs   []run
	leaves [][32]byte
}

// run is ballots that are written among the counted by one statement: so many, up to a last name.
type run struct {
	last ballot.Hash
	n    int
}

// runLength is how many ballots are in a run at most.
const runLength = 500

// last is the name of the last ballot of a batch that has one.
func (b batch) last() ballot.Hash { return b.runs[len(b.runs)-1].last }

// counting takes the next ballots of a closing round. They are written among the counted in the order of their names, with their places in
// the ledger, so that they do not lie there in the order in which they were cast.
func (s *Service) counting(ctx context.Context, tx *dbx.Tx, round id.ID, limit int) ([]ledger.Entry, error) {
	behind, err := countedTo(ctx, tx, round)
	if err != nil {
		return nil, err
	}
	b, err := s.nextBatch(ctx, tx, round, behind, limit)
	if err != nil || len(b.leaves) == 0 {
		return nil, err
	}
	out := make([]ledger.Entry, len(b.leaves))
	for i, leaf := range b.leaves {
		out[i] = ledger.Entry{Leaf: leaf, Number: numberedByTheLast}
	}
	last := len(out) - 1
	out[last].Number = func(ctx context.Context, tx *dbx.Tx, seq int64) error {
		return countRuns(ctx, tx, round, b, seq-int64(last))
	}
	return out, nil
}

// countRuns writes a batch among the counted, with places in the log from first on.
func countRuns(ctx context.Context, tx *dbx.Tx, round id.ID, b batch, first int64) error {
	behind := b.behind
	for _, r := range b.runs {
		if err := countCasts(ctx, tx, round, behind, r, first); err != nil {
			return err
		}
		behind, first = r.last, first+int64(r.n)
	}
	return nil
}

// numberedByTheLast is for the ballots of a batch but the last, which gives all of them their places.
func numberedByTheLast(context.Context, *dbx.Tx, int64) error { return nil }

// ahead is a batch that is read while the one before it is written. It may be: no cast of a closing round changes any more.
type ahead struct {
	round id.ID
	batch batch
	err   error
	done  chan struct{}
}

// nextBatch is the batch behind a name, read ahead or now.
func (s *Service) nextBatch(ctx context.Context, tx *dbx.Tx, round id.ID, behind ballot.Hash, limit int) (batch, error) {
	b, ok := s.readAhead(round, behind, limit)
	if !ok {
		var err error
		if b, err = readBatch(ctx, tx, round, behind, limit); err != nil {
			return batch{}, err
		}
	}
	if len(b.leaves) < limit {
		return b, nil
	}
	next := &ahead{round: round, batch: batch{behind: b.last()}, done: make(chan struct{})}
	go func() {
		defer close(next.done)
		next.batch, next.err = readBatch(context.WithoutCancel(ctx), s.DB, round, b.last(), sealBatch)
	}()
	s.ahead.Store(next)
	return b, nil
}

// readAhead is what was read ahead, if it is what is wanted now.
func (s *Service) readAhead(round id.ID, behind ballot.Hash, limit int) (batch, bool) {
	a := s.ahead.Swap(nil)
	if a == nil {
		return batch{}, false
	}
	<-a.done
	return a.batch, a.err == nil && a.round == round && a.batch.behind == behind && len(a.batch.leaves) <= limit
}

func readBatch(ctx context.Context, q dbx.Querier, round id.ID, behind ballot.Hash, limit int) (batch, error) {
	rows, err := uncounted(ctx, q, round, behind, limit)
	if err != nil || len(rows) == 0 {
		return batch{behind: behind}, err
	}
	strata, err := strataOf(ctx, q, round)
	if err != nil {
		return batch{}, err
	}
	leaves, err := leavesOfCasts(rows, keysOf(strata))
	return batch{behind, runsOf(rows), leaves}, err
}

func runsOf(rows []Response) []run {
	var out []run
	for some := range slices.Chunk(rows, runLength) {
		out = append(out, run{some[len(some)-1].TokenHash, len(some)})
	}
	return out
}

// leavesAtOnce is how many leaves one goroutine makes.
const leavesAtOnce = 500

// leavesOfCasts makes the leaves of ballots, on all cores.
func leavesOfCasts(rows []Response, keys map[id.ID]ballot.Hash) ([][32]byte, error) {
	out, failed := make([][32]byte, len(rows)), make([]error, len(rows)/leavesAtOnce+1)
	var all sync.WaitGroup
	for n := range failed {
		from, to := n*leavesAtOnce, min((n+1)*leavesAtOnce, len(rows))
		all.Go(func() {
			for i := from; i < to && failed[n] == nil; i++ {
				out[i], failed[n] = ballot.ResponseLeaf(rows[i].entry(keys[rows[i].StratumID]))
			}
		})
	}
	all.Wait()
	return out, errors.Join(failed...)
}

// forgetBatch is about how many casts are deleted in one transaction.
const forgetBatch = 16_000

// forgetCasts deletes the casts of a round that are all counted: piece by piece in a random order, since a file lists the pages that are
// left in the order in which they were left, and their numbers tell when they were first written.
func (s *Service) forgetCasts(ctx context.Context, l job.Lease, round id.ID) error {
	for pieces := rand.Perm(castPieces); len(pieces) > 0; { // #nosec G404 -- nobody learns the order, or could repeat it
		if left, err := anyCast(ctx, s.DB, round); err != nil || !left {
			return err
		}
		rest := pieces
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := l.Check(ctx, tx); err != nil {
				return err
			}
			rest = pieces
			for deleted := int64(0); len(rest) > 0 && deleted < forgetBatch; rest = rest[1:] {
				n, err := forgetCasts(ctx, tx, round, rest[0])
				if err != nil {
					return err
				}
				deleted += n
			}
			return nil
		})
		if err != nil {
			return err
		}
		pieces = rest
	}
	return nil
}

// placesOf are the places in the log of surveys of responses that were counted together, in the order of their names. They are found by
// their leaves, so that one that somebody has dropped or added since moves no other. One that was changed has no leaf there: it gets the
// place behind the one before it, where whoever checks it finds another leaf.
func (s *Service) placesOf(ctx context.Context, together []Response, keys map[id.ID]ballot.Hash) ([]int64, error) {
	if len(together) == 0 {
		return nil, nil
	}
	made, err := leavesOfCasts(together, keys)
	if err != nil {
		return nil, err
	}
	first := *together[0].First
	stand, err := s.Ledger.Leaves(ctx, s.DB, ballot.Log, first, runLength)
	if err != nil {
		return nil, err
	}
	at := make(map[[32]byte]int64, len(stand))
	for _, l := range stand {
		at[[32]byte(l.Hash)] = l.Index
	}
	out, behind := make([]int64, len(made)), first-1
	for i, leaf := range made {
		place, ok := at[leaf]
		if !ok {
			place = behind + 1
		}
		out[i], behind = place, place
	}
	return out, nil
}

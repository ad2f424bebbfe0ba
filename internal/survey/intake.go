package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// intake takes first casts of ballots without free text in together: those that come while a transaction is under way share
// the next one. It spares the database a transaction each, and their rows the trace of who came before whom.
type intake struct {
	db  *dbx.DB
	now func() clock.Instant

	mu      sync.Mutex
	waiting []*arrival
	flights int

	insert atomic.Pointer[dbx.Batches]
	paper  sync.Map     // rounds that have lots of envelopes
	wary   atomic.Int64 // transactions that look for ballots that are there before they insert
}

// arrival is a response that waits for its transaction.
type arrival struct {
	row  Response
	done chan outcome
}

// outcome is what became of it; alone says that it must be written by itself: a row of its ballot is there already, or something
// about paper is to be looked at.
type outcome struct {
	alone bool
	err   error
}

const (
	intakeBatch   = 128
	intakeFlights = 2                // at once: while one waits for the disk, the other one is checked and written
	intakeMany    = 32               // who wait before there are two: the same casts in fewer transactions are less work for the database
	intakeWary    = 64               // transactions that look first after one met a ballot that was there
	intakeTimeout = 20 * time.Second // of a transaction, whoever of its callers has left
)

// take writes a response with others. Who leaves before the outcome is known learns only that.
func (i *intake) take(ctx context.Context, row Response) (alone bool, err error) {
	a := &arrival{row: row, done: make(chan outcome, 1)}
	i.mu.Lock()
	i.waiting = append(i.waiting, a)
	if i.flights == 0 || i.flights < intakeFlights && len(i.waiting) >= intakeMany {
		i.flights++
		go i.fly()
	}
	i.mu.Unlock()
	select {
	case o := <-a.done:
		return o.alone, o.err
	case <-ctx.Done():
		return false, dbx.ErrCommitUnknown
	}
}

// fly writes batches until nobody waits.
func (i *intake) fly() {
	for {
		runtime.Gosched() // casts that are being checked at this moment come along
		i.mu.Lock()
		n := min(len(i.waiting), intakeBatch)
		if n == 0 {
			i.flights--
			i.mu.Unlock()
			return
		}
		batch := i.waiting[:n:n]
		i.waiting = i.waiting[n:]
		i.mu.Unlock()
		slices.SortFunc(batch, func(a, b *arrival) int { return bytes.Compare(a.row.TokenHash[:], b.row.TokenHash[:]) }) // nobody's row is written first for having come first
		ctx, cancel := context.WithTimeout(context.Background(), intakeTimeout)
		i.land(ctx, batch)
		cancel()
	}
}

// land writes a batch and tells each its outcome.
func (i *intake) land(ctx context.Context, batch []*arrival) {
	for len(batch) > 0 {
		same, rest := ofRound(batch, batch[0].row.RoundID)
		written, err := i.safely(ctx, same)
		for k, a := range same {
			switch {
			case dbx.IsDuplicate(err): // a row of one of them came in between: each finds out by itself
				a.done <- outcome{alone: true}
			case err != nil:
				a.done <- outcome{err: err}
			default:
				a.done <- outcome{alone: !written[k]}
			}
		}
		batch = rest
	}
}

// safely is write for a goroutine of its own, where nobody else would survive a panic.
func (i *intake) safely(ctx context.Context, batch []*arrival) (written []bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("survey: intake: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return i.write(ctx, batch)
}

func ofRound(batch []*arrival, round id.ID) (same, rest []*arrival) {
	for _, a := range batch {
		if a.row.RoundID == round {
			same = append(same, a)
		} else {
			rest = append(rest, a)
		}
	}
	return same, rest
}

// write inserts the responses of a round that are not there yet, while it is open; it tells which it wrote. It inserts first and looks
// when that fails: most have been cast by nobody before.
func (i *intake) write(ctx context.Context, batch []*arrival) (written []bool, err error) {
	insert, err := i.prepared(ctx)
	if err != nil {
		return nil, err
	}
	round := batch[0].row.RoundID
	if !i.looksFirst(round) {
		err := i.straight(ctx, insert, round, batch)
		switch {
		case errors.Is(err, errPaper):
			i.paper.Store(round, true)
		case dbx.IsDuplicate(err):
			i.wary.Store(intakeWary)
		default:
			return slices.Repeat([]bool{true}, len(batch)), err
		}
	}
	return i.looking(ctx, insert, round, batch)
}

// prepared is what inserts casts, made before the first transaction.
func (i *intake) prepared(ctx context.Context) (*dbx.Batches, error) {
	if b := i.insert.Load(); b != nil {
		return b, nil
	}
	b, err := castBatches(ctx, i.db)
	if err == nil {
		i.insert.Store(b) // of two made at once the first is used by those who have it
	}
	return b, err
}

// looksFirst tells whether to look before inserting: in a round with paper, and for a while after a ballot came that was there already.
// Who sends theirs again and again does not make everybody's be written twice.
func (i *intake) looksFirst(round id.ID) bool {
	_, paper := i.paper.Load(round)
	return paper || i.wary.Load() > 0 && i.wary.Add(-1) >= 0
}

// errPaper ends a transaction that did not look for the ballots of envelopes in a round that has some.
var errPaper = errors.New("survey: the round has paper")

// straight inserts all of a batch, or none where one was there already, the round is not open or has paper. The ballots were signed before this
// transaction began, so the lots that any of them may belong to are there.
func (i *intake) straight(ctx context.Context, insert *dbx.Batches, round id.ID, batch []*arrival) error {
	rows := make([][]any, len(batch))
	for k, a := range batch {
		rows[k] = a.row.values()
	}
	return i.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := tx.InsertBatches(ctx, insert, rows); err != nil {
			return err
		}
		now, err := standingOf(ctx, tx, round)
		if err == nil && now.Lots > 0 {
			err = errPaper
		}
		if err != nil {
			return err
		}
		return now.open(i.now())
	})
}

// looking inserts those of a batch that no row and no envelope speaks against, and tells which.
func (i *intake) looking(ctx context.Context, insert *dbx.Batches, round id.ID, batch []*arrival) (written []bool, err error) {
	err = i.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		names := make([]ballot.Hash, len(batch))
		for k, a := range batch {
			names[k] = a.row.TokenHash
		}
		there, guarded, err := notToTake(ctx, tx, round, names)
		if err != nil {
			return err
		}
		rows := make([][]any, 0, len(batch))
		written = make([]bool, len(batch))
		for k, a := range batch {
			if !there[a.row.TokenHash] && !guarded {
				there[a.row.TokenHash], written[k] = true, true
				rows = append(rows, a.row.values())
			}
		}
		if len(rows) == 0 {
			return nil
		}
		if err := tx.InsertBatches(ctx, insert, rows); err != nil {
			return err
		}
		return stillOpen(ctx, tx, round, i.now())
	})
	return written, err
}

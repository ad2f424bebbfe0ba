package dbx

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// ErrClosed is returned by InTx after Close.
var ErrClosed = errors.New("dbx: database is closed")

// groupLimit bounds how many bodies share a COMMIT, so that the first of them does not wait for ever.
const groupLimit = 128

// writer is the one goroutine that writes to an embedded database. Bodies that arrive while another
// COMMIT is on its way to the disk share the next one: each runs under its own SAVEPOINT, all are
// acknowledged after the COMMIT. One that is alone needs none: when it fails the transaction is rolled back. On one
// connection no two transactions can conflict.
type writer struct {
	jobs chan *job
	pool *sqlx.DB
	slow slowLog

	mu     sync.RWMutex // held for reading while a job is being handed over
	closed bool
	done   chan struct{}
}

type job struct {
	ctx    context.Context
	body   Body
	result chan outcome
	state  atomic.Int32
}

// The states of a job: whichever of writer and caller moves it from waiting decides whether it is run.
const (
	jobWaiting = iota
	jobStarted
	jobAbandoned
)

type outcome struct {
	err   error
	panic *panicked
}

func (o outcome) failed() bool { return o.err != nil || o.panic != nil }

// told is the outcome as the caller of InTx meets it.
func (o outcome) told() error {
	if o.panic != nil {
		panic(o.panic)
	}
	return o.err
}

// panicked carries a body's panic from the writer to the caller, with the stack where it happened.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string {
	return fmt.Sprintf("panic in transaction: %v\n%s", p.value, p.stack)
}

func newWriter(pool *sqlx.DB, slow slowLog) *writer {
	w := &writer{jobs: make(chan *job, groupLimit), pool: pool, slow: slow, done: make(chan struct{})}
	go w.loop()
	return w
}

// do hands body to the writer and waits. When ctx ends before the body's turn, it is not run; one that has begun is
// waited for: its outcome is known then, and it does not go on writing what the caller has in hand already.
func (w *writer) do(ctx context.Context, body Body) error {
	j := &job{ctx: ctx, body: body, result: make(chan outcome, 1)}
	if err := w.hand(j); err != nil {
		return err
	}
	select {
	case o := <-j.result:
		return o.told()
	case <-ctx.Done():
	}
	if j.state.CompareAndSwap(jobWaiting, jobAbandoned) {
		return ctx.Err()
	}
	o := <-j.result
	return o.told()
}

func (w *writer) hand(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	if err := j.ctx.Err(); err != nil { // who has left already is not run because there is room
		return err
	}
	select {
	case w.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// stop refuses new bodies and waits until those handed over are answered.
func (w *writer) stop() {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if !already {
		close(w.jobs)
	}
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	for first := range w.jobs {
		w.serve(w.gather(first))
	}
}

// gather takes the bodies that are waiting already, without waiting for more.
func (w *writer) gather(first *job) []*job {
	group := []*job{first}
	for len(group) < groupLimit {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// serve runs a group in one transaction. When the transaction as a whole fails before its COMMIT (a
// statement's I/O error, the lock is not to be had), each body is given one more chance alone, and its own
// error. A COMMIT that fails otherwise than by a conflict may have reached the disk: nothing is run again.
func (w *writer) serve(group []*job) {
	results, err := w.transact(group)
	if err == nil {
		for i, j := range group {
			j.result <- results[i]
		}
		return
	}
	if errors.Is(err, ErrCommitUnknown) {
		for _, j := range group {
			j.result <- outcome{err: err}
		}
		return
	}
	for _, j := range group {
		results, err := w.transact([]*job{j})
		if err != nil {
			j.result <- outcome{err: err}
			continue
		}
		j.result <- results[0]
	}
}

// transact runs the bodies and commits. The statements are not cancelled by any caller: interrupting
// one would roll back its neighbours' work.
func (w *writer) transact(group []*job) (results []outcome, err error) {
	ctx := context.Background()
	conn, err := w.pool.Connx(ctx)
	if err != nil {
		return nil, fmt.Errorf("writer: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	guard := w.guarded
	if len(group) == 1 {
		guard = w.alone
	}
	for _, j := range group {
		o, err := guard(conn, j)
		if err != nil {
			return nil, abandon(ctx, conn, err)
		}
		results = append(results, o)
	}
	if len(group) == 1 && results[0].failed() {
		if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			return nil, abandon(ctx, conn, fmt.Errorf("rollback: %w", errors.Join(err, results[0].err)))
		}
		return results, nil
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		if Classify(err) != Retryable {
			err = fmt.Errorf("%w: %w", ErrCommitUnknown, err)
		}
		return nil, abandon(ctx, conn, fmt.Errorf("commit: %w", err))
	}
	return results, nil
}

// abandon rolls back; SQLite has done so itself after some errors, and then has nothing to roll back.
func abandon(ctx context.Context, conn *sqlx.Conn, cause error) error {
	_, _ = conn.ExecContext(ctx, "ROLLBACK")
	return cause
}

// guarded runs one body of several under a SAVEPOINT. The error is the transaction's, the outcome the body's.
func (w *writer) guarded(conn *sqlx.Conn, j *job) (outcome, error) {
	if j.abandoned() {
		return outcome{}, nil
	}
	ctx := context.Background()
	if _, err := conn.ExecContext(ctx, "SAVEPOINT body"); err != nil {
		return outcome{}, fmt.Errorf("savepoint: %w", err)
	}
	o := w.run(conn, j)
	end := "RELEASE body"
	if o.failed() {
		end = "ROLLBACK TO body; RELEASE body"
	}
	if _, err := conn.ExecContext(ctx, end); err != nil {
		return outcome{}, fmt.Errorf("end of savepoint: %w", errors.Join(err, o.err))
	}
	return o, nil
}

// alone runs the one body of a transaction, which is rolled back when it fails.
func (w *writer) alone(conn *sqlx.Conn, j *job) (outcome, error) {
	if j.abandoned() {
		return outcome{}, nil
	}
	return w.run(conn, j), nil
}

func (w *writer) run(conn *sqlx.Conn, j *job) outcome {
	return call(context.WithValue(context.WithoutCancel(j.ctx), inTx{}, true), j.body, &Tx{reader{conn, w.slow}, ""})
}

// abandoned tells whether nobody waits for a job any more; otherwise it is started, and goes on whoever leaves.
func (j *job) abandoned() bool {
	return !j.state.CompareAndSwap(jobWaiting, jobStarted) && j.state.Load() == jobAbandoned
}

func call(ctx context.Context, body Body, tx *Tx) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{panic: &panicked{p, debug.Stack()}}
		}
	}()
	return outcome{err: body(ctx, tx)}
}

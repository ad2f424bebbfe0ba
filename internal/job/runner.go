package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Work is one round of a job. It conditions its writes with l.Check and returns when there is nothing
// left to do now; busy asks for the next round at once.
type Work func(ctx context.Context, l Lease) (busy bool, err error)

// Job is named work that one replica does at a time.
type Job struct {
	Name  string
	Every time.Duration // the pause between rounds
	Lease time.Duration // how long a crashed replica's work lies idle at most; 30 s when zero
	Do    Work
}

func (j Job) lease() time.Duration {
	if j.Lease > 0 {
		return j.Lease
	}
	return 30 * time.Second
}

// Status is what an administrator sees of a job on this replica.
type Status struct {
	Name      string         `json:"name"`
	Rounds    int64          `json:"rounds" doc:"Rounds that this process held the lease for"`
	LastRun   *clock.Instant `json:"lastRun,omitempty"`
	LastError string         `json:"-"` // internal text: for the log and metrics only
	Failing   bool           `json:"failing"`
}

// Runner runs jobs until its context ends.
type Runner struct {
	db    *dbx.DB
	clock clock.Clock
	log   *slog.Logger
	owner id.ID

	mu     sync.Mutex
	status map[string]*Status
	order  []string
}

// NewRunner makes a runner; owner tells this replica from others.
func NewRunner(db *dbx.DB, c clock.Clock, log *slog.Logger) *Runner {
	return &Runner{db: db, clock: c, log: log, owner: id.New(), status: map[string]*Status{}}
}

// Run runs the jobs side by side until ctx ends and all rounds under way have returned.
func (r *Runner) Run(ctx context.Context, jobs ...Job) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		r.register(j.Name)
		wg.Go(func() { r.loop(ctx, j) })
	}
	wg.Wait()
}

func (r *Runner) register(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status[name] = &Status{Name: name}
	r.order = append(r.order, name)
}

// Statuses lists the jobs of this replica in the order they were given.
func (r *Runner) Statuses() []Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Status, 0, len(r.order))
	for _, n := range r.order {
		out = append(out, *r.status[n])
	}
	return out
}

func (r *Runner) loop(ctx context.Context, j Job) {
	var held Lease
	for {
		l, busy, err := r.round(ctx, j)
		if !errors.Is(err, errElsewhere) {
			held = l
			r.note(ctx, j.Name, err)
		}
		wait := j.Every
		if busy && err == nil {
			wait = 0
		}
		select {
		case <-ctx.Done():
			r.giveBack(ctx, held)
			return
		case <-time.After(wait):
		}
	}
}

// errElsewhere says that another replica holds the lease.
var errElsewhere = errors.New("job: another replica is at it")

// giveBack ends a lease when the program stops, so that no other replica waits for it to run out.
func (r *Runner) giveBack(ctx context.Context, l Lease) {
	if l.Epoch == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := l.Release(ctx, r.db, clock.Now(r.clock)); err != nil {
		r.log.Warn("lease not given back; it runs out by itself", "lease", l.Name, "err", err)
	}
}

// Once runs a single round if the lease is to be had; another replica's lease is not an error.
func (r *Runner) Once(ctx context.Context, j Job) (busy bool, err error) {
	_, busy, err = r.round(ctx, j)
	if errors.Is(err, errElsewhere) {
		return false, nil
	}
	return busy, err
}

func (r *Runner) round(ctx context.Context, j Job) (l Lease, busy bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	l, err = Acquire(ctx, r.db, "job:"+j.Name, r.owner, clock.Now(r.clock), j.lease())
	if errors.Is(err, ErrLost) {
		return Lease{}, false, errElsewhere
	}
	if err != nil {
		return Lease{}, false, err
	}
	ctx, end := r.keep(ctx, l, j.lease())
	defer end()
	busy, err = j.Do(ctx, l)
	return l, busy, err
}

// keep prolongs the lease while a long round runs, so that no other replica begins the same work beside
// it. When the lease is lost all the same, the round's context ends with ErrLost.
func (r *Runner) keep(ctx context.Context, l Lease, length time.Duration) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(length / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			got, err := Acquire(ctx, r.db, l.Name, l.Owner, clock.Now(r.clock), length)
			if errors.Is(err, ErrLost) || (err == nil && got.Epoch != l.Epoch) {
				cancel(ErrLost)
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

func (r *Runner) note(ctx context.Context, name string, err error) {
	if err != nil && ctx.Err() != nil {
		return // cut off by the stop, whatever the engine called it
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.status[name]
	if s == nil {
		return
	}
	s.Rounds++
	s.LastRun = clock.Now(r.clock).Ptr()
	s.Failing, s.LastError = err != nil, ""
	if err != nil {
		s.LastError = err.Error()
		r.log.Log(context.Background(), dbx.Severity(err), "job failed", "job", name, "err", err)
	}
}

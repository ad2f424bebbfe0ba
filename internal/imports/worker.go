package imports

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/sheet"
)

// The pace of the background work. The lease is prolonged well before it would end, since an import may
// take longer than one lease.
const (
	lookEvery   = time.Second            // for newly queued runs while others are under way
	noteEvery   = 500 * time.Millisecond // how far a run is, and whether it is to stop
	leaseEvery  = 10 * time.Second
	leaseLength = 30 * time.Second
	linesAtOnce = 1000 // lines of a report in one transaction
)

// Jobs are the background work: the imports themselves, and the forgetting.
func (s *Service) Jobs() []job.Job {
	return []job.Job{{Name: "imports", Every: lookEvery, Do: s.Work}, {Name: "import-sweep", Every: time.Hour, Do: s.Sweep}}
}

// Work runs what is queued, some side by side, until nothing is left; it is the work of a leased job. Runs
// that another holder of the lease left under way are begun anew.
func (s *Service) Work(ctx context.Context, l job.Lease) (busy bool, err error) {
	ctx, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	if any, err := pending(ctx, s.DB); err != nil || !any {
		return false, err
	}
	if err := s.adopt(ctx, l); err != nil {
		return false, err
	}
	stop := s.hold(ctx, l, lost)
	defer stop()
	ended := make(chan error)
	running := 0
	var failed error
	for {
		for running < s.Workers && ctx.Err() == nil {
			row, err := s.next(ctx, l)
			if err != nil && running == 0 {
				return false, errors.Join(failed, err)
			}
			if err != nil || row == nil {
				break
			}
			running++
			go func() { ended <- s.run(ctx, l, *row) }()
		}
		if running == 0 {
			return false, failed
		}
		select {
		case err := <-ended:
			running--
			failed = errors.Join(failed, err)
		case <-time.After(lookEvery):
		}
	}
}

// adopt puts back what a process that is gone was running.
func (s *Service) adopt(ctx context.Context, l job.Lease) error {
	failure, err := toJSON(gaveUp())
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		now := clock.Now(s.Clock)
		return requeue(ctx, tx, *failure, now, now.Add(Keep))
	})
}

// hold prolongs the lease until stop is called. When it has gone to another replica, lost is told.
func (s *Service) hold(ctx context.Context, l job.Lease, lost context.CancelCauseFunc) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(leaseEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				now, err := job.Acquire(ctx, s.DB, l.Name, l.Owner, clock.Now(s.Clock), leaseLength)
				if errors.Is(err, job.ErrLost) || (err == nil && now.Epoch != l.Epoch) {
					lost(job.ErrLost)
					return
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

// next begins the oldest queued run; nil when there is none.
func (s *Service) next(ctx context.Context, l job.Lease) (found *runRow, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		row, err := oldestQueued(ctx, tx)
		found = nil
		if dbx.IsNoRow(err) {
			return nil
		}
		if err == nil {
			err = startRun(ctx, tx, row.ID, clock.Now(s.Clock))
		}
		if errors.Is(err, dbx.ErrNoMatch) { // cancelled just now
			return nil
		}
		if err == nil {
			row.Attempt++
			found = &row
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// errCancelled ends the context of a run that somebody cancelled.
var errCancelled = errors.New("imports: cancelled")

// run does one import and writes down how it ended. The error is for the log: of a defect, or of the
// database. When ctx ends, because the program stops or the lease is lost, the run waits for whoever holds
// the lease next.
func (s *Service) run(ctx context.Context, l job.Lease, row runRow) error {
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	progress, stop := s.mind(work, l, row.ID, cancel)
	report, err := s.importFile(work, row, progress)
	stop()
	switch {
	case errors.Is(context.Cause(ctx), job.ErrLost):
		return nil
	case ctx.Err() != nil:
		return s.giveBack(ctx, l, row.ID)
	case err == nil:
		return s.finish(ctx, l, row.ID, report)
	case errors.Is(context.Cause(work), errCancelled):
		return s.end(ctx, l, row.ID, end{state: Cancelled})
	}
	again, strange := judge(err)
	if again && row.Attempt < attempts {
		return errors.Join(strange, s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error { return requeueOne(ctx, tx, row.ID) }))
	}
	return errors.Join(strange, s.end(ctx, l, row.ID, end{state: Failed, failure: failureOf(err)}))
}

// giveBack queues a run that the end of the program broke off; that was no fault of the file's.
func (s *Service) giveBack(ctx context.Context, l job.Lease, run id.ID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error { return unstart(ctx, tx, run) })
}

// judge tells whether an error may pass when the run is begun again, and returns what the log must hear of.
func judge(err error) (again bool, strange error) {
	f := fault.Of(err)
	switch {
	case f.Kind == fault.Unavailable, dbx.Classify(err) == dbx.Retryable, dbx.Classify(err) == dbx.Away, errors.Is(err, dbx.ErrCommitUnknown):
		return true, err
	case f.Kind == fault.Internal:
		return false, err
	}
	return false, nil
}

// importFile reads the run's file back and hands it to the importer, as the submitter may act now.
func (s *Service) importFile(ctx context.Context, row runRow, progress func(done, total int)) (report *sheet.Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("import %s: panic: %v\n%s", row.Kind, p, debug.Stack())
		}
	}()
	kind, err := s.Kind(row.Kind)
	if err != nil {
		return nil, err
	}
	p, err := s.principal(ctx, row)
	if err != nil {
		return nil, err
	}
	in := Input{Name: row.FileName, Target: id.OrNil(row.Target), DryRun: row.DryRun, PhoneBasis: row.PhoneBasis}
	if in.Data, in.Mapping, err = s.files.read(ctx, row.ID, row.kept()); err != nil {
		return nil, err
	}
	return kind.Import(ctx, p, in, progress)
}

// principal is the submitter with the grants in force now, in the chosen capacity and within the scopes of
// the token that were there at submission.
func (s *Service) principal(ctx context.Context, row runRow) (authz.Principal, error) {
	p, err := s.Principals.Principal(ctx, row.Account, row.Person)
	p.Capacity, p.Scopes, p.Request = id.OrNil(row.Capacity), row.scopes(), row.ID.String()
	return p, err
}

// mind writes down how far a run is, and ends its context when somebody has cancelled it. progress only
// notes numbers, so that the importer never waits.
func (s *Service) mind(ctx context.Context, l job.Lease, run id.ID, cancel context.CancelCauseFunc) (progress func(done, total int), stop func()) {
	var done, total atomic.Int64
	ctx, end := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(noteEvery)
		defer tick.Stop()
		last := int64(0)
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			asked, err := s.note(ctx, l, run, done.Load(), total.Load(), &last)
			if err == nil && asked { // a database that is away for a moment is the importer's to notice
				cancel(errCancelled)
				return
			}
		}
	}()
	return func(d, t int) { total.Store(int64(t)); done.Store(int64(d)) }, func() { end(); <-ended }
}

// note writes progress that is new and tells whether the run is to stop.
func (s *Service) note(ctx context.Context, l job.Lease, run id.ID, done, total int64, last *int64) (asked bool, err error) {
	if done == *last {
		return cancelAsked(ctx, s.DB, run)
	}
	err = s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error {
		asked, err = noteProgress(ctx, tx, run, done, total)
		return err
	})
	if err == nil {
		*last = done
	}
	return asked, err
}

// write is a transaction of the lease's holder.
func (s *Service) write(ctx context.Context, l job.Lease, body dbx.Body) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		return body(ctx, tx)
	})
}

// finish stores the report and ends the run.
func (s *Service) finish(ctx context.Context, l job.Lease, run id.ID, report *sheet.Report) error {
	if err := s.clearLines(ctx, run, func(body dbx.Body) error { return s.write(ctx, l, body) }); err != nil {
		return err
	}
	for first := 0; first < len(report.Lines); first += linesAtOnce {
		part := report.Lines[first:min(first+linesAtOnce, len(report.Lines))]
		err := s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error { return insertLines(ctx, tx, run, first, part) })
		if err != nil {
			return err
		}
	}
	rows := int64(report.Counts.Accepted + report.Counts.Rejected)
	return s.end(ctx, l, run, end{state: Done, rows: rows,
		outcome: &Outcome{Sheet: report.Sheet, Unknown: report.Unknown, Columns: report.Known, Counts: report.Counts, RowsHash: report.Hash()}})
}

func (s *Service) end(ctx context.Context, l job.Lease, run id.ID, e end) error {
	e.at = clock.Now(s.Clock)
	return s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error { return endRun(ctx, tx, run, e) })
}

// clearLines deletes a run's lines in parts that hold up nobody.
func (s *Service) clearLines(ctx context.Context, run id.ID, write func(dbx.Body) error) error {
	more := true
	for below := int64(linesAtOnce); more; below += linesAtOnce {
		err := write(func(ctx context.Context, tx *dbx.Tx) (err error) {
			more, err = deleteLines(ctx, tx, run, below)
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Sweep forgets the files and lines of runs that ended long enough ago; their counts stay. It is the work
// of a leased job.
func (s *Service) Sweep(ctx context.Context, l job.Lease) (busy bool, err error) {
	const some = 20
	rows, err := due(ctx, s.DB, clock.Now(s.Clock), some)
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		err := s.clearLines(ctx, row.ID, func(body dbx.Body) error { return s.write(ctx, l, body) })
		if err == nil {
			err = s.files.drop(ctx, row.kept())
		}
		if err == nil {
			err = s.write(ctx, l, func(ctx context.Context, tx *dbx.Tx) error { return forgetRun(ctx, tx, row.ID) })
		}
		if err != nil {
			return false, fmt.Errorf("forget import %s: %w", row.ID, err)
		}
	}
	return len(rows) == some, nil
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/report"
)

// ErrTampered says that a verification found something altered, dropped or added.
var ErrTampered = errors.New("the records are not what they were")

// VerifyAudit checks the trail and writes what it found. files are checkpoints kept elsewhere. It returns
// ErrTampered when anything is wrong.
func (a *App) VerifyAudit(ctx context.Context, w io.Writer, files []string) error {
	r, err := audit.Verify(ctx, a.DB, a.Ledger)
	if err != nil {
		return err
	}
	problems := r.Problems
	if err := a.Ledger.CheckFiles(ctx, a.DB, files); err != nil {
		problems = append(problems, err.Error())
	}
	return verdict(w, problems, "%d sealed entries, %d checkpoints, %s\n", r.Entries, r.Checkpoints, unsealed(r.Unsealed, r.Oldest))
}

// VerifyRates computes a published month ("2026-10") again from the events and compares it with what was
// published and sealed.
func (a *App) VerifyRates(ctx context.Context, w io.Writer, month string) error {
	m, err := report.ParseMonth(month)
	if err != nil {
		return err
	}
	v, err := report.VerifyRates(ctx, a.DB, a.Ledger, m, id.Nil)
	if err != nil {
		return err
	}
	return verdict(w, v.Problems, "%s: %d publications, %d cells agree, %d wait to be sealed; %d entries and %d checkpoints in the ledger\n",
		month, v.Snapshots, v.Cells, v.Unsealed, v.Entries, v.Checkpoints)
}

// verdict writes the problems and a summary.
func verdict(w io.Writer, problems []string, format string, args ...any) error {
	for _, p := range problems {
		if _, err := fmt.Fprintln(w, "PROBLEM:", p); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(w, format, args...); err != nil {
		return err
	}
	if len(problems) > 0 {
		return ErrTampered
	}
	return nil
}

func unsealed(n int64, oldest *clock.Instant) string {
	if n == 0 {
		return "nothing waits to be sealed"
	}
	return fmt.Sprintf("%d entries since %s are not sealed yet and not protected", n, oldest)
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/clock"
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
	for _, p := range problems {
		if _, err := fmt.Fprintln(w, "PROBLEM:", p); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%d sealed entries, %d checkpoints, %s\n", r.Entries, r.Checkpoints, unsealed(r.Unsealed, r.Oldest))
	if err == nil && len(problems) > 0 {
		err = ErrTampered
	}
	return err
}

func unsealed(n int64, oldest *clock.Instant) string {
	if n == 0 {
		return "nothing waits to be sealed"
	}
	return fmt.Sprintf("%d entries since %s are not sealed yet and not protected", n, oldest)
}

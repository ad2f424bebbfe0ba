package rules

import (
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
)

// Keep stores the text of every file of the set under its hash, before anything cites it, and notes that it is in use from now on. It is called
// each time the program starts; replicas may start together.
func Keep(ctx context.Context, db *dbx.DB, set *Set, now clock.Instant) error {
	return db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		for _, f := range set.Files() {
			if err := insertVersion(ctx, tx, f, now); err != nil {
				return fmt.Errorf("keep %s: %w", f.Name.path(), err)
			}
			if err := noteLoad(ctx, tx, f, now); err != nil {
				return fmt.Errorf("note %s: %w", f.Name.path(), err)
			}
		}
		return nil
	})
}

func errAltered(h Hash) error {
	return fmt.Errorf("the stored text of rule %s was altered: its hash is another", h)
}

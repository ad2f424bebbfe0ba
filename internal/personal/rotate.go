package personal

import (
	"context"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// RotateKEK puts a new key-encryption key in force and rewraps every data key under it; sealed values
// do not change. It can be killed at any point and called again: the key file holds the old key until
// the last data key is rewrapped. Backups made before need the old ring, so its shares are kept as long
// as they, and new shares are exported now. The key file must be writable and is to be copied to the
// other machines before they start again.
func (v *Vault) RotateKEK(ctx context.Context) error {
	ring, err := v.keys.Update(func(r Ring) (Ring, error) {
		if r.rotating() { // an earlier call was stopped: go on with its key
			return r, nil
		}
		kek, err := newKey()
		return r.with(kek), err
	})
	if err != nil {
		return err
	}
	if err := v.rewrapAll(ctx, ring); err != nil {
		return fmt.Errorf("rewrap data keys: %w", err)
	}
	if _, err := v.keys.Update(func(r Ring) (Ring, error) {
		if kekID(r.current()) != kekID(ring.current()) { // somebody has begun another rotation, which needs both keys
			return r, nil
		}
		return r.settled(), nil
	}); err != nil {
		return err
	}
	return v.Refresh(ctx)
}

func (v *Vault) rewrapAll(ctx context.Context, ring Ring) error {
	return v.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		rows, err := keyRows(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range rows {
			k, err := v.unwrap(ring, r)
			if err != nil {
				return err
			}
			wrapped, err := wrap(k.suite, ring, r.ID, k.key)
			if err != nil {
				return err
			}
			if err := rewrapKey(ctx, tx, r, wrapped); err != nil {
				return err
			}
		}
		return nil
	})
}

// RotateDEK makes a new active data key, of the vault's first suite. Older ones stay, for the values
// that Reseal has not reached yet and for backups. Two rotations at once: one is the fault
// personal.rotation_lost (Conflict).
func (v *Vault) RotateDEK(ctx context.Context) error {
	st := v.state.Load()
	err := v.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := retireKey(ctx, tx, st.active, clock.Now(v.clock)); err != nil {
			return err
		}
		return v.addDataKey(ctx, tx, st.ring)
	})
	if errors.Is(err, dbx.ErrNoMatch) || dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "personal.rotation_lost").Because(err)
	}
	if err != nil {
		return err
	}
	return v.Refresh(ctx)
}

// resealPage is how many rows one transaction of Reseal looks at: short enough not to hold up others.
const resealPage = 200

// Resealed counts what Reseal did to one field.
type Resealed struct {
	Field  Field
	Done   int // now under the active key
	Raced  int // changed by somebody else meanwhile; what they wrote stays
	Broken int // not readable: left as it is, to be looked into
}

// Reseal brings every sealed value that is under an older key under the active one, and its blind index
// up to date. It needs no memory of where it was: a value under the active key is done, so after a stop
// it goes on with what is left. Each write is conditioned on the old bytes, so that a concurrent edit
// wins. progress, if not nil, hears of each page.
//
// While it runs, processes that have not refreshed yet may still write under the older key; one more
// call a few minutes later finds those.
func (v *Vault) Reseal(ctx context.Context, progress func(Resealed)) ([]Resealed, error) {
	var out []Resealed
	var failed []error
	for _, f := range v.Sealed() {
		sum, err := v.resealField(ctx, f, progress)
		out = append(out, sum)
		if err != nil { // the other fields can still be done
			failed = append(failed, fmt.Errorf("reseal %s: %w", f, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return out, errors.Join(failed...)
}

func (v *Vault) resealField(ctx context.Context, f Field, progress func(Resealed)) (Resealed, error) {
	sum := Resealed{Field: f}
	for after, more := id.Nil, true; more; {
		page, next, err := v.resealRows(ctx, v.entries[f], after)
		if err != nil {
			return sum, err
		}
		sum.Done, sum.Raced, sum.Broken = sum.Done+page.Done, sum.Raced+page.Raced, sum.Broken+page.Broken
		if progress != nil {
			progress(sum)
		}
		after, more = next, !next.IsZero()
	}
	return sum, nil
}

// resealRows does one page and returns the row to go on after, zero at the end.
func (v *Vault) resealRows(ctx context.Context, e Entry, after id.ID) (sum Resealed, next id.ID, err error) {
	err = v.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		sum, next = Resealed{}, id.Nil // the body may run again
		st := v.state.Load()
		rows, err := staleRows(ctx, tx, e, after, append([]byte{formatV1}, st.active[:]...), resealPage)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := v.resealRow(ctx, tx, e, r, &sum); err != nil {
				return err
			}
		}
		if len(rows) == resealPage {
			next = rows[len(rows)-1].ID
		}
		return nil
	})
	return sum, next, err
}

func (v *Vault) resealRow(ctx context.Context, tx *dbx.Tx, e Entry, r sealedRow, sum *Resealed) error {
	text, err := v.Open(e.Field, r.ID, r.Sealed)
	if err != nil {
		sum.Broken++
		return nil //nolint:nilerr // one unreadable value must not stop the others; it is counted
	}
	fresh, err := v.Seal(e.Field, r.ID, text)
	if err != nil {
		return err
	}
	switch err := replaceSealed(ctx, tx, e, r, fresh, v.Index(e.Field, text)); {
	case errors.Is(err, dbx.ErrNoMatch):
		sum.Raced++
	case err != nil:
		return err
	default:
		sum.Done++
	}
	return nil
}

// Package job runs background work on one replica at a time. A lease is a row with an owner, an end
// and an epoch; every write of the holder is conditioned on its epoch, so that a holder that slept
// through its lease writes nothing.
package job

import (
	"context"
	"errors"

	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// ErrLost is returned by Check when another replica holds the lease now.
var ErrLost = errors.New("job: the lease is lost")

// Lease is a right to do named work until a moment.
type Lease struct {
	Name  string
	Owner id.ID
	Until clock.Instant
	Epoch int64
}

// Acquire takes or prolongs the lease for owner. It returns ErrLost while another owner's lease runs.
// The epoch grows each time the lease changes hands.
func Acquire(ctx context.Context, db *dbx.DB, name string, owner id.ID, now clock.Instant, length time.Duration) (l Lease, err error) {
	err = db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		l = Lease{Name: name, Owner: owner, Until: now.Add(length)}
		if l.Epoch, err = take(ctx, tx, l, now); err != nil {
			return err
		}
		return nil
	})
	return l, err
}

func take(ctx context.Context, tx *dbx.Tx, l Lease, now clock.Instant) (int64, error) {
	n, err := tx.Exec(ctx, `UPDATE lease SET ends_at = ? WHERE name = ? AND owner = ? AND ends_at > ?`, l.Until, l.Name, l.Owner, now)
	if err == nil && n == 0 {
		n, err = tx.Exec(ctx, `UPDATE lease SET owner = ?, ends_at = ?, epoch = epoch + 1 WHERE name = ? AND ends_at <= ?`, l.Owner, l.Until, l.Name, now)
	}
	if err == nil && n == 0 {
		_, err = tx.Exec(ctx, `INSERT INTO lease (name, owner, ends_at, epoch) VALUES (?, ?, ?, 1)`, l.Name, l.Owner, l.Until)
		if dbx.IsDuplicate(err) {
			return 0, ErrLost
		}
	}
	if err != nil {
		return 0, err
	}
	var epoch int64
	err = tx.Get(ctx, &epoch, `SELECT epoch FROM lease WHERE name = ?`, l.Name)
	return epoch, err
}

// Check is called first in each transaction of the holder: it fails with ErrLost unless the lease is
// still the holder's, and keeps it from changing hands until the transaction ends.
func (l Lease) Check(ctx context.Context, tx *dbx.Tx) error {
	err := tx.ExecOne(ctx, `UPDATE lease SET epoch = epoch WHERE name = ? AND owner = ? AND epoch = ?`, l.Name, l.Owner, l.Epoch)
	if errors.Is(err, dbx.ErrNoMatch) {
		return ErrLost
	}
	return err
}

// Release ends the lease early, so that another replica need not wait.
func (l Lease) Release(ctx context.Context, db *dbx.DB, now clock.Instant) error {
	return db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE lease SET ends_at = ? WHERE name = ? AND owner = ? AND epoch = ?`, now, l.Name, l.Owner, l.Epoch)
		return err
	})
}

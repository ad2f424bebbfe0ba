package rules

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
)

// insertVersion keeps a file's text; a text that is there already stays as it was first kept.
func insertVersion(ctx context.Context, tx *dbx.Tx, f File, now clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO rule_version (hash, name, content, loaded_at) VALUES (?,?,?,?)`,
		f.Hash, f.Name, string(f.Content), now)
	if dbx.IsDuplicate(err) {
		return nil
	}
	return err
}

// ByHash returns the text a past result cites, or a fault NotFound "rules.version_unknown". The Parse
// functions read it.
func ByHash(ctx context.Context, q dbx.Querier, hash Hash) (File, error) {
	var row struct {
		Name    Name   `db:"name"`
		Content string `db:"content"`
	}
	err := q.Get(ctx, &row, `SELECT name, content FROM rule_version WHERE hash = ?`, hash)
	if dbx.IsNoRow(err) {
		return File{}, fault.New(fault.NotFound, "rules.version_unknown")
	}
	if err != nil {
		return File{}, err
	}
	f, err := NewFile(row.Name, []byte(row.Content))
	if err == nil && f.Hash != hash {
		return File{}, fault.New(fault.Internal, "internal").Because(errAltered(hash))
	}
	return f, err
}

// Version is a kept text without the text.
type Version struct {
	Hash     Hash          `db:"hash"`
	Name     Name          `db:"name"`
	LoadedAt clock.Instant `db:"loaded_at"` // when it was first loaded
}

// load is that a file was in use from a moment on.
type load struct {
	No       int64         `db:"no"`
	Hash     Hash          `db:"hash"`
	LoadedAt clock.Instant `db:"loaded_at"`
}

// noteLoad notes that a file is in use from now on, unless it is the one that was noted last. Replicas that start together note it once.
func noteLoad(ctx context.Context, tx *dbx.Tx, f File, now clock.Instant) error {
	for {
		var last load
		err := tx.Get(ctx, &last, `SELECT no, hash, loaded_at FROM rule_load WHERE name = ? ORDER BY no DESC LIMIT 1`, f.Name)
		if err != nil && !dbx.IsNoRow(err) {
			return err
		}
		if err == nil && last.Hash == f.Hash {
			return nil
		}
		_, err = tx.Exec(ctx, `INSERT INTO rule_load (name, no, hash, loaded_at) VALUES (?,?,?,?)`, f.Name, last.No+1, f.Hash, max(now, last.LoadedAt))
		if !dbx.IsDuplicate(err) {
			return err
		}
	}
}

// InForce is the version of a file that was in use at a moment: the one that was loaded last by then, be it newer or older than the one
// before. The fault rules.version_unknown where none was.
func InForce(ctx context.Context, q dbx.Querier, name Name, at clock.Instant) (Hash, error) {
	var hash Hash
	err := q.Get(ctx, &hash, `SELECT hash FROM rule_load WHERE name = ? AND loaded_at <= ? ORDER BY no DESC LIMIT 1`, name, at)
	if dbx.IsNoRow(err) {
		err = fault.New(fault.NotFound, "rules.version_unknown")
	}
	return hash, err
}

// Versions lists every text ever loaded of a file, the newest first.
func Versions(ctx context.Context, q dbx.Querier, name Name) ([]Version, error) {
	var out []Version
	err := q.Select(ctx, &out, `SELECT hash, name, loaded_at FROM rule_version WHERE name = ? ORDER BY loaded_at DESC, hash`, name)
	return out, err
}

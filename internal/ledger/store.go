package ledger

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
)

func head(ctx context.Context, q dbx.Querier, log string) (Head, error) {
	var row struct {
		Size int64  `db:"tree_size"`
		Root []byte `db:"root"`
	}
	err := q.Get(ctx, &row, `SELECT tree_size, root FROM ledger_log WHERE name = ?`, log)
	if dbx.IsNoRow(err) {
		empty, err := tlog.TreeHash(0, nil)
		return Head{0, empty}, err
	}
	h := Head{Size: row.Size}
	copy(h.Root[:], row.Root)
	return h, err
}

func moveHead(ctx context.Context, tx *dbx.Tx, log string, old, now Head) error {
	if old.Size == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO ledger_log (name, tree_size, root) VALUES (?, ?, ?)`, log, now.Size, now.Root[:])
		if dbx.IsDuplicate(err) {
			return ErrForked
		}
		return err
	}
	err := tx.ExecOne(ctx, `UPDATE ledger_log SET tree_size = ?, root = ? WHERE name = ? AND tree_size = ? AND root = ?`,
		now.Size, now.Root[:], log, old.Size, old.Root[:])
	if errors.Is(err, dbx.ErrNoMatch) {
		return ErrForked
	}
	return err
}

// insertLeaves writes leaves one after another. They are sent in one piece, which the database cuts: it reads a statement of thousands
// of values more slowly than it writes its rows.
func insertLeaves(ctx context.Context, tx *dbx.Tx, log string, first int64, leaves [][32]byte) error {
	for some := range slices.Chunk(leaves, leavesAtOnce) {
		all := make([]byte, 0, len(some)*len(leaves[0]))
		for i := range some {
			all = append(all, some[i][:]...)
		}
		_, err := tx.Exec(ctx, `INSERT INTO ledger_leaf (log, pos, leaf) SELECT ?, ? + n, SUBSTR(?, 1 + 32 * n, 32)
			FROM (SELECT a.n * 256 + b.n * 16 + c.n AS n FROM `+digits+` a, `+digits+` b, `+digits+` c) counted WHERE n < ? ORDER BY n`, log, first, all, len(some))
		if err != nil {
			return forked(err)
		}
		first += int64(len(some))
	}
	return nil
}

// leavesAtOnce is how many leaves a statement takes: three digits of sixteen count so far.
const leavesAtOnce = 16 * 16 * 16

// digits are the numbers from 0 to 15 as a table.
var digits = func() string {
	out := "(SELECT 0 AS n"
	for n := 1; n < 16; n++ {
		out += " UNION ALL SELECT " + strconv.Itoa(n)
	}
	return out + ")"
}()

func insertHashes(ctx context.Context, tx *dbx.Tx, log string, list []subtree) error {
	rows := make([][]any, len(list))
	for i, s := range list {
		rows[i] = []any{log, tlog.StoredHashIndex(s.level, s.n), s.hash[:]}
	}
	return forked(tx.InsertMany(ctx, `INSERT INTO ledger_hash (log, pos, hash)`, rows))
}

func forked(err error) error {
	if dbx.IsDuplicate(err) {
		return ErrForked
	}
	return err
}

// storedHashes reads hashes by their indexes; one that is missing is left out.
func storedHashes(ctx context.Context, q dbx.Querier, log string, indexes []int64) (map[int64]tlog.Hash, error) {
	found := make(map[int64]tlog.Hash, len(indexes))
	if len(indexes) == 0 {
		return found, nil
	}
	query, args, err := dbx.In(`SELECT pos, hash FROM ledger_hash WHERE log = ? AND pos IN (?)`, log, indexes)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Pos  int64  `db:"pos"`
		Hash []byte `db:"hash"`
	}
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	for _, row := range rows {
		found[row.Pos] = tlog.Hash(row.Hash)
	}
	return found, nil
}

// blockOf reads the leaves of the block that begins at a position, as far as they follow one another.
func blockOf(ctx context.Context, q dbx.Querier, log string, from int64) ([][32]byte, error) {
	list, err := leaves(ctx, q, log, from, 1<<blockLevel)
	var out [][32]byte
	for i, l := range list {
		if l.Index != from+int64(i) {
			break
		}
		out = append(out, [32]byte(l.Hash))
	}
	return out, err
}

// eachHash calls fn with the stored hashes of a log in their order.
func eachHash(ctx context.Context, q dbx.Querier, log string, fn func(pos int64, hash tlog.Hash) error) error {
	return q.Each(ctx, `SELECT pos, hash FROM ledger_hash WHERE log = ? ORDER BY pos`, []any{log}, func(row dbx.Row) error {
		var pos int64
		var stored []byte
		if err := row.Scan(&pos, &stored); err != nil {
			return err
		}
		var hash tlog.Hash
		copy(hash[:], stored)
		return fn(pos, hash)
	})
}

// Leaf is one entry of a log: a salted hash, which tells nothing about what was recorded.
type Leaf struct {
	Index int64  `db:"pos" json:"index"`
	Hash  []byte `db:"leaf" json:"hash" doc:"The leaf's content, base64: SHA-256 of the salted record"`
}

func leaves(ctx context.Context, q dbx.Querier, log string, from int64, limit int) (list []Leaf, err error) {
	err = q.Select(ctx, &list, `SELECT pos, leaf FROM ledger_leaf WHERE log = ? AND pos >= ? ORDER BY pos LIMIT ?`, log, from, limit)
	return list, err
}

// Checkpoint is a signed statement of a log's size and root.
type Checkpoint struct {
	Log      string        `db:"log"`
	Size     int64         `db:"tree_size"`
	Note     string        `db:"note"`
	SignedAt clock.Instant `db:"signed_at"`
}

func newestCheckpoint(ctx context.Context, q dbx.Querier, log string) (*Checkpoint, error) {
	return checkpoint(ctx, q, `SELECT log, tree_size, note, signed_at FROM ledger_checkpoint WHERE log = ? ORDER BY tree_size DESC LIMIT 1`, log)
}

func checkpoint(ctx context.Context, q dbx.Querier, query string, args ...any) (*Checkpoint, error) {
	var c Checkpoint
	err := q.Get(ctx, &c, query, args...)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &c, err
}

func checkpointsFrom(ctx context.Context, q dbx.Querier, log string, size int64, limit int) (list []Checkpoint, err error) {
	err = q.Select(ctx, &list, `SELECT log, tree_size, note, signed_at FROM ledger_checkpoint WHERE log = ? AND tree_size > ? ORDER BY tree_size LIMIT ?`, log, size, limit)
	return list, err
}

func insertCheckpoint(ctx context.Context, tx *dbx.Tx, c Checkpoint) error {
	_, err := tx.Exec(ctx, `INSERT INTO ledger_checkpoint (log, tree_size, note, signed_at) VALUES (?, ?, ?, ?)`, c.Log, c.Size, c.Note, c.SignedAt)
	return err
}

func logNames(ctx context.Context, q dbx.Querier) (names []string, err error) {
	err = q.Select(ctx, &names, `SELECT name FROM ledger_log ORDER BY name`)
	return names, err
}

func pushedSize(ctx context.Context, q dbx.Querier, target [32]byte, log string) (size int64, err error) {
	err = q.Get(ctx, &size, `SELECT tree_size FROM ledger_push WHERE target_hash = ? AND log = ?`, target[:], log)
	if dbx.IsNoRow(err) {
		return 0, nil
	}
	return size, err
}

func notePush(ctx context.Context, tx *dbx.Tx, target [32]byte, log string, size int64, at clock.Instant) error {
	n, err := tx.Exec(ctx, `UPDATE ledger_push SET tree_size = ?, pushed_at = ? WHERE target_hash = ? AND log = ?`, size, at, target[:], log)
	if err == nil && n == 0 {
		_, err = tx.Exec(ctx, `INSERT INTO ledger_push (target_hash, log, tree_size, pushed_at) VALUES (?, ?, ?, ?)`, target[:], log, size, at)
	}
	return err
}

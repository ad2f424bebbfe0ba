package imports

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

const runColumns = `id, kind, account_id, person_id, capacity_id, scopes, file_name, file_sha256, file_bytes, file_blob, mapping_blob, file_key,
	target_id, scope_path, phone_basis, dry_run, state, attempt, cancel_asked, rows_done, rows_total, outcome, failure, created_at, started_at, ended_at, kept_until`

// runRow is a run as it is stored.
type runRow struct {
	ID          id.ID          `db:"id"`
	Kind        string         `db:"kind"`
	Account     id.ID          `db:"account_id"`
	Person      id.ID          `db:"person_id"`
	Capacity    *id.ID         `db:"capacity_id"`
	Scopes      *string        `db:"scopes"`
	FileName    string         `db:"file_name"`
	FileSHA256  blob.Hash      `db:"file_sha256"`
	FileBytes   int64          `db:"file_bytes"`
	FileBlob    *blob.Hash     `db:"file_blob"`
	MappingBlob *blob.Hash     `db:"mapping_blob"`
	FileKey     []byte         `db:"file_key"`
	Target      *id.ID         `db:"target_id"`
	ScopePath   string         `db:"scope_path"`
	PhoneBasis  string         `db:"phone_basis"`
	DryRun      bool           `db:"dry_run"`
	State       State          `db:"state"`
	Attempt     int64          `db:"attempt"`
	CancelAsked bool           `db:"cancel_asked"`
	Done        int64          `db:"rows_done"`
	Total       int64          `db:"rows_total"`
	Outcome     *string        `db:"outcome"`
	Failure     *string        `db:"failure"`
	CreatedAt   clock.Instant  `db:"created_at"`
	StartedAt   *clock.Instant `db:"started_at"`
	EndedAt     *clock.Instant `db:"ended_at"`
	KeptUntil   *clock.Instant `db:"kept_until"`
}

func (r runRow) run() (Run, error) {
	run := Run{ID: r.ID, Kind: r.Kind, Account: r.Account, Person: r.Person, FileName: r.FileName, FileSHA256: r.FileSHA256, FileBytes: r.FileBytes,
		Target: r.Target, ScopePath: r.ScopePath, PhoneBasis: r.PhoneBasis, DryRun: r.DryRun, State: r.State, Attempt: r.Attempt, CancelAsked: r.CancelAsked,
		Done: r.Done, Total: r.Total, CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt, KeptUntil: r.KeptUntil}
	if r.Outcome != nil {
		if err := fromJSON(*r.Outcome, &run.Outcome); err != nil {
			return run, err
		}
	}
	if r.Failure != nil {
		if err := fromJSON(*r.Failure, &run.Failure); err != nil {
			return run, err
		}
		run.Failure.Params = plain(run.Failure.Params)
		for i, f := range run.Failure.Fields {
			run.Failure.Fields[i].Params = plain(f.Params)
		}
	}
	return run, nil
}

func (r runRow) kept() kept { return kept{file: r.FileBlob, mapping: r.MappingBlob, key: r.FileKey} }

// fromJSON reads a stored document; numbers stay as they were written.
func fromJSON(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("stored import: %w", err)
	}
	return nil
}

// plain gives parameters the types that texts are made of, which JSON has forgotten.
func plain(p fault.Params) fault.Params {
	for name, v := range p {
		list, ok := v.([]any)
		if !ok {
			continue
		}
		words := make([]string, len(list))
		for i, w := range list {
			words[i] = fmt.Sprint(w)
		}
		p[name] = words
	}
	return p
}

func scopesText(scopes []authz.Permission) *string {
	if scopes == nil {
		return nil
	}
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	text := strings.Join(words, " ")
	return &text
}

func (r runRow) scopes() []authz.Permission {
	if r.Scopes == nil {
		return nil
	}
	out := []authz.Permission{}
	for w := range strings.FieldsSeq(*r.Scopes) {
		out = append(out, authz.Permission(w))
	}
	return out
}

func insertRun(ctx context.Context, tx *dbx.Tx, r runRow, same []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO import_run (`+runColumns+`, same_hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		r.ID, r.Kind, r.Account, r.Person, r.Capacity, r.Scopes, r.FileName, r.FileSHA256, r.FileBytes, r.FileBlob, r.MappingBlob, r.FileKey,
		r.Target, r.ScopePath, r.PhoneBasis, r.DryRun, r.State, r.Attempt, r.CancelAsked, r.Done, r.Total, nil, nil, r.CreatedAt, nil, nil, nil, same)
	return err
}

func runByID(ctx context.Context, q dbx.Querier, run id.ID) (r runRow, err error) {
	err = q.Get(ctx, &r, `SELECT `+runColumns+` FROM import_run WHERE id = ?`, run)
	if dbx.IsNoRow(err) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return r, err
}

// activeLike returns the run under way of the same submission.
func activeLike(ctx context.Context, q dbx.Querier, same []byte) (r runRow, err error) {
	err = q.Get(ctx, &r, `SELECT `+runColumns+` FROM import_run WHERE active_hash = ?`, same)
	return r, err
}

// runsBefore lists runs that the condition shows, the newest first.
func runsBefore(ctx context.Context, q dbx.Querier, where string, args []any, before id.ID, limit int) (list []runRow, err error) {
	if !before.IsZero() {
		where, args = where+` AND id < ?`, append(args, before)
	}
	err = q.Select(ctx, &list, `SELECT `+runColumns+` FROM import_run WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return list, err
}

// oldestQueued is the run to begin next.
func oldestQueued(ctx context.Context, q dbx.Querier) (r runRow, err error) {
	err = q.Get(ctx, &r, `SELECT `+runColumns+` FROM import_run WHERE state = 'queued' ORDER BY id LIMIT 1`)
	return r, err
}

// pending tells whether anything is queued or under way.
func pending(ctx context.Context, q dbx.Querier) (bool, error) {
	var n int
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM (SELECT 1 FROM import_run WHERE state IN ('queued', 'running') LIMIT 1) AS r`)
	return n > 0, err
}

// startRun begins a queued run.
func startRun(ctx context.Context, tx *dbx.Tx, run id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE import_run SET state = 'running', attempt = attempt + 1, rows_done = 0, rows_total = 0, started_at = ?
		WHERE id = ? AND state = 'queued'`, at, run)
}

// requeue puts back the runs whose process is gone; those begun too often fail.
func requeue(ctx context.Context, tx *dbx.Tx, failure string, at, keep clock.Instant) error {
	if _, err := tx.Exec(ctx, `UPDATE import_run SET state = 'cancelled', ended_at = ?, kept_until = ? WHERE state = 'running' AND cancel_asked = 1`, at, keep); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE import_run SET state = 'failed', failure = ?, ended_at = ?, kept_until = ? WHERE state = 'running' AND attempt >= ?`,
		failure, at, keep, attempts); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE import_run SET state = 'queued', rows_done = 0, rows_total = 0 WHERE state = 'running'`)
	return err
}

// requeueOne puts a running run back.
func requeueOne(ctx context.Context, tx *dbx.Tx, run id.ID) error {
	return tx.ExecOne(ctx, `UPDATE import_run SET state = 'queued', rows_done = 0, rows_total = 0 WHERE id = ? AND state = 'running'`, run)
}

// unstart puts a running run back as if it had not begun.
func unstart(ctx context.Context, tx *dbx.Tx, run id.ID) error {
	return tx.ExecOne(ctx, `UPDATE import_run SET state = 'queued', attempt = attempt - 1, rows_done = 0, rows_total = 0 WHERE id = ? AND state = 'running'`, run)
}

// noteProgress writes how far a run is and tells whether it is to stop.
func noteProgress(ctx context.Context, tx *dbx.Tx, run id.ID, done, total int64) (cancel bool, err error) {
	if _, err = tx.Exec(ctx, `UPDATE import_run SET rows_done = ?, rows_total = ? WHERE id = ? AND state = 'running'`, done, total, run); err != nil {
		return false, err
	}
	err = tx.Get(ctx, &cancel, `SELECT cancel_asked FROM import_run WHERE id = ?`, run)
	return cancel, err
}

// cancelAsked tells whether a run is to stop.
func cancelAsked(ctx context.Context, q dbx.Querier, run id.ID) (asked bool, err error) {
	err = q.Get(ctx, &asked, `SELECT cancel_asked FROM import_run WHERE id = ?`, run)
	return asked, err
}

// end is how a run ends.
type end struct {
	state   State
	outcome *Outcome
	failure *Failure
	rows    int64 // of the file, of a run that is done
	at      clock.Instant
}

func endRun(ctx context.Context, tx *dbx.Tx, run id.ID, e end) error {
	outcome, err := toJSON(e.outcome)
	if err != nil {
		return err
	}
	failure, err := toJSON(e.failure)
	if err != nil {
		return err
	}
	if e.state == Done {
		_, err = tx.Exec(ctx, `UPDATE import_run SET rows_done = ?, rows_total = ? WHERE id = ?`, e.rows, e.rows, run)
	}
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE import_run SET state = ?, outcome = ?, failure = ?, ended_at = ?, kept_until = ? WHERE id = ? AND state = 'running'`,
		e.state, outcome, failure, e.at, e.at.Add(Keep), run)
}

// toJSON writes a document; nil stays NULL.
func toJSON[T any](v *T) (*string, error) {
	if v == nil {
		return nil, nil
	}
	var b bytes.Buffer
	err := json.NewEncoder(&b).Encode(v)
	s := strings.TrimSpace(b.String())
	return &s, err
}

// cancelQueued ends a run that has not begun.
func cancelQueued(ctx context.Context, tx *dbx.Tx, run id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE import_run SET state = 'cancelled', cancel_asked = 1, ended_at = ?, kept_until = ? WHERE id = ? AND state = 'queued'`, at, at.Add(Keep), run)
}

// askToCancel marks a run under way.
func askToCancel(ctx context.Context, tx *dbx.Tx, run id.ID) error {
	return tx.ExecOne(ctx, `UPDATE import_run SET cancel_asked = 1 WHERE id = ? AND state = 'running'`, run)
}

// due lists ended runs whose files and lines have been kept long enough.
func due(ctx context.Context, q dbx.Querier, now clock.Instant, limit int) (list []runRow, err error) {
	err = q.Select(ctx, &list, `SELECT `+runColumns+` FROM import_run WHERE kept_until <= ? ORDER BY kept_until LIMIT ?`, now, limit)
	return list, err
}

// forgetRun erases what a swept run says beyond its counts; with the key the file is unreadable wherever
// a copy of it lies.
func forgetRun(ctx context.Context, tx *dbx.Tx, run id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE import_run SET file_name = '', file_blob = NULL, mapping_blob = NULL, file_key = NULL, kept_until = NULL WHERE id = ?`, run)
	return err
}

// line is a line of a report as it is stored.
type line struct {
	Seq      int64         `db:"seq"`
	From     int           `db:"from_row"`
	To       int           `db:"to_row"`
	Outcome  sheet.Outcome `db:"outcome"`
	Why      string        `db:"why"`
	Problems *string       `db:"problems"`
}

func (l line) line() (sheet.Line, error) {
	out := sheet.Line{From: l.From, To: l.To, Outcome: l.Outcome, Why: l.Why}
	if l.Problems == nil {
		return out, nil
	}
	err := fromJSON(*l.Problems, &out.Problems)
	for i, p := range out.Problems {
		out.Problems[i].Params = plain(p.Params)
	}
	return out, err
}

func insertLines(ctx context.Context, tx *dbx.Tx, run id.ID, first int, lines []sheet.Line) error {
	rows := make([][]any, len(lines))
	for i, l := range lines {
		var problems *string
		if len(l.Problems) > 0 {
			var err error
			if problems, err = toJSON(&l.Problems); err != nil {
				return err
			}
		}
		rows[i] = []any{run, first + i, l.From, l.To, l.Outcome, l.Why, problems}
	}
	return tx.InsertMany(ctx, `INSERT INTO import_line (import_id, seq, from_row, to_row, outcome, why, problems)`, rows)
}

// deleteLines deletes the lines of a run up to a number and tells whether there are more.
func deleteLines(ctx context.Context, tx *dbx.Tx, run id.ID, below int64) (more bool, err error) {
	if _, err = tx.Exec(ctx, `DELETE FROM import_line WHERE import_id = ? AND seq < ?`, run, below); err != nil {
		return false, err
	}
	var left int
	err = tx.Get(ctx, &left, `SELECT COUNT(*) FROM (SELECT 1 FROM import_line WHERE import_id = ? LIMIT 1) AS l`, run)
	return left > 0, err
}

func linesAfter(ctx context.Context, q dbx.Querier, run id.ID, outcome string, after int64, limit int) (list []line, err error) {
	query, args := `SELECT seq, from_row, to_row, outcome, why, problems FROM import_line WHERE import_id = ? AND seq > ?`, []any{run, after}
	if outcome != "" {
		query, args = query+` AND outcome = ?`, append(args, outcome)
	}
	err = q.Select(ctx, &list, query+` ORDER BY seq LIMIT ?`, append(args, limit)...)
	return list, err
}

// eachLine reads the whole report in its order.
func eachLine(ctx context.Context, q dbx.Querier, run id.ID, fn func(sheet.Line) error) error {
	return q.Each(ctx, `SELECT seq, from_row, to_row, outcome, why, problems FROM import_line WHERE import_id = ? ORDER BY seq`, []any{run}, func(row dbx.Row) error {
		var l line
		if err := row.StructScan(&l); err != nil {
			return err
		}
		v, err := l.line()
		if err != nil {
			return err
		}
		return fn(v)
	})
}

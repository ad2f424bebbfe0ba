package renovation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const requestColumns = `id, service_area_id, scope_path, renovation_id, parts, path, danger, title, why, firm_org_id, firm_name, budget_fen, settled_fen, state, content_hash,
	done_on, done_words, posted_on, posted_until, allocation_round, drawn_on, draw_reference, rule_hash, requested_person, requested_org, changes, created_at, changed_at, version`

func (r *FundRequest) unpack() error {
	r.Parts = []Part{}
	if err := json.Unmarshal([]byte(r.PartsText), &r.Parts); err != nil {
		return fmt.Errorf("fund request %s: parts: %w", r.ID, err)
	}
	return nil
}

// requestByID reads one; the fault not_found.
func requestByID(ctx context.Context, q dbx.Querier, which id.ID) (FundRequest, error) {
	var r FundRequest
	if err := q.Get(ctx, &r, `SELECT `+requestColumns+` FROM fund_request WHERE id = ?`, which); err != nil {
		return r, found(err)
	}
	return r, r.unpack()
}

// requestsByID reads those that exist, in no order; there is at least one id.
func requestsByID(ctx context.Context, q dbx.Querier, which []id.ID) ([]FundRequest, error) {
	query, args, err := dbx.In(`SELECT `+requestColumns+` FROM fund_request WHERE id IN (?)`, which)
	if err != nil {
		return nil, err
	}
	var out []FundRequest
	if err := q.Select(ctx, &out, query, args...); err != nil {
		return nil, err
	}
	for i := range out {
		if err := out[i].unpack(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func insertRequest(ctx context.Context, tx *dbx.Tx, r FundRequest) error {
	parts, err := json.Marshal(r.Parts)
	if err != nil {
		return err
	}
	args := []any{r.ID, r.ServiceAreaID, r.ScopePath, r.ProjectID, string(parts), r.Path, r.Danger, r.Title, r.Why, r.FirmID, r.FirmName, r.BudgetFen, r.SettledFen, r.State, r.ContentHash,
		r.DoneOn, r.DoneWords, r.PostedOn, r.PostedUntil, r.Round, r.DrawnOn, r.DrawReference, r.RuleHash, r.RequestedBy, r.RequestedOrgID, r.Changes, r.CreatedAt, r.ChangedAt, r.Version}
	_, err = tx.Exec(ctx, `INSERT INTO fund_request (`+requestColumns+`) VALUES (`+marks(len(args))+`)`, args...)
	return err
}

// holdRequest counts a change of the request and so keeps its row for this transaction; not_found.
func holdRequest(ctx context.Context, tx *dbx.Tx, which id.ID) error {
	err := tx.ExecOne(ctx, `UPDATE fund_request SET changes = changes + 1 WHERE id = ?`, which)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

// updateRequest writes what steps change, from the state and version that were read.
func updateRequest(ctx context.Context, tx *dbx.Tx, r, was FundRequest) error {
	parts, err := json.Marshal(r.Parts)
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE fund_request SET parts = ?, danger = ?, title = ?, why = ?, firm_org_id = ?, firm_name = ?, budget_fen = ?, settled_fen = ?, state = ?, content_hash = ?,
		done_on = ?, done_words = ?, posted_on = ?, posted_until = ?, allocation_round = ?, drawn_on = ?, draw_reference = ?, changed_at = ?, version = ? WHERE id = ? AND version = ? AND state = ?`,
		string(parts), r.Danger, r.Title, r.Why, r.FirmID, r.FirmName, r.BudgetFen, r.SettledFen, r.State, r.ContentHash,
		r.DoneOn, r.DoneWords, r.PostedOn, r.PostedUntil, r.Round, r.DrawnOn, r.DrawReference, r.ChangedAt, r.Version, r.ID, was.Version, was.State)
}

// requests lists requests below a path, the newest first.
func requests(ctx context.Context, q dbx.Querier, path string, f FundFilter, scope scoped, before *id.ID, limit int) ([]FundRequest, error) {
	query, args := `SELECT `+requestColumns+` FROM fund_request WHERE `+scope.sql, scope.args
	if path != "" {
		low, high := authz.PathRange(path)
		query, args = query+` AND scope_path >= ? AND scope_path < ?`, append(args, low, high)
	}
	if !f.Project.IsZero() {
		query, args = query+` AND renovation_id = ?`, append(args, f.Project)
	}
	if f.State != "" {
		query, args = query+` AND state = ?`, append(args, f.State)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []FundRequest
	if err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...); err != nil {
		return nil, err
	}
	for i := range out {
		if err := out[i].unpack(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// insertSignature keeps the word of a person for a party. Faults (Conflict): renovation.party_signed, renovation.same_person.
func insertSignature(ctx context.Context, tx *dbx.Tx, subject id.ID, s Signature) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_signature (id, subject_id, subject_hash, party, person_id, org_id, role, agreed, words, document, at) VALUES (?,?,?,?,?,?,?,1,?,?,?)`,
		s.ID, subject, s.Hash, s.Party, s.PersonID, s.OrgID, s.Role, s.Words, s.Document, s.At)
	switch {
	case dbx.DuplicateOf(err, "sole_party"):
		return fault.New(fault.Conflict, "renovation.party_signed").Because(err)
	case dbx.IsDuplicate(err):
		return fault.New(fault.Conflict, "renovation.same_person").Because(err)
	}
	return err
}

// voidSignatures ends what was signed of a subject: it has changed.
func voidSignatures(ctx context.Context, tx *dbx.Tx, subject id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE renovation_signature SET void_at = ? WHERE subject_id = ? AND void_at IS NULL`, at, subject)
	return err
}

// signatures lists what is signed of a subject.
func signatures(ctx context.Context, q dbx.Querier, subject id.ID) ([]Signature, error) {
	out := []Signature{}
	err := q.Select(ctx, &out, `SELECT id, subject_hash, party, person_id, org_id, role, words, document, at FROM renovation_signature WHERE subject_id = ? AND void_at IS NULL ORDER BY at, id`, subject)
	return out, err
}

// endGiven ends the decision in force for a subject: it has changed.
func endGiven(ctx context.Context, tx *dbx.Tx, subject id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE renovation_consent SET ended_at = ? WHERE subject_id = ? AND ended_at IS NULL`, at, subject)
	return err
}

// revisedAfter tells whether what a request asks for was made or changed after a moment.
func revisedAfter(ctx context.Context, q dbx.Querier, request id.ID, at clock.Instant) (bool, error) {
	var n int
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM renovation_event WHERE subject_id = ? AND kind IN (?, ?) AND at > ?`, request, FundStepRequest, FundStepRevise, at)
	return n > 0, err
}

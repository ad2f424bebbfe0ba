package renovation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const projectColumns = `id, area_id, scope_path, division, parts, name, why, inspections, state, sponsor_org_id, contractor_org_id, tender_reference, tendered_on, contract_fen,
	plan_number, budget_fen, wishes_round_id, wishes_document, completion_round_id, completion_document, year_round_id, year_document, accepted_on, warranty_until, closed_on,
	earned_value, rule_hash, changes, created_at, changed_at, version`

// found turns "no row" into the fault not_found.
func found(err error) error {
	if dbx.IsNoRow(err) {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

// marks are n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// projectByID reads one; the fault not_found.
func projectByID(ctx context.Context, q dbx.Querier, which id.ID) (Project, error) {
	var p Project
	if err := q.Get(ctx, &p, `SELECT `+projectColumns+` FROM renovation WHERE id = ?`, which); err != nil {
		return p, found(err)
	}
	return p, p.unpack()
}

// projectsByID reads those that exist, in no order; there is at least one id.
func projectsByID(ctx context.Context, q dbx.Querier, which []id.ID) ([]Project, error) {
	query, args, err := dbx.In(`SELECT `+projectColumns+` FROM renovation WHERE id IN (?)`, which)
	if err != nil {
		return nil, err
	}
	var out []Project
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

// unpack reads what is kept as a document.
func (p *Project) unpack() error {
	p.Parts, p.Inspections = []Part{}, []Inspection{}
	if err := json.Unmarshal([]byte(p.PartsText), &p.Parts); err != nil {
		return fmt.Errorf("renovation %s: parts: %w", p.ID, err)
	}
	if err := json.Unmarshal([]byte(p.FoundText), &p.Inspections); err != nil {
		return fmt.Errorf("renovation %s: inspections: %w", p.ID, err)
	}
	return nil
}

// pack writes it.
func (p *Project) pack() error {
	parts, err := json.Marshal(p.Parts)
	if err != nil {
		return err
	}
	inspections, err := json.Marshal(p.Inspections)
	p.PartsText, p.FoundText = string(parts), string(inspections)
	return err
}

func insertProject(ctx context.Context, tx *dbx.Tx, p Project) error {
	if err := p.pack(); err != nil {
		return err
	}
	args := []any{p.ID, p.AreaID, p.ScopePath, p.Division, p.PartsText, p.Name, p.Why, p.FoundText, p.State, p.SponsorID, p.ContractorID, p.TenderReference, p.TenderedOn, p.ContractFen,
		p.PlanNumber, p.BudgetFen, p.WishesRound, p.WishesDocument, p.CompletionRound, p.CompletionDocument, p.YearRound, p.YearDocument, p.AcceptedOn, p.WarrantyUntil, p.ClosedOn,
		p.EarnedValue, p.RuleHash, p.Changes, p.CreatedAt, p.ChangedAt, p.Version}
	_, err := tx.Exec(ctx, `INSERT INTO renovation (`+projectColumns+`) VALUES (`+marks(len(args))+`)`, args...)
	return err
}

// holdProject counts a change of the project and so keeps its row for this transaction; not_found.
func holdProject(ctx context.Context, tx *dbx.Tx, which id.ID) error {
	err := tx.ExecOne(ctx, `UPDATE renovation SET changes = changes + 1 WHERE id = ?`, which)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

// updateProject writes what steps change, from the stage and version that were read.
func updateProject(ctx context.Context, tx *dbx.Tx, p, was Project) error {
	if err := p.pack(); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE renovation SET parts = ?, name = ?, why = ?, inspections = ?, state = ?, contractor_org_id = ?, tender_reference = ?, tendered_on = ?, contract_fen = ?,
		plan_number = ?, budget_fen = ?, wishes_round_id = ?, wishes_document = ?, completion_round_id = ?, completion_document = ?, year_round_id = ?, year_document = ?,
		accepted_on = ?, warranty_until = ?, closed_on = ?, earned_value = ?, changed_at = ?, version = ? WHERE id = ? AND version = ? AND state = ?`,
		p.PartsText, p.Name, p.Why, p.FoundText, p.State, p.ContractorID, p.TenderReference, p.TenderedOn, p.ContractFen,
		p.PlanNumber, p.BudgetFen, p.WishesRound, p.WishesDocument, p.CompletionRound, p.CompletionDocument, p.YearRound, p.YearDocument,
		p.AcceptedOn, p.WarrantyUntil, p.ClosedOn, p.EarnedValue, p.ChangedAt, p.Version, p.ID, was.Version, was.State)
}

// Event is a change of a project or a request; any past day can be rebuilt from them.
type Event struct {
	ID     id.ID           `db:"id" json:"id"`
	At     clock.Instant   `db:"at" json:"at"`
	Kind   string          `db:"kind" json:"kind"`
	From   State           `db:"from_state" json:"from,omitempty"`
	To     State           `db:"to_state" json:"to"`
	Person *id.ID          `db:"person_id" json:"-"`
	Org    *id.ID          `db:"org_id" json:"organisationId,omitempty" doc:"In whose name it was done"`
	Role   string          `db:"role" json:"role"`
	Post   *id.ID          `db:"post_id" json:"-"`
	Text   string          `db:"detail" json:"-"`
	Detail json.RawMessage `db:"-" json:"detail" doc:"Codes, dates, ids and what was said"`
}

func insertEvent(ctx context.Context, tx *dbx.Tx, subject id.ID, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_event (id, subject_id, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		e.ID, subject, e.At, e.Kind, e.From, e.To, e.Person, e.Org, e.Role, e.Post, e.Text)
	return err
}

func events(ctx context.Context, q dbx.Querier, subject id.ID, after *id.ID, limit int) ([]Event, error) {
	query, args := `SELECT id, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail FROM renovation_event WHERE subject_id = ?`, []any{subject}
	if after != nil {
		query, args = query+` AND id > ?`, append(args, *after)
	}
	var out []Event
	err := q.Select(ctx, &out, query+` ORDER BY id LIMIT ?`, append(args, limit)...)
	for i := range out {
		out[i].Detail = json.RawMessage(out[i].Text)
	}
	return out, err
}

// Filter narrows a list of projects; zero fields do not.
type Filter struct {
	Path  string
	State State
}

// scoped is the condition under which rows of a list are the caller's to see.
type scoped struct {
	sql  string
	args []any
}

func projects(ctx context.Context, q dbx.Querier, f Filter, scope scoped, before *id.ID, limit int) ([]Project, error) {
	query, args := `SELECT `+projectColumns+` FROM renovation WHERE `+scope.sql, scope.args
	if f.Path != "" {
		low, high := authz.PathRange(f.Path)
		query, args = query+` AND scope_path >= ? AND scope_path < ?`, append(args, low, high)
	}
	if f.State != "" {
		query, args = query+` AND state = ?`, append(args, f.State)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Project
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

// Document is a file that belongs to a project or a request, named by the hash of its bytes.
type Document struct {
	Hash      blob.Hash     `db:"hash" json:"hash"`
	Name      string        `db:"name" json:"name"`
	MediaType string        `db:"media_type" json:"mediaType"`
	Size      int64         `db:"size_bytes" json:"size" doc:"Bytes"`
	AddedAt   clock.Instant `db:"added_at" json:"addedAt"`
}

func insertDocument(ctx context.Context, tx *dbx.Tx, subject id.ID, d Document, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_document (id, subject_id, kind, hash, name, media_type, size_bytes, thumb_type, added_at, person_id, org_id) VALUES (?,?,'paper',?,?,?,?,'',?,?,?)`,
		id.New(), subject, d.Hash, d.Name, d.MediaType, d.Size, d.AddedAt, person, org)
	return err
}

func documents(ctx context.Context, q dbx.Querier, subject id.ID) ([]Document, error) {
	out := []Document{}
	err := q.Select(ctx, &out, `SELECT hash, name, media_type, size_bytes, added_at FROM renovation_document WHERE subject_id = ? AND kind = 'paper' ORDER BY added_at, hash`, subject)
	return out, err
}

func document(ctx context.Context, q dbx.Querier, subject id.ID, h blob.Hash) (Document, bool, error) {
	var d Document
	err := q.Get(ctx, &d, `SELECT hash, name, media_type, size_bytes, added_at FROM renovation_document WHERE subject_id = ? AND hash = ? AND kind = 'paper'`, subject, h)
	if dbx.IsNoRow(err) {
		return d, false, nil
	}
	return d, err == nil, err
}

// withdrawnFor is the reason with which a project or a request was withdrawn; empty where it was not.
func withdrawnFor(ctx context.Context, q dbx.Querier, subject id.ID) (string, error) {
	var found []string
	if err := q.Select(ctx, &found, `SELECT detail FROM renovation_event WHERE subject_id = ? AND kind = ?`, subject, StepWithdraw); err != nil || len(found) == 0 {
		return "", err
	}
	var said struct{ Reason string }
	if err := json.Unmarshal([]byte(found[0]), &said); err != nil {
		return "", fmt.Errorf("withdrawal of %s: %w", subject, err)
	}
	return said.Reason, nil
}

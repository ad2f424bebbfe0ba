package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const formColumns = `id, owner_org_id, scope_path, template, title, content, hash, state, person_id, created_at, changed_at, published_at, version`

// formByID reads a questionnaire; the fault not_found.
func formByID(ctx context.Context, q dbx.Querier, which id.ID) (Form, error) {
	var f Form
	err := q.Get(ctx, &f, `SELECT `+formColumns+` FROM survey_form WHERE id = ?`, which)
	if dbx.IsNoRow(err) {
		return f, fault.New(fault.NotFound, "not_found")
	}
	return f, err
}

func insertForm(ctx context.Context, tx *dbx.Tx, f Form) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_form (`+formColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		f.ID, f.OwnerID, f.ScopePath, f.Template, f.Title, f.Text, f.Hash, f.State, f.PersonID, f.CreatedAt, f.ChangedAt, f.PublishedAt, f.Version)
	return err
}

// updateForm changes a draft in the version that the caller saw.
func updateForm(ctx context.Context, tx *dbx.Tx, f Form, version int64) error {
	return tx.ExecOne(ctx, `UPDATE survey_form SET title = ?, content = ?, hash = ?, state = ?, changed_at = ?, published_at = ?, version = version + 1
		WHERE id = ? AND version = ? AND state = 'draft'`, f.Title, f.Text, f.Hash, f.State, f.ChangedAt, f.PublishedAt, f.ID, version)
}

// listForms reads the published forms and the drafts of organisations, newest first.
func listForms(ctx context.Context, q dbx.Querier, orgs []id.ID, before *id.ID, limit int) ([]Form, error) {
	query, args := `SELECT `+formColumns+` FROM survey_form WHERE (state = 'published'`, []any{}
	if len(orgs) > 0 {
		query, args = query+` OR owner_org_id IN (?)`, append(args, orgs)
	}
	query += `)`
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	query, args, err := dbx.In(query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	out := []Form{}
	return out, q.Select(ctx, &out, query, args...)
}

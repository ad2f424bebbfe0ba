package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

func insertMessage(ctx context.Context, tx *dbx.Tx, order id.ID, m RelayMessage) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_message (id, order_id, side, person_id, org_id, role, text, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, order, m.Side, m.PersonID, m.OrgID, m.Role, m.Text, m.At)
	return err
}

// listMessages reads the relay of an order, oldest first.
func listMessages(ctx context.Context, q dbx.Querier, order id.ID, req page.Request) (page.Page[RelayMessage], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[RelayMessage]{}, err
	}
	var rows []RelayMessage
	err = q.Select(ctx, &rows, `SELECT id, side, person_id, org_id, role, text, at, read_at FROM work_order_message WHERE order_id = ? AND id > ? ORDER BY id LIMIT ?`,
		order, last, req.Size()+1)
	if err != nil {
		return page.Page[RelayMessage]{}, err
	}
	return page.Cut(rows, req.Size(), func(m RelayMessage) []string { return []string{m.ID.String()} }), nil
}

// readMessages marks as read what other sides wrote, up to and with one message.
func readMessages(ctx context.Context, tx *dbx.Tx, order id.ID, side Side, upTo id.ID, at clock.Instant) (int64, error) {
	return tx.Exec(ctx, `UPDATE work_order_message SET read_at = ? WHERE order_id = ? AND side <> ? AND id <= ? AND read_at IS NULL`, at, order, side, upTo)
}

func insertReveal(ctx context.Context, tx *dbx.Tx, r IdentityReveal) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_reveal (id, order_id, person_id, org_id, role, reason, opened_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.OrderID, r.PersonID, r.OrgID, r.Role, r.Reason, r.OpenedAt, r.ExpiresAt)
	return err
}

const revealColumns = `id, order_id, person_id, org_id, role, reason, opened_at, expires_at`

func revealByID(ctx context.Context, q dbx.Querier, order, reveal id.ID) (IdentityReveal, error) {
	var r IdentityReveal
	err := q.Get(ctx, &r, `SELECT `+revealColumns+` FROM work_order_reveal WHERE id = ? AND order_id = ?`, reveal, order)
	if dbx.IsNoRow(err) {
		return r, notFound()
	}
	return r, err
}

// closeReveal ends a window early, unless it has ended by itself.
func closeReveal(ctx context.Context, tx *dbx.Tx, r IdentityReveal, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE work_order_reveal SET expires_at = ? WHERE id = ? AND expires_at > ?`, at, r.ID, at)
	return err
}

func revealsOf(ctx context.Context, q dbx.Querier, order id.ID) ([]IdentityReveal, error) {
	var out []IdentityReveal
	err := q.Select(ctx, &out, `SELECT `+revealColumns+` FROM work_order_reveal WHERE order_id = ? ORDER BY id`, order)
	return out, err
}

const statementColumns = `id, order_id, party_org_id, about_person_id, category, case_text, asked_at, due_at, state, answer, answered_at`

// insertStatement stores a question; the database refuses a second open one of the same case.
func insertStatement(ctx context.Context, tx *dbx.Tx, c CaseStatement, by, org *id.ID, role string) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_statement (id, order_id, party_org_id, about_person_id, category, case_text, asked_at, asked_by, asked_org, asked_role, due_at, state)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'asked')`, c.ID, c.OrderID, c.PartyOrgID, c.AboutPersonID, c.Category, c.CaseText, c.AskedAt, by, org, role, c.DueAt)
	return err
}

func statementByID(ctx context.Context, q dbx.Querier, statement id.ID) (CaseStatement, error) {
	var c CaseStatement
	err := q.Get(ctx, &c, `SELECT `+statementColumns+` FROM work_order_statement WHERE id = ?`, statement)
	if dbx.IsNoRow(err) {
		return c, notFound()
	}
	return c, err
}

func statementsOf(ctx context.Context, q dbx.Querier, order id.ID) ([]CaseStatement, error) {
	var out []CaseStatement
	err := q.Select(ctx, &out, `SELECT `+statementColumns+` FROM work_order_statement WHERE order_id = ? ORDER BY id`, order)
	return out, err
}

func listStatements(ctx context.Context, q dbx.Querier, where string, args []any, req page.Request) (page.Page[CaseStatement], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[CaseStatement]{}, err
	}
	var rows []CaseStatement
	err = q.Select(ctx, &rows, `SELECT `+statementColumns+` FROM work_order_statement WHERE `+where+` AND id > ? ORDER BY id LIMIT ?`, append(args, last, req.Size()+1)...)
	if err != nil {
		return page.Page[CaseStatement]{}, err
	}
	return page.Cut(rows, req.Size(), func(c CaseStatement) []string { return []string{c.ID.String()} }), nil
}

// endStatement answers or withdraws an open question, once.
func endStatement(ctx context.Context, tx *dbx.Tx, statement id.ID, state string, answer *string, at clock.Instant, by *id.ID) error {
	return tx.ExecOne(ctx, `UPDATE work_order_statement SET state = ?, answer = ?, answered_at = ?, answered_by = ? WHERE id = ? AND state = 'asked'`,
		state, answer, at, by, statement)
}

func insertPressure(ctx context.Context, tx *dbx.Tx, r PressureReport, street id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_pressure (id, order_id, street_id, scope_path, kind, text, person_id, at, state, closed_role, outcome)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '')`, r.ID, r.OrderID, street, r.ScopePath, r.Kind, r.Text, r.PersonID, r.At)
	return err
}

const pressureColumns = `x.id, x.order_id, o.number, x.kind, x.text, x.at, x.state, x.closed_at, x.closed_role, x.outcome, x.scope_path, x.person_id, o.handler_org_id, o.party_org_id`

func pressureByID(ctx context.Context, q dbx.Querier, report id.ID) (PressureReport, error) {
	var r PressureReport
	err := q.Get(ctx, &r, `SELECT `+pressureColumns+` FROM work_order_pressure x JOIN work_order o ON o.id = x.order_id WHERE x.id = ?`, report)
	if dbx.IsNoRow(err) {
		return r, notFound()
	}
	return r, err
}

func listPressure(ctx context.Context, q dbx.Querier, where string, args []any, state string, req page.Request) (page.Page[PressureReport], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[PressureReport]{}, err
	}
	var rows []PressureReport
	err = q.Select(ctx, &rows, `SELECT `+pressureColumns+` FROM work_order_pressure x JOIN work_order o ON o.id = x.order_id
		WHERE `+where+` AND x.state = ? AND x.id > ? ORDER BY x.id LIMIT ?`, append(args, state, last, req.Size()+1)...)
	if err != nil {
		return page.Page[PressureReport]{}, err
	}
	return page.Cut(rows, req.Size(), func(r PressureReport) []string { return []string{r.ID.String()} }), nil
}

func closePressure(ctx context.Context, tx *dbx.Tx, report id.ID, role, outcome string, at clock.Instant, by *id.ID) error {
	return tx.ExecOne(ctx, `UPDATE work_order_pressure SET state = 'closed', closed_at = ?, closed_by = ?, closed_role = ?, outcome = ? WHERE id = ? AND state = 'open'`,
		at, by, role, outcome, report)
}

// writtenBy are the relay messages of a person, with the number of their order.
func writtenBy(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedMessage, error) {
	var out []ExportedMessage
	err := q.Select(ctx, &out, `SELECT o.number, m.text, m.at FROM work_order_message m JOIN work_order o ON o.id = m.order_id WHERE m.person_id = ? ORDER BY m.id`, person)
	return out, err
}

type textRow struct {
	ID   id.ID  `db:"id"`
	Text string `db:"text"`
}

// forgetWriter cuts the ties to a person in what they wrote and takes numbers out of it.
func forgetWriter(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	for _, table := range []string{"work_order_message", "work_order_pressure"} {
		var rows []textRow
		if err := tx.Select(ctx, &rows, `SELECT id, text FROM `+table+` WHERE person_id = ?`, person); err != nil {
			return err
		}
		for _, r := range rows {
			if err := tx.ExecOne(ctx, `UPDATE `+table+` SET person_id = NULL, text = ? WHERE id = ?`, personal.Redact(r.Text), r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

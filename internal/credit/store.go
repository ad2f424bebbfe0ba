package credit

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

const itemColumns = `id, company_id, keeper_path, rule_set, kind, party, serious, points, reference, title, evidence, valid_from, valid_until, state,
	noticed_by, noticed_role, noticed_at, reply_until, reply, replied_by, replied_at, decided_by, decided_role, decided_at, accepted, reasons, appeal_until,
	appeal, appealed_by, appealed_at, appeal_decided_by, appeal_decided_role, appeal_decided_at, appeal_kept, appeal_reasons,
	ended_on, ended_at, ended_by, ended_role, end_reason, version`

func insertItem(ctx context.Context, tx *dbx.Tx, i Item) error {
	args := []any{i.ID, i.CompanyID, i.KeeperPath, i.RuleSet, i.Kind, i.Party, i.Serious, i.Points, i.Reference, i.Title, i.Evidence, i.ValidFrom, i.ValidUntil, i.State,
		i.NoticedBy, i.NoticedRole, i.NoticedAt, i.ReplyUntil, i.Reply, i.RepliedBy, i.RepliedAt, i.DecidedBy, i.DecidedRole, i.DecidedAt, i.Accepted, i.Reasons, i.AppealUntil,
		i.Appeal, i.AppealedBy, i.AppealedAt, i.RuledBy, i.RuledRole, i.RuledAt, i.Kept, i.RuledWords,
		i.EndedOn, i.EndedAt, i.EndedBy, i.EndedRole, i.EndReason, i.Version}
	_, err := tx.Exec(ctx, `INSERT INTO credit_item (`+itemColumns+`) VALUES (?`+strings.Repeat(",?", len(args)-1)+`)`, args...)
	return err
}

// updateItem writes what steps change, from the version and state that were read; dbx.ErrNoMatch when somebody was faster.
func updateItem(ctx context.Context, tx *dbx.Tx, i Item, was State) error {
	return tx.ExecOne(ctx, `UPDATE credit_item SET state = ?, reply = ?, replied_by = ?, replied_at = ?, decided_by = ?, decided_role = ?, decided_at = ?, accepted = ?, reasons = ?, appeal_until = ?,
		appeal = ?, appealed_by = ?, appealed_at = ?, appeal_decided_by = ?, appeal_decided_role = ?, appeal_decided_at = ?, appeal_kept = ?, appeal_reasons = ?,
		ended_on = ?, ended_at = ?, ended_by = ?, ended_role = ?, end_reason = ?, version = version + 1 WHERE id = ? AND version = ? AND state = ?`,
		i.State, i.Reply, i.RepliedBy, i.RepliedAt, i.DecidedBy, i.DecidedRole, i.DecidedAt, i.Accepted, i.Reasons, i.AppealUntil,
		i.Appeal, i.AppealedBy, i.AppealedAt, i.RuledBy, i.RuledRole, i.RuledAt, i.Kept, i.RuledWords,
		i.EndedOn, i.EndedAt, i.EndedBy, i.EndedRole, i.EndReason, i.ID, i.Version, was)
}

// Moment gives a change of a company's record, a grade, or a change of what a grade rests on, a moment of its own: later than those of all
// that were committed before, and held until this commits. So what counts at the moment of a grade never changes afterwards. now is the clock's.
func Moment(ctx context.Context, tx *dbx.Tx, company id.ID, now clock.Instant) (at clock.Instant, err error) {
	for range 2 { // the first change of a company may be made by two at once
		n, err := tx.Exec(ctx, `UPDATE credit_moment SET last_at = CASE WHEN last_at >= ? THEN last_at + 1 ELSE ? END WHERE company_id = ?`, now, now, company)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			break
		}
		if _, err = tx.Exec(ctx, `INSERT INTO credit_moment (company_id, last_at) VALUES (?,?)`, company, now); err == nil {
			return now, nil
		}
		if !dbx.IsDuplicate(err) {
			return 0, err
		}
	}
	err = tx.Get(ctx, &at, `SELECT last_at FROM credit_moment WHERE company_id = ?`, company)
	return at, err
}

// present is now, or the moment of the last change of a company's record where changes that came at once have run ahead of the clock.
func present(ctx context.Context, q dbx.Querier, company id.ID, now clock.Instant) (clock.Instant, error) {
	var last clock.Instant
	err := q.Get(ctx, &last, `SELECT last_at FROM credit_moment WHERE company_id = ?`, company)
	if dbx.IsNoRow(err) {
		return now, nil
	}
	return max(now, last), err
}

// itemByID reads an item of a company; the fault not_found.
func itemByID(ctx context.Context, q dbx.Querier, company, which id.ID) (Item, error) {
	var i Item
	err := q.Get(ctx, &i, `SELECT `+itemColumns+` FROM credit_item WHERE id = ? AND company_id = ?`, which, company)
	if dbx.IsNoRow(err) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return i, err
}

// listItems reads a company's items, newest first.
func listItems(ctx context.Context, q dbx.Querier, company id.ID, before *id.ID, limit int) ([]Item, error) {
	query, args := `SELECT `+itemColumns+` FROM credit_item WHERE company_id = ?`, []any{company}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Item
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

// decidedItems reads everything of a company that was decided by a moment under a rule set.
func decidedItems(ctx context.Context, q dbx.Querier, company id.ID, set string, by clock.Instant) ([]Item, error) {
	var out []Item
	err := q.Select(ctx, &out, `SELECT `+itemColumns+` FROM credit_item WHERE company_id = ? AND rule_set = ? AND decided_at <= ? ORDER BY id`, company, set, by)
	return out, err
}

// enrol begins a company's part in a credit system; a duplicate where it takes part already.
func enrol(ctx context.Context, tx *dbx.Tx, company id.ID, set string, by id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO credit_enrolment (id, company_id, rule_set, from_at, from_by) VALUES (?,?,?,?,?)`, id.New(), company, set, at, by)
	return err
}

// leave ends it; dbx.ErrNoMatch where it takes no part.
func leave(ctx context.Context, tx *dbx.Tx, company id.ID, set string, by id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE credit_enrolment SET to_at = ?, to_by = ? WHERE company_id = ? AND rule_set = ? AND to_at IS NULL`, at, by, company, set)
}

// enrolledAt tells whether a company took part at a moment.
func enrolledAt(ctx context.Context, q dbx.Querier, company id.ID, set string, at clock.Instant) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM credit_enrolment WHERE company_id = ? AND rule_set = ? AND from_at <= ? AND (to_at IS NULL OR to_at > ?)`, company, set, at, at)
	return n > 0, err
}

// gradeRow is a published grade.
type gradeRow struct {
	ID            id.ID              `db:"id"`
	CompanyID     id.ID              `db:"company_id"`
	KeeperPath    string             `db:"keeper_path"`
	RuleSet       string             `db:"rule_set"`
	Number        int64              `db:"number"`
	AsOf          clock.Instant      `db:"as_of"`
	RuleHash      rules.Hash         `db:"rule_hash"`
	Status        rules.CreditStatus `db:"status"`
	Grade         string             `db:"grade"`
	Score         *int64             `db:"score"`
	Content       string             `db:"content"`
	PublishedBy   id.ID              `db:"published_by"`
	PublishedRole string             `db:"published_role"`
}

const gradeColumns = `id, company_id, keeper_path, rule_set, number, as_of, rule_hash, status, grade, score, content, published_by, published_role`

func insertGrade(ctx context.Context, tx *dbx.Tx, g gradeRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO credit_grade (`+gradeColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		g.ID, g.CompanyID, g.KeeperPath, g.RuleSet, g.Number, g.AsOf, g.RuleHash, g.Status, g.Grade, g.Score, g.Content, g.PublishedBy, g.PublishedRole)
	return err
}

func nextGrade(ctx context.Context, q dbx.Querier, company id.ID, set string) (int64, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COALESCE(MAX(number), 0) + 1 FROM credit_grade WHERE company_id = ? AND rule_set = ?`, company, set)
	return n, err
}

func gradeByID(ctx context.Context, q dbx.Querier, which id.ID) (gradeRow, error) {
	var g gradeRow
	err := q.Get(ctx, &g, `SELECT `+gradeColumns+` FROM credit_grade WHERE id = ?`, which)
	return g, err
}

// listGrades reads a company's published grades, newest first.
func listGrades(ctx context.Context, q dbx.Querier, company id.ID, before *id.ID, limit int) ([]gradeRow, error) {
	query, args := `SELECT `+gradeColumns+` FROM credit_grade WHERE company_id = ?`, []any{company}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []gradeRow
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

// newestGrades reads the newest published grade of a company under each rule set.
func newestGrades(ctx context.Context, q dbx.Querier, company id.ID) ([]gradeRow, error) {
	var out []gradeRow
	err := q.Select(ctx, &out, `SELECT `+gradeColumns+` FROM credit_grade g WHERE company_id = ?
		AND NOT EXISTS (SELECT 1 FROM credit_grade n WHERE n.company_id = g.company_id AND n.rule_set = g.rule_set AND n.number > g.number) ORDER BY rule_set`, company)
	return out, err
}

package platform

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const feedbackColumns = `id, person_id, kind, text, written_at, answer, answered_at, version`

func insertFeedback(ctx context.Context, tx *dbx.Tx, f Feedback) error {
	return tx.ExecOne(ctx, `INSERT INTO platform_feedback (`+feedbackColumns+`) VALUES (?, ?, ?, ?, ?, '', NULL, ?)`,
		f.ID, f.Person, string(f.Kind), f.Text, f.WrittenAt, f.Version)
}

// answerFeedback answers what waits; of several who do so at once exactly one matches.
func answerFeedback(ctx context.Context, tx *dbx.Tx, which id.ID, answer string, by id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE platform_feedback SET answer = ?, answered_at = ?, answered_by = ?, version = version + 1 WHERE id = ? AND answered_at IS NULL`,
		answer, at, by, which)
}

func countWaiting(ctx context.Context, q dbx.Querier, person id.ID) (n int64, err error) {
	err = q.Get(ctx, &n, `SELECT COUNT(*) FROM platform_feedback WHERE person_id = ? AND answered_at IS NULL`, person)
	return n, err
}

func feedbackByID(ctx context.Context, q dbx.Querier, which id.ID) (f Feedback, err error) {
	err = q.Get(ctx, &f, `SELECT `+feedbackColumns+` FROM platform_feedback WHERE id = ?`, which)
	return f, err
}

// feedbackOf reads all of a person's; there are few.
func feedbackOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Feedback, error) {
	list := []Feedback{}
	err := q.Select(ctx, &list, `SELECT `+feedbackColumns+` FROM platform_feedback WHERE person_id = ? ORDER BY id`, person)
	return list, err
}

// listFeedback reads a page, newest first. where is a constant condition of this package.
func listFeedback(ctx context.Context, q dbx.Querier, where string, args []any, req page.Request) (page.Page[Feedback], error) {
	after, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Feedback]{}, err
	}
	if after != nil {
		last, err := id.Parse(after[0])
		if err != nil {
			return page.Page[Feedback]{}, errors.Join(fault.InvalidField("query.cursor", "page.cursor"), err)
		}
		where, args = where+" AND id < ?", append(args, last)
	}
	var rows []Feedback
	err = q.Select(ctx, &rows, `SELECT `+feedbackColumns+` FROM platform_feedback WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, req.Size()+1)...)
	return page.Cut(rows, req.Size(), func(f Feedback) []string { return []string{f.ID.String()} }), err
}

// forgetAnswered clears the words of what was answered before a moment, and who answered it.
func forgetAnswered(ctx context.Context, tx *dbx.Tx, before clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE platform_feedback SET text = '', answer = '', answered_by = NULL, version = version + 1
		WHERE answered_at < ? AND (text <> '' OR answer <> '' OR answered_by IS NOT NULL)`, before)
	return err
}

// eraseFeedback also ends the waiting: nobody is left to be answered. What the person answered for the platform stays with who asked.
func eraseFeedback(ctx context.Context, tx *dbx.Tx, person id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE platform_feedback SET text = '', answer = '', answered_at = COALESCE(answered_at, ?), version = version + 1 WHERE person_id = ?`, at, person)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE platform_feedback SET answered_by = NULL WHERE answered_by = ?`, person)
	return err
}

// answeredBy tells when a person answered feedback for the platform.
func answeredBy(ctx context.Context, q dbx.Querier, person id.ID) ([]clock.Instant, error) {
	list := []clock.Instant{}
	err := q.Select(ctx, &list, `SELECT answered_at FROM platform_feedback WHERE answered_by = ? ORDER BY id`, person)
	return list, err
}

package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

func dueAnswers(ctx context.Context, q dbx.Querier, now clock.Instant, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE answer_at <= ? ORDER BY answer_at LIMIT ?`, now, limit)
	return out, err
}

// undrawn lists the communities with closed orders of public areas in a month that has no sample yet.
func undrawn(ctx context.Context, q dbx.Querier, month string, from, to clock.Instant) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT DISTINCT o.community_id FROM work_order o
		WHERE o.community_id IS NOT NULL AND o.closed_at >= ? AND o.closed_at < ? AND o.unit_id IS NULL AND o.verified_at IS NULL AND o.source <> 'import'
		AND NOT EXISTS (SELECT 1 FROM work_order_check c WHERE c.community_id = o.community_id AND c.month = ?)`, from, to, month)
	return out, err
}

type closedOrder struct {
	ID        id.ID `db:"id"`
	ClosureNo int64 `db:"closure_no"`
}

// samplePool are the orders of public areas that a community's month closed and nobody has verified.
func samplePool(ctx context.Context, q dbx.Querier, community id.ID, from, to clock.Instant) ([]closedOrder, error) {
	var out []closedOrder
	err := q.Select(ctx, &out, `SELECT id, closure_no FROM work_order
		WHERE community_id = ? AND closed_at >= ? AND closed_at < ? AND unit_id IS NULL AND verified_at IS NULL AND source <> 'import' ORDER BY id`, community, from, to)
	return out, err
}

func insertChecks(ctx context.Context, tx *dbx.Tx, drawn []closedOrder, community id.ID, month string, now clock.Instant) error {
	rows := make([][]any, len(drawn))
	for i, o := range drawn {
		rows[i] = []any{o.ID, o.ClosureNo, community, month, now, "open", ""}
	}
	return tx.InsertMany(ctx, `INSERT INTO work_order_check (order_id, closure_no, community_id, month, drawn_at, state, note)`, rows)
}

func finishCheck(ctx context.Context, tx *dbx.Tx, o *Order, outcome, note string, by *id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE work_order_check SET state = ?, note = ?, checked_by = ?, checked_at = ? WHERE order_id = ? AND closure_no = ? AND state = 'open'`,
		outcome, note, by, at, o.ID, o.ClosureNo)
}

func assignedTo(ctx context.Context, q dbx.Querier, org, person id.ID) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE assignee_person_id = ? AND waiting <> 'none' AND (handler_org_id = ? OR handler_org_id IS NULL) ORDER BY id`, person, org)
	return out, err
}

// openOf lists what a handler still has to do in a service area; what it has resolved waits for an answer, not for it.
func openOf(ctx context.Context, q dbx.Querier, serviceArea, handler id.ID) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE handler_org_id = ? AND service_area_id = ? AND handled_via = 'arrangement' AND waiting <> 'none'
		AND state NOT IN ('resolved', 'verified') ORDER BY id`,
		handler, serviceArea)
	return out, err
}

// toDoAmong lists those of some orders that their handler still has to do.
func toDoAmong(ctx context.Context, q dbx.Querier, orders []id.ID) ([]id.ID, error) {
	args := append(anys(orders), anys(unfinished)...)
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM work_order WHERE `+in("id", len(orders))+` AND `+in("state", len(unfinished))+` AND state NOT IN ('resolved', 'verified') ORDER BY id`, args...)
	return out, err
}

func reportedBy(ctx context.Context, q dbx.Querier, person id.ID) ([]*Order, error) {
	var out []*Order
	err := q.Select(ctx, &out, `SELECT `+orderColumns+` FROM work_order WHERE reporter_person_id = ? ORDER BY id`, person)
	return out, err
}

func ratingsBy(ctx context.Context, q dbx.Querier, order, person id.ID) ([]OrderRating, error) {
	out := []OrderRating{}
	err := q.Select(ctx, &out, `SELECT closure_no, solved, satisfied, channel, at, rater_key FROM work_order_rating WHERE order_id = ? AND person_id = ? ORDER BY at`, order, person)
	return out, err
}

func forgetReporter(ctx context.Context, tx *dbx.Tx, order id.ID, title, description string) error {
	if _, err := tx.Exec(ctx, `UPDATE work_order_identity SET name_sealed = NULL, phone_sealed = NULL WHERE id = ?`, order); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE work_order SET reporter_person_id = NULL, title = ?, description = ? WHERE id = ?`, title, description, order)
}

func forgetAnswers(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE work_order_follower SET person_id = NULL WHERE person_id = ?`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE work_order_rating SET person_id = NULL WHERE person_id = ?`, person)
	return err
}

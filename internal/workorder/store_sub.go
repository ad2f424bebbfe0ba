package workorder

import (
	"context"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// OrderPause is a stretch in which the resident was waited for, with the evidence (R3.4).
type OrderPause struct {
	ID           id.ID          `db:"id" json:"id"`
	Round        int64          `db:"round" json:"round"`
	From         clock.Instant  `db:"from_at" json:"from"`
	To           *clock.Instant `db:"to_at" json:"to,omitempty"`
	Reason       string         `db:"reason" json:"reason"`
	Evidence     string         `db:"evidence" json:"evidence"`
	AttachmentID *id.ID         `db:"attachment_id" json:"attachmentId,omitempty"`
}

// Pauses reads the pauses of an order, oldest first.
func Pauses(ctx context.Context, q dbx.Querier, order id.ID) ([]OrderPause, error) {
	var out []OrderPause
	err := q.Select(ctx, &out, `SELECT id, round, from_at, to_at, reason, evidence, attachment_id FROM work_order_pause WHERE order_id = ? ORDER BY from_at, id`, order)
	return out, err
}

// pausesOf are the pauses of the present round of the clock.
func pausesOf(ctx context.Context, q dbx.Querier, o *Order) ([]calendar.Span, error) {
	all, err := Pauses(ctx, q, o.ID)
	var out []calendar.Span
	for _, p := range all {
		if p.Round == o.ClockRound {
			out = append(out, calendar.Span{From: p.From, To: p.To})
		}
	}
	return out, err
}

func insertPause(ctx context.Context, tx *dbx.Tx, order id.ID, p OrderPause) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_pause (id, order_id, round, from_at, to_at, reason, evidence, attachment_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, order, p.Round, p.From, p.To, p.Reason, p.Evidence, p.AttachmentID)
	return err
}

func endPause(ctx context.Context, tx *dbx.Tx, order id.ID, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE work_order_pause SET to_at = ? WHERE order_id = ? AND to_at IS NULL`, at, order)
}

// OrderObjection is a handler's claim that an order is not its own (R3.5): the one of the order.
type OrderObjection struct {
	ID         id.ID          `db:"id" json:"id"`
	OrgID      *id.ID         `db:"org_id" json:"orgId"`
	PersonID   *id.ID         `db:"person_id" json:"-"`
	Clause     string         `db:"clause" json:"clause"`
	Reason     string         `db:"reason" json:"reason"`
	RaisedAt   clock.Instant  `db:"raised_at" json:"raisedAt"`
	DueAt      clock.Instant  `db:"due_at" json:"dueAt"`
	State      string         `db:"state" json:"state"`
	DecidedAt  *clock.Instant `db:"decided_at" json:"decidedAt,omitempty"`
	DecidedBy  *id.ID         `db:"decided_by" json:"-"`
	Role       string         `db:"decided_role" json:"decidedRole,omitempty"`
	Decision   string         `db:"decision_text" json:"decision,omitempty"`
	NewHandler *id.ID         `db:"new_handler_id" json:"newHandlerId,omitempty"`
}

func insertObjection(ctx context.Context, tx *dbx.Tx, order id.ID, o OrderObjection) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_objection (id, order_id, org_id, person_id, clause, reason, raised_at, due_at, state, decided_role, decision_text)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '')`, o.ID, order, o.OrgID, o.PersonID, o.Clause, o.Reason, o.RaisedAt, o.DueAt)
	return err
}

func decideObjection(ctx context.Context, tx *dbx.Tx, order id.ID, o OrderObjection) error {
	return tx.ExecOne(ctx, `UPDATE work_order_objection SET state = ?, decided_at = ?, decided_by = ?, decided_role = ?, decision_text = ?, new_handler_id = ?
		WHERE order_id = ? AND state = 'open'`, o.State, o.DecidedAt, o.DecidedBy, o.Role, o.Decision, o.NewHandler, order)
}

func objectionOf(ctx context.Context, q dbx.Querier, order id.ID) (*OrderObjection, error) {
	var o OrderObjection
	err := q.Get(ctx, &o, `SELECT id, org_id, person_id, clause, reason, raised_at, due_at, state, decided_at, decided_by, decided_role, decision_text, new_handler_id
		FROM work_order_objection WHERE order_id = ?`, order)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &o, err
}

// The kinds of proposal.
const (
	proposalDefer     = "deferral"
	proposalExtension = "extension"
)

// OrderProposal asks the community or the street office to defer an order or to extend its limit.
type OrderProposal struct {
	ID         id.ID          `db:"id" json:"id"`
	Kind       string         `db:"kind" json:"kind"`
	OrgID      *id.ID         `db:"org_id" json:"orgId"`
	PersonID   *id.ID         `db:"person_id" json:"-"`
	Plan       string         `db:"plan" json:"plan"`
	ReviewOn   *clock.Date    `db:"review_on" json:"reviewOn,omitempty"`
	Minutes    *int64         `db:"minutes" json:"minutes,omitempty"`
	ProposedAt clock.Instant  `db:"proposed_at" json:"proposedAt"`
	State      string         `db:"state" json:"state"`
	DecidedAt  *clock.Instant `db:"decided_at" json:"decidedAt,omitempty"`
	DecidedBy  *id.ID         `db:"decided_by" json:"-"`
	Role       string         `db:"decided_role" json:"decidedRole,omitempty"`
	Decision   string         `db:"decision_text" json:"decision,omitempty"`
}

const proposalColumns = `id, kind, org_id, person_id, plan, review_on, minutes, proposed_at, state, decided_at, decided_by, decided_role, decision_text`

func insertProposal(ctx context.Context, tx *dbx.Tx, order id.ID, p OrderProposal) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_proposal (id, order_id, kind, org_id, person_id, plan, review_on, minutes, proposed_at, state, decided_role, decision_text)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', '', '')`, p.ID, order, p.Kind, p.OrgID, p.PersonID, p.Plan, p.ReviewOn, p.Minutes, p.ProposedAt)
	return err
}

func pendingProposal(ctx context.Context, q dbx.Querier, order id.ID) (OrderProposal, error) {
	var p OrderProposal
	err := q.Get(ctx, &p, `SELECT `+proposalColumns+` FROM work_order_proposal WHERE order_id = ? AND state = 'pending'`, order)
	return p, err
}

func proposalsOf(ctx context.Context, q dbx.Querier, order id.ID) ([]OrderProposal, error) {
	var out []OrderProposal
	err := q.Select(ctx, &out, `SELECT `+proposalColumns+` FROM work_order_proposal WHERE order_id = ? ORDER BY id`, order)
	return out, err
}

func decideProposal(ctx context.Context, tx *dbx.Tx, order id.ID, p OrderProposal) error {
	return tx.ExecOne(ctx, `UPDATE work_order_proposal SET state = ?, decided_at = ?, decided_by = ?, decided_role = ?, decision_text = ?
		WHERE order_id = ? AND state = 'pending'`, p.State, p.DecidedAt, p.DecidedBy, p.Role, p.Decision, order)
}

func insertFollower(ctx context.Context, tx *dbx.Tx, main *Order, from *Order, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_follower (order_id, from_order_id, person_id, household_id, since) VALUES (?, ?, ?, ?, ?)`,
		main.ID, from.ID, from.ReporterID, from.HouseholdID, at)
	return err
}

// moveFollowers lets those who followed a duplicate follow the order it is a duplicate of.
func moveFollowers(ctx context.Context, tx *dbx.Tx, from, to id.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE work_order_follower SET order_id = ? WHERE order_id = ?`, to, from)
}

// Rating is a household's answer to one closure.
type Rating struct {
	ID          id.ID
	OrderID     id.ID
	ClosureNo   int64
	RaterKey    id.ID // the household; the person or the order where none is known
	HouseholdID *id.ID
	PersonID    *id.ID
	Solved      string // yes, partly, no
	Satisfied   int    // 1 to 5
	Channel     string // self, link, callback
	RecordedBy  *id.ID // who wrote down the answer of a person without a phone
	At          clock.Instant
}

func insertRating(ctx context.Context, tx *dbx.Tx, r Rating) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_rating (id, order_id, closure_no, rater_key, household_id, person_id, solved, satisfied, channel, recorded_by, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, r.OrderID, r.ClosureNo, r.RaterKey, r.HouseholdID, r.PersonID, r.Solved, r.Satisfied, r.Channel, r.RecordedBy, r.At)
	return err
}

// OrderRating is a rating as its household, the community and the street see it. Nobody of a company does.
type OrderRating struct {
	ClosureNo int64         `db:"closure_no" json:"closureNo" doc:"Which closure of the order it answers"`
	Solved    string        `db:"solved" json:"solved" doc:"yes, partly or no"`
	Satisfied int           `db:"satisfied" json:"satisfied" doc:"1 to 5"`
	Channel   string        `db:"channel" json:"channel" doc:"self, link or callback"`
	At        clock.Instant `db:"at" json:"at"`
	RaterKey  id.ID         `db:"rater_key" json:"-"`
}

func ratingsOf(ctx context.Context, q dbx.Querier, order id.ID) ([]OrderRating, error) {
	var out []OrderRating
	err := q.Select(ctx, &out, `SELECT closure_no, solved, satisfied, channel, at, rater_key FROM work_order_rating WHERE order_id = ? ORDER BY at, id`, order)
	return out, err
}

func insertRemark(ctx context.Context, tx *dbx.Tx, o *Order, r Rating, text string, passOn bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_remark (id, order_id, closure_no, rater_key, handler_org_id, service_area_id, category, passed_on, text, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), o.ID, r.ClosureNo, r.RaterKey, o.HandlerOrgID, o.ServiceAreaID, o.Category, passOn, text, r.At)
	return err
}

// OrderCallback is a task of the community: ring or visit somebody whose trouble was not solved (R4.5).
type OrderCallback struct {
	ID          id.ID          `db:"id" json:"id"`
	OrderID     id.ID          `db:"order_id" json:"orderId"`
	ClosureNo   int64          `db:"closure_no" json:"closureNo"`
	CommunityID *id.ID         `db:"community_id" json:"communityId,omitempty"`
	StreetID    id.ID          `db:"street_id" json:"streetId"`
	Reason      string         `db:"reason" json:"reason" doc:"low_rating, or no_answer of a caller without a phone"`
	OpenedAt    clock.Instant  `db:"opened_at" json:"openedAt"`
	DueAt       clock.Instant  `db:"due_at" json:"dueAt"`
	State       string         `db:"state" json:"state" doc:"open or done"`
	DoneAt      *clock.Instant `db:"done_at" json:"doneAt,omitempty"`
	Outcome     string         `db:"outcome" json:"outcome,omitempty" doc:"answered, unreachable or declined"`
	Note        string         `db:"note" json:"note,omitempty"`
}

// insertCallback opens a task unless the closure has one already.
func insertCallback(ctx context.Context, tx *dbx.Tx, c OrderCallback) error {
	_, err := tx.Exec(ctx, `INSERT INTO work_order_callback (id, order_id, closure_no, community_id, street_id, reason, opened_at, due_at, state, outcome, note)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '')`, c.ID, c.OrderID, c.ClosureNo, c.CommunityID, c.StreetID, c.Reason, c.OpenedAt, c.DueAt)
	if dbx.IsDuplicate(err) {
		return nil
	}
	return err
}

// finishCallback closes the open task of a closure and tells whether there was one.
func finishCallback(ctx context.Context, tx *dbx.Tx, o *Order, by *id.ID, outcome, note string, at clock.Instant) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE work_order_callback SET state = 'done', done_at = ?, done_by = ?, outcome = ?, note = ?
		WHERE order_id = ? AND closure_no = ? AND state = 'open'`, at, by, outcome, note, o.ID, o.closureInHand())
	return n > 0, err
}

// afterCursor is the last row of the page before; the zero ID for the first page.
func afterCursor(req page.Request) (id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return id.Nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return id.Nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return last, nil
}

func listCallbacks(ctx context.Context, q dbx.Querier, where string, args []any, state string, req page.Request) (page.Page[OrderCallback], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[OrderCallback]{}, err
	}
	var rows []OrderCallback
	err = q.Select(ctx, &rows, `SELECT c.id, c.order_id, c.closure_no, c.community_id, c.street_id, c.reason, c.opened_at, c.due_at, c.state, c.done_at, c.outcome, c.note
		FROM work_order_callback c JOIN work_order o ON o.id = c.order_id WHERE `+where+` AND c.state = ? AND c.id > ? ORDER BY c.id LIMIT ?`,
		append(args, state, last, req.Size()+1)...)
	if err != nil {
		return page.Page[OrderCallback]{}, err
	}
	return page.Cut(rows, req.Size(), func(c OrderCallback) []string { return []string{c.ID.String()} }), nil
}

// OrderCheck is a closed order of a public area that the community looks at again, drawn at random.
type OrderCheck struct {
	OrderID   id.ID          `db:"order_id" json:"orderId"`
	Number    string         `db:"number" json:"orderNumber"`
	ClosureNo int64          `db:"closure_no" json:"closureNo"`
	Month     string         `db:"month" json:"month" doc:"Month of the closure, as 2026-11"`
	DrawnAt   clock.Instant  `db:"drawn_at" json:"drawnAt"`
	State     string         `db:"state" json:"state" doc:"open, passed or failed"`
	CheckedAt *clock.Instant `db:"checked_at" json:"checkedAt,omitempty"`
	Note      string         `db:"note" json:"note,omitempty"`
}

func listChecks(ctx context.Context, q dbx.Querier, where string, args []any, state string, req page.Request) (page.Page[OrderCheck], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[OrderCheck]{}, err
	}
	var rows []OrderCheck
	err = q.Select(ctx, &rows, `SELECT c.order_id, o.number, c.closure_no, c.month, c.drawn_at, c.state, c.checked_at, c.note
		FROM work_order_check c JOIN work_order o ON o.id = c.order_id WHERE `+where+` AND c.state = ? AND c.order_id > ? ORDER BY c.order_id, c.closure_no LIMIT ?`,
		append(args, state, last, req.Size()+1)...)
	if err != nil {
		return page.Page[OrderCheck]{}, err
	}
	return page.Cut(rows, req.Size(), func(c OrderCheck) []string { return []string{c.OrderID.String()} }), nil
}

// listRemarks reads the remarks passed on that a condition on r and o leaves, newest first.
func listRemarks(ctx context.Context, q dbx.Querier, where string, args []any, req page.Request) (page.Page[OrderRemark], error) {
	last, err := afterCursor(req)
	if err != nil {
		return page.Page[OrderRemark]{}, err
	}
	if last.IsZero() {
		for i := range last {
			last[i] = 0xff
		}
	}
	var rows []remarkRow
	err = q.Select(ctx, &rows, `SELECT r.id, o.number, r.category, r.text, r.at
		FROM work_order_remark r JOIN work_order o ON o.id = r.order_id WHERE `+where+` AND r.passed_on = 1 AND r.id < ? ORDER BY r.id DESC LIMIT ?`,
		append(args, last, req.Size()+1)...)
	if err != nil {
		return page.Page[OrderRemark]{}, err
	}
	cut := page.Cut(rows, req.Size(), func(r remarkRow) []string { return []string{r.ID.String()} })
	out := page.Page[OrderRemark]{Items: make([]OrderRemark, len(cut.Items)), Next: cut.Next}
	for i, r := range cut.Items {
		out.Items[i] = r.open()
	}
	return out, nil
}

// remarksPassedOn reads what was passed on to an organisation, without the words.
func remarksPassedOn(ctx context.Context, q dbx.Querier, org id.ID) ([]remarkRow, error) {
	var rows []remarkRow
	err := q.Select(ctx, &rows, `SELECT id, category, at, rater_key FROM work_order_remark WHERE handler_org_id = ? AND passed_on = 1 ORDER BY id`, org)
	return rows, err
}

// remarkTexts reads the words of some remarks.
func remarkTexts(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []textRow
	err := q.Select(ctx, &rows, `SELECT id, text FROM work_order_remark WHERE `+in("id", len(ids)), anys(ids)...)
	for _, r := range rows {
		out[r.ID] = r.Text
	}
	return out, err
}

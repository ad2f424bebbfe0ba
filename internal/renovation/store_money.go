package renovation

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const lineColumns = `id, renovation_id, item_id, source, payer, planned_fen, approved_fen, received_fen, paid_fen, returned_fen, allocation_round, allocated_fen, created_at`

func insertLine(ctx context.Context, tx *dbx.Tx, l Line) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_funding (`+lineColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		l.ID, l.ProjectID, l.ItemID, l.Source, l.Payer, l.PlannedFen, l.ApprovedFen, l.ReceivedFen, l.PaidFen, l.ReturnedFen, l.Round, l.AllocatedFen, l.CreatedAt)
	return err
}

// updateLine writes the balance of a line and its last division.
func updateLine(ctx context.Context, tx *dbx.Tx, l Line) error {
	return tx.ExecOne(ctx, `UPDATE renovation_funding SET planned_fen = ?, approved_fen = ?, received_fen = ?, paid_fen = ?, returned_fen = ?, allocation_round = ?, allocated_fen = ? WHERE id = ?`,
		l.PlannedFen, l.ApprovedFen, l.ReceivedFen, l.PaidFen, l.ReturnedFen, l.Round, l.AllocatedFen, l.ID)
}

func linesOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Line, error) {
	out := []Line{}
	err := q.Select(ctx, &out, `SELECT `+lineColumns+` FROM renovation_funding WHERE renovation_id = ? ORDER BY id`, project)
	for i := range out {
		out[i].NeedsDividing = !out[i].divided()
	}
	return out, err
}

// lineByID reads a line of a project; the fault not_found.
func lineByID(ctx context.Context, q dbx.Querier, project, line id.ID) (Line, error) {
	var l Line
	err := q.Get(ctx, &l, `SELECT `+lineColumns+` FROM renovation_funding WHERE id = ? AND renovation_id = ?`, line, project)
	return l, found(err)
}

const entryColumns = `id, funding_id, kind, fen, on_date, reference, item_id, reverses_id, note, at, person_id, org_id`

func insertEntry(ctx context.Context, tx *dbx.Tx, project id.ID, e Entry) error {
	standing := &e.Reference // what stands in the books; a reversal does not
	if e.Reverses != nil {
		standing = nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO renovation_entry (renovation_id, standing_reference, `+entryColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		project, standing, e.ID, e.FundingID, e.Kind, e.Fen, e.On, e.Reference, e.ItemID, e.Reverses, e.Note, e.At, e.PersonID, e.OrgID)
	switch {
	case dbx.IsDuplicate(err) && e.Reverses != nil:
		return fault.New(fault.Conflict, "renovation.reversed").Because(err)
	case dbx.IsDuplicate(err):
		return referenceTaken().Because(err)
	}
	return err
}

func referenceTaken() *fault.Fault {
	return fault.New(fault.Conflict, "renovation.reference_taken").At("body.reference", "renovation.reference_taken")
}

// freeReference lets the document of a reversed entry be entered again, as it should have been.
func freeReference(ctx context.Context, tx *dbx.Tx, entry id.ID) error {
	return tx.ExecOne(ctx, `UPDATE renovation_entry SET standing_reference = NULL WHERE id = ?`, entry)
}

// fundReceived tells whether a drawing of the maintenance fund stands in the books of a project, by whichever of its lines.
func fundReceived(ctx context.Context, q dbx.Querier, project id.ID, reference string) (bool, error) {
	var n int
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM renovation_entry e JOIN renovation_funding f ON f.id = e.funding_id
		WHERE e.renovation_id = ? AND e.kind = 'received' AND e.standing_reference = ? AND f.source = ?`, project, reference, FromFund)
	return n > 0, err
}

// entryByID reads an entry of a line; the fault not_found.
func entryByID(ctx context.Context, q dbx.Querier, line, entry id.ID) (Entry, error) {
	var e Entry
	err := q.Get(ctx, &e, `SELECT `+entryColumns+` FROM renovation_entry WHERE id = ? AND funding_id = ?`, entry, line)
	return e, found(err)
}

// entries lists the entries of a project, the newest first.
func entries(ctx context.Context, q dbx.Querier, project id.ID, before *id.ID, limit int) ([]Entry, error) {
	query, args := `SELECT `+entryColumns+` FROM renovation_entry WHERE renovation_id = ?`, []any{project}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Entry
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

// paidFor is what was paid of an item so far.
func paidFor(ctx context.Context, q dbx.Querier, item id.ID) (fen int64, err error) {
	err = q.Get(ctx, &fen, `SELECT COALESCE(SUM(fen), 0) FROM renovation_entry WHERE item_id = ? AND kind = 'paid'`, item)
	return fen, err
}

// paidByItem is what was paid of each item of a project.
func paidByItem(ctx context.Context, q dbx.Querier, project id.ID) (map[id.ID]int64, error) {
	var rows []struct {
		Item id.ID `db:"item_id"`
		Fen  int64 `db:"fen"`
	}
	err := q.Select(ctx, &rows, `SELECT item_id, SUM(fen) AS fen FROM renovation_entry WHERE renovation_id = ? AND kind = 'paid' AND item_id IS NOT NULL GROUP BY item_id`, project)
	out := make(map[id.ID]int64, len(rows))
	for _, r := range rows {
		out[r.Item] = r.Fen
	}
	return out, err
}

// insertShares keeps what falls on each unit of a subject's amount.
func insertShares(ctx context.Context, tx *dbx.Tx, subject id.ID, round int64, shares []Share) error {
	rows := make([][]any, len(shares))
	for i, s := range shares {
		rows[i] = []any{subject, round, s.UnitID, s.Order, s.Place, s.Area, s.Fen}
	}
	return tx.InsertMany(ctx, `INSERT INTO renovation_share (subject_id, round, unit_id, order_no, place, area_m2x100, fen)`, rows)
}

// shares lists what falls on the units of a subject's amount in the order of their addresses, or on some units alone.
func shares(ctx context.Context, q dbx.Querier, subject id.ID, round int64, only []id.ID, after int64, limit int) ([]Share, error) {
	query, args := `SELECT unit_id, order_no, place, area_m2x100, fen FROM renovation_share WHERE subject_id = ? AND round = ? AND order_no > ?`, []any{subject, round, after}
	if only != nil {
		query += ` AND unit_id IN (` + marks(len(only)) + `)`
		for _, u := range only {
			args = append(args, u)
		}
	}
	var out []Share
	err := q.Select(ctx, &out, query+` ORDER BY order_no LIMIT ?`, append(args, limit)...)
	return out, err
}

// drawn is what the maintenance fund paid out for the requests of a project under a reference; 0 where it did not.
func drawn(ctx context.Context, q dbx.Querier, project id.ID, reference string) (fen int64, err error) {
	err = q.Get(ctx, &fen, `SELECT COALESCE(SUM(settled_fen), 0) FROM fund_request WHERE renovation_id = ? AND state = 'drawn' AND draw_reference = ?`, project, reference)
	return fen, err
}

// insertRemark keeps what somebody said about a project or a request.
func insertRemark(ctx context.Context, tx *dbx.Tx, subject id.ID, r Remark) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_remark (id, subject_id, person_id, words, at, answer) VALUES (?,?,?,?,?,'')`, r.ID, subject, r.PersonID, r.Words, r.At)
	return err
}

const remarkColumns = `id, person_id, words, at, answer, answered_at, answered_org`

// remarksOf lists what was said about a subject, the newest first: all, or what is answered and what one person said.
func remarksOf(ctx context.Context, q dbx.Querier, subject id.ID, reader *id.ID, before *id.ID, limit int) ([]Remark, error) {
	query, args := `SELECT `+remarkColumns+` FROM renovation_remark WHERE subject_id = ?`, []any{subject}
	if reader != nil {
		query, args = query+` AND (answered_at IS NOT NULL OR person_id = ?)`, append(args, *reader)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []Remark
	err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return out, err
}

// answerRemark answers what was said, once: renovation.answered (Conflict) where somebody did.
func answerRemark(ctx context.Context, tx *dbx.Tx, subject id.ID, r Remark, by *id.ID) error {
	err := tx.ExecOne(ctx, `UPDATE renovation_remark SET answer = ?, answered_at = ?, answered_by = ?, answered_org = ? WHERE id = ? AND subject_id = ? AND answered_at IS NULL`,
		r.Answer, r.AnsweredAt, by, r.AnsweredOrg, r.ID, subject)
	if !errors.Is(err, dbx.ErrNoMatch) {
		return err
	}
	var n int
	if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM renovation_remark WHERE id = ? AND subject_id = ?`, r.ID, subject); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	return fault.New(fault.Conflict, "renovation.answered")
}

// openRemarks counts what waits for an answer: of everybody, or of one person.
func openRemarks(ctx context.Context, q dbx.Querier, subject id.ID, person *id.ID) (n int64, err error) {
	query, args := `SELECT COUNT(*) FROM renovation_remark WHERE subject_id = ? AND answered_at IS NULL`, []any{subject}
	if person != nil {
		query, args = query+` AND person_id = ?`, append(args, *person)
	}
	err = q.Get(ctx, &n, query, args...)
	return n, err
}

// remarkAuthor is who said something; nobody after their erasure.
func remarkAuthor(ctx context.Context, q dbx.Querier, remark id.ID) (*id.ID, error) {
	var row struct {
		Person *id.ID `db:"person_id"`
	}
	err := q.Get(ctx, &row, `SELECT person_id FROM renovation_remark WHERE id = ?`, remark)
	return row.Person, found(err)
}

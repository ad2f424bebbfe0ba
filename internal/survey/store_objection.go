package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// holdScored keeps a scored round in the revision that was read for this transaction, so that its leaves and its objections
// are numbered one after the other; dbx.ErrNoMatch when the score was revised meanwhile.
func holdScored(ctx context.Context, tx *dbx.Tx, r Round) error {
	return tx.ExecOne(ctx, `UPDATE survey_round SET changed_at = changed_at WHERE id = ? AND revision = ? AND state IN ('scored', 'published', 'revised')`, r.ID, r.Revision)
}

const objectionColumns = `id, round_id, number, service_area_id, scope_path, revision, by_kind, party_id, state, content, joined, begun_by, begun_role, begun_at,
	filed_at, decide_until, decided_at, decided_by, decided_role, reasons, version`

// insertObjection is a duplicate when the party has objected to this revision already.
func insertObjection(ctx context.Context, tx *dbx.Tx, o Objection) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_objection (`+objectionColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		o.ID, o.RoundID, o.Number, o.ServiceAreaID, o.ScopePath, o.Revision, o.By, o.PartyID, o.State, o.Content, o.Joined, o.BegunBy, o.BegunRole, o.BegunAt,
		o.FiledAt, o.DecideUntil, o.DecidedAt, o.DecidedBy, o.DecidedRole, o.Reasons, o.Version)
	return err
}

// objectionByID reads an objection of a round; the fault not_found.
func objectionByID(ctx context.Context, q dbx.Querier, round, which id.ID) (Objection, error) {
	var o Objection
	err := q.Get(ctx, &o, `SELECT `+objectionColumns+` FROM survey_objection WHERE id = ? AND round_id = ?`, which, round)
	if dbx.IsNoRow(err) {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}

func objectionsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Objection, error) {
	var out []Objection
	err := q.Select(ctx, &out, `SELECT `+objectionColumns+` FROM survey_objection WHERE round_id = ? ORDER BY id`, round)
	return out, err
}

// joinObjection counts a household while they are gathering; dbx.ErrNoMatch afterwards.
func joinObjection(ctx context.Context, tx *dbx.Tx, objection id.ID) error {
	return tx.ExecOne(ctx, `UPDATE survey_objection SET joined = joined + 1, version = version + 1 WHERE id = ? AND state = 'gathering'`, objection)
}

// insertHome is a duplicate when the dwelling has joined already.
func insertHome(ctx context.Context, tx *dbx.Tx, objection, dwelling, person id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_objection_home (objection_id, dwelling_id, person_id, joined_at) VALUES (?,?,?,?)`, objection, dwelling, person, at)
	return err
}

// nextObjection is the number that the next filed objection of a round gets.
func nextObjection(ctx context.Context, q dbx.Querier, round id.ID) (int64, error) {
	var no int64
	err := q.Get(ctx, &no, `SELECT COALESCE(MAX(number), 0) + 1 FROM survey_objection WHERE round_id = ?`, round)
	return no, err
}

func fileObjection(ctx context.Context, tx *dbx.Tx, o Objection) error {
	return tx.ExecOne(ctx, `UPDATE survey_objection SET state = 'filed', number = ?, filed_at = ?, decide_until = ? WHERE id = ? AND state = 'gathering'`,
		o.Number, o.FiledAt, o.DecideUntil, o.ID)
}

// endObjection writes a decision or a withdrawal in the version that was read; dbx.ErrNoMatch when somebody was faster.
func endObjection(ctx context.Context, tx *dbx.Tx, o Objection) error {
	return tx.ExecOne(ctx, `UPDATE survey_objection SET state = ?, decided_at = ?, decided_by = ?, decided_role = ?, reasons = ?, version = version + 1
		WHERE id = ? AND version = ? AND state = 'filed'`, o.State, o.DecidedAt, o.DecidedBy, o.DecidedRole, o.Reasons, o.ID, o.Version)
}

// involvedIn tells whether a person has had a hand in a round: wrote its questionnaire, took one of its steps, objected or joined an
// objection. A natural person is meant, in whatever post.
func involvedIn(ctx context.Context, q dbx.Querier, r Round, person id.ID) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT (SELECT COUNT(*) FROM survey_event WHERE round_id = ? AND person_id = ?)
		+ (SELECT COUNT(*) FROM survey_form WHERE id = ? AND person_id = ?)
		+ (SELECT COUNT(*) FROM survey_objection WHERE round_id = ? AND begun_by = ?)
		+ (SELECT COUNT(*) FROM survey_objection_home h JOIN survey_objection o ON o.id = h.objection_id WHERE o.round_id = ? AND h.person_id = ?)`,
		r.ID, person, r.FormID, person, r.ID, person, r.ID, person)
	return n > 0, err
}

// leaveObjection counts a household less while they are gathering; dbx.ErrNoMatch afterwards.
func leaveObjection(ctx context.Context, tx *dbx.Tx, objection id.ID) error {
	return tx.ExecOne(ctx, `UPDATE survey_objection SET joined = joined - 1, version = version + 1 WHERE id = ? AND state = 'gathering' AND joined > 0`, objection)
}

// deleteHome takes a dwelling out; dbx.ErrNoMatch when it has not joined.
func deleteHome(ctx context.Context, tx *dbx.Tx, objection, dwelling id.ID) error {
	return tx.ExecOne(ctx, `DELETE FROM survey_objection_home WHERE objection_id = ? AND dwelling_id = ?`, objection, dwelling)
}

// deleteObjection forgets an objection that was never filed and that nobody is left in.
func deleteObjection(ctx context.Context, tx *dbx.Tx, objection id.ID) error {
	return tx.ExecOne(ctx, `DELETE FROM survey_objection WHERE id = ? AND state = 'gathering' AND joined = 0`, objection)
}

// objectionsWith lists the objections of households that a person began or joined.
func objectionsWith(ctx context.Context, q dbx.Querier, person id.ID) ([]ExportedObjection, error) {
	out := []ExportedObjection{}
	err := q.Select(ctx, &out, `SELECT r.title, p.name, o.state, CASE WHEN o.begun_by = ? THEN 1 ELSE 0 END AS began, o.content, COALESCE(d.label, '') AS label, h.joined_at
		FROM survey_objection o JOIN survey_round r ON r.id = o.round_id JOIN survey_project p ON p.round_id = o.round_id AND p.service_area_id = o.service_area_id
		LEFT JOIN survey_objection_home h ON h.objection_id = o.id AND h.person_id = ? LEFT JOIN survey_dwelling d ON d.id = h.dwelling_id
		WHERE o.by_kind = 'households' AND (o.begun_by = ? OR h.person_id IS NOT NULL) ORDER BY o.id, h.joined_at`, person, person, person)
	return out, err
}

// objectionsBegunBy lists the objections of households that a person wrote.
func objectionsBegunBy(ctx context.Context, q dbx.Querier, person id.ID) ([]Objection, error) {
	var out []Objection
	err := q.Select(ctx, &out, `SELECT `+objectionColumns+` FROM survey_objection WHERE by_kind = 'households' AND begun_by = ?`, person)
	return out, err
}

// forgetBeginner cuts the tie between an objection and who wrote it.
func forgetBeginner(ctx context.Context, tx *dbx.Tx, objection id.ID, content string) error {
	return tx.ExecOne(ctx, `UPDATE survey_objection SET begun_by = ?, content = ? WHERE id = ?`, id.Nil, content, objection)
}

// forgetJoined cuts the ties between a person and the dwellings they spoke for.
func forgetJoined(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE survey_objection_home SET person_id = ? WHERE person_id = ?`, id.Nil, person)
	return err
}

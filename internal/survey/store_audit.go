package survey

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// unexamined lists rounds whose newest score the program has not examined.
func unexamined(ctx context.Context, q dbx.Querier, limit int) ([]Round, error) {
	var out []Round
	err := q.Select(ctx, &out, `SELECT `+roundColumns+` FROM survey_round WHERE state IN ('scored', 'published', 'revised')
		AND NOT EXISTS (SELECT 1 FROM survey_examination e WHERE e.round_id = survey_round.id AND e.revision = survey_round.revision - 1) ORDER BY id LIMIT ?`, limit)
	return out, err
}

// insertExamination is a duplicate when the revision was examined already.
func insertExamination(ctx context.Context, tx *dbx.Tx, e Examination) error {
	body, err := json.Marshal(e.Report)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO survey_examination (round_id, revision, recomputed, raised, flags, method, rule_hash, seed, made_at) VALUES (?,?,?,?,?,?,?,?,?)`,
		e.RoundID, e.Revision, e.Recomputed, len(e.Report.Raised()), string(body), e.Report.Version, e.RuleHash, e.Seed, e.MadeAt)
	return err
}

// examinationOf reads what was found of a revision; the fault survey.not_examined.
func examinationOf(ctx context.Context, q dbx.Querier, round id.ID, revision int64) (Examination, error) {
	var row struct {
		Recomputed bool          `db:"recomputed"`
		Flags      string        `db:"flags"`
		RuleHash   rules.Hash    `db:"rule_hash"`
		Seed       ballot.Hash   `db:"seed"`
		MadeAt     clock.Instant `db:"made_at"`
	}
	err := q.Get(ctx, &row, `SELECT recomputed, flags, rule_hash, seed, made_at FROM survey_examination WHERE round_id = ? AND revision = ?`, round, revision)
	if dbx.IsNoRow(err) {
		return Examination{}, fault.New(fault.Conflict, "survey.not_examined")
	}
	if err != nil {
		return Examination{}, err
	}
	out := Examination{RoundID: round, Revision: revision, Recomputed: row.Recomputed, RuleHash: row.RuleHash, Seed: row.Seed, MadeAt: row.MadeAt}
	return out, json.Unmarshal([]byte(row.Flags), &out.Report)
}

// Waiting is a round in the queue of audits.
type Waiting struct {
	RoundID    id.ID          `db:"id" json:"roundId"`
	Title      string         `db:"title" json:"title"`
	State      State          `db:"state" json:"state" enum:"scored,published,revised"`
	Revision   int64          `db:"card" json:"revision" doc:"Of its newest score"`
	Recomputed bool           `db:"recomputed" json:"recomputed"`
	Raised     int64          `db:"raised" json:"raised" doc:"Flags that are raised"`
	Objections int64          `db:"objections" json:"objections" doc:"Filed and undecided, or upheld"`
	Audits     int64          `db:"audits" json:"audits" doc:"Audits under way: 0 or 1"`
	Risk       int64          `db:"risk" json:"risk" doc:"1000 where the score does not recompute, 20 for each objection, 10 for each raised flag"`
	Quiet      bool           `db:"quiet" json:"quiet" doc:"It may be signed off with others on one page"`
	ClosedAt   *clock.Instant `db:"closed_at" json:"closedAt"`
}

// auditQueue lists the examined rounds of one's area whose newest score nobody has audited or signed off, by risk.
func auditQueue(ctx context.Context, q dbx.Querier, p authz.Principal, grants []authz.Grant, limit int) ([]Waiting, error) {
	where, args := authz.Where(p, grants, authz.Columns{Path: "r.scope_path"})
	out := []Waiting{}
	err := q.Select(ctx, &out, `SELECT w.id, w.title, w.state, w.card, w.recomputed, w.raised, w.objections, w.audits, w.closed_at,
			CASE WHEN w.recomputed = 0 THEN 1000 ELSE 0 END + 20 * w.objections + 10 * w.raised AS risk,
			CASE WHEN w.recomputed = 1 AND w.raised = 0 AND w.objections = 0 AND w.audits = 0 AND w.gathering = 0 THEN 1 ELSE 0 END AS quiet
		FROM (SELECT r.id, r.title, r.state, r.revision - 1 AS card, r.closed_at, e.recomputed, e.raised,
				(SELECT COUNT(*) FROM survey_objection o WHERE o.round_id = r.id AND o.revision = r.revision - 1 AND o.state IN ('filed', 'upheld')) AS objections,
				(SELECT COUNT(*) FROM survey_objection o WHERE o.round_id = r.id AND o.revision = r.revision - 1 AND o.state = 'gathering') AS gathering,
				(SELECT COUNT(*) FROM survey_audit a WHERE a.round_id = r.id AND a.state IN ('open', 'concluded')) AS audits
			FROM survey_round r JOIN survey_examination e ON e.round_id = r.id AND e.revision = r.revision - 1
			WHERE r.state IN ('scored', 'published', 'revised') AND (`+where+`)
				AND NOT EXISTS (SELECT 1 FROM survey_audit d WHERE d.round_id = r.id AND d.revision = r.revision - 1 AND d.state IN ('decided', 'signed_off'))) w
		ORDER BY risk DESC, w.closed_at, w.id LIMIT ?`, append(args, limit)...)
	return out, err
}

const auditColumns = `id, round_id, number, revision, scope_path, state, reason, opened_by, opened_role, opened_at, proposal, finding, concluded_by, concluded_at,
	outcome, reasons, reason_salt, decided_by, decided_role, decided_at, version`

// insertAudit is a duplicate while another one of the round waits for its decision.
func insertAudit(ctx context.Context, tx *dbx.Tx, a Audit) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_audit (`+auditColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		a.ID, a.RoundID, a.Number, a.Revision, a.ScopePath, a.State, a.Reason, a.OpenedBy, a.OpenedRole, a.OpenedAt, a.Proposal, a.Finding, a.ConcludedBy, a.ConcludedAt,
		a.Outcome, a.Reasons, a.ReasonSalt, a.DecidedBy, a.DecidedRole, a.DecidedAt, a.Version)
	return err
}

// auditByID reads an audit of a round; the fault not_found.
func auditByID(ctx context.Context, q dbx.Querier, round, which id.ID) (Audit, error) {
	var a Audit
	err := q.Get(ctx, &a, `SELECT `+auditColumns+` FROM survey_audit WHERE id = ? AND round_id = ?`, which, round)
	if dbx.IsNoRow(err) {
		return a, fault.New(fault.NotFound, "not_found")
	}
	return a, err
}

func auditsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Audit, error) {
	out := []Audit{}
	err := q.Select(ctx, &out, `SELECT `+auditColumns+` FROM survey_audit WHERE round_id = ? ORDER BY number`, round)
	return out, err
}

func nextAudit(ctx context.Context, q dbx.Querier, round id.ID) (int64, error) {
	var no int64
	err := q.Get(ctx, &no, `SELECT COALESCE(MAX(number), 0) + 1 FROM survey_audit WHERE round_id = ?`, round)
	return no, err
}

// updateAudit writes a step of an audit in the version and state that were read; dbx.ErrNoMatch when somebody was faster.
func updateAudit(ctx context.Context, tx *dbx.Tx, a Audit, from AuditState) error {
	return tx.ExecOne(ctx, `UPDATE survey_audit SET state = ?, proposal = ?, finding = ?, concluded_by = ?, concluded_at = ?, outcome = ?, reasons = ?, reason_salt = ?,
		decided_by = ?, decided_role = ?, decided_at = ?, version = version + 1 WHERE id = ? AND version = ? AND state = ?`,
		a.State, a.Proposal, a.Finding, a.ConcludedBy, a.ConcludedAt, a.Outcome, a.Reasons, a.ReasonSalt, a.DecidedBy, a.DecidedRole, a.DecidedAt, a.ID, a.Version, from)
}

const exclusionColumns = `id, round_id, number, audit_id, attribute, value, excluded, reason, reason_salt, proposed_by, proposed_role, proposed_at, first, confirmed_by,
	confirmed_role, confirmed_at, second, from_revision`

// insertExclusion is a duplicate when the audit has the same one already.
func insertExclusion(ctx context.Context, tx *dbx.Tx, e Exclusion) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_exclusion (`+exclusionColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		e.ID, e.RoundID, e.Number, e.AuditID, e.By, e.Value, e.Count, e.Reason, e.ReasonSalt, e.ProposedBy, e.ProposedRole, e.ProposedAt, e.First, e.ConfirmedBy,
		e.ConfirmedRole, e.ConfirmedAt, e.Second, e.FromRevision)
	return err
}

func exclusionsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Exclusion, error) {
	out := []Exclusion{}
	err := q.Select(ctx, &out, `SELECT `+exclusionColumns+` FROM survey_exclusion WHERE round_id = ? ORDER BY number`, round)
	return out, err
}

// exclusionsAt lists what a revision of a score leaves out.
func exclusionsAt(ctx context.Context, q dbx.Querier, round id.ID, revision int64) ([]Exclusion, error) {
	var out []Exclusion
	err := q.Select(ctx, &out, `SELECT `+exclusionColumns+` FROM survey_exclusion WHERE round_id = ? AND from_revision <= ? ORDER BY number`, round, revision)
	return out, err
}

func nextExclusion(ctx context.Context, q dbx.Querier, round id.ID) (int64, error) {
	var no int64
	err := q.Get(ctx, &no, `SELECT COALESCE(MAX(number), 0) + 1 FROM survey_exclusion WHERE round_id = ?`, round)
	return no, err
}

// confirmExclusion is dbx.ErrNoMatch when it was confirmed already.
func confirmExclusion(ctx context.Context, tx *dbx.Tx, e Exclusion) error {
	return tx.ExecOne(ctx, `UPDATE survey_exclusion SET confirmed_by = ?, confirmed_role = ?, confirmed_at = ?, second = ? WHERE id = ? AND confirmed_at IS NULL AND proposed_by <> ?`,
		e.ConfirmedBy, e.ConfirmedRole, e.ConfirmedAt, e.Second, e.ID, e.ConfirmedBy)
}

// enforceExclusion makes a confirmed exclusion part of a revision; one that nobody confirmed never is.
func enforceExclusion(ctx context.Context, tx *dbx.Tx, which id.ID, count, revision int64) error {
	return tx.ExecOne(ctx, `UPDATE survey_exclusion SET from_revision = ?, excluded = ? WHERE id = ? AND confirmed_at IS NOT NULL AND from_revision IS NULL`, revision, count, which)
}

// touchAudit counts a change of what belongs to an open audit; dbx.ErrNoMatch when it is not open in that version.
func touchAudit(ctx context.Context, tx *dbx.Tx, a Audit) error {
	return tx.ExecOne(ctx, `UPDATE survey_audit SET version = version + 1 WHERE id = ? AND version = ? AND state = 'open'`, a.ID, a.Version)
}

// drawnHome is a dwelling that drew a ballot.
type drawnHome struct {
	ID     id.ID       `db:"id"`
	Secret ballot.Hash `db:"secret"`
}

func drawnHomes(ctx context.Context, q dbx.Querier, round id.ID) ([]drawnHome, error) {
	var out []drawnHome
	err := q.Select(ctx, &out, `SELECT d.id, d.secret FROM survey_dwelling d JOIN survey_draw w ON w.dwelling_id = d.id WHERE d.round_id = ? ORDER BY d.id`, round)
	return out, err
}

func insertRecontacts(ctx context.Context, tx *dbx.Tx, round id.ID, dwellings []id.ID) error {
	rows := make([][]any, len(dwellings))
	for i, d := range dwellings {
		rows[i] = []any{round, d, "", nil, "", nil, 1}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_recontact (round_id, dwelling_id, answer, entered_by, entered_role, entered_at, version)`, rows)
}

func recontactsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Recontact, error) {
	out := []Recontact{}
	err := q.Select(ctx, &out, `SELECT c.round_id, c.dwelling_id, d.label, d.service_area_id, c.answer, c.entered_at, c.missed_at, c.version
		FROM survey_recontact c JOIN survey_dwelling d ON d.id = c.dwelling_id WHERE c.round_id = ? ORDER BY c.dwelling_id`, round)
	return out, err
}

// answerRecontact writes an answer once: an entered one is not written over.
func answerRecontact(ctx context.Context, tx *dbx.Tx, round, dwelling id.ID, answer string, actor authz.Actor, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE survey_recontact SET answer = ?, entered_by = ?, entered_role = ?, entered_at = ?,
		missed_at = CASE WHEN ? = 'not_reached' THEN COALESCE(missed_at, ?) ELSE missed_at END, version = version + 1
		WHERE round_id = ? AND dwelling_id = ? AND answer IN ('', 'not_reached')`, answer, actor.Person.Ptr(), string(actor.Role), at, answer, at, round, dwelling)
}

// authored tells whether a natural person planned or held a round.
func authored(ctx context.Context, q dbx.Querier, r Round, person id.ID) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT (SELECT COUNT(*) FROM survey_event WHERE round_id = ? AND person_id = ? AND kind IN ('create', 'edit', 'freeze', 'publish'))
		+ (SELECT COUNT(*) FROM survey_form WHERE id = ? AND person_id = ?)`, r.ID, person, r.FormID, person)
	return n > 0, err
}

// closingLeaf is the leaf that ended a round's casting.
func closingLeaf(ctx context.Context, q dbx.Querier, round id.ID) (ballot.Hash, error) {
	var h ballot.Hash
	err := q.Get(ctx, &h, `SELECT leaf FROM survey_leaf WHERE round_id = ? AND kind = ?`, round, ballot.KindOf(ballot.Closed{}))
	return h, err
}

type drawnOn struct {
	Stratum id.ID      `db:"stratum_id"`
	Day     clock.Date `db:"drawn_on"`
	N       int64      `db:"n"`
}

func drawnByDay(ctx context.Context, q dbx.Querier, round id.ID) ([]drawnOn, error) {
	var out []drawnOn
	err := q.Select(ctx, &out, `SELECT stratum_id, drawn_on, COUNT(*) AS n FROM survey_draw WHERE round_id = ? GROUP BY stratum_id, drawn_on`, round)
	return out, err
}

// contestedStill counts what a settlement of a service area waits for: audits under way, filed objections to this revision, and upheld
// ones since which no audit was decided.
func contestedStill(ctx context.Context, q dbx.Querier, round, serviceArea id.ID, revision int64) (int64, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT (SELECT COUNT(*) FROM survey_audit WHERE round_id = ? AND state IN ('open', 'concluded'))
		+ (SELECT COUNT(*) FROM survey_objection WHERE round_id = ? AND service_area_id = ? AND revision = ? AND state = 'filed')
		+ (SELECT COUNT(*) FROM survey_objection o WHERE o.round_id = ? AND o.service_area_id = ? AND o.revision = ? AND o.state = 'upheld'
			AND NOT EXISTS (SELECT 1 FROM survey_audit a WHERE a.round_id = o.round_id AND a.state = 'decided' AND a.decided_at >= o.decided_at))`,
		round, round, serviceArea, revision, round, serviceArea, revision)
	return n, err
}

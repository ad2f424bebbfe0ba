package renovation

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const milestoneColumns = `id, renovation_id, item_id, title, planned_on, forecast_on, actual_on, warned, warn_on, created_at`

func insertMilestone(ctx context.Context, tx *dbx.Tx, m Milestone) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_milestone (`+milestoneColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		m.ID, m.ProjectID, m.ItemID, m.Title, m.PlannedOn, m.ForecastOn, m.ActualOn, m.Warned, m.WarnOn, m.CreatedAt)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "renovation.milestone_taken").Because(err)
	}
	return err
}

// updateMilestone moves a milestone that was not reached yet; dbx.ErrNoMatch otherwise.
func updateMilestone(ctx context.Context, tx *dbx.Tx, m Milestone) error {
	return tx.ExecOne(ctx, `UPDATE renovation_milestone SET forecast_on = ?, actual_on = ?, warned = ?, warn_on = ? WHERE id = ? AND actual_on IS NULL`, m.ForecastOn, m.ActualOn, m.Warned, m.WarnOn, m.ID)
}

func milestoneByID(ctx context.Context, q dbx.Querier, milestone id.ID) (Milestone, error) {
	var m Milestone
	err := q.Get(ctx, &m, `SELECT `+milestoneColumns+` FROM renovation_milestone WHERE id = ?`, milestone)
	return m, found(err)
}

// milestonesOf lists the milestones of a project by their planned day, with their delays.
func milestonesOf(ctx context.Context, q dbx.Querier, project id.ID, today clock.Date) ([]Milestone, error) {
	out := []Milestone{}
	if err := q.Select(ctx, &out, `SELECT `+milestoneColumns+` FROM renovation_milestone WHERE renovation_id = ? ORDER BY planned_on, id`, project); err != nil {
		return nil, err
	}
	var delays []Delay
	err := q.Select(ctx, &delays, `SELECT milestone_id, from_on, to_on, reason, words, at FROM renovation_delay WHERE renovation_id = ? ORDER BY id`, project)
	for i := range out {
		out[i].Delays, out[i].DaysLate = []Delay{}, out[i].late(today)
		for _, d := range delays {
			if d.MilestoneID == out[i].ID {
				out[i].Delays = append(out[i].Delays, d)
			}
		}
	}
	return out, err
}

// dueMilestones lists milestones that are to be warned about.
func dueMilestones(ctx context.Context, q dbx.Querier, today clock.Date, limit int) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT id FROM renovation_milestone WHERE warn_on <= ? ORDER BY warn_on, id LIMIT ?`, today, limit)
	return out, err
}

// warn marks a milestone as warned about, from the word and the day that were read; dbx.ErrNoMatch when somebody was faster: another
// warning, a delay, or that it was reached.
func warn(ctx context.Context, tx *dbx.Tx, m Milestone, was string) error {
	return tx.ExecOne(ctx, `UPDATE renovation_milestone SET warned = ?, warn_on = ? WHERE id = ? AND warned = ? AND forecast_on = ? AND actual_on IS NULL`, m.Warned, m.WarnOn, m.ID, was, m.ForecastOn)
}

func insertDelay(ctx context.Context, tx *dbx.Tx, project id.ID, d Delay, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_delay (id, renovation_id, milestone_id, from_on, to_on, reason, words, at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		id.New(), project, d.MilestoneID, d.FromOn, d.ToOn, d.Reason, d.Words, d.At, person, org)
	return err
}

// putProgress keeps a measurement and brings the item to it; renovation.quantity (Invalid) beyond what is planned.
func putProgress(ctx context.Context, tx *dbx.Tx, project id.ID, p Progress, person, org *id.ID) error {
	err := tx.ExecOne(ctx, `UPDATE renovation_item SET done_quantity = ? WHERE id = ? AND state = 'planned' AND accepted_on IS NULL AND quantity >= ?`, p.Quantity, p.ItemID, p.Quantity)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.InvalidField("body.quantity", "renovation.quantity")
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO renovation_progress (id, renovation_id, item_id, measured_on, quantity, note, at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?)`,
		id.New(), project, p.ItemID, p.MeasuredOn, p.Quantity, p.Note, p.At, person, org)
	return err
}

// progressOf lists the measurements of a project, the newest first.
func progressOf(ctx context.Context, q dbx.Querier, project id.ID, limit int) ([]Progress, error) {
	out := []Progress{}
	err := q.Select(ctx, &out, `SELECT item_id, measured_on, quantity, note, at FROM renovation_progress WHERE renovation_id = ? ORDER BY id DESC LIMIT ?`, project, limit)
	return out, err
}

func insertFinding(ctx context.Context, tx *dbx.Tx, project id.ID, f Finding, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_finding (id, renovation_id, item_id, kind, title, words, order_id, order_number, at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		f.ID, project, f.ItemID, f.Kind, f.Title, f.Words, f.Order, f.Number, f.At, person, org)
	return err
}

func findingsOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Finding, error) {
	out := []Finding{}
	err := q.Select(ctx, &out, `SELECT id, item_id, kind, title, words, order_id, order_number, at FROM renovation_finding WHERE renovation_id = ? ORDER BY id DESC`, project)
	return out, err
}

const supervisorColumns = `id, person_id, state, volunteered_at, confirmed_at, ended_at`

func insertSupervisor(ctx context.Context, tx *dbx.Tx, project id.ID, s Supervisor) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_supervisor (id, renovation_id, person_id, state, volunteered_at, end_reason) VALUES (?,?,?,?,?,'')`, s.ID, project, s.PersonID, s.State, s.VolunteeredAt)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "renovation.volunteered").Because(err)
	}
	return err
}

// supervisorsOf lists who volunteered for a project and has not ended it.
func supervisorsOf(ctx context.Context, q dbx.Querier, project id.ID) ([]Supervisor, error) {
	out := []Supervisor{}
	err := q.Select(ctx, &out, `SELECT `+supervisorColumns+` FROM renovation_supervisor WHERE renovation_id = ? AND ended_at IS NULL ORDER BY volunteered_at, id`, project)
	return out, err
}

func supervisorByID(ctx context.Context, q dbx.Querier, project, which id.ID) (Supervisor, error) {
	var s Supervisor
	err := q.Get(ctx, &s, `SELECT `+supervisorColumns+` FROM renovation_supervisor WHERE id = ? AND renovation_id = ?`, which, project)
	return s, found(err)
}

// confirmSupervisor takes a volunteer; dbx.ErrNoMatch where there is none.
func confirmSupervisor(ctx context.Context, tx *dbx.Tx, which id.ID, at clock.Instant, person, org *id.ID) error {
	return tx.ExecOne(ctx, `UPDATE renovation_supervisor SET state = 'confirmed', confirmed_at = ?, confirmed_by = ?, confirmed_org = ? WHERE id = ? AND state = 'volunteered'`, at, person, org, which)
}

// endSupervisor ends it; dbx.ErrNoMatch where it is over.
func endSupervisor(ctx context.Context, tx *dbx.Tx, which id.ID, at clock.Instant, reason string) error {
	return tx.ExecOne(ctx, `UPDATE renovation_supervisor SET state = 'ended', ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL`, at, reason, which)
}

func insertDiary(ctx context.Context, tx *dbx.Tx, project id.ID, d DiaryEntry, person *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_diary (id, renovation_id, on_date, words, at, person_id, org_id) VALUES (?,?,?,?,?,?,?)`, d.ID, project, d.On, d.Words, d.At, person, d.OrgID)
	return err
}

// diaryOf lists the site's diary, the newest entry first.
func diaryOf(ctx context.Context, q dbx.Querier, project id.ID, before *id.ID, limit int) ([]DiaryEntry, error) {
	query, args := `SELECT id, on_date, words, at, org_id FROM renovation_diary WHERE renovation_id = ?`, []any{project}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	var out []DiaryEntry
	if err := q.Select(ctx, &out, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Photos = []blob.Hash{}
		if err := q.Select(ctx, &out[i].Photos, `SELECT hash FROM renovation_document WHERE subject_id = ? AND kind = 'photo' ORDER BY added_at, hash`, out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// diaryIn tells whether an entry is a project's; not_found.
func diaryIn(ctx context.Context, q dbx.Querier, project, entry id.ID) error {
	var n int
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM renovation_diary WHERE id = ? AND renovation_id = ?`, entry, project)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	return err
}

// photo is a picture of an entry of the diary as it is kept.
type photo struct {
	Hash      blob.Hash `db:"hash"`
	MediaType string    `db:"media_type"`
	Size      int64     `db:"size_bytes"`
	Thumb     blob.Hash `db:"thumb_hash"`
	ThumbType string    `db:"thumb_type"`
}

func insertPhoto(ctx context.Context, tx *dbx.Tx, entry id.ID, p photo, at clock.Instant, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO renovation_document (id, subject_id, kind, hash, name, media_type, size_bytes, thumb_hash, thumb_type, added_at, person_id, org_id) VALUES (?,?,'photo',?,'',?,?,?,?,?,?,?)`,
		id.New(), entry, p.Hash, p.MediaType, p.Size, p.Thumb, p.ThumbType, at, person, org)
	if dbx.IsDuplicate(err) {
		return nil // the same picture again
	}
	return err
}

func countPhotos(ctx context.Context, q dbx.Querier, entry id.ID) (n int, err error) {
	err = q.Get(ctx, &n, `SELECT COUNT(*) FROM renovation_document WHERE subject_id = ? AND kind = 'photo'`, entry)
	return n, err
}

func photoIn(ctx context.Context, q dbx.Querier, entry id.ID, h blob.Hash) (photo, error) {
	var p photo
	err := q.Get(ctx, &p, `SELECT hash, media_type, size_bytes, thumb_hash, thumb_type FROM renovation_document WHERE subject_id = ? AND kind = 'photo' AND hash = ?`, entry, h)
	return p, found(err)
}

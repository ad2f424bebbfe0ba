package contract

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// ruled is a period of the law, the locality or the contract, with its sources.
type ruled struct {
	calendar.Rule
	clause *string
	person *id.ID
}

// rule finds the period that holds for a contract: its own clause, else the locality's; false where none is
// stated.
func (s *Service) rule(ctx context.Context, q dbx.Querier, c Contract, param rules.Param) (ruled, bool, error) {
	place, err := s.Places.ServiceArea(ctx, q, c.ServiceAreaID)
	if err != nil {
		return ruled{}, false, err
	}
	law, stated := s.locality(place).Period(param)
	own, varied, err := period(ctx, q, c.ID, param)
	if err != nil {
		return ruled{}, false, err
	}
	if varied {
		return ruled{own.rule(law.Before), &own.Clause, own.Person}, true, nil
	}
	return ruled{Rule: law.Rule()}, stated, nil
}

// to applies the period to a deadline.
func (r ruled) to(d Deadline) Deadline {
	d.Count, d.Unit, d.Back, d.Basis, d.Clause, d.OverridePers = r.Count, r.Unit, r.Before, r.Basis, r.clause, r.person
	return d
}

// deadline is a new one of a contract; what is derived is filled in by plan.
func (c Contract) deadline(subject id.ID, kind DeadlineKind, base clock.Date) Deadline {
	return Deadline{SubjectID: subject, ContractID: &c.ID, ServiceAreaID: c.ServiceAreaID, ScopePath: c.ScopePath, CompanyID: &c.CompanyID, Kind: kind, BaseOn: base}
}

// plan derives the day and stores the deadline.
func (s *Service) plan(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	d.ID, d.State, d.CreatedAt, d.Version = id.New(), DueOpen, s.now(), 1
	d.RuleHash, d.CalendarHash = s.Rules.Hash(rules.Localities), s.Rules.Hash(rules.Holidays)
	if err := d.compute(s.Rules.Calendar); err != nil {
		return err
	}
	d.wait("")
	return insertDeadline(ctx, tx, d)
}

// planRule plans a deadline by a period, where there is one.
func (s *Service) planRule(ctx context.Context, tx *dbx.Tx, c Contract, subject id.ID, kind DeadlineKind, param rules.Param, base clock.Date) error {
	r, ok, err := s.rule(ctx, tx, c, param)
	if err != nil || !ok {
		return err
	}
	return s.plan(ctx, tx, r.to(c.deadline(subject, kind, base)))
}

// planFiling begins the time for filing, where the locality has one.
func (s *Service) planFiling(ctx context.Context, tx *dbx.Tx, m *move) error {
	return s.planRule(ctx, tx, m.next, m.now.ID, DueFiling, rules.ContractFiling, *m.next.SignedOn)
}

// planTerm plans what the end of the term asks for.
func (s *Service) planTerm(ctx context.Context, tx *dbx.Tx, m *move) error {
	c := m.next
	if c.Kind == EarlyStage {
		if err := s.planRule(ctx, tx, c, c.ID, DueEarlyMax, rules.EarlyStageMax, *c.InForceOn); err != nil {
			return err
		}
	}
	if c.EndsOn == nil {
		return nil
	}
	place, err := s.Places.ServiceArea(ctx, tx, c.ServiceAreaID)
	if err != nil {
		return err
	}
	for _, d := range prompts(s.locality(place).RenewalPrompts, *c.EndsOn, m.today) {
		full := c.deadline(c.ID, d.Kind, d.BaseOn)
		full.Count, full.Unit, full.Back, full.Basis = d.Count, d.Unit, d.Back, d.Basis
		if err := s.plan(ctx, tx, full); err != nil {
			return err
		}
	}
	if *c.EndsOn < m.today {
		return nil
	}
	return s.planRule(ctx, tx, c, c.ID, DueNonRenewal, rules.ProviderUnwillingNotice, *c.EndsOn)
}

// settle closes one deadline of a subject as done, a missed one too; none is no error.
func (s *Service) settle(ctx context.Context, tx *dbx.Tx, subject id.ID, kind DeadlineKind, on clock.Date) error {
	d, ok, err := deadlineOf(ctx, tx, subject, kind)
	if err != nil || !ok || (d.State != DueOpen && d.State != DueMissed) {
		return err
	}
	return s.close(ctx, tx, d, DueDone, on)
}

func (s *Service) close(ctx context.Context, tx *dbx.Tx, d Deadline, to DeadlineState, on clock.Date) error {
	d.State, d.SettledOn, d.NextStage, d.NextOn = to, &on, nil, nil
	return raced(updateDeadline(ctx, tx, d))
}

// settleAll closes the deadlines of a contract but those kept: the open ones become to, a missed one stays
// on record as missed but is spoken of no more.
func (s *Service) settleAll(ctx context.Context, tx *dbx.Tx, c Contract, to DeadlineState, on clock.Date, keep []DeadlineKind) error {
	list, err := openDeadlines(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, d := range list {
		if slices.Contains(keep, d.Kind) || d.State == DueMissed {
			continue
		}
		if err := s.close(ctx, tx, d, to, on); err != nil {
			return err
		}
	}
	return nil
}

// wordTold is the payload of the topic contract.deadline_due.
type wordTold struct {
	Deadline    id.ID        `json:"deadline"`
	Contract    *id.ID       `json:"contract,omitempty"`
	ServiceArea id.ID        `json:"serviceArea"`
	Company     *id.ID       `json:"company,omitempty"`
	Kind        DeadlineKind `json:"kind"`
	Stage       Stage        `json:"stage"`
	DueOn       clock.Date   `json:"dueOn"`
	ActBy       clock.Date   `json:"actBy"`
	Provisional bool         `json:"provisional"`
}

// batch is how many deadlines one round of the job looks at.
const batch = 100

// Reminders is the leased job that tells of deadlines: contract.deadline_due once per deadline and stage,
// whatever crashes in between. It marks what was missed, and computes provisional days again when another
// holiday calendar is in use. It changes no contract: an expired one waits for a person's record (R1.8).
func (s *Service) Reminders(ctx context.Context, l job.Lease) (busy bool, err error) {
	again, err := leaningOn(ctx, s.DB, s.Rules.Hash(rules.Holidays), batch)
	if err != nil {
		return false, err
	}
	for _, d := range again {
		if err := s.each(ctx, l, d, s.recompute); err != nil {
			return false, err
		}
	}
	due, err := dueForWord(ctx, s.DB, s.today(), batch)
	if err != nil {
		return false, err
	}
	for _, d := range due {
		if err := s.each(ctx, l, d, s.tell); err != nil {
			return false, err
		}
	}
	return len(again) == batch || len(due) == batch, nil
}

// ReminderJob is Reminders as the runner takes it.
func (s *Service) ReminderJob() job.Job {
	return job.Job{Name: "contract-reminders", Every: time.Minute, Do: s.Reminders}
}

// each handles one deadline in a transaction of the lease's holder. A deadline that somebody settled in the
// same moment is left alone.
func (s *Service) each(ctx context.Context, l job.Lease, which id.ID, do func(context.Context, *dbx.Tx, Deadline) error) error {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		d, err := deadlineByID(ctx, tx, which)
		if err != nil {
			return err
		}
		return do(ctx, tx, d)
	})
	if errors.Is(err, dbx.ErrNoMatch) {
		return nil
	}
	return err
}

// tell sends the word of the stage that was reached, and waits for the next one.
func (s *Service) tell(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	stage, ok := d.reached(s.today())
	if !ok {
		return nil
	}
	if d.wait(stage.stage); d.NextStage == nil && !d.Kind.duty() && d.Kind != DueNotice {
		d.State, d.SettledOn = DueDone, &stage.on
	}
	if stage.stage == StageMissed {
		d.State = DueMissed
	}
	if err := updateDeadline(ctx, tx, d); err != nil {
		return err
	}
	err := insertReminder(ctx, tx, d.ID, stage, s.now())
	if dbx.IsDuplicate(err) { // told before the day was moved by a new calendar
		return nil
	}
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, s.now(), "contract.deadline_due", d.ID,
		wordTold{d.ID, d.ContractID, d.ServiceAreaID, d.CompanyID, d.Kind, stage.stage, d.DueOn, d.ActBy, d.Provisional})
}

// recompute derives the day anew from the rule and base that were stored, by the calendar in use.
func (s *Service) recompute(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	if d.State != DueOpen {
		return nil
	}
	d.CalendarHash = s.Rules.Hash(rules.Holidays)
	return s.derive(ctx, tx, d)
}

// derive computes an open deadline again and keeps the stage it waits for.
func (s *Service) derive(ctx context.Context, tx *dbx.Tx, d Deadline) error {
	if err := d.compute(s.Rules.Calendar); err != nil {
		return err
	}
	if d.NextStage != nil {
		all := d.stages()
		if i := slices.IndexFunc(all, func(st staged) bool { return st.stage == *d.NextStage }); i >= 0 {
			d.NextOn = &all[i].on
		}
	}
	return updateDeadline(ctx, tx, d)
}

// moved are the periods that a clause found later may vary, with the open deadline that it moves.
var moved = map[rules.Param]DeadlineKind{rules.Handover: DueHandover, rules.ProviderUnwillingNotice: DueNonRenewal}

// SetPeriod records, by the street office, a clause of a contract that varies a period of the law; deadlines
// that rest on it move. Faults: those of Terms about periods.
func (s *Service) SetPeriod(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Period) (Contract, error) {
	return s.take(ctx, p, which, StepPeriod, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		in, err := s.cleanPeriod(ctx, tx, m.now, in)
		if err != nil {
			return err
		}
		m.note("param", in.Param)
		m.note("count", in.Count)
		m.note("unit", in.Unit)
		if err := putPeriod(ctx, tx, which, in, m.actor.Person.Ptr(), m.at); err != nil {
			return err
		}
		kind, moves := moved[in.Param]
		if !moves {
			return nil
		}
		d, ok, err := deadlineOf(ctx, tx, which, kind)
		if err != nil || !ok || d.State != DueOpen {
			return err
		}
		r, _, err := s.rule(ctx, tx, m.now, in.Param)
		if err != nil {
			return err
		}
		d = r.to(d)
		d.RuleHash, d.CalendarHash = s.Rules.Hash(rules.Localities), s.Rules.Hash(rules.Holidays)
		return raced(s.derive(ctx, tx, d))
	})
}

func (s *Service) cleanPeriod(ctx context.Context, q dbx.Querier, c Contract, in Period) (Period, error) {
	place, err := s.Places.ServiceArea(ctx, q, c.ServiceAreaID)
	if err != nil {
		return in, err
	}
	var bad fault.Collect
	in.check(&bad, "body", s.locality(place))
	if err := bad.Err(); err != nil {
		return in, err
	}
	in.Clause, err = text.Line("body.clause", in.Clause, 1, 200)
	return in, err
}

// Deadlines lists the deadlines of the contracts and arrangements that p may see, by day.
func (s *Service) Deadlines(ctx context.Context, p authz.Principal, f DeadlineFilter, req page.Request) (page.Page[Deadline], error) {
	grants, err := authz.Holds(p, authz.ContractRead)
	if err != nil {
		return page.Page[Deadline]{}, err
	}
	after, err := page.Decode(req.Cursor, 2)
	if err != nil {
		return page.Page[Deadline]{}, err
	}
	last := id.Nil
	if after != nil {
		if last, err = id.Parse(after[1]); err != nil {
			return page.Page[Deadline]{}, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	rows, err := deadlines(ctx, s.DB, f, both(p, grants, authz.Columns{Path: "scope_path", Org: "company_org_id"}), after, last, req.Size()+1)
	if err != nil {
		return page.Page[Deadline]{}, err
	}
	return page.Cut(rows, req.Size(), func(d Deadline) []string { return []string{string(d.DueOn), d.ID.String()} }), nil
}

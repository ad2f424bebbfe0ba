package renovation

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// Volunteer offers oneself as a resident supervisor. Who has a post in the contractor, in who looks after the place or in the office that
// carries it out cannot: renovation.involved (Forbidden). Once at a time: renovation.volunteered (Conflict).
func (s *Service) Volunteer(ctx context.Context, p authz.Principal, which id.ID, how Taken) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationSupervise, StepVolunteer, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := s.neutral(ctx, tx, m, m.actor.Person, "renovation.involved"); err != nil {
			return err
		}
		m.keeps = true
		v := Supervisor{ID: id.New(), PersonID: m.actor.Person.Ptr(), State: Volunteered, VolunteeredAt: m.at}
		m.note("supervisor", v.ID)
		return insertSupervisor(ctx, tx, which, v)
	})
}

// neutral refuses a person who works for those whose work is looked after, with a code (Forbidden).
func (s *Service) neutral(ctx context.Context, tx *dbx.Tx, m *move, person id.ID, code string) error {
	orgs, err := s.handlers(ctx, tx, m.now.ScopePath)
	if err != nil {
		return err
	}
	builders, err := buildersOf(ctx, tx, m.now)
	if err != nil {
		return err
	}
	orgs = append(orgs, builders...)
	if m.now.SponsorID != nil {
		orgs = append(orgs, *m.now.SponsorID)
	}
	for _, org := range orgs {
		staff, err := s.Orgs.Staff(ctx, tx, org, m.at)
		if err != nil {
			return err
		}
		if slices.Contains(staff, person) {
			return fault.New(fault.Forbidden, code)
		}
	}
	return nil
}

// ConfirmSupervisor takes a volunteer, by the owners' side or the community: one who still works for none of those whose work is looked
// after. Faults: renovation.not_volunteer (Conflict); renovation.own_supervisor, renovation.supervisor_involved (Forbidden).
func (s *Service) ConfirmSupervisor(ctx context.Context, p authz.Principal, which, supervisor id.ID, how Taken) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationConsent, StepConfirm, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		v, err := supervisorByID(ctx, tx, which, supervisor)
		if err != nil {
			return err
		}
		if v.PersonID != nil && *v.PersonID == m.actor.Person {
			return fault.New(fault.Forbidden, "renovation.own_supervisor")
		}
		if v.PersonID != nil {
			if err := s.neutral(ctx, tx, m, *v.PersonID, "renovation.supervisor_involved"); err != nil {
				return err
			}
		}
		m.keeps = true
		m.note("supervisor", supervisor)
		err = confirmSupervisor(ctx, tx, supervisor, m.at, m.actor.Person.Ptr(), m.actor.Org.Ptr())
		if errors.Is(err, dbx.ErrNoMatch) {
			err = fault.New(fault.Conflict, "renovation.not_volunteer")
		}
		return err
	})
}

// EndSupervisor ends a supervisor's office: oneself at any time, the owners' side with a reason.
func (s *Service) EndSupervisor(ctx context.Context, p authz.Principal, which, supervisor id.ID, how Taken, reason string) (Project, error) {
	v, err := supervisorByID(ctx, s.DB, which, supervisor)
	if err != nil {
		return Project{}, err
	}
	perm := authz.RenovationConsent
	if v.PersonID != nil && *v.PersonID == p.Person {
		perm = authz.RenovationSupervise
	}
	return s.take(ctx, p, which, perm, StepDismiss, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		reason, err := text.Line("body.reason", reason, 2, 200)
		if err != nil {
			return err
		}
		m.keeps = true
		m.note("supervisor", supervisor)
		m.because(reason)
		err = endSupervisor(ctx, tx, supervisor, m.at, reason)
		if errors.Is(err, dbx.ErrNoMatch) {
			err = fault.New(fault.Conflict, "renovation.not_volunteer")
		}
		return err
	})
}

// NewMilestone is a day by which something is to be reached.
type NewMilestone struct {
	Title     string     `json:"title" minLength:"2" maxLength:"100"`
	PlannedOn clock.Date `json:"plannedOn"`
	ItemID    *id.ID     `json:"itemId,omitempty"`
}

// mostMilestones bounds a project's time-line.
const mostMilestones = 100

// AddMilestone plans a milestone. Faults: renovation.milestones_full, renovation.milestone_taken (Conflict).
func (s *Service) AddMilestone(ctx context.Context, p authz.Principal, which id.ID, how Taken, in NewMilestone) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepMilestone, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		title, err := text.Line("body.title", in.Title, 2, 100)
		if err != nil {
			return err
		}
		if !realDay(in.PlannedOn) {
			return fault.InvalidField("body.plannedOn", "renovation.days")
		}
		if in.ItemID != nil {
			if _, err := plannedItem(ctx, tx, which, *in.ItemID); err != nil {
				return err
			}
		}
		have, err := milestonesOf(ctx, tx, which, m.today)
		if err != nil {
			return err
		}
		if len(have) >= mostMilestones {
			return fault.New(fault.Conflict, "renovation.milestones_full", "most", mostMilestones)
		}
		ms := Milestone{ID: id.New(), ProjectID: which, ItemID: in.ItemID, Title: title, PlannedOn: in.PlannedOn, ForecastOn: in.PlannedOn, CreatedAt: m.at}
		ms.wait(s.Rules.Renovation.WarningDays)
		m.keeps = true
		m.note("milestone", ms.ID)
		m.note("plannedOn", ms.PlannedOn)
		return insertMilestone(ctx, tx, ms)
	})
}

// milestone changes a milestone of a project that is not reached yet: renovation.milestone_reached (Conflict).
func (s *Service) milestone(ctx context.Context, tx *dbx.Tx, m *move, milestone id.ID, change func(*Milestone) error) error {
	ms, err := milestoneByID(ctx, tx, milestone)
	if err == nil && ms.ProjectID != m.now.ID {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return err
	}
	if err := change(&ms); err != nil {
		return err
	}
	ms.wait(s.Rules.Renovation.WarningDays)
	m.keeps = true
	m.note("milestone", ms.ID)
	err = updateMilestone(ctx, tx, ms)
	if errors.Is(err, dbx.ErrNoMatch) {
		err = fault.New(fault.Conflict, "renovation.milestone_reached")
	}
	return err
}

// ReachMilestone records the day on which a milestone was reached.
func (s *Service) ReachMilestone(ctx context.Context, p authz.Principal, which, milestone id.ID, how Taken, on clock.Date) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationWork, StepReach, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if !realDay(on) || on > m.today {
			return fault.InvalidField("body.on", "renovation.future")
		}
		m.note("on", on)
		return s.milestone(ctx, tx, m, milestone, func(ms *Milestone) error {
			ms.ActualOn = &on
			return nil
		})
	})
}

// NewDelay is a later day for a milestone.
type NewDelay struct {
	ToOn   clock.Date `json:"toOn" doc:"The day on which it is expected now, later than before"`
	Reason Reason     `json:"reason" enum:"weather,material,funding,residents,design,utilities,labour,findings,other"`
	Words  string     `json:"words,omitempty" maxLength:"1000" doc:"Residents read it; asked for where the reason is other"`
}

// DelayMilestone moves the expected day of a milestone with its reason; the planned day stays. Faults: renovation.not_later (Invalid).
func (s *Service) DelayMilestone(ctx context.Context, p authz.Principal, which, milestone id.ID, how Taken, in NewDelay) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationWork, StepDelay, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		least := 0
		if in.Reason == ForOther {
			least = 5
		}
		words, err := text.Paragraph("body.words", in.Words, least, 1000)
		if err != nil {
			return err
		}
		d := Delay{MilestoneID: milestone, ToOn: in.ToOn, Reason: in.Reason, Words: words, At: m.at}
		err = s.milestone(ctx, tx, m, milestone, func(ms *Milestone) error {
			if least := max(ms.ForecastOn, m.today.AddDays(-1)); !realDay(in.ToOn) || in.ToOn <= least { // nothing is expected on a day that has passed
				return fault.InvalidField("body.toOn", "renovation.not_later", "date", string(least))
			}
			d.FromOn, ms.ForecastOn, ms.Warned = ms.ForecastOn, in.ToOn, ""
			return nil
		})
		if err != nil {
			return err
		}
		m.note("toOn", in.ToOn)
		m.note("reason", in.Reason)
		m.tell("renovation.delayed", map[string]any{"kind": in.Reason, "dueOn": in.ToOn})
		return insertDelay(ctx, tx, which, d, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
}

// Measurement is what is built of an item so far.
type Measurement struct {
	Quantity int64      `json:"quantity" minimum:"0" maximum:"100000000000" doc:"All of it so far, in hundredths of the item's unit"`
	On       clock.Date `json:"on"`
	Note     string     `json:"note,omitempty" maxLength:"1000" doc:"Asked for where it is less than before"`
}

// Measure records how much of an item is built. Nothing is built of an item that the owners have not decided on as it is:
// renovation.consent_missing (Conflict). Faults (Invalid): renovation.quantity, renovation.future,
// renovation.less.
func (s *Service) Measure(ctx context.Context, p authz.Principal, which, item id.ID, how Taken, in Measurement) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationWork, StepMeasure, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		it, err := plannedItem(ctx, tx, which, item)
		if err != nil {
			return err
		}
		f, err := s.facts(ctx, tx, m.now)
		if err != nil {
			return err
		}
		if !f.stands(it) {
			return fault.New(fault.Conflict, "renovation.consent_missing", "key", it.Key, "title", it.Title)
		}
		if !realDay(in.On) || in.On > m.today {
			return fault.InvalidField("body.on", "renovation.future")
		}
		if in.Quantity < 0 {
			return fault.InvalidField("body.quantity", "renovation.quantity")
		}
		note, err := text.Paragraph("body.note", in.Note, 0, 1000)
		if err != nil {
			return err
		}
		if note == "" && in.Quantity < it.DoneQuantity {
			return fault.InvalidField("body.note", "renovation.less")
		}
		m.keeps = true
		m.note("item", item)
		m.note("quantity", in.Quantity)
		if in.Quantity < it.DoneQuantity { // who signed did so for all of it
			if err := voidSignatures(ctx, tx, item, m.at); err != nil {
				return err
			}
		}
		return putProgress(ctx, tx, which, Progress{ItemID: item, MeasuredOn: in.On, Quantity: in.Quantity, Note: note, At: m.at}, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
}

// NewFinding is what was found on a site.
type NewFinding struct {
	Kind   FindingKind `json:"kind" enum:"safety,quality,defect"`
	Title  string      `json:"title" minLength:"2" maxLength:"100"`
	Words  string      `json:"words,omitempty" maxLength:"2000"`
	ItemID *id.ID      `json:"itemId,omitempty"`
}

// Find records what was found and makes a work order to the contractor of it, by an office, the owners' side or a resident supervisor; any
// other resident speaks by a remark: renovation.not_supervisor (Forbidden). The fault renovation.no_contractor (Conflict) where nobody is there to mend it.
func (s *Service) Find(ctx context.Context, p authz.Principal, which id.ID, how Taken, in NewFinding) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationInspect, StepFind, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := s.mayInspect(ctx, tx, m); err != nil {
			return err
		}
		title, err := text.Line("body.title", in.Title, 2, 100)
		if err != nil {
			return err
		}
		words, err := text.Paragraph("body.words", in.Words, 0, 2000)
		if err != nil {
			return err
		}
		var it *Item
		if in.ItemID != nil {
			one, err := plannedItem(ctx, tx, which, *in.ItemID)
			if err != nil {
				return err
			}
			it = &one
		}
		m.keeps = true
		_, err = s.raise(ctx, tx, m, in.Kind, title, words, it)
		return err
	})
}

// mayInspect wants a resident to be a confirmed supervisor who still works for none of those whose work is looked after.
func (s *Service) mayInspect(ctx context.Context, tx *dbx.Tx, m *move) error {
	if authz.TieOf(m.actor.Role) != authz.ByHousehold {
		return nil
	}
	list, err := supervisorsOf(ctx, tx, m.now.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(v Supervisor) bool {
		return v.State == Confirmed && v.PersonID != nil && *v.PersonID == m.actor.Person
	}) {
		return fault.New(fault.Forbidden, "renovation.not_supervisor")
	}
	return s.neutral(ctx, tx, m, m.actor.Person, "renovation.involved")
}

// raise makes a finding with its work order.
func (s *Service) raise(ctx context.Context, tx *dbx.Tx, m *move, kind FindingKind, title, words string, it *Item) (Finding, error) {
	if m.now.ContractorID == nil {
		return Finding{}, fault.New(fault.Conflict, "renovation.no_contractor")
	}
	place, err := s.Places.Place(ctx, tx, m.now.AreaID)
	if err != nil {
		return Finding{}, err
	}
	f := Finding{ID: id.New(), Kind: kind, Title: cut(title, mostTitle), Words: words, At: m.at}
	area := place.ServiceAreas[0]
	if it != nil {
		f.ItemID = &it.ID
		for _, b := range place.Buildings {
			if len(it.Parts) > 0 && b.ID == it.Parts[0].BuildingID {
				area = b.ServiceAreaID
			}
		}
	}
	category := map[FindingKind]string{FoundSafety: s.Rules.Renovation.Findings.Safety, FoundQuality: s.Rules.Renovation.Findings.Quality, FoundDefect: s.Rules.Renovation.Findings.Defect}[kind]
	f.Order, f.Number, err = s.Orders.Raise(ctx, tx, m.actor, NewOrder{area, category, cut(m.now.Name+"："+title, mostTitle), words, *m.now.ContractorID}, m.at)
	if err != nil {
		return f, err
	}
	m.note("finding", f.ID)
	m.note("kind", kind)
	m.note("order", f.Order)
	return f, insertFinding(ctx, tx, m.now.ID, f, m.actor.Person.Ptr(), m.actor.Org.Ptr())
}

// mostTitle bounds the title of a finding and of its order, which are put together of names.
const mostTitle = 100

// cut shortens a title to a number of characters and shows that it did.
func cut(title string, most int) string {
	if r := []rune(title); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return title
}

// WriteDiary keeps what happened on the site on a day.
func (s *Service) WriteDiary(ctx context.Context, p authz.Principal, which id.ID, how Taken, on clock.Date, words string) (id.ID, error) {
	d := DiaryEntry{ID: id.New(), On: on}
	return s.made(ctx, p, which, authz.RenovationWork, StepDiary, how, d.ID, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		var err error
		if d.Words, err = text.Paragraph("body.words", words, 2, 2000); err != nil {
			return err
		}
		if !realDay(on) || on > m.today {
			return fault.InvalidField("body.on", "renovation.future")
		}
		d.At, d.OrgID = m.at, m.actor.Org.Ptr()
		m.keeps = true
		m.note("entry", d.ID)
		m.note("on", on)
		return insertDiary(ctx, tx, which, d, m.actor.Person.Ptr())
	})
}

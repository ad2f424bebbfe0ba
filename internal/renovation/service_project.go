package renovation

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Outline is what is said of a project by who proposes it.
type Outline struct {
	Name        string       `json:"name" minLength:"2" maxLength:"100"`
	Why         string       `json:"why" minLength:"5" maxLength:"4000" doc:"Why it is to be renovated"`
	Parts       []Part       `json:"parts" doc:"The buildings or entrances concerned; empty for the whole"`
	Inspections []Inspection `json:"inspections" doc:"What was found when the place was looked at"`
	EarnedValue bool         `json:"earnedValue,omitempty" doc:"Compute earned value, for large projects"`
}

// mostInspections bounds what is written down at the beginning.
const mostInspections = 200

func (o Outline) clean(place Place) (Outline, error) {
	var err error
	if o.Name, err = text.Line("body.name", o.Name, 2, 100); err != nil {
		return o, err
	}
	if o.Why, err = text.Paragraph("body.why", o.Why, 5, 4000); err != nil {
		return o, err
	}
	if o.Parts, err = place.cleanParts("body.parts", o.Parts); err != nil {
		return o, err
	}
	if len(o.Inspections) > mostInspections {
		return o, fault.InvalidField("body.inspections", "renovation.inspections", "most", mostInspections)
	}
	inspections := make([]Inspection, len(o.Inspections))
	for i, in := range o.Inspections {
		at := fmt.Sprintf("body.inspections[%d]", i)
		if in.Subject, err = text.Line(at+".subject", in.Subject, 1, 60); err != nil {
			return o, err
		}
		if in.Finding, err = text.Paragraph(at+".finding", in.Finding, 2, 500); err != nil {
			return o, err
		}
		inspections[i] = in
	}
	o.Inspections = inspections
	return o, nil
}

func (p Project) with(o Outline) Project {
	p.Name, p.Why, p.Parts, p.Inspections, p.EarnedValue = o.Name, o.Why, o.Parts, o.Inspections, o.EarnedValue
	return p
}

// Propose begins a project for an estate or a service area, by the street office or the community. Faults: input.invalid with
// renovation.part, renovation.no_service_area and those of the texts.
func (s *Service) Propose(ctx context.Context, p authz.Principal, once idem.Key, area id.ID, in Outline) (Project, error) {
	place, err := s.Places.Place(ctx, s.DB, area)
	if err != nil {
		return Project{}, err
	}
	actor, err := authz.Act(p, authz.RenovationManage, authz.Object{Path: place.Path, Open: true})
	if err != nil {
		return Project{}, err
	}
	if in, err = in.clean(place); err != nil {
		return Project{}, err
	}
	if len(place.ServiceAreas) == 0 { // nobody lives there yet who could be told of it
		return Project{}, fault.InvalidField("body.areaId", "renovation.no_service_area")
	}
	at := s.now()
	pr := Project{ID: id.New(), AreaID: area, ScopePath: place.Path, Division: place.Division, State: Proposed, SponsorID: actor.Org.Ptr(),
		RuleHash: s.Rules.Hash(rules.Renovation), CreatedAt: at, ChangedAt: at, Version: 1}.with(in)
	made := pr.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, pr.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := insertProject(ctx, tx, pr); err != nil {
			return err
		}
		m := &move{step: StepPropose, actor: actor}
		m.begin(pr, s)
		m.now.State = ""
		return s.records(ctx, tx, m)
	})
	if err != nil {
		return Project{}, err
	}
	return projectByID(ctx, s.DB, made)
}

// Edit changes the outline of a project before the works begin. Items keep their parts; a plan that reaches beyond the project's must
// be changed first: renovation.part.
func (s *Service) Edit(ctx context.Context, p authz.Principal, which id.ID, how Taken, in Outline) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepEdit, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		place, err := s.Places.Place(ctx, tx, m.now.AreaID)
		if err != nil {
			return err
		}
		in, err := in.clean(place)
		if err != nil {
			return err
		}
		f, err := s.facts(ctx, tx, m.now)
		if err != nil {
			return err
		}
		for _, it := range f.items {
			if !within(it.Parts, in.Parts) {
				return fault.InvalidField("body.parts", "renovation.part")
			}
		}
		m.next = m.next.with(in)
		if slices.Equal(m.now.Parts, in.Parts) {
			return nil
		}
		return undivide(ctx, tx, which, func(l Line) bool { return l.ItemID == nil })
	})
}

// Advance begins the next stage, to. Faults: renovation.step_illegal (Conflict) where another stage is next;
// renovation.conditions_missing (Conflict) names everything that the stage still lacks.
func (s *Service) Advance(ctx context.Context, p authz.Principal, which id.ID, how Taken, to State) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepAdvance, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		next, ok := m.now.State.next()
		if !ok || next != to {
			return fault.New(fault.Conflict, "renovation.other_stage", "next", string(next))
		}
		f, err := s.facts(ctx, tx, m.now)
		if err != nil {
			return err
		}
		if lack := missing(f, to); len(lack) > 0 {
			return fault.New(fault.Conflict, "renovation.conditions_missing", "stage", string(to), "missing", lack)
		}
		m.next.State = to
		switch to {
		case Warranty:
			until := clock.DateOf(m.today.Start().AddDate(0, s.Rules.Renovation.WarrantyMonths, 0))
			m.next.AcceptedOn, m.next.WarrantyUntil = &m.today, &until
			m.note("warrantyUntil", until)
		case Closed:
			m.next.ClosedOn = &m.today
		}
		m.tell("renovation.advanced", map[string]any{"stage": to})
		return nil
	})
}

// Withdraw ends a project before the works begin, with the reason that residents read. What was received is paid or returned first:
// renovation.books_open (Conflict), since nothing is entered afterwards.
func (s *Service) Withdraw(ctx context.Context, p authz.Principal, which id.ID, how Taken, reason string) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepWithdraw, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		reason, err := text.Paragraph("body.reason", reason, 5, 1000)
		if err != nil {
			return err
		}
		lines, err := linesOf(ctx, tx, which)
		if err != nil {
			return err
		}
		if !settled(lines) {
			return fault.New(fault.Conflict, "renovation.books_open")
		}
		m.because(reason)
		m.next.State, m.next.ClosedOn = Withdrawn, &m.today
		m.tell("renovation.advanced", map[string]any{"stage": Withdrawn})
		return nil
	})
}

// Attach stores a document and adds it to the project; one that is there already is not added again. Faults: those of the intake.
func (s *Service) Attach(ctx context.Context, p authz.Principal, which id.ID, how Taken, name string, r io.Reader) (Document, error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return Document{}, err
	}
	if err := authz.Require(p, authz.RenovationDocument, obj); err != nil {
		return Document{}, err
	}
	d, err := s.store(ctx, name, r)
	if err != nil {
		return Document{}, err
	}
	_, err = s.take(ctx, p, which, authz.RenovationDocument, StepAttach, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.keeps = true
		m.note("document", d.Hash)
		if _, known, err := document(ctx, tx, which, d.Hash); err != nil || known {
			return err
		}
		return insertDocument(ctx, tx, which, d, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
	return d, err
}

func (s *Service) store(ctx context.Context, name string, r io.Reader) (Document, error) {
	file, err := s.Intake.Document(ctx, r)
	if err != nil {
		return Document{}, err
	}
	if _, err := s.Files.Put(ctx, file.Bytes); err != nil {
		return Document{}, err
	}
	return Document{Hash: file.SHA256, Name: blob.FileName(name, file.MediaType), MediaType: file.MediaType, Size: int64(len(file.Bytes)), AddedAt: s.now()}, nil
}

// OpenDocument opens a document for somebody who works on the project: minutes may name people.
func (s *Service) OpenDocument(ctx context.Context, p authz.Principal, which id.ID, h blob.Hash) (Document, io.ReadCloser, error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return Document{}, nil, err
	}
	if err := authz.Require(p, authz.RenovationDocument, obj); err != nil {
		return Document{}, nil, err
	}
	d, ok, err := document(ctx, s.DB, which, h)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Document{}, nil, err
	}
	body, err := s.Files.Get(ctx, h)
	return d, body, err
}

// Purpose is what a survey of a project is for.
type Purpose string

// The purposes.
const (
	ForWishes     Purpose = "wishes"
	ForCompletion Purpose = "completion"
	ForYear       Purpose = "one_year"
)

// LinkSurvey says which survey round asks the residents of a project, or which meeting's record stands for it where there are too few
// dwellings for a survey. A round that is linked can be replaced until its stage has begun. Faults: input.invalid with renovation.round,
// renovation.round_phases, renovation.round_before, renovation.round_early, renovation.document, renovation.survey_possible; renovation.stage_begun (Conflict).
func (s *Service) LinkSurvey(ctx context.Context, p authz.Principal, which id.ID, how Taken, purpose Purpose, round *id.ID, record *blob.Hash) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationManage, StepSurvey, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if (round == nil) == (record == nil) {
			return fault.InvalidField("body.roundId", "renovation.round")
		}
		m.note("purpose", purpose)
		if record != nil {
			if err := s.meeting(ctx, tx, m, *record); err != nil {
				return err
			}
			if err := s.inTime(m.now, purpose, m.today); err != nil {
				return err
			}
			m.note("document", *record)
		} else {
			if err := s.fits(ctx, tx, m, purpose, *round); err != nil {
				return err
			}
			m.note("round", *round)
		}
		switch purpose {
		case ForWishes:
			m.next.WishesRound, m.next.WishesDocument = round, record
			if m.now.State.reached(Planning) {
				return fault.New(fault.Conflict, "renovation.stage_begun")
			}
		case ForCompletion:
			m.next.CompletionRound, m.next.CompletionDocument = round, record
		case ForYear:
			m.next.YearRound, m.next.YearDocument = round, record
		}
		return nil
	})
}

// meeting wants a document of the project, and too few dwellings for a survey.
func (s *Service) meeting(ctx context.Context, tx *dbx.Tx, m *move, record blob.Hash) error {
	units, err := s.Places.Units(ctx, tx, m.now.ScopePath)
	if err != nil {
		return err
	}
	concerned := int64(0)
	for _, u := range units {
		if holds(m.now.Parts, u) {
			concerned++
		}
	}
	if least := s.Rules.Surveys.Strata.MinDwellings; concerned >= least {
		return fault.InvalidField("body.document", "renovation.survey_possible", "least", least)
	}
	return s.attached(ctx, tx, m.now.ID, record)
}

// attached wants a document of the project: renovation.document (Invalid) otherwise.
func (s *Service) attached(ctx context.Context, q dbx.Querier, subject id.ID, h blob.Hash) error {
	_, ok, err := document(ctx, q, subject, h)
	if err == nil && !ok {
		return fault.InvalidField("body.document", "renovation.document")
	}
	return err
}

// fits wants a round of the right questionnaire, in the place of the project and in each of its phases concerned, not before its time.
func (s *Service) fits(ctx context.Context, q dbx.Querier, m *move, purpose Purpose, round id.ID) error {
	r, err := s.Surveys.Round(ctx, q, round)
	if fault.Is(err, "not_found") {
		return fault.InvalidField("body.roundId", "renovation.round")
	}
	if err != nil {
		return err
	}
	want := s.Rules.Renovation.Surveys.Results
	if purpose == ForWishes {
		want = s.Rules.Renovation.Surveys.Wishes
	}
	here := false
	for _, path := range r.Paths {
		here = here || strings.HasPrefix(path, m.now.ScopePath)
	}
	if r.Template != want || !here {
		return fault.InvalidField("body.roundId", "renovation.round")
	}
	place, err := s.Places.Place(ctx, q, m.now.AreaID)
	if err != nil {
		return err
	}
	for _, area := range place.concerned(m.now.Parts) {
		if !slices.Contains(r.Paths, place.pathOf(area)) {
			return fault.InvalidField("body.roundId", "renovation.round_phases")
		}
	}
	return s.inTime(m.now, purpose, r.OpenedOn)
}

// yearSurveyFrom is the first day on which the second survey of the result may open.
func (s *Service) yearSurveyFrom(accepted clock.Date) clock.Date {
	return clock.DateOf(accepted.Start().AddDate(0, s.Rules.Renovation.SecondSurveyMonths, 0))
}

// inTime wants the surveys of the result after the works: the second one a year later.
func (s *Service) inTime(p Project, purpose Purpose, opened clock.Date) error {
	if purpose == ForWishes {
		return nil
	}
	if p.AcceptedOn == nil {
		return fault.InvalidField("body.roundId", "renovation.round_before")
	}
	from := *p.AcceptedOn
	if purpose == ForYear {
		from = s.yearSurveyFrom(from)
	}
	if opened < from {
		return fault.InvalidField("body.roundId", "renovation.round_early", "date", string(from))
	}
	return nil
}

package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Export is what surveys hold about a person, for the person (PIPL 45). Of ballots there is nothing: a drawing belongs to a
// dwelling, and nothing leads from it to an answer.
type Export struct {
	Objections  []ExportedObjection  `json:"objections"`
	Interviewer []ExportedInterviews `json:"interviewer"`
	Paper       []ExportedPaper      `json:"paper"`
	Agreements  []ExportedAgreement  `json:"agreements"`
}

// ExportedInterviews is a round in which the person helps, or helped, households to answer.
type ExportedInterviews struct {
	Round        string         `json:"round" db:"title"`
	Number       int64          `json:"number" db:"no"`
	Organisation id.ID          `json:"organisationId" db:"org_id"`
	AppointedAt  clock.Instant  `json:"appointedAt" db:"appointed_at"`
	EndedAt      *clock.Instant `json:"endedAt,omitempty" db:"ended_at"`
}

// ExportedPaper is what stands under the person's name of the paper of a round. Sheets that two persons have entered are not among it:
// nothing but the audit trail tells who they were.
type ExportedPaper struct {
	Round      string `json:"round" db:"title"`
	Lots       int64  `json:"lotsOrdered" db:"lots"`
	Sheets     int64  `json:"sheetsWaiting" db:"sheets"` // keyed in, and not yet by a second person
	Agreements int64  `json:"agreementsRecorded" db:"agreements"`
}

// ExportedAgreement is a dwelling of the person that waits for an interviewer.
type ExportedAgreement struct {
	Round    string `json:"round" db:"title"`
	Dwelling string `json:"dwelling" db:"label"`
}

// ExportedObjection is an objection of households that the person began or joined.
type ExportedObjection struct {
	Round       string         `json:"round" db:"title"`
	ServiceArea string         `json:"serviceArea" db:"name"`
	State       ObjectionState `json:"state" db:"state"`
	Began       bool           `json:"began" db:"began"`
	Content     string         `json:"content,omitempty" db:"content"` // of one that the person began
	Dwelling    string         `json:"dwelling,omitempty" db:"label"`  // in whose name the person joined
	JoinedAt    *clock.Instant `json:"joinedAt,omitempty" db:"joined_at"`
}

// ExportPerson gathers what surveys hold about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (out Export, err error) {
	if out.Objections, err = objectionsWith(ctx, q, person); err != nil {
		return Export{}, err
	}
	for i := range out.Objections {
		if !out.Objections[i].Began {
			out.Objections[i].Content = ""
		}
	}
	if out.Interviewer, err = interviewsBy(ctx, q, person); err != nil {
		return Export{}, err
	}
	if out.Paper, err = paperOf(ctx, q, person); err != nil {
		return Export{}, err
	}
	units, err := s.Residents.Units(ctx, q, person, s.now())
	if err == nil {
		out.Agreements, err = agreementsIn(ctx, q, units)
	}
	return out, err
}

// ErasePerson cuts the ties between a person and the objections of households. That a dwelling joined stays counted, for others
// rely on it; which person spoke for it is gone, and names and numbers are taken out of what the person wrote. An interviewer's work ends;
// the number stays with the answers, and leads to nobody. What the person alone keyed in of paper is forgotten, and keyed in anew by two
// others. What the person's dwellings agreed to is taken back. It runs before the memberships of the person end.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	written, err := objectionsBegunBy(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, o := range written {
		if err := forgetBeginner(ctx, tx, o.ID, personal.Redact(o.Content)); err != nil {
			return err
		}
	}
	if err := forgetJoined(ctx, tx, person); err != nil {
		return err
	}
	return s.eraseFromPaper(ctx, tx, person)
}

func (s *Service) eraseFromPaper(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	units, err := s.Residents.Units(ctx, tx, person, s.now())
	if err != nil {
		return err
	}
	if err := withdrawIn(ctx, tx, units); err != nil {
		return err
	}
	rounds, err := interviewedIn(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, round := range rounds {
		if err := forgetInterviewer(ctx, tx, round, person, id.New(), s.now()); err != nil {
			return err
		}
	}
	return forgetClerk(ctx, tx, person)
}

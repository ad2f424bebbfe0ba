package membership

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// Export is what this package holds about a person, for the person (PIPL 45).
type Export struct {
	Memberships  []ExportedMember      `json:"memberships"`
	Applications []ExportedApplication `json:"applications"`
}

// ExportedMember is a membership of an Export.
type ExportedMember struct {
	Unit     id.ID          `json:"unitId"`
	Relation Relation       `json:"relation"`
	Via      Via            `json:"via"`
	State    State          `json:"state"`
	From     clock.Instant  `json:"from"`
	To       *clock.Instant `json:"to,omitempty"`
	Reason   Reason         `json:"endedReason,omitempty"`
}

// ExportedApplication is an application of an Export.
type ExportedApplication struct {
	Unit      id.ID            `json:"unitId"`
	Relation  Relation         `json:"relation"`
	Name      string           `json:"name"`
	Note      string           `json:"note"`
	State     ApplicationState `json:"state"`
	AppliedAt clock.Instant    `json:"appliedAt"`
	DecidedAt *clock.Instant   `json:"decidedAt,omitempty"`
	Reason    Reason           `json:"reason,omitempty"`
}

// ExportPerson gathers what this package holds about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (Export, error) {
	out := Export{Memberships: []ExportedMember{}, Applications: []ExportedApplication{}}
	members, err := membershipsOf(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	for _, m := range members {
		out.Memberships = append(out.Memberships, ExportedMember{m.Unit, m.Relation, m.Via, m.State, m.From, m.To, m.EndedReason})
	}
	asked, err := applicationsOf(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	for _, a := range asked {
		name, err := s.vault.Open(personal.ApplicationName, a.ID, a.NameSealed)
		if err != nil {
			return Export{}, err
		}
		note, err := s.vault.Open(personal.ApplicationNote, a.ID, a.NoteSealed)
		if err != nil {
			return Export{}, err
		}
		out.Applications = append(out.Applications, ExportedApplication{a.Unit, a.Relation, name, note, a.State, a.AppliedAt, a.DecidedAt, a.Reason})
	}
	return out, nil
}

// ErasePerson ends the person's memberships, withdraws their applications and clears what they wrote. That
// somebody was a member then stays, without anything that tells who.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	rows, err := membershipsOf(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.To != nil {
			continue
		}
		if err := s.endIn(ctx, tx, authz.Actor{Role: authz.RoleSystem}, m, ReasonErased); err != nil {
			return err
		}
	}
	return eraseApplications(ctx, tx, person, clock.Now(s.clock))
}

// Sweep clears what applicants wrote once the time of keeping it is over; that somebody applied and how it was decided stays.
func (s *Service) Sweep(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return clearDecided(ctx, tx, personal.Cutoff(personal.ApplicationName, s.clock.Now()))
	})
}

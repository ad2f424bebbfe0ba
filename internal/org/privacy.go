package org

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Export is what this package holds about a person, for the person (PIPL 45).
type Export struct {
	Name             string             `json:"name"`
	Phone            string             `json:"phone"`
	Posts            []ExportedPost     `json:"posts"`
	CrossAppointment []ExportedCross    `json:"crossAppointments"`
	Interests        []ExportedInterest `json:"interests"`
}

// ExportedPost is a post of an Export.
type ExportedPost struct {
	Organisation string         `json:"organisation"`
	Role         authz.Role     `json:"role"`
	Title        string         `json:"title"`
	From         clock.Instant  `json:"from"`
	Until        *clock.Instant `json:"until,omitempty"`
	To           *clock.Instant `json:"to,omitempty"`
	Reason       EndReason      `json:"endedReason,omitempty"`
}

// ExportedCross is a cross-appointment of an Export.
type ExportedCross struct {
	Home string         `json:"home"`
	Host string         `json:"host"`
	Kind CrossKind      `json:"kind"`
	From clock.Instant  `json:"from"`
	To   *clock.Instant `json:"to,omitempty"`
}

// ExportedInterest is a declared interest of an Export.
type ExportedInterest struct {
	Company string         `json:"company"`
	Holder  Holder         `json:"holder"`
	Nature  Nature         `json:"nature"`
	From    clock.Instant  `json:"from"`
	To      *clock.Instant `json:"to,omitempty"`
}

// ExportPerson gathers what this package holds about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (Export, error) {
	who, err := s.Person(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	out := Export{Name: who.Name, Phone: who.Phone, Posts: []ExportedPost{}, CrossAppointment: []ExportedCross{}, Interests: []ExportedInterest{}}
	names := orgNames{s: s, q: q, known: map[id.ID]string{}}
	posts, err := postsOf(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	for _, p := range posts {
		out.Posts = append(out.Posts, ExportedPost{names.of(ctx, p.Org), p.Role, p.Title, p.From, p.Until, p.To, p.EndedReason})
	}
	crosses, err := crossOf(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	for _, c := range crosses {
		out.CrossAppointment = append(out.CrossAppointment, ExportedCross{names.of(ctx, c.Home), names.of(ctx, c.Host), c.Kind, c.From, c.To})
	}
	interests, err := interestsOf(ctx, q, person)
	if err != nil {
		return Export{}, err
	}
	for _, i := range interests {
		out.Interests = append(out.Interests, ExportedInterest{names.of(ctx, i.Company), i.Holder, i.Nature, i.From, i.To})
	}
	return out, names.err
}

// orgNames looks up names of organisations once each and keeps the first error.
type orgNames struct {
	s     *Service
	q     dbx.Querier
	known map[id.ID]string
	err   error
}

func (n *orgNames) of(ctx context.Context, org id.ID) string {
	if name, ok := n.known[org]; ok || n.err != nil {
		return name
	}
	o, err := n.s.Organisation(ctx, n.q, org)
	n.known[org], n.err = o.Name, err
	return o.Name
}

// ErasePerson clears name, phone and their indexes, and keeps that somebody held which post when. Who
// holds a post is refused with org.posts_held (Conflict): a public function needs a name until it ends.
// Erasing again changes nothing. The fault not_found for an unknown person.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	now := clock.Now(s.clock)
	err := erasePerson(ctx, tx, person, now) // also the lock against an appointment at the same time
	if errors.Is(err, dbx.ErrNoMatch) {
		return notFound()
	}
	if err != nil {
		return err
	}
	posts, err := postsOf(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if p.To == nil {
			return fault.New(fault.Conflict, "org.posts_held")
		}
	}
	return endPersonal(ctx, tx, person, now)
}

package vote

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// DeveloperAuthority is the developer's paper for whoever casts its one ballot.
type DeveloperAuthority struct {
	Document blob.Hash // one of the vote's documents
	Unit     id.ID     // of the developer's: who is entered there is named in it
}

// AuthoriseDeveloper records the developer's authority, by the organiser, from the posting of the roll until the voting ends. It stands on the
// roll for every owner, and whoever is entered in the dwelling then casts the developer's one ballot; before it nobody does. A later paper
// takes the place of the one before, until the ballot is cast. Faults: input.invalid with vote.document, vote.developer_unit,
// vote.developer_nobody; vote.developer_voted.
func (s *Service) AuthoriseDeveloper(ctx context.Context, p authz.Principal, which id.ID, t Taken, in DeveloperAuthority) (Vote, error) {
	v, _, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	papers, err := documentsOf(ctx, s.DB, v.ID)
	if err != nil {
		return Vote{}, err
	}
	if !holds(papers, in.Document) {
		return Vote{}, fault.InvalidField("body.document", "vote.document")
	}
	head, persons, err := s.sentBy(ctx, v, in.Unit)
	if err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepDeveloper, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if b, err := ballotOf(ctx, tx, v.ID, head); err != nil || b != nil {
			return fault.Or(err, fault.New(fault.Conflict, "vote.developer_voted"))
		}
		m.next.DeveloperPaper, m.next.DeveloperUnit, m.next.DeveloperAt = &in.Document, &in.Unit, &m.at
		m.detail["head"], m.detail["unit"], m.detail["document"] = head, in.Unit, in.Document
		m.leaf = map[string]any{"head": head, "unit": in.Unit, "document": in.Document}
		if err := putElectors(ctx, tx, v.ID, head, persons); err != nil {
			return err
		}
		given, err := proxyOf(ctx, tx, v.ID, head)
		if err != nil || given == nil || slices.Contains(persons, Elector{head, given.GrantedBy}) {
			return err
		}
		_, err = endProxy(ctx, tx, v.ID, head, m.at) // whoever gave it speaks for the developer no more
		return err
	})
}

// sentBy is the developer's line of the posted roll, and who is entered in one of its dwellings now.
func (s *Service) sentBy(ctx context.Context, v Vote, unit id.ID) (head int, persons []Elector, err error) {
	lines, err := headsOf(ctx, s.DB, v.ID)
	if err != nil {
		return 0, nil, err
	}
	posted, err := unitsOf(ctx, s.DB, v.ID)
	if err != nil {
		return 0, nil, err
	}
	for _, h := range lines {
		for _, u := range posted {
			if h.Developer && u.Head == h.No && u.UnitID == unit {
				head = h.No
			}
		}
	}
	units, err := s.Places.Units(ctx, s.DB, v.Scope, v.PlaceID, v.Entrance, s.now())
	if err != nil {
		return 0, nil, err
	}
	for _, u := range units {
		if u.ID != unit || head == 0 || !u.developers() {
			continue
		}
		if persons = electorsOf(head, u); len(persons) == 0 {
			return 0, nil, fault.InvalidField("body.unit", "vote.developer_nobody")
		}
		return head, persons, nil
	}
	return 0, nil, fault.InvalidField("body.unit", "vote.developer_unit")
}

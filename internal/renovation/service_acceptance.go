package renovation

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// NewCheck is what was found when an item was looked at.
type NewCheck struct {
	Code   string  `json:"code" minLength:"1" maxLength:"40" doc:"Of the item's checklist"`
	Result Outcome `json:"result" enum:"pass,fail,not_applicable"`
	Note   string  `json:"note,omitempty" maxLength:"500" doc:"What was found; asked for unless it passes"`
}

// Look records what was found of a line of an item's checklist; what was found before stays on record. A failure is a defect: a work order
// to the contractor is made of it, and who signed that the item is in order signs again. Faults: renovation.check (Invalid),
// renovation.item_accepted (Conflict).
func (s *Service) Look(ctx context.Context, p authz.Principal, which, item id.ID, how Taken, in NewCheck) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationInspect, StepCheck, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		it, err := s.toAccept(ctx, tx, which, item)
		if err != nil {
			return err
		}
		if err := s.mayInspect(ctx, tx, m); err != nil {
			return err
		}
		least := 2
		if in.Result == Passed {
			least = 0
		}
		note, err := text.Paragraph("body.note", in.Note, least, 500)
		if err != nil {
			return err
		}
		needed := s.checklist(m.now, it)
		i := slices.IndexFunc(needed, func(n rules.RenovationCheck) bool { return n.Code == in.Code })
		if i < 0 || in.Result == NotApplicable && needed[i].Every {
			return fault.InvalidField("body.code", "renovation.check")
		}
		c := Check{ID: id.New(), ItemID: item, Code: in.Code, Result: in.Result, Note: note, At: m.at}
		if in.Result == Failed {
			f, err := s.raise(ctx, tx, m, FoundDefect, it.Title+"："+needed[i].Zh, note, &it)
			if err != nil {
				return err
			}
			if err := voidSignatures(ctx, tx, item, m.at); err != nil {
				return err
			}
			c.FindingID = &f.ID
		}
		m.keeps = true
		m.note("item", item)
		m.note("code", in.Code)
		m.note("result", in.Result)
		if err := putCheck(ctx, tx, which, c, m.actor.Person.Ptr(), m.actor.Org.Ptr()); err != nil {
			return err
		}
		return s.settleItem(ctx, tx, m, it)
	})
}

// toAccept is an item that is not accepted yet.
func (s *Service) toAccept(ctx context.Context, q dbx.Querier, project, item id.ID) (Item, error) {
	it, err := plannedItem(ctx, q, project, item)
	if err == nil && it.AcceptedOn != nil {
		err = fault.New(fault.Conflict, "renovation.item_accepted")
	}
	return it, err
}

// checklist is what is looked at of an item.
func (s *Service) checklist(p Project, it Item) []rules.RenovationCheck {
	kind, err := s.Rules.Renovation.Item(it.Code, p.Division)
	if err != nil { // the dictionary has lost the item since: what is asked of all is left
		kind = &rules.RenovationItem{}
	}
	return s.Rules.Renovation.ChecksOf(kind)
}

// Sign is the word of a natural person that an item is in order, for one party: the office that carries it out, the contractor, a confirmed
// resident supervisor as representative of the residents, or the utility that takes the line over. It is for the item as it is now, and
// after everything was looked at: renovation.not_checked (Conflict). Other faults: renovation.same_person, renovation.party_signed,
// renovation.item_accepted (Conflict); renovation.not_supervisor, renovation.not_party, renovation.both_sides (Forbidden).
func (s *Service) Sign(ctx context.Context, p authz.Principal, which, item id.ID, how Taken, words string, paper *blob.Hash) (Project, error) {
	return s.take(ctx, p, which, authz.RenovationSign, StepSign, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		it, err := s.toAccept(ctx, tx, which, item)
		if err != nil {
			return err
		}
		words, err := text.Paragraph("body.words", words, 0, 1000)
		if err != nil {
			return err
		}
		if paper != nil {
			if err := s.attached(ctx, tx, which, *paper); err != nil {
				return err
			}
		}
		party, err := s.partyTo(ctx, tx, m, it)
		if err != nil {
			return err
		}
		a, err := s.accepting(ctx, tx, m.now, it)
		if err != nil {
			return err
		}
		if !a.checked() || it.DoneQuantity != it.Quantity {
			return fault.New(fault.Conflict, "renovation.not_checked")
		}
		m.keeps = true
		m.note("item", item)
		m.note("party", party)
		err = insertSignature(ctx, tx, item, Signature{ID: id.New(), Hash: it.ContentHash, Party: party, PersonID: m.actor.Person.Ptr(), OrgID: m.actor.Org.Ptr(),
			Role: string(m.actor.Role), Words: words, Document: paper, At: m.at})
		if err != nil {
			return err
		}
		return s.settleItem(ctx, tx, m, it)
	})
}

// partyTo is the party that the actor signs for.
func (s *Service) partyTo(ctx context.Context, tx *dbx.Tx, m *move, it Item) (Party, error) {
	switch {
	case authz.TieOf(m.actor.Role) == authz.ByHousehold:
		return PartyRepresentative, s.mayInspect(ctx, tx, m)
	case m.now.ContractorID != nil && m.actor.Org == *m.now.ContractorID:
		return PartyContractor, nil
	case m.actor.Role == authz.RoleStreetOffice || m.actor.Role == authz.RoleCommunity:
		return PartySponsor, s.notOfContractor(ctx, tx, m)
	case it.UtilityID != nil && m.actor.Org == *it.UtilityID:
		return PartyUtility, s.notOfContractor(ctx, tx, m)
	}
	return "", fault.New(fault.Forbidden, "renovation.not_party")
}

// notOfContractor refuses, for another party, a natural person with a post in a contractor, one that has left included.
func (s *Service) notOfContractor(ctx context.Context, tx *dbx.Tx, m *move) error {
	builders, err := buildersOf(ctx, tx, m.now)
	if err != nil {
		return err
	}
	for _, org := range builders {
		staff, err := s.Orgs.Staff(ctx, tx, org, m.at)
		if err != nil {
			return err
		}
		if slices.Contains(staff, m.actor.Person) {
			return fault.New(fault.Forbidden, "renovation.both_sides")
		}
	}
	return nil
}

// accepting reads how far an item's acceptance is.
func (s *Service) accepting(ctx context.Context, q dbx.Querier, p Project, it Item) (accepting, error) {
	a := accepting{needed: s.checklist(p, it)}
	all, err := checksOf(ctx, q, p.ID)
	if err != nil {
		return a, err
	}
	a.checks = slices.DeleteFunc(all, func(c Check) bool { return c.ItemID != it.ID })
	a.signatures, err = signatures(ctx, q, it.ID)
	return a, err
}

// settleItem marks an item as accepted when everything is there.
func (s *Service) settleItem(ctx context.Context, tx *dbx.Tx, m *move, it Item) error {
	a, err := s.accepting(ctx, tx, m.now, it)
	if err != nil || !a.complete(it, s.Rules.Renovation.Representatives) {
		return err
	}
	m.note("accepted", it.ID)
	return acceptItem(ctx, tx, it.ID, m.today)
}

package renovation

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// VerifyFund is the word of one party that it has seen the danger on site: an owner whose home is affected, the owners' body (where there
// is none, the residents' committee) and the firm. With the third the request is verified. Three different natural persons: faults
// (Conflict) renovation.same_person, renovation.party_signed; (Forbidden) fund.not_party, renovation.committee_first, fund.involved for who has a post in the firm.
func (s *Service) VerifyFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, words string, paper *blob.Hash) (FundRequest, error) {
	return s.fundTake(ctx, p, which, authz.FundVerify, FundStepVerify, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		words, err := text.Paragraph("body.words", words, 2, 1000)
		if err != nil {
			return err
		}
		if paper != nil {
			if err := s.attached(ctx, tx, which, *paper); err != nil {
				return err
			}
		}
		party, err := s.partyOnSite(ctx, tx, p, m)
		if err != nil {
			return err
		}
		sig := Signature{ID: id.New(), Hash: m.now.ContentHash, Party: party, PersonID: m.actor.Person.Ptr(), OrgID: m.actor.Org.Ptr(), Role: string(m.actor.Role), Words: words, Document: paper, At: m.at}
		if err := insertSignature(ctx, tx, which, sig); err != nil {
			return err
		}
		m.detail["party"] = party
		all, err := signatures(ctx, tx, which)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(onSite, func(want Party) bool {
			return !slices.ContainsFunc(all, func(s Signature) bool { return s.Party == want })
		}) {
			m.next.State = FundVerified
		}
		return nil
	})
}

// partyOnSite is the party that the actor stands for.
func (s *Service) partyOnSite(ctx context.Context, q dbx.Querier, p authz.Principal, m *fundMove) (Party, error) {
	serving, err := s.Arrangements.Serving(ctx, q, m.now.ScopePath)
	if err != nil {
		return "", err
	}
	firm, err := s.fundStaff(ctx, q, m, serving)
	if err != nil {
		return "", err
	}
	switch m.actor.Role {
	case authz.RoleManager, authz.RoleWorker, authz.RoleUtility:
		return PartyFirm, nil
	case authz.RoleOwner:
		affected, err := s.affected(ctx, q, p, m.actor, m.now)
		if err != nil || !affected {
			return "", fault.Or(err, fault.New(fault.Forbidden, "fund.not_party"))
		}
	case authz.RoleCommittee:
	case authz.RoleCommunity:
		if err := s.ownersFirst(ctx, q, m.actor, m.now.ScopePath); err != nil {
			return "", err
		}
	default:
		return "", fault.New(fault.Forbidden, "fund.not_party")
	}
	if slices.Contains(firm, m.actor.Person) {
		return "", fault.New(fault.Forbidden, "fund.involved")
	}
	if m.actor.Role == authz.RoleOwner {
		return PartyOwner, nil
	}
	return PartyOwnersBody, nil
}

// fundStaff lists who has a post in the firm or in who looks after the place: none of them stands for the owners.
func (s *Service) fundStaff(ctx context.Context, q dbx.Querier, m *fundMove, serving []Serving) ([]id.ID, error) {
	var orgs, out []id.ID
	if m.now.FirmID != nil {
		orgs = append(orgs, *m.now.FirmID)
	}
	for _, a := range serving {
		if !a.HandlerID.IsZero() && a.HandlerID != m.actor.Org {
			orgs = append(orgs, a.HandlerID)
		}
	}
	for _, org := range orgs {
		staff, err := s.Orgs.Staff(ctx, q, org, m.at)
		if err != nil {
			return nil, err
		}
		out = append(out, staff...)
	}
	return out, nil
}

// affected tells whether the capacity is of a household in a unit of the parts concerned.
func (s *Service) affected(ctx context.Context, q dbx.Querier, p authz.Principal, actor authz.Actor, r FundRequest) (bool, error) {
	units, err := s.Places.Units(ctx, q, r.ScopePath)
	if err != nil {
		return false, err
	}
	for _, g := range p.Grants {
		if g.ID != actor.Post {
			continue
		}
		return slices.ContainsFunc(units, func(u Unit) bool { return u.ID == g.Unit && holds(r.Parts, u) }), nil
	}
	return false, nil
}

package contract

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
)

// NewContract is a contract to be drafted or entered.
type NewContract struct {
	ServiceAreaID id.ID `json:"serviceAreaId"`
	CompanyID     id.ID `json:"companyId" doc:"The property company"`
	Terms
}

// locality is the profile of rules for a place.
func (s *Service) locality(p Place) *rules.Locality {
	return s.Rules.Localities.ForDivision(p.Division)
}

// Most drafts that one organisation may have open of its own making. Anybody may offer to serve any place, so a
// company that does not work there yet needs no invitation; without a bound it could fill the lists of every
// owners' body in the district with offers. An organisation that makes several drafts in the same moment may pass
// the bound by as many, which its account's limit of requests keeps small.
const (
	maxDraftsInPlace = 10 // in one service area, whoever handles it
	maxDraftsAround  = 20 // in the service areas that others handle, or nobody
)

// DraftContract makes a draft in the name of one of its parties. Faults: input.invalid (contract.company,
// contract.owners and those of the terms); contract.not_party (Forbidden); contract.number_taken;
// contract.drafts_open (Conflict) with the most drafts that may be open at once.
func (s *Service) DraftContract(ctx context.Context, p authz.Principal, once idem.Key, in NewContract) (Contract, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, in.ServiceAreaID)
	if err != nil {
		return Contract{}, err
	}
	c := in.contract(place)
	actor, err := authz.Act(p, authz.ContractDraft, c.object())
	if err != nil {
		return Contract{}, err
	}
	if _, err := sideOf(c, actor); err != nil {
		return Contract{}, err
	}
	return s.enter(ctx, once, actor, c, in.Terms, place, true, func(ctx context.Context, tx *dbx.Tx, _ *move) error {
		return s.boundDrafts(ctx, tx, actor, c)
	})
}

// boundDrafts refuses the draft that is one too many of the organisation that makes it. Only its own count: what
// others draft with it takes nothing from it.
func (s *Service) boundDrafts(ctx context.Context, tx *dbx.Tx, actor authz.Actor, c Contract) error {
	open, err := openDrafts(ctx, tx, actor.Org, c.ServiceAreaID)
	if err != nil {
		return err
	}
	if open.Here >= maxDraftsInPlace {
		return fault.New(fault.Conflict, "contract.drafts_open", "most", maxDraftsInPlace)
	}
	handler, err := s.Handler(ctx, tx, c.ServiceAreaID)
	if err == nil && handler != actor.Org && open.Around >= maxDraftsAround {
		return fault.New(fault.Conflict, "contract.drafts_open", "most", maxDraftsAround)
	}
	return err
}

func (in NewContract) contract(place Place) Contract {
	return Contract{ID: id.New(), ServiceAreaID: in.ServiceAreaID, ScopePath: place.Path, CompanyID: in.CompanyID, OwnersID: in.OwnersID, State: Draft, TermsVersion: 1, Version: 1}
}

// enter checks a new contract and writes it with its first event; do adds to it in the same transaction.
func (s *Service) enter(ctx context.Context, once idem.Key, actor authz.Actor, c Contract, t Terms, place Place, owners bool, do effect) (Contract, error) {
	t, err := t.clean(s.Rules.Categories, s.locality(place))
	if err != nil {
		return Contract{}, err
	}
	c = c.with(t)
	if err := s.checkParties(ctx, s.DB, c, place, owners); err != nil {
		return Contract{}, err
	}
	made := c.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, c.ID)
		if made = got; err != nil || again {
			return err
		}
		return s.insert(ctx, tx, actor, c, t, do)
	})
	if err != nil {
		return Contract{}, err
	}
	return contract(ctx, s.DB, made)
}

// insert writes a checked contract.
func (s *Service) insert(ctx context.Context, tx *dbx.Tx, actor authz.Actor, c Contract, t Terms, do effect) error {
	m := &move{step: "draft", actor: actor}
	m.begin(c, s)
	m.next.Version, m.next.CreatedAt, m.now.State = 1, m.at, ""
	hash := t.hash(c.ServiceAreaID, c.CompanyID)
	m.note("terms", blob.Hash(hash))
	m.note("kind", c.Kind)
	first := m.next
	if err := insertContract(ctx, tx, first); err != nil {
		return numberTaken(err)
	}
	if err := insertTerms(ctx, tx, c.ID, t, actor.Person.Ptr(), m.at); err != nil {
		return err
	}
	if err := do(ctx, tx, m); err != nil {
		return err
	}
	if m.next != first {
		if err := updateContract(ctx, tx, m.next); err != nil {
			return numberTaken(err)
		}
	}
	return s.records(ctx, tx, m)
}

// with takes over what the terms say of the contract's own row.
func (c Contract) with(t Terms) Contract {
	c.Number, c.Kind, c.OwnersID, c.FeeMethod, c.StartsOn, c.EndsOn = t.Number, t.Kind, t.OwnersID, t.FeeMethod, t.StartsOn, t.EndsOn
	return c
}

// checkParties wants a property company and, on the owners' side, a committee competent for the place, or
// for an early-stage contract another company: the developer. owners tells whether that side must be named.
func (s *Service) checkParties(ctx context.Context, q dbx.Querier, c Contract, place Place, owners bool) error {
	company, err := s.party(ctx, q, c.CompanyID, "body.companyId", "contract.company")
	if err != nil {
		return err
	}
	if company.Kind != "company" {
		return fault.InvalidField("body.companyId", "contract.company")
	}
	if c.OwnersID == nil {
		if owners {
			return fault.InvalidField("body.ownersId", "contract.owners")
		}
		return nil
	}
	side, err := s.party(ctx, q, *c.OwnersID, "body.ownersId", "contract.owners")
	if err != nil {
		return err
	}
	if c.Kind == EarlyStage && (side.Kind != "company" || side.ID == c.CompanyID) {
		return fault.InvalidField("body.ownersId", "contract.developer")
	}
	if c.Kind == Ordinary && !side.standsForOwners(place.Path) {
		return fault.InvalidField("body.ownersId", "contract.owners")
	}
	return nil
}

func (s *Service) party(ctx context.Context, q dbx.Querier, org id.ID, path, code string) (Org, error) {
	o, err := s.Orgs.Org(ctx, q, org)
	if errors.Is(err, fault.NotFound) {
		return o, fault.InvalidField(path, code)
	}
	if err == nil && !o.Active {
		return o, fault.InvalidField(path, code)
	}
	return o, err
}

// standsForOwners tells whether the organisation is an owners' body competent for the place at path.
func (o Org) standsForOwners(path string) bool {
	return (o.Kind == "committee" || o.Kind == "property_committee") && o.covers(path)
}

// covers tells whether the organisation is competent for the place at path.
func (o Org) covers(path string) bool {
	return o.Active && o.Path != "" && strings.HasPrefix(path, o.Path)
}

// Replace puts other terms in place of a draft's. Signatures given to the terms before stay on record, but
// count no more.
func (s *Service) Replace(ctx context.Context, p authz.Principal, which id.ID, how Taken, t Terms) (Contract, error) {
	return s.take(ctx, p, which, StepReplace, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if _, err := m.side(); err != nil {
			return err
		}
		place, err := s.Places.ServiceArea(ctx, tx, m.now.ServiceAreaID)
		if err != nil {
			return err
		}
		t, err := t.clean(s.Rules.Categories, s.locality(place))
		if err != nil {
			return err
		}
		m.next = m.next.with(t)
		if err := s.checkParties(ctx, tx, m.next, place, true); err != nil {
			return err
		}
		m.next.TermsVersion++
		m.note("termsVersion", m.next.TermsVersion)
		m.note("terms", blob.Hash(t.hash(m.now.ServiceAreaID, m.now.CompanyID)))
		if err := clearTerms(ctx, tx, which); err != nil {
			return err
		}
		return insertTerms(ctx, tx, which, t, m.actor.Person.Ptr(), m.at)
	})
}

// Withdraw ends a draft or a signed contract that is not to take effect.
func (s *Service) Withdraw(ctx context.Context, p authz.Principal, which id.ID, how Taken) (Contract, error) {
	return s.take(ctx, p, which, StepWithdraw, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if _, err := m.side(); err != nil {
			return err
		}
		if m.now.State == Signed { // one party alone does not go back on a contract
			return s.bothAssent(ctx, tx, m, ActWithdraw, func() error { return s.withdraw(ctx, tx, m) })
		}
		return s.withdraw(ctx, tx, m)
	})
}

func (s *Service) withdraw(ctx context.Context, tx *dbx.Tx, m *move) error {
	ground := ByWithdrawal
	m.next.State, m.next.EndGround, m.next.ClosedOn = Closed, &ground, &m.today
	return s.settleAll(ctx, tx, m.next, DueVoid, m.today, nil)
}

// Attach stores a document and adds it to the contract; one that is there already is not added again.
// Faults: those of the intake.
func (s *Service) Attach(ctx context.Context, p authz.Principal, which id.ID, how Taken, name string, r io.Reader) (Document, error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return Document{}, err
	}
	if err := authz.Require(p, authz.ContractNotice, c.object()); err != nil {
		return Document{}, err
	}
	file, err := s.Intake.Document(ctx, r)
	if err != nil {
		return Document{}, err
	}
	if _, err := s.Files.Put(ctx, file.Bytes); err != nil {
		return Document{}, err
	}
	d := Document{Hash: file.SHA256, Name: blob.FileName(name, file.MediaType), MediaType: file.MediaType, Size: int64(len(file.Bytes)), AddedAt: s.now()}
	if _, known, err := document(ctx, s.DB, which, d.Hash); err != nil || known {
		return d, err
	}
	_, err = s.take(ctx, p, which, StepAttach, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		m.note("document", d.Hash)
		return insertDocument(ctx, tx, which, d, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
	return d, err
}

// attached wants a document of the contract: contract.document (Invalid) otherwise.
func attached(ctx context.Context, q dbx.Querier, c Contract, h blob.Hash) error {
	_, ok, err := document(ctx, q, c.ID, h)
	if err == nil && !ok {
		return fault.InvalidField("body.document", "contract.document")
	}
	return err
}

// OpenDocument opens a document of the contract for a party or an office.
func (s *Service) OpenDocument(ctx context.Context, p authz.Principal, which id.ID, h blob.Hash) (Document, io.ReadCloser, error) {
	c, err := contract(ctx, s.DB, which)
	if err != nil {
		return Document{}, nil, err
	}
	if err := authz.Require(p, authz.ContractRead, c.object()); err != nil {
		return Document{}, nil, err
	}
	d, ok, err := document(ctx, s.DB, which, h)
	if err != nil {
		return Document{}, nil, err
	}
	if !ok {
		return Document{}, nil, fault.New(fault.NotFound, "not_found")
	}
	body, err := s.Files.Get(ctx, h)
	return d, body, err
}

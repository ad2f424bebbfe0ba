package app

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/notify"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/workorder"
)

// The persons and organisations of package org, in the words of the features that ask for them.

// persons answers package membership and package workorder.
type persons struct{ *org.Service }

// Named returns clear names and phones; the caller masks them or records the reading.
func (p persons) Named(ctx context.Context, q dbx.Querier, ids []id.ID) (map[id.ID]membership.Named, error) {
	found, err := p.Persons(ctx, q, ids)
	out := make(map[id.ID]membership.Named, len(found))
	for k, v := range found {
		out[k] = membership.Named{Name: v.Name, Stated: v.Stated, Phone: v.Phone}
	}
	return out, err
}

// NameAndPhone returns one person's clear name and phone.
func (p persons) NameAndPhone(ctx context.Context, q dbx.Querier, person id.ID) (name, phone string, err error) {
	v, err := p.Person(ctx, q, person)
	return v.Name, v.Phone, err
}

// capacityPlaces answers package authn.
type capacityPlaces struct {
	orgs    *org.Service
	areas   area.Store
	members *membership.Service
}

// HeldAt is the organisation, or the estate and the dwelling; nothing for a dwelling that is no more.
func (c capacityPlaces) HeldAt(ctx context.Context, q dbx.Querier, g authz.Grant) (authn.Held, error) {
	if !g.Org.IsZero() {
		o, err := c.orgs.Organisation(ctx, q, g.Org)
		return authn.Held{Name: o.Name}, err
	}
	u, err := c.areas.UnitPlace(ctx, q, g.Unit)
	if fault.Is(err, "not_found") { // the dwelling was merged, split or struck out while somebody is still its member
		return authn.Held{}, nil
	}
	home := authn.Home{ServiceArea: u.ServiceAreaID, Estate: placeName(u.Place), Building: u.BuildingName, Address: u.Address()}
	if err != nil {
		return authn.Held{}, err
	}
	helps, err := c.helps(ctx, q, g)
	return authn.Held{Name: home.Estate + " " + home.Address, Home: &home, Helps: helps}, err
}

// helps is for whom a helper acts: who has named them, so that the masked name is enough to know them by.
func (c capacityPlaces) helps(ctx context.Context, q dbx.Querier, g authz.Grant) (string, error) {
	if g.Role != authz.RoleHelper {
		return "", nil
	}
	person, err := c.members.Helped(ctx, q, g.ID)
	if err != nil {
		return "", err
	}
	v, err := c.orgs.Person(ctx, q, person)
	return v.Masked().Name, err
}

// phones answers package notify.
type phones struct {
	orgs *org.Service
	db   *dbx.DB
}

// Phone is the phone that the platform itself writes to; nobody reads it.
func (p phones) Phone(ctx context.Context, person id.ID) (string, error) {
	v, err := p.orgs.Person(ctx, p.db, person)
	return v.Phone, err
}

// messageSubjects tells package notify what messages are about.
type messageSubjects struct{ *App }

// About tells it of those of a kind that p may see.
func (m messageSubjects) About(ctx context.Context, p authz.Principal, kind notify.Kind, which []id.ID) (map[id.ID]notify.About, error) {
	out := make(map[id.ID]notify.About, len(which))
	if kind == notify.OfOrders {
		seen, err := m.Orders.Seen(ctx, p, which)
		for _, v := range seen {
			out[v.ID] = notify.About{Title: v.Title, Place: v.Place.Text}
		}
		return out, err
	}
	seen, err := m.Renovation.Named(ctx, p, kind == notify.OfFundRequests, which)
	for of, n := range seen {
		out[of] = notify.About{Title: n.Title, Place: n.Place}
	}
	return out, err
}

// contractOrgs answers package contract.
type contractOrgs struct{ *org.Service }

// Org returns an organisation.
func (c contractOrgs) Org(ctx context.Context, q dbx.Querier, which id.ID) (contract.Org, error) {
	o, err := c.Organisation(ctx, q, which)
	return contractOrg(o), err
}

// CompanyByCode finds a property company by its credit code.
func (c contractOrgs) CompanyByCode(ctx context.Context, q dbx.Querier, code string) (contract.Org, error) {
	o, err := c.Service.CompanyByCode(ctx, q, code)
	return contractOrg(o), err
}

// InConflict lists the persons who stand for the owners at path and have an interest in company.
func (c contractOrgs) InConflict(ctx context.Context, q dbx.Querier, company id.ID, path string) ([]id.ID, error) {
	found, err := c.PersonsHaveConflict(ctx, q, company, path)
	var out []id.ID
	for _, f := range found {
		out = append(out, f.Person)
	}
	return out, err
}

func contractOrg(o org.Organisation) contract.Org {
	return contract.Org{ID: o.ID, Kind: string(o.Kind), Name: o.Name, Path: o.ScopePath, Active: o.State == org.Active}
}

// orderOrgs answers package workorder.
type orderOrgs struct{ *org.Service }

// Org returns an organisation.
func (o orderOrgs) Org(ctx context.Context, q dbx.Querier, which id.ID) (workorder.Org, error) {
	v, err := o.Organisation(ctx, q, which)
	return workorder.Org{ID: v.ID, Kind: string(v.Kind), Path: v.ScopePath, Active: v.State == org.Active}, err
}

// WorksFor tells whether the person holds a post in the organisation at a moment.
func (o orderOrgs) WorksFor(ctx context.Context, q dbx.Querier, which, person id.ID, at clock.Instant) (bool, error) {
	grants, err := o.Grants(ctx, q, person, at)
	return slices.ContainsFunc(grants, func(g authz.Grant) bool { return g.Org == which }), err
}

// orderArrangements answers package workorder.
type orderArrangements struct{ *contract.Service }

// Promise is what the contract in force promises, nil for nothing.
func (a orderArrangements) Promise(ctx context.Context, q dbx.Querier, serviceArea id.ID, category, severity string) (*workorder.Promise, error) {
	sla, ok, err := a.Service.Promise(ctx, q, serviceArea, category, severity)
	if err != nil || !ok {
		return nil, err
	}
	return &workorder.Promise{ContractID: sla.ContractID, AcceptMin: sla.AcceptMin, ArriveMin: sla.ArriveMin,
		ControlMin: sla.ControlMin, FixMin: sla.FixMin, Working: sla.Clock == "working"}, nil
}

// phoneIndex answers package authn: codes are kept under the index of the phone they were sent to.
type phoneIndex struct{ *personal.Vault }

// PhoneIndex is the blind index of a phone.
func (v phoneIndex) PhoneIndex(phone string) []byte { return v.Index(personal.PersonPhone, phone) }

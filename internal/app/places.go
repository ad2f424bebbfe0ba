package app

import (
	"context"
	"strings"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/pinyin"
	"github.com/redproperty/redproperty/internal/workorder"
)

// The places of package area, in the words of the features that ask for them.

// orgAreas answers package org.
type orgAreas struct{ area.Store }

// Scope tells what an area is and its path.
func (a orgAreas) Scope(ctx context.Context, q dbx.Querier, which id.ID) (org.AreaKind, string, error) {
	kind, path, err := a.Store.Scope(ctx, q, which)
	return org.AreaKind(kind), path, err
}

// homes answers package membership.
type homes struct{ area.Store }

// Home returns a unit.
func (h homes) Home(ctx context.Context, q dbx.Querier, unit id.ID) (membership.Home, error) {
	u, err := h.UnitPlace(ctx, q, unit)
	return home(u), err
}

// HomesOf returns the units of a building that are lived in.
func (h homes) HomesOf(ctx context.Context, q dbx.Querier, building id.ID) ([]membership.Home, error) {
	list, err := h.Store.HomesOf(ctx, q, building)
	out := make([]membership.Home, len(list))
	for i, u := range list {
		out[i] = home(u)
	}
	return out, err
}

func home(u area.UnitPlace) membership.Home {
	return membership.Home{Unit: u.UnitID, Building: u.BuildingID, Household: u.HouseholdID, Path: u.Path,
		Estate: u.EstateName, Block: u.BuildingName, Number: strings.TrimSpace(u.Entrance + " " + u.UnitNumber)}
}

// contractPlaces answers package contract.
type contractPlaces struct {
	area.Store
	clock clock.Clock
}

// ServiceArea returns a service area with the code of the division around it, which decides the
// locality's periods.
func (c contractPlaces) ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (contract.Place, error) {
	p, err := c.Place(ctx, q, serviceArea)
	if err != nil {
		return contract.Place{}, err
	}
	return c.place(ctx, q, p)
}

func (c contractPlaces) place(ctx context.Context, q dbx.Querier, p area.Place) (contract.Place, error) {
	out := contract.Place{ServiceAreaID: p.ServiceAreaID, Path: p.Path}
	street, err := c.Area(ctx, q, p.StreetID)
	if err == nil && street.Code != nil {
		out.Division = *street.Code
	}
	return out, err
}

// Named finds service areas by their own or their estate's name.
func (c contractPlaces) Named(ctx context.Context, q dbx.Querier, within id.ID, name string) ([]contract.Place, error) {
	list, err := c.ServiceAreasNamed(ctx, q, within, name)
	if err != nil {
		return nil, err
	}
	out := make([]contract.Place, len(list))
	for i, p := range list {
		if out[i], err = c.place(ctx, q, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Path is the scope path of an area or a service area.
func (c contractPlaces) Path(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	_, path, err := c.Scope(ctx, q, which)
	return path, err
}

// orderPlaces answers package workorder.
type orderPlaces struct{ area.Store }

// ServiceArea returns a service area.
func (o orderPlaces) ServiceArea(ctx context.Context, q dbx.Querier, serviceArea id.ID) (workorder.Place, error) {
	p, err := o.Place(ctx, q, serviceArea)
	return orderPlace(p), err
}

// Unit returns a unit and its present household.
func (o orderPlaces) Unit(ctx context.Context, q dbx.Querier, unit id.ID) (workorder.UnitPlace, error) {
	u, err := o.UnitPlace(ctx, q, unit)
	return workorder.UnitPlace{Place: orderPlace(u.Place), UnitID: u.UnitID, Building: u.BuildingName, Address: u.Address(), HouseholdID: u.HouseholdID}, err
}

// PublicArea returns a public area.
func (o orderPlaces) PublicArea(ctx context.Context, q dbx.Querier, publicArea id.ID) (workorder.PublicPlace, error) {
	p, err := o.PublicAreaPlace(ctx, q, publicArea)
	return workorder.PublicPlace{Place: orderPlace(p.Place), PublicAreaID: p.PublicAreaID, Area: p.PublicAreaName}, err
}

// Level tells the kind of an area.
func (o orderPlaces) Level(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	kind, _, err := o.Scope(ctx, q, which)
	return string(kind), err
}

// ScopePath is the scope path of an area or a service area.
func (o orderPlaces) ScopePath(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	_, path, err := o.Scope(ctx, q, which)
	return path, err
}

func orderPlace(p area.Place) workorder.Place {
	return workorder.Place{ServiceAreaID: p.ServiceAreaID, EstateID: p.EstateID, CommunityID: p.CommunityID, StreetID: p.StreetID,
		Path: p.Path, Name: placeName(p), Prefix: numberPrefix(p.EstateName)}
}

// placeName is the estate and its part, the estate's name said once: 宁海花园一期, or 东山苑 全区.
func placeName(p area.Place) string {
	if strings.HasPrefix(p.Name, p.EstateName) {
		return p.Name
	}
	return p.EstateName + " " + p.Name
}

// numberPrefix begins the numbers of an estate's orders: two to four letters of its pinyin initials.
func numberPrefix(estate string) string {
	var letters strings.Builder
	for _, r := range strings.ToUpper(pinyin.Initials(estate)) {
		if r >= 'A' && r <= 'Z' && letters.Len() < 4 {
			letters.WriteRune(r)
		}
	}
	if letters.Len() < 2 {
		return "WO"
	}
	return letters.String()
}

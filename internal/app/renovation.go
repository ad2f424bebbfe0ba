package app

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/renovation"
	"github.com/redproperty/redproperty/internal/survey"
	"github.com/redproperty/redproperty/internal/vote"
	"github.com/redproperty/redproperty/internal/workorder"
)

// newRenovations joins renovations with the features that they ask.
func (a *App) newRenovations(intake renovation.Intake) *renovation.Service {
	return renovation.New(renovation.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Places: renovationPlaces{}, Orgs: renovationOrgs{a.Orgs},
		Arrangements: renovationArrangements{}, Decisions: renovationDecisions{a.Votes}, Surveys: renovationSurveys{a.Surveys}, Orders: renovationOrders{a.Orders}, People: renovationPeople{a.Orgs},
		Intake: intake, Files: a.Blobs, UploadLimit: a.guard()})
}

// renovationDecisions answers package renovation.
type renovationDecisions struct{ *vote.Service }

// Passed is the newest decision that stands, in favour of an item of a plan or of a request for maintenance money.
func (r renovationDecisions) Passed(ctx context.Context, q dbx.Querier, subject id.ID) (renovation.Decision, bool, error) {
	for _, kind := range []vote.SubjectKind{vote.SubjectProject, vote.SubjectFund} {
		d, ok, err := r.Service.Passed(ctx, q, kind, subject)
		if err != nil || !ok {
			if err != nil {
				return renovation.Decision{}, false, err
			}
			continue
		}
		c := d.Count
		out := renovation.Decision{ID: d.Vote, Item: int64(d.Matter), Path: d.Path, Asked: d.AnnouncedAt, On: d.HeldOn, Shown: d.Shown, Tally: renovation.Tally{TotalArea: c.Total.Area, TotalHeads: c.Total.Heads,
			JoinedArea: c.Joined.Area, JoinedHeads: c.Joined.Heads, FavourArea: c.Favour.Area, FavourHeads: c.Favour.Heads}}
		if d.Scope == vote.Building || d.Scope == vote.Entrance {
			out.Parts = []renovation.Part{{BuildingID: d.PlaceID, Entrance: d.Entrance}}
		}
		return out, true, nil
	}
	return renovation.Decision{}, false, nil
}

// Held are the newest votes about items of plans or requests for maintenance money.
func (r renovationDecisions) Held(ctx context.Context, q dbx.Querier, subjects []id.ID) (map[id.ID]renovation.Held, error) {
	found, err := r.Service.Held(ctx, q, subjects)
	out := make(map[id.ID]renovation.Held, len(found))
	for k, v := range found {
		out[k] = renovation.Held{ID: v.ID, State: string(v.State)}
	}
	return out, err
}

// orderSuccessors answers package workorder. Renovations are made later.
type orderSuccessors struct{ renovations **renovation.Service }

// Follower is who does an order in the place of handler now.
func (o orderSuccessors) Follower(ctx context.Context, q dbx.Querier, order, handler id.ID) (id.ID, error) {
	return (*o.renovations).Follower(ctx, q, order, handler)
}

// renovationOrders answers package renovation.
type renovationOrders struct{ *workorder.Service }

// Raise makes a work order of what was found on a site.
func (r renovationOrders) Raise(ctx context.Context, tx *dbx.Tx, actor authz.Actor, in renovation.NewOrder, at clock.Instant) (order id.ID, number string, err error) {
	return r.Service.Raise(ctx, tx, actor, workorder.Raised{ServiceAreaID: in.ServiceAreaID, Category: in.Category, Title: in.Title, Text: in.Text, HandlerID: in.HandlerID}, at)
}

// renovationPeople answers package renovation.
type renovationPeople struct{ *org.Service }

// Masked returns masked names.
func (r renovationPeople) Masked(ctx context.Context, q dbx.Querier, persons []id.ID) (map[id.ID]string, error) {
	found, err := r.Persons(ctx, q, persons)
	out := make(map[id.ID]string, len(found))
	for k, v := range found {
		out[k] = personal.MaskName(v.Name)
	}
	return out, err
}

// renovationPlaces answers package renovation.
type renovationPlaces struct{ area.Store }

// Place returns an estate or a service area with its buildings.
func (r renovationPlaces) Place(ctx context.Context, q dbx.Querier, which id.ID) (renovation.Place, error) {
	kind, path, err := r.Scope(ctx, q, which)
	if err != nil {
		return renovation.Place{}, err
	}
	phase := org.AreaKind(kind) == org.AreaServiceArea
	if kind != area.Estate && !phase {
		return renovation.Place{}, fault.New(fault.NotFound, "not_found")
	}
	extents, err := r.Extents(ctx, q, path)
	if err != nil {
		return renovation.Place{}, err
	}
	out := renovation.Place{AreaID: which, Path: path}
	for _, e := range extents {
		out.ServiceAreas, out.Dwellings = append(out.ServiceAreas, e.ServiceAreaID), out.Dwellings+e.Dwellings
		if out.Name = e.EstateName; phase {
			out.Name = placeName(e.Place)
		}
		if street, err := r.Area(ctx, q, e.StreetID); err != nil {
			return out, err
		} else if street.Code != nil {
			out.Division = *street.Code
		}
	}
	blocks, err := r.Blocks(ctx, q, path)
	for _, b := range blocks {
		n := slices.IndexFunc(out.Buildings, func(have renovation.Building) bool { return have.ID == b.BuildingID })
		if n < 0 {
			n = len(out.Buildings)
			out.Buildings = append(out.Buildings, renovation.Building{ID: b.BuildingID, ServiceAreaID: b.ServiceAreaID, Name: b.Name})
		}
		if b.Entrance != "" {
			out.Buildings[n].Entrances = append(out.Buildings[n].Entrances, b.Entrance)
		}
	}
	return out, err
}

// Units lists the units in use at or below a path.
func (r renovationPlaces) Units(ctx context.Context, q dbx.Querier, path string) ([]renovation.Unit, error) {
	list, err := r.Measured(ctx, q, path)
	out := make([]renovation.Unit, len(list))
	for i, u := range list {
		out[i] = renovation.Unit{ID: u.UnitID, BuildingID: u.BuildingID, Entrance: u.Entrance, Address: u.Address(), Area: u.Area}
	}
	return out, err
}

// Path is the scope path of an area of any kind.
func (r renovationPlaces) Path(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	_, path, err := r.Scope(ctx, q, which)
	return path, err
}

// renovationOrgs answers package renovation.
type renovationOrgs struct{ *org.Service }

// Org returns an organisation.
func (r renovationOrgs) Org(ctx context.Context, q dbx.Querier, which id.ID) (renovation.Org, error) {
	o, err := r.Organisation(ctx, q, which)
	return renovation.Org{ID: o.ID, Kind: string(o.Kind), Name: o.Name, Phone: o.PublicPhone, Active: o.State == org.Active}, err
}

// renovationArrangements answers package renovation.
type renovationArrangements struct{ contract.Store }

// Serving lists who looks after the service areas at or below a path.
func (r renovationArrangements) Serving(ctx context.Context, q dbx.Querier, path string) ([]renovation.Serving, error) {
	list, err := r.InForceAt(ctx, q, path)
	out := make([]renovation.Serving, len(list))
	for i, a := range list {
		out[i] = renovation.Serving{ServiceAreaID: a.ServiceAreaID, HandlerID: id.OrNil(a.HandlerID), OwnersRepID: id.OrNil(a.OwnersRepID),
			LongTerm: a.Kind == contract.UnderContract || a.Kind == contract.SelfManaged}
	}
	return out, err
}

// Served lists the paths of the service areas that an organisation looks after.
func (r renovationArrangements) Served(ctx context.Context, q dbx.Querier, which id.ID) ([]string, error) {
	return r.PathsOf(ctx, q, which)
}

// renovationSurveys answers package renovation.
type renovationSurveys struct{ *survey.Service }

// Round returns a survey round.
func (r renovationSurveys) Round(ctx context.Context, q dbx.Querier, round id.ID) (renovation.Round, error) {
	held, err := r.Held(ctx, q, round)
	return renovation.Round{Template: held.Template, Paths: held.Paths, Public: held.State.Public(), OpenedOn: clock.DateOf(held.OpensAt.Time())}, err
}

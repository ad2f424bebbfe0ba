package contract

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// mostBasis is the longest basis of an arrangement that is set: the deadline of an emergency service rests on it too.
const mostBasis = 200

// NewArrangement is an arrangement without a contract, to be put in the place of the one in force.
type NewArrangement struct {
	CurrentID   *id.ID      `json:"currentId,omitempty" doc:"The arrangement in force that you saw; absent while none was ever recorded. Another one in force is a conflict"`
	Kind        Under       `json:"kind" enum:"custody,emergency,self_managed,none"`
	HandlerID   *id.ID      `json:"handlerId,omitempty" doc:"Who handles the place: the residents' committee, the company appointed, the owners' committee; absent for none"`
	OwnersRepID *id.ID      `json:"ownersRepId,omitempty" doc:"Who stands for the owners; as before when absent"`
	UntilOn     *clock.Date `json:"untilOn,omitempty" doc:"Last day of an emergency service; required there"`
	Basis       string      `json:"basis" minLength:"1" maxLength:"200" doc:"The decision it rests on, by number and date"`
}

// SetArrangement puts a place under custody, emergency service, the owners' own management, or none. Faults:
// contract.arrangement_held (a contract governs: end it first), contract.arrangement_changed, both Conflict;
// contract.office_only for an emergency service, which the street office appoints; input.invalid with
// contract.handler, contract.owners_rep, contract.until.
func (s *Service) SetArrangement(ctx context.Context, p authz.Principal, once idem.Key, serviceArea id.ID, in NewArrangement) (Arrangement, error) {
	return s.rearrange(ctx, p, once, serviceArea, in.CurrentID, func(ctx context.Context, tx *dbx.Tx, actor authz.Actor, cur Arrangement) (Arrangement, error) {
		if cur.held() {
			return cur, fault.New(fault.Conflict, "contract.arrangement_held")
		}
		next := cur.next(in.Kind, s.now())
		next.HandlerID, next.UntilOn = in.HandlerID, in.UntilOn
		if in.OwnersRepID != nil {
			next.OwnersRepID = in.OwnersRepID
		}
		var err error
		if next.Basis, err = text.Line("body.basis", in.Basis, 1, mostBasis); err != nil {
			return cur, err
		}
		if next.Kind == UnderEmergency {
			if err := s.checkEmergency(ctx, tx, actor, cur, next); err != nil {
				return cur, err
			}
		} else if next.UntilOn != nil {
			return cur, fault.InvalidField("body.untilOn", "contract.until_emergency")
		}
		return next, s.checkHands(ctx, tx, next)
	})
}

// SetOwnersRep records who stands for the owners from now on; who handles the place does not change.
func (s *Service) SetOwnersRep(ctx context.Context, p authz.Principal, once idem.Key, serviceArea id.ID, current *id.ID, org id.ID) (Arrangement, error) {
	return s.rearrange(ctx, p, once, serviceArea, current, func(ctx context.Context, tx *dbx.Tx, _ authz.Actor, cur Arrangement) (Arrangement, error) {
		next := cur
		next.ID, next.From, next.OwnersRepID = id.New(), s.now(), &org
		return next, s.checkRep(ctx, tx, next)
	})
}

// rearrange changes the arrangement that the caller saw.
func (s *Service) rearrange(ctx context.Context, p authz.Principal, once idem.Key, serviceArea id.ID, seen *id.ID,
	make func(context.Context, *dbx.Tx, authz.Actor, Arrangement) (Arrangement, error)) (Arrangement, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, serviceArea)
	if err != nil {
		return Arrangement{}, err
	}
	actor, err := authz.Act(p, authz.ArrangementSet, authz.Object{Path: place.Path})
	if err != nil {
		return Arrangement{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, serviceArea); err != nil || again {
			return err
		}
		cur, err := s.Arrangement(ctx, tx, serviceArea)
		if err != nil {
			return err
		}
		if cur.ID != id.OrNil(seen) {
			return fault.New(fault.Conflict, "contract.arrangement_changed")
		}
		cur.ScopePath = place.Path
		next, err := make(ctx, tx, actor, cur)
		if err != nil {
			return err
		}
		if err := s.arrange(ctx, tx, actor, cur, next); err != nil {
			return err
		}
		return s.planEmergency(ctx, tx, next)
	})
	if err != nil {
		return Arrangement{}, err
	}
	return s.Arrangement(ctx, s.DB, serviceArea)
}

// handlers are the kinds of organisation that may handle a place under each kind of arrangement; area tells
// whether it must be competent for the place.
var handlers = map[Under]struct {
	kinds []string
	area  bool
}{
	UnderCustody:   {[]string{"residents_committee", "community_party"}, true},
	UnderEmergency: {[]string{"company"}, false},
	SelfManaged:    {[]string{"committee", "property_committee"}, true},
	UnderNone:      {nil, false},
}

// checkHands wants a handler and a representative that fit the arrangement.
func (s *Service) checkHands(ctx context.Context, tx *dbx.Tx, a Arrangement) error {
	form, known := handlers[a.Kind]
	wrong := fault.InvalidField("body.handlerId", "contract.handler", "expected", form.kinds)
	switch {
	case !known:
		return fault.InvalidField("body.kind", "contract.arrangement_kind")
	case form.kinds == nil && a.HandlerID != nil, form.kinds != nil && a.HandlerID == nil:
		return wrong
	}
	if a.HandlerID != nil {
		o, err := s.party(ctx, tx, *a.HandlerID, "body.handlerId", "contract.handler")
		if err != nil {
			return err
		}
		if !slices.Contains(form.kinds, o.Kind) || (form.area && !o.covers(a.ScopePath)) {
			return wrong
		}
	}
	return s.checkRep(ctx, tx, a)
}

// checkRep wants an owners' body or the residents' committee of the place as the owners' representative.
func (s *Service) checkRep(ctx context.Context, tx *dbx.Tx, a Arrangement) error {
	if a.OwnersRepID == nil {
		return nil
	}
	o, err := s.party(ctx, tx, *a.OwnersRepID, "body.ownersRepId", "contract.owners_rep")
	if err == nil && !o.standsForOwners(a.ScopePath) && !(o.Kind == "residents_committee" && o.covers(a.ScopePath)) {
		return fault.InvalidField("body.ownersRepId", "contract.owners_rep")
	}
	return err
}

// checkEmergency wants the street office, and an end within the longest emergency service, counted from the
// first of emergency services that follow each other: renewing it does not make it longer.
func (s *Service) checkEmergency(ctx context.Context, tx *dbx.Tx, actor authz.Actor, cur, next Arrangement) error {
	if err := office(actor); err != nil {
		return err
	}
	since := next.From
	if cur.Kind == UnderEmergency {
		var err error
		if since, err = emergencySince(ctx, tx, next.ServiceAreaID); err != nil {
			return err
		}
	}
	place, err := s.Places.ServiceArea(ctx, tx, next.ServiceAreaID)
	if err != nil {
		return err
	}
	longest, _ := s.locality(place).Period(rules.EmergencyServiceMax)
	latest, err := lastDay(s.Rules.Calendar, longest.Rule(), clock.DateOf(since.Time()))
	if err != nil {
		return err
	}
	if next.UntilOn == nil || !realDay(*next.UntilOn) || *next.UntilOn < s.today() || *next.UntilOn > latest {
		return fault.InvalidField("body.untilOn", "contract.until", "latest", string(latest))
	}
	return nil
}

// lastDay is the last day that is no more than a period after since. It does not give way to a working day:
// a longest duration is no time to act in (CC 203 speaks of the latter).
func lastDay(cal *calendar.Calendar, longest calendar.Rule, since clock.Date) (clock.Date, error) {
	due, err := cal.Deadline(longest, since)
	if err != nil {
		return "", err
	}
	longest.Before = true
	for last := due.Date; ; last = last.AddDays(-1) {
		back, err := cal.Deadline(longest, last)
		if err != nil || back.Date <= since {
			return last, err
		}
	}
}

// planEmergency announces the end of an emergency service; it does not end by itself.
func (s *Service) planEmergency(ctx context.Context, tx *dbx.Tx, a Arrangement) error {
	if a.Kind != UnderEmergency {
		return nil
	}
	return s.plan(ctx, tx, Deadline{SubjectID: a.ID, ServiceAreaID: a.ServiceAreaID, ScopePath: a.ScopePath, CompanyID: a.HandlerID,
		Kind: DueEmergency, BaseOn: *a.UntilOn, Unit: calendar.CalendarDays, Basis: a.Basis})
}

// placeObject is a service area as permissions see its arrangement: open to whoever lives there, and to the
// organisations that work there.
func (s *Service) placeObject(ctx context.Context, serviceArea id.ID) (authz.Object, error) {
	place, err := s.Places.ServiceArea(ctx, s.DB, serviceArea)
	if err != nil {
		return authz.Object{}, err
	}
	orgs, err := s.CompaniesAt(ctx, s.DB, place.Path)
	return authz.Object{Path: place.Path, Orgs: orgs, Open: true}, err
}

// ReadArrangement shows the arrangement in force.
func (s *Service) ReadArrangement(ctx context.Context, p authz.Principal, serviceArea id.ID) (Arrangement, error) {
	obj, err := s.placeObject(ctx, serviceArea)
	if err != nil {
		return Arrangement{}, err
	}
	if err := authz.Require(p, authz.ArrangementRead, obj); err != nil {
		return Arrangement{}, err
	}
	return s.Arrangement(ctx, s.DB, serviceArea)
}

// Arrangements lists the history of a service area, the newest first.
func (s *Service) Arrangements(ctx context.Context, p authz.Principal, serviceArea id.ID, req page.Request) (page.Page[Arrangement], error) {
	obj, err := s.placeObject(ctx, serviceArea)
	if err != nil {
		return page.Page[Arrangement]{}, err
	}
	if err := authz.Require(p, authz.ArrangementRead, obj); err != nil {
		return page.Page[Arrangement]{}, err
	}
	before, err := before(req)
	if err != nil {
		return page.Page[Arrangement]{}, err
	}
	rows, err := arrangements(ctx, s.DB, serviceArea, before, req.Size()+1)
	if err != nil {
		return page.Page[Arrangement]{}, err
	}
	return page.Cut(rows, req.Size(), func(a Arrangement) []string { return []string{a.ID.String()} }), nil
}

// before reads a cursor of one identifier; nil for the first page.
func before(req page.Request) (*id.ID, error) {
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil || parts == nil {
		return nil, err
	}
	last, err := id.Parse(parts[0])
	if err != nil {
		return nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return &last, nil
}

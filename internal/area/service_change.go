package area

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/text"
)

// Topics of the outbox.
const (
	topicChangeProposed = "place.change_proposed"
	topicChangeDecided  = "place.change_decided"
)

// ProposeChange proposes to correct, merge, split or strike out units of one building. It changes
// nothing: another natural person decides. Faults: those of the proposal's check, area.change_building
// (units of several buildings), version.stale (a unit was changed since), area.change_person (a job or
// command cannot propose: no natural person stands behind it).
func (s *Service) ProposeChange(ctx context.Context, p authz.Principal, once idem.Key, in UnitProposal) (UnitChange, error) {
	if len(in.Sources) == 0 || len(in.Sources) > maxChangeUnits {
		return UnitChange{}, fault.InvalidField("body.sources", "area.batch", "most", maxChangeUnits)
	}
	sources, place, err := s.changeSources(ctx, in.Sources)
	if err != nil {
		return UnitChange{}, err
	}
	actor, err := s.may(ctx, p, authz.PlaceCorrect, place.Path)
	if err != nil {
		return UnitChange{}, err
	}
	c, err := s.newChange(in, sources, place, actor)
	if err != nil {
		return UnitChange{}, err
	}
	made, err := s.once(ctx, once, c.ID, func(ctx context.Context, tx *dbx.Tx) error {
		if err := insertChange(ctx, tx, c, actor.Account); err != nil {
			return err
		}
		if err := outbox.Add(ctx, tx, c.ProposedAt, topicChangeProposed, c.ID, map[string]any{"area": c.ServiceAreaID, "kind": c.Kind}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "unit_change.propose", "unit_change", c.ID, place.Path, map[string]any{"kind": c.Kind, "units": c.Sources, "sumBefore": c.SumBefore, "sumAfter": c.SumAfter})
	})
	if err != nil {
		return UnitChange{}, err
	}
	return findChange(ctx, s.DB, made)
}

// changeSources reads the units a change starts from.
func (s *Service) changeSources(ctx context.Context, list []ChangeSource) (sources []Unit, place Place, err error) {
	for _, src := range list {
		u, err := s.Unit(ctx, s.DB, src.UnitID)
		if err != nil {
			return nil, place, err
		}
		sources = append(sources, u)
	}
	place, err = s.Place(ctx, s.DB, sources[0].ServiceAreaID)
	return sources, place, err
}

func (s *Service) newChange(in UnitProposal, sources []Unit, place Place, actor authz.Actor) (c UnitChange, err error) {
	if actor.Person.IsZero() {
		return c, fault.New(fault.Forbidden, "area.change_person")
	}
	if in, err = in.check(); err != nil {
		return c, err
	}
	for i, u := range sources {
		if u.BuildingID != sources[0].BuildingID {
			return c, fault.InvalidField("body.sources", "area.change_building")
		}
		if u.State != UnitActive || u.Version != in.Sources[i].Version {
			return c, fault.New(fault.Stale, "version.stale")
		}
	}
	c = UnitChange{ID: id.New(), ServiceAreaID: place.ServiceAreaID, UnitProposal: in, State: ChangeProposed, ProposedBy: actor.Person,
		ProposerRole: string(actor.Role), ProposedAt: clock.Now(s.Clock)}
	c.SumBefore, c.SumAfter, err = in.sums(sources)
	return c, err
}

// Decision is what the reviewer decides on a proposal.
type Decision struct {
	Apply bool
	Note  string // required for a rejection
}

// DecideChange applies or rejects a proposal. It needs place.review and a natural person other than the
// proposer. All of it happens in one transaction: when a unit was changed since the proposal, nothing
// does and the fault is version.stale. Of several who decide at once, one does. Faults:
// area.change_own, area.change_decided, area.unit_taken (the new number is in use).
func (s *Service) DecideChange(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64, d Decision) (UnitChange, error) {
	c, place, err := s.changeAt(ctx, which)
	if err != nil {
		return c, err
	}
	actor, err := s.may(ctx, p, authz.PlaceReview, place.Path)
	if err != nil {
		return c, err
	}
	if c, err = s.decided(c, actor, d); err != nil {
		return c, err
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		if err := decideChange(ctx, tx, which, version, c); err != nil {
			return noMatch(err, "area.change_decided")
		}
		if d.Apply {
			if err := s.apply(ctx, tx, actor, c); err != nil {
				return err
			}
		}
		if err := outbox.Add(ctx, tx, *c.DecidedAt, topicChangeDecided, which, map[string]any{"area": c.ServiceAreaID, "state": c.State}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "unit_change.decide", "unit_change", which, place.Path, map[string]any{"state": c.State, "kind": c.Kind})
	})
	if err != nil {
		return c, err
	}
	return findChange(ctx, s.DB, which)
}

func (s *Service) changeAt(ctx context.Context, which id.ID) (UnitChange, Place, error) {
	c, err := findChange(ctx, s.DB, which)
	if err != nil {
		return c, Place{}, err
	}
	place, err := s.Place(ctx, s.DB, c.ServiceAreaID)
	return c, place, err
}

// decided is the change as decided by actor. Persons are compared, not capacities: the proposer in
// another post is still the proposer.
func (s *Service) decided(c UnitChange, actor authz.Actor, d Decision) (UnitChange, error) {
	if actor.Person.IsZero() {
		return c, fault.New(fault.Forbidden, "area.change_person")
	}
	if actor.Person == c.ProposedBy {
		return c, fault.New(fault.Forbidden, "area.change_own")
	}
	least := 0
	c.State = ChangeApplied
	if !d.Apply {
		c.State, least = ChangeRejected, 1
	}
	note, err := text.Paragraph("body.note", d.Note, least, maxReason)
	if err != nil {
		return c, err
	}
	at := clock.Now(s.Clock)
	c.DecidedBy, c.DeciderRole, c.DecidedAt, c.DecisionNote = &actor.Person, string(actor.Role), &at, note
	return c, nil
}

// apply makes the units what the change says.
func (s *Service) apply(ctx context.Context, tx *dbx.Tx, actor authz.Actor, c UnitChange) error {
	var sources []Unit
	for _, src := range c.Sources {
		u, err := s.Unit(ctx, tx, src.UnitID)
		if err != nil {
			return err
		}
		if err := s.keepBefore(ctx, tx, actor, u, src.Version, string(c.Kind), c.ID, *c.DecidedAt); err != nil {
			return err
		}
		sources = append(sources, u)
	}
	if c.Kind == ChangeCorrect {
		err := reidentify(ctx, tx, sources[0].ID, c.Sources[0].Version, c.Results[0], *c.DecidedAt)
		return taken(stale(err), "area.unit_taken")
	}
	return s.replace(ctx, tx, c, sources)
}

// became is the state of a unit after a change.
var became = map[ChangeKind]UnitState{ChangeMerge: UnitMerged, ChangeSplit: UnitSplit, ChangeVoid: UnitVoid}

// replace retires the sources, enters the results and hands over who owns and uses them.
func (s *Service) replace(ctx context.Context, tx *dbx.Tx, c UnitChange, sources []Unit) error {
	at := *c.DecidedAt
	var from []id.ID
	for _, src := range c.Sources {
		if err := retire(ctx, tx, src.UnitID, src.Version, became[c.Kind], at); err != nil {
			return stale(err)
		}
		from = append(from, src.UnitID)
	}
	results := make([]Unit, len(c.Results))
	made := make([]ChangeSource, len(c.Results))
	into := make([]id.ID, len(c.Results))
	for i, r := range c.Results {
		results[i] = Unit{ID: id.New(), BuildingID: sources[0].BuildingID, ServiceAreaID: c.ServiceAreaID, UnitIdentity: r, UnitFacts: sources[0].UnitFacts, CreatedAt: at, ChangedAt: at}
		made[i], into[i] = ChangeSource{results[i].ID, 1}, results[i].ID
	}
	if err := insertUnits(ctx, tx, results); err != nil {
		return taken(err, "area.unit_taken")
	}
	if err := insertChangeUnits(ctx, tx, c.ID, "result", made); err != nil {
		return err
	}
	return s.handOver(ctx, tx, from, into, at)
}

// handOver moves owners to all results, occupants and the household to the first. Without results,
// everything that tied people to the unit ends.
func (s *Service) handOver(ctx context.Context, tx *dbx.Tx, from, into []id.ID, at clock.Instant) error {
	day := clock.DateOf(at.Time())
	if err := moveRoll(ctx, tx, from, into, day, at); err != nil {
		return err
	}
	first := id.Nil
	if len(into) > 0 {
		first = into[0]
	}
	if err := moveOccupants(ctx, tx, from, first, day); err != nil {
		return err
	}
	return s.moveHouseholds(ctx, tx, from, first, at)
}

// moveHouseholds keeps the household of the first unit that has one, and makes its people and those of
// the others one household in the new unit.
func (s *Service) moveHouseholds(ctx context.Context, tx *dbx.Tx, from []id.ID, unit id.ID, at clock.Instant) error {
	kept := id.Nil
	for _, u := range from {
		household, err := s.CurrentHousehold(ctx, tx, u)
		if err != nil {
			return err
		}
		switch {
		case household.IsZero():
			continue
		case kept.IsZero() && !unit.IsZero():
			kept, err = household, moveHousehold(ctx, tx, household, unit)
		default:
			err = s.EndHousehold(ctx, tx, u, at)
		}
		if err == nil {
			err = s.Residents.MoveHousehold(ctx, tx, household, kept, unit, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// WithdrawChange takes a proposal back. Only its proposer can.
func (s *Service) WithdrawChange(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, version int64) (UnitChange, error) {
	c, place, err := s.changeAt(ctx, which)
	if err != nil {
		return c, err
	}
	actor, err := s.may(ctx, p, authz.PlaceCorrect, place.Path)
	if err != nil {
		return c, err
	}
	_, err = s.once(ctx, once, which, func(ctx context.Context, tx *dbx.Tx) error {
		err := withdrawChange(ctx, tx, which, version, actor.Person, clock.Now(s.Clock))
		if errors.Is(err, dbx.ErrNoMatch) && actor.Person != c.ProposedBy {
			return fault.New(fault.Forbidden, "area.change_not_own")
		}
		if err != nil {
			return noMatch(err, "area.change_decided")
		}
		return s.record(ctx, tx, actor, "unit_change.withdraw", "unit_change", which, place.Path, nil)
	})
	if err != nil {
		return c, err
	}
	return findChange(ctx, s.DB, which)
}

// ReadChange shows a proposal to the staff of the place.
func (s *Service) ReadChange(ctx context.Context, p authz.Principal, which id.ID) (UnitChange, error) {
	c, err := findChange(ctx, s.DB, which)
	if err != nil {
		return c, err
	}
	return c, s.staff(ctx, p, authz.PlaceRead, c.ServiceAreaID)
}

// Changes lists the proposals of a service area, oldest first; those in one state where it is not empty.
func (s *Service) Changes(ctx context.Context, p authz.Principal, area id.ID, state ChangeState, req page.Request) (page.Page[UnitChange], error) {
	if err := s.staff(ctx, p, authz.PlaceRead, area); err != nil {
		return page.Page[UnitChange]{}, err
	}
	if state != "" && !slices.Contains([]ChangeState{ChangeProposed, ChangeApplied, ChangeRejected, ChangeWithdrawn}, state) {
		return page.Page[UnitChange]{}, fault.InvalidField("query.state", "field.invalid")
	}
	return listing(req, 1, func(after []string, limit int) ([]UnitChange, error) {
		last, err := idAfter(after)
		if err != nil {
			return nil, err
		}
		return listChanges(ctx, s.DB, area, state, last, limit)
	}, func(c UnitChange) []string { return []string{c.ID.String()} })
}

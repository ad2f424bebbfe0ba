package workorder

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Scopes tells the scope path of a division, estate or service area. NotFound when there is no such place.
type Scopes interface {
	ScopePath(ctx context.Context, q dbx.Querier, area id.ID) (string, error)
}

// Escalate looks at the orders whose time has come and takes each up the ladder (R4.6). Every level of a
// running limit is recorded exactly once, by a UNIQUE key, in the transaction that moves the order's next
// look; of several levels found at once, as after a stop of the program, only the highest is told.
func (s *Service) Escalate(ctx context.Context, l job.Lease) (bool, error) {
	now := s.now()
	due, err := watched(ctx, s.DB, now, batch)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, order := range due {
		if err := s.escalate(ctx, l, order, now); err != nil && !errors.Is(err, fault.Conflict) {
			failed = append(failed, err)
		}
	}
	return len(due) == batch, errors.Join(failed...)
}

func (s *Service) escalate(ctx context.Context, l job.Lease, order id.ID, now clock.Instant) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		o, err := orderByID(ctx, tx, order)
		if err != nil {
			return err
		}
		stops, err := s.stops(ctx, tx, o)
		if err != nil {
			return err
		}
		due, next, err := s.rungs(ctx, tx, o, stops, now)
		if err != nil {
			return err
		}
		if len(due) > 0 {
			if o, err = s.perform(ctx, tx, o, escalates, systemActor(l), now, s.tell(due)); err != nil {
				return err
			}
		}
		return setWatch(ctx, tx, order, o.Version, next)
	})
}

// stops are what stops the order's running clock.
func (s *Service) stops(ctx context.Context, q dbx.Querier, o *Order) (Stops, error) {
	if o.ClockStart == nil {
		return Stops{}, nil
	}
	pauses, err := pausesOf(ctx, q, o)
	if err != nil {
		return Stops{}, err
	}
	weather, err := s.weather(ctx, q, o.Facts)
	return Stops{Pauses: pauses, Weather: weather}, err
}

// weather are the declared spells that stop this order's clock: none where it counts natural time, or where
// the category does not wait for the weather.
func (s *Service) weather(ctx context.Context, q dbx.Querier, f Facts) ([]calendar.Span, error) {
	if f.ClockStart == nil || f.SLAMode == NaturalTime {
		return nil, nil
	}
	if cat, err := s.Rules.Categories.Find(f.Category); err != nil || !cat.WeatherExtendable {
		return nil, nil //nolint:nilerr // a category that is retired waits for nothing
	}
	return weatherAt(ctx, q, f.ScopePath, *f.ClockStart)
}

func (s *Service) rungs(ctx context.Context, q dbx.Querier, o *Order, stops Stops, now clock.Instant) ([]rung, *clock.Instant, error) {
	run, ok := s.clocks.limit(o.Facts, stops)
	if !ok {
		return nil, nil, nil
	}
	fired, err := firedLevels(ctx, q, o.ID, run.Start, o.DueStage)
	if err != nil {
		return nil, nil, err
	}
	due, next := s.clocks.climb(o.Facts, stops, fired, now)
	for i := range due {
		if due[i].reached < run.Start {
			due[i].reached = run.Start
		}
	}
	return due, next, nil
}

// tell records the levels and tells of the highest.
func (s *Service) tell(due []rung) effect {
	return func(ctx context.Context, tx *dbx.Tx, m *move) error {
		stops, err := s.stops(ctx, tx, m.order)
		if err != nil {
			return err
		}
		run, _ := s.clocks.limit(m.order.Facts, stops)
		digest := s.clocks.canWait(m.order.Severity)
		for i, r := range due {
			to := audience(r.step.To, m.order.Facts)
			e := OrderEscalation{
				ID: id.New(), OrderID: m.order.ID, Round: run.Start, Stage: m.order.DueStage, Level: int64(r.step.Percent), Severity: m.order.Severity,
				To: to, Told: i == len(due)-1, ReachedAt: r.reached, At: m.now,
			}
			if err := insertEscalation(ctx, tx, e, slices.Contains(to, rules.ToStreetQueue), digest); err != nil {
				return err
			}
			m.info["level"], m.info["stage"], m.info["to"], m.info["reachedAt"] = e.Level, e.Stage, e.To, e.ReachedAt
		}
		m.info["digest"] = digest
		m.topic = "workorder.escalated"
		return nil
	}
}

// Escalations lists the levels an order came to, for everybody who may see it, the reporter included.
func (s *Service) Escalations(ctx context.Context, p authz.Principal, order id.ID) ([]OrderEscalation, error) {
	if _, err := s.visible(ctx, p, order); err != nil {
		return nil, err
	}
	return escalationsOf(ctx, s.DB, order)
}

// StreetQueue lists the open orders of the caller's area that came to the last level, the oldest first.
func (s *Service) StreetQueue(ctx context.Context, p authz.Principal, req page.Request) (page.Page[OrderEscalation], error) {
	where, args, err := s.areaCondition(p, authz.OrderRead)
	if err != nil {
		return page.Page[OrderEscalation]{}, err
	}
	return listQueue(ctx, s.DB, where, args, req)
}

// DeclareWeather says that extreme weather rules, or will, in an area. Due times move soon after, by the job.
// Faults: input.invalid for a kind, a beginning more than a day back, or a spell over thirty days.
func (s *Service) DeclareWeather(ctx context.Context, p authz.Principal, once idem.Key, in WeatherWindow) (WeatherWindow, error) {
	path, err := s.Scopes.ScopePath(ctx, s.DB, in.AreaID)
	if err != nil {
		return WeatherWindow{}, err
	}
	actor, err := authz.Act(p, authz.OrderWeather, authz.Object{Path: path})
	if err != nil {
		return WeatherWindow{}, err
	}
	now := s.now()
	if err := in.check(now); err != nil {
		return WeatherWindow{}, err
	}
	in.ID, in.ScopePath, in.DeclaredAt, in.Version = id.New(), path, now, 1
	in.PersonID, in.OrgID, in.ApplyAfter = actor.Person.Ptr(), actor.Org.Ptr(), &id.Nil
	var stored id.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		first, again, err := once.Claim(ctx, tx, in.ID)
		if stored = first; err != nil || again {
			return err
		}
		if err := insertWeather(ctx, tx, in); err != nil {
			return err
		}
		return recordWeather(ctx, tx, actor, in, "workorder.declare_weather", now)
	})
	if err != nil {
		return WeatherWindow{}, err
	}
	return weatherByID(ctx, s.DB, stored)
}

func (w *WeatherWindow) check(now clock.Instant) error {
	var err error
	if w.Reason, err = text.Line("body.reason", w.Reason, 2, 500); err != nil {
		return err
	}
	var wrong fault.Collect
	if !slices.Contains(weatherKinds, w.Kind) {
		wrong.Add("body.kind", "workorder.weather_kind")
	}
	if w.From < now.Add(-weatherBack) || w.From > now.Add(weatherLong) {
		wrong.Add("body.from", "workorder.weather_from")
	}
	if w.To != nil && (*w.To <= w.From || *w.To > w.From.Add(weatherLong)) {
		wrong.Add("body.to", "workorder.weather_to")
	}
	return wrong.Err()
}

// EndWeather sets or moves the end of a spell; an end that has passed stands.
func (s *Service) EndWeather(ctx context.Context, p authz.Principal, window id.ID, version int64, to clock.Instant) (WeatherWindow, error) {
	w, err := weatherByID(ctx, s.DB, window)
	if err != nil {
		return WeatherWindow{}, err
	}
	actor, err := authz.Act(p, authz.OrderWeather, authz.Object{Path: w.ScopePath})
	if err != nil {
		return WeatherWindow{}, err
	}
	now := s.now()
	switch {
	case w.To != nil && *w.To <= now:
		return WeatherWindow{}, fault.New(fault.Conflict, "workorder.weather_over")
	case to <= w.From || to < now.Add(-weatherBack) || to > w.From.Add(weatherLong):
		return WeatherWindow{}, fault.InvalidField("body.to", "workorder.weather_to")
	case version != w.Version:
		return WeatherWindow{}, fault.New(fault.Stale, "version.stale")
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endWeather(ctx, tx, w, to); err != nil {
			if isNoMatch(err) {
				return fault.New(fault.Stale, "version.stale")
			}
			return err
		}
		after := w
		after.To = to.Ptr()
		return recordWeather(ctx, tx, actor, after, "workorder.end_weather", now)
	})
	if err != nil {
		return WeatherWindow{}, err
	}
	return weatherByID(ctx, s.DB, window)
}

func recordWeather(ctx context.Context, tx *dbx.Tx, actor authz.Actor, w WeatherWindow, action string, now clock.Instant) error {
	err := audit.Record(ctx, tx, now, audit.Entry{
		Actor: actor, Action: action, ObjectKind: "weather_window", ObjectID: w.ID, ScopePath: w.ScopePath,
		Detail: map[string]any{"area": w.AreaID, "kind": w.Kind, "from": w.From, "to": w.To},
	})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, now, "workorder.weather", w.ID, map[string]any{"area": w.AreaID, "kind": w.Kind, "from": w.From, "to": w.To})
}

// WeatherList lists the spells declared in the caller's area, newest first.
func (s *Service) WeatherList(ctx context.Context, p authz.Principal, req page.Request) (page.Page[WeatherWindow], error) {
	grants, err := authz.Holds(p, authz.OrderRead)
	if err != nil {
		return page.Page[WeatherWindow]{}, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "scope_path", Open: true})
	return listWeather(ctx, s.DB, where, args, req)
}

// ApplyWeather moves the due times of the open orders that a declared spell stops, some orders in each
// round; how far it has come is in the database, so a restart goes on there.
func (s *Service) ApplyWeather(ctx context.Context, l job.Lease) (bool, error) {
	w, ok, err := unapplied(ctx, s.DB)
	if err != nil || !ok {
		return false, err
	}
	orders, err := waitingForWeather(ctx, s.DB, w.ScopePath, *w.ApplyAfter, batch)
	if err != nil {
		return false, err
	}
	now := s.now()
	for _, order := range orders {
		if err := s.waitOut(ctx, l, order, now); err != nil {
			return false, err
		}
	}
	return true, s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		if len(orders) < batch {
			return setApplied(ctx, tx, w, nil)
		}
		return setApplied(ctx, tx, w, orders[len(orders)-1].Ptr())
	})
}

// waitOut derives the due times of one order anew. A step taken at the same moment does so itself, so the
// conflict with it is no loss.
func (s *Service) waitOut(ctx context.Context, l job.Lease, order id.ID, now clock.Instant) error {
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		o, err := orderByID(ctx, tx, order)
		if err != nil || !slices.Contains(unfinished, o.State) {
			return err
		}
		stops, err := s.stops(ctx, tx, o)
		if err != nil {
			return err
		}
		next := o.Facts
		s.clocks.recompute(&next, stops)
		if len(o.changesTo(next)) == 0 {
			return nil
		}
		_, err = s.perform(ctx, tx, o, waitsOutWeather, systemActor(l), now, func(_ context.Context, _ *dbx.Tx, m *move) error {
			m.info["weather"] = len(stops.Weather)
			return nil
		})
		return err
	})
	if errors.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

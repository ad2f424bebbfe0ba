package report

import (
	"context"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/rules"
)

// Deps is what the service stands on.
type Deps struct {
	DB     *dbx.DB
	Clock  clock.Clock
	Rules  *rules.Set
	Ledger *ledger.Ledger
}

// Service is the use cases of the audit.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

// present are the definitions in force now.
func (s *Service) present() Definitions {
	return Definitions{s.Rules.Report, s.Rules.Hash(rules.Report)}
}

// definitionsOf are those that a past result cites. Fault: rules.version_unknown.
func definitionsOf(ctx context.Context, q dbx.Querier, hash rules.Hash) (Definitions, error) {
	f, err := rules.ByHash(ctx, q, hash)
	if err != nil {
		return Definitions{}, err
	}
	r, err := rules.ParseReport(f)
	return Definitions{r, hash}, err
}

// evaluation is what an audit found.
type evaluation struct {
	figures map[Cell]Figures
	judged  map[Cell]Judged
	hash    [32]byte
	orders  int64
	events  int64
}

// of is what is shown of a cell's ratings; a cell whose closings nobody could rate shows that there are none.
func (e *evaluation) of(c Cell) Judged {
	if j, ok := e.judged[c]; ok {
		return j
	}
	return Judged{State: RatingsShown, Ratings: &Ratings{}}
}

// task is one evaluation: which orders, which time, as known when, by which definitions, by what.
type task struct {
	scope     scope
	period    Period
	asOf      clock.Instant
	def       Definitions
	dims      []Dimension
	revisions []clock.Instant       // when the revisions of a published month were made, this one last; nil leaves ratings out
	salt      []byte                // of the event hash; nil computes none
	look      func(*book, *history) // sees every order that matters; nil for none
}

// evaluate computes every cell of the task's dimensions from the events and the ratings.
func evaluate(ctx context.Context, q dbx.Querier, t task) (*evaluation, error) {
	b := newBook(t.period, t.asOf, t.def, t.dims)
	var sum *eventHash
	if t.salt != nil {
		sum = newEventHash(t.salt)
	}
	err := eachHistory(ctx, q, t.scope, t.period, t.asOf, id.Nil, sum, func(h *history) error {
		b.add(h)
		if t.look != nil {
			t.look(b, h)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e := &evaluation{figures: b.settle(), judged: map[Cell]Judged{}}
	if t.revisions == nil {
		return e, nil
	}
	rows, err := ratingsIn(ctx, q, t.scope, t.period, t.asOf)
	if err != nil {
		return nil, err
	}
	o := layersOf(b, rows, t.revisions)
	e.judged = o.judge(len(t.revisions), t.def.Suppression.K)
	if sum != nil {
		sum.ratings(o.rows)
		e.hash, e.orders, e.events = sum.result(), sum.Orders, sum.Events
	}
	return e, nil
}

// Query asks for live figures.
type Query struct {
	AreaID    id.ID // street, community, estate or service area; zero is the caller's own
	Month     Month // the last month
	Months    int   // how many, 1 when zero
	AsOf      clock.Instant
	Dimension Dimension
	Only      filter
}

// Live is figures computed now.
type Live struct {
	place    place
	period   Period
	asOf     clock.Instant
	def      Definitions
	figures  map[Cell]Figures
	judged   func(Cell) Judged
	viewable []Cell
}

// maxMonths bounds a live view.
const maxMonths = 24

// task makes the evaluation of a query. Faults: not_found for a place that is not the caller's, report.area_level,
// report.as_of, report.months.
func (s *Service) task(ctx context.Context, p authz.Principal, in Query) (task, error) {
	place, err := s.liveArea(ctx, p, in.AreaID)
	if err != nil {
		return task{}, err
	}
	now := s.now()
	if in.AsOf == 0 {
		in.AsOf = now
	}
	if in.AsOf > now {
		return task{}, fault.InvalidField("query.asOf", "report.as_of")
	}
	n := max(in.Months, 1)
	if n > maxMonths {
		return task{}, fault.InvalidField("query.months", "report.months", "max", maxMonths)
	}
	period := Period{in.Month.Add(1 - n).Start(), in.Month.End()}
	return task{scope: scope{place, in.Only}, period: period, asOf: in.AsOf, def: s.present()}, nil
}

// liveArea is the place of a live view. It takes a post of the area that may see its orders: companies,
// residents and owners' committees see published months only.
func (s *Service) liveArea(ctx context.Context, p authz.Principal, area id.ID) (place, error) {
	grants, err := authz.Holds(p, authz.ReportRead)
	if err != nil {
		return place{}, err
	}
	var at place
	if area.IsZero() {
		at, err = s.ownArea(ctx, p, grants)
	} else {
		at, err = placeByID(ctx, s.DB, area)
	}
	if err != nil {
		return place{}, err
	}
	for _, perm := range []authz.Permission{authz.ReportRead, authz.OrderRead} {
		if err := authz.Require(p, perm, authz.Object{Path: at.Path}); err != nil {
			return place{}, notFound()
		}
	}
	if _, ok := at.column(); !ok {
		return place{}, fault.InvalidField("query.areaId", "report.area_level")
	}
	return at, nil
}

// ownArea is the one area of the caller's posts. Fault: report.choose_area where there is not exactly one.
func (s *Service) ownArea(ctx context.Context, p authz.Principal, grants []authz.Grant) (place, error) {
	paths := map[string]bool{}
	for _, g := range grants {
		if g.Path != "" && authz.TieOf(g.Role) == authz.ByArea && authz.Require(p, authz.OrderRead, authz.Object{Path: g.Path}) == nil {
			paths[g.Path] = true
		}
	}
	if len(paths) != 1 {
		return place{}, fault.InvalidField("query.areaId", "report.choose_area")
	}
	for path := range paths {
		return placeByPath(ctx, s.DB, path)
	}
	return place{}, notFound()
}

// Rates computes figures for months as known at a moment, by one dimension, with the total. Ratings come
// with them only for those whose duty it is to call back, who may see each of them; even so, groups below k and
// differences below k are left out. Others see them in published months.
func (s *Service) Rates(ctx context.Context, p authz.Principal, in Query) (*Live, error) {
	t, err := s.task(ctx, p, in)
	if err != nil {
		return nil, err
	}
	t.dims = []Dimension{Total}
	if in.Dimension != Total {
		t.dims = append(t.dims, in.Dimension)
	}
	hidden := RatingsFiltered
	if in.Only.empty() {
		hidden = RatingsReserved
		if authz.Require(p, authz.OrderCallback, authz.Object{Path: t.scope.Path}) == nil {
			hidden, t.revisions = "", []clock.Instant{t.asOf}
		}
	}
	e, err := evaluate(ctx, s.DB, t)
	if err != nil {
		return nil, err
	}
	judged := func(c Cell) Judged {
		if hidden != "" {
			return Judged{State: hidden}
		}
		j := e.of(c)
		j.Revision = 0
		return j
	}
	return &Live{t.scope.place, t.period, t.asOf, t.def, e.figures, judged, sorted(e.figures)}, nil
}

// settled is how long after an event it is certain to be in the database: longer than any request may run. A
// publication looks no closer to the present, so that whoever verifies it later finds the same events.
const settled = 2 * time.Minute

package workorder

import (
	"context"
	"regexp"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Filter says which orders of those the caller may see are listed.
type Filter struct {
	States        []State
	Category      string
	Severity      string
	Source        Source
	Open          bool // not over yet
	Overdue       bool // the limit of what is due next has passed; the longest overdue come first
	Mine          bool // own reports; for staff, what is assigned to them
	ForMe         bool // the next move is the caller's
	AssigneeID    *id.ID
	HandlerID     *id.ID
	EstateID      *id.ID
	ServiceAreaID *id.ID
	CommunityID   *id.ID
	From, To      clock.Date    // reported on these days, both included
	ChangedSince  clock.Instant // changed at this moment or later; zero for any
	Text          string        // in title or description, or the number exactly
	Sort          string        // newest (default) or due

	posts []id.ID // the organisations the caller has a post in: cases about their conduct are left out
}

// byDue tells whether the list goes by due time; it then holds only orders with a running clock.
func (f Filter) byDue() bool { return f.Sort == "due" || f.Overdue }

// List returns a page of the orders the caller may see: a resident's own and the household's, a company's own,
// a community's or a street's area. Faults: input.invalid for an unknown state or sort.
func (s *Service) List(ctx context.Context, p authz.Principal, f Filter, req page.Request) (page.Page[OrderView], error) {
	rows, err := s.orders(ctx, p, f, req)
	if err != nil {
		return page.Page[OrderView]{}, err
	}
	now := s.now()
	out := page.Page[OrderView]{Items: make([]OrderView, len(rows.Items)), Next: rows.Next}
	for i, o := range rows.Items {
		out.Items[i] = View(o, p, now)
	}
	return out, nil
}

func (s *Service) orders(ctx context.Context, p authz.Principal, f Filter, req page.Request) (page.Page[*Order], error) {
	if f.posts == nil {
		f.posts = postsOf(p)
	}
	scans, err := s.scansOf(ctx, p, f)
	if err != nil {
		return page.Page[*Order]{}, err
	}
	if f, err = s.check(f); err != nil {
		return page.Page[*Order]{}, err
	}
	return f.listOrders(ctx, s.DB, scans, req, s.now())
}

// sources lists where orders come from.
var sources = []Source{FromResident, FromDesk, FromInspection, FromHotline, FromImport}

// check refuses values that no order can have, all of them at once.
func (s *Service) check(f Filter) (Filter, error) {
	var wrong fault.Collect
	if f.Sort != "" && f.Sort != "newest" && f.Sort != "due" {
		wrong.Add("query.sort", "workorder.sort")
	}
	for _, st := range f.States {
		if _, ok := possibleWaiting[st]; !ok {
			wrong.Add("query.state", "workorder.state")
		}
	}
	if _, ok := s.Rules.Categories.Severity(rules.Severity(f.Severity)); f.Severity != "" && !ok {
		wrong.Add("query.severity", "workorder.severity")
	}
	if f.Category != "" && !codeForm.MatchString(f.Category) {
		wrong.Add("query.category", "rules.category_unknown")
	}
	if f.Source != "" && !slices.Contains(sources, f.Source) {
		wrong.Add("query.source", "workorder.source")
	}
	if err := wrong.Err(); err != nil {
		return f, err
	}
	var err error
	f.Text, err = text.Line("query.q", f.Text, 0, 60)
	return f, err
}

// codeForm is how codes of categories look; imported orders may carry codes that are no longer in the file.
var codeForm = regexp.MustCompile(`^[a-z0-9_.]{1,60}$`)

// visible loads an order that p may see.
func (s *Service) visible(ctx context.Context, p authz.Principal, order id.ID) (*Order, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return nil, err
	}
	return o, o.seenBy(p)
}

// Show returns one order.
func (s *Service) Show(ctx context.Context, p authz.Principal, order id.ID) (OrderView, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return OrderView{}, err
	}
	return View(o, p, s.now()), nil
}

// Seen returns those of the orders that the caller may see, as lists show them.
func (s *Service) Seen(ctx context.Context, p authz.Principal, orders []id.ID) ([]OrderView, error) {
	found, err := ordersByID(ctx, s.DB, orders)
	if err != nil {
		return nil, err
	}
	var out []OrderView
	for _, o := range found {
		if o.seenBy(p) == nil {
			out = append(out, View(o, p, s.now()))
		}
	}
	return out, nil
}

// OrderDetail is an order with everything a screen needs around it.
type OrderDetail struct {
	OrderView
	Steps     []OrderStep     `json:"steps" doc:"Every step, with whether you may take it now and why not"`
	Pauses    []OrderPause    `json:"pauses" doc:"When the resident was waited for"`
	Objection *OrderObjection `json:"objection,omitempty" doc:"The one objection of the order"`
	Proposals []OrderProposal `json:"proposals" doc:"Deferrals and extensions asked for"`
	Ratings   []OrderRating   `json:"ratings,omitempty" doc:"Your household's own; all of them for the community and the street; never for the handler"`
	Emergency *EmergencyView  `json:"emergency,omitempty" doc:"Whom to ring in danger to life"`
}

// Detail returns one order with its possible steps and what belongs to it.
func (s *Service) Detail(ctx context.Context, p authz.Principal, order id.ID) (OrderDetail, error) {
	o, err := s.visible(ctx, p, order)
	if err == nil {
		err = o.loadWorkers(ctx, s.DB)
	}
	if err != nil {
		return OrderDetail{}, err
	}
	now := s.now()
	d := OrderDetail{OrderView: View(o, p, now), Steps: AllowedSteps(o, p, now, s.Rules.WorkOrders)}
	if d.Pauses, err = Pauses(ctx, s.DB, order); err != nil {
		return OrderDetail{}, err
	}
	if d.Objection, err = objectionOf(ctx, s.DB, order); err != nil {
		return OrderDetail{}, err
	}
	if d.Proposals, err = proposalsOf(ctx, s.DB, order); err != nil {
		return OrderDetail{}, err
	}
	if cat, err := s.Rules.Categories.Find(o.Category); err == nil && o.Open() {
		d.Emergency = s.emergency(cat)
	}
	d.Ratings, err = s.ratingsFor(ctx, o, p)
	return d, err
}

// ratingsFor are the ratings p may see: all for the community and the street, the own for a reporter, none for
// anybody of the handler, whatever else they are (R6.5).
func (s *Service) ratingsFor(ctx context.Context, o *Order, p authz.Principal) ([]OrderRating, error) {
	e := lookAt(o, p)
	if (o.HandlerOrgID != nil && holdsPostIn(p, *o.HandlerOrgID)) || (!e.area && !e.reporter && !e.follower) {
		return nil, nil
	}
	all, err := ratingsOf(ctx, s.DB, o.ID)
	if err != nil || e.area {
		return all, err
	}
	who, ok := raterOf(o, p)
	var own []OrderRating
	for _, r := range all {
		if ok && r.RaterKey == who.key {
			own = append(own, r)
		}
	}
	return own, nil
}

// History returns the steps of an order, oldest first, with the role that took each.
func (s *Service) History(ctx context.Context, p authz.Principal, order id.ID) ([]OrderEvent, error) {
	o, err := s.visible(ctx, p, order)
	if err != nil {
		return nil, err
	}
	events, err := Events(ctx, s.DB, order)
	if err != nil {
		return nil, err
	}
	return history(o, events, p), nil
}

// Callbacks lists the open call-backs, or the done ones, of the caller's area, oldest first.
func (s *Service) Callbacks(ctx context.Context, p authz.Principal, state string, req page.Request) (page.Page[OrderCallback], error) {
	where, args, err := s.areaCondition(p, authz.OrderCallback)
	if err != nil {
		return page.Page[OrderCallback]{}, err
	}
	return listCallbacks(ctx, s.DB, where, args, state, req)
}

// Checks lists the orders drawn for the community's sample of a month that wait to be looked at.
func (s *Service) Checks(ctx context.Context, p authz.Principal, state string, req page.Request) (page.Page[OrderCheck], error) {
	where, args, err := s.areaCondition(p, authz.OrderVerify)
	if err != nil {
		return page.Page[OrderCheck]{}, err
	}
	return listChecks(ctx, s.DB, where, args, state, req)
}

// areaCondition is the caller's area as a condition on o, an order.
func (s *Service) areaCondition(p authz.Principal, perm authz.Permission) (string, []any, error) {
	grants, err := authz.Holds(p, perm)
	if err != nil {
		return "", nil, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "o.scope_path"})
	sc := notAbout("o.", scan{where, args}, postsOf(p))
	return sc.where, sc.args, nil
}

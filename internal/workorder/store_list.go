package workorder

import (
	"cmp"
	"context"
	"encoding/base32"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// scan is one walk along one index: a capacity's orders, perhaps those waiting for one side. Several
// capacities are several walks, merged in Go; an OR over columns would make the engine read everything.
type scan struct {
	where string
	args  []any
}

func (s scan) and(cond string, args ...any) scan {
	return scan{s.where + " AND " + cond, append(slices.Clip(s.args), args...)}
}

func in(column string, n int) string { return column + " IN (?" + strings.Repeat(",?", n-1) + ")" }

// levelColumn is the column that holds the place of a scope at this level, indexed with id.
var levelColumn = map[string]string{"street": "street_id", "community": "community_id", "estate": "estate_id"}

// scansOf turns the caller's capacities into walks. The conditions are those of Order.object, so that a list
// never holds what Require would refuse.
func (s *Service) scansOf(ctx context.Context, p authz.Principal, f Filter) ([]scan, error) {
	grants, err := authz.Holds(p, authz.OrderRead)
	if err != nil {
		return nil, err
	}
	var out []scan
	resident := false
	for _, g := range grants {
		switch {
		case g.Role == authz.RoleSystem:
			return f.waitingSplit(scan{where: "1 = 1"}, ForHandler, ForAssignee, ForResident, ForArea), nil
		case authz.TieOf(g.Role) == authz.ByArea && g.Path != "" && !f.Mine:
			sc, err := s.areaScan(ctx, g.Path)
			if err != nil {
				return nil, err
			}
			out = append(out, f.waitingSplit(notAbout("", sc, f.posts), ForArea)...)
		case authz.TieOf(g.Role) == authz.ByOrg:
			out = append(out, f.orgScans(p, g)...)
		case authz.TieOf(g.Role) == authz.ByHousehold:
			resident = true
			out = append(out, f.residentScan(scan{"household_id = ? AND reported_at >= ?", []any{g.Household, g.Since}}))
		}
	}
	if resident && !p.Person.IsZero() {
		out = append(out, f.residentScan(scan{"reporter_person_id = ?", []any{p.Person}}))
	}
	return out, nil
}

// postsOf are the organisations somebody has a post in; never nil.
func postsOf(p authz.Principal) []id.ID {
	out := []id.ID{}
	for _, g := range p.Grants {
		if !g.Org.IsZero() && !slices.Contains(out, g.Org) {
			out = append(out, g.Org)
		}
	}
	return out
}

// notAbout leaves out the conduct cases about some organisations, as Order.seenBy does.
func notAbout(table string, sc scan, orgs []id.ID) scan {
	if len(orgs) == 0 {
		return sc
	}
	return sc.and("("+table+"identity_rule <> 'conduct' OR "+table+"party_org_id IS NULL OR NOT "+in(table+"party_org_id", len(orgs))+")", anys(orgs)...)
}

func (s *Service) areaScan(ctx context.Context, path string) (scan, error) {
	low, high := authz.PathRange(path)
	within := scan{"scope_path >= ? AND scope_path < ?", []any{low, high}}
	place, ok := lastPlace(path)
	if !ok {
		return within, nil
	}
	level, err := s.Areas.Level(ctx, s.DB, place)
	if err != nil {
		return scan{}, err
	}
	if column, ok := levelColumn[level]; ok {
		return scan{column + " = ?", []any{place}}.and(within.where, within.args...), nil
	}
	return within, nil
}

// lastPlace is the place a scope path leads to.
func lastPlace(path string) (id.ID, bool) {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	b, err := segments.DecodeString(parts[len(parts)-1])
	if err != nil || len(b) != len(id.Nil) {
		return id.Nil, false
	}
	return id.ID(b), true
}

// segments reads what id.ID.Segment writes.
var segments = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

func (f Filter) orgScans(p authz.Principal, g authz.Grant) []scan {
	base := scan{"handler_org_id = ?", []any{g.Org}}.and("identity_rule <> 'conduct'")
	if hasDigits.MatchString(f.Text) && !numberForm.MatchString(strings.ToUpper(f.Text)) {
		base = base.and("(identity_rule = 'home_repair' OR external_number = ?)", f.Text)
	}
	if f.Mine || (f.ForMe && g.Role == authz.RoleWorker) {
		base = scan{"assignee_person_id = ?", []any{p.Person}}.and(base.where, base.args...)
		return f.waitingSplit(base, ForAssignee)
	}
	return f.waitingSplit(base, ForHandler)
}

func (f Filter) residentScan(sc scan) scan {
	if f.ForMe {
		return sc.and("waiting = 'resident'")
	}
	if w := f.waitings(); len(w) > 0 {
		return sc.and(in("waiting", len(w)), anys(w)...)
	}
	return sc
}

// waitingSplit makes a walk for each side that can be waited for, where the filter asks for open orders or for
// states: the open ones are few among the closed, and the index leads straight to them. A walk by due time
// needs no split, for only open orders have one.
func (f Filter) waitingSplit(sc scan, mine ...Waiting) []scan {
	if f.ForMe {
		return []scan{sc.and(in("waiting", len(mine)), anys(mine)...)}
	}
	if f.byDue() {
		return []scan{sc}
	}
	values := f.waitings()
	if len(values) == 0 {
		return []scan{sc}
	}
	out := make([]scan, len(values))
	for i, w := range values {
		out[i] = sc.and("waiting = ?", w)
	}
	return out
}

// possibleWaiting lists who can be waited for in a state.
var possibleWaiting = map[State][]Waiting{
	Reported: {ForHandler, ForArea}, Accepted: {ForHandler, ForArea},
	Dispatched: {ForHandler, ForAssignee, ForResident, ForArea}, InProgress: {ForHandler, ForAssignee, ForResident, ForArea},
	Deferred: {ForHandler, ForArea}, Returned: {ForArea}, Resolved: {ForResident, ForArea}, Verified: {ForResident, ForArea},
	Declined: {ForNobody}, Closed: {ForNobody}, Duplicate: {ForNobody}, Cancelled: {ForNobody},
}

func (f Filter) waitings() []Waiting {
	if f.Open && len(f.States) == 0 {
		return []Waiting{ForHandler, ForAssignee, ForResident, ForArea}
	}
	var out []Waiting
	for _, st := range f.States {
		for _, w := range possibleWaiting[st] {
			if !slices.Contains(out, w) && !(f.Open && w == ForNobody) {
				out = append(out, w)
			}
		}
	}
	return out
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// numberForm is how order numbers look.
var numberForm = regexp.MustCompile(`^[A-Z]{1,8}-[0-9]{8}-[0-9]{4,}$`)

// hasDigits finds what could be part of a number that a handler is shown masked: searching for it would tell.
var hasDigits = regexp.MustCompile(`\p{Nd}{3}`)

// narrow adds the conditions that are the same for every walk.
func (f Filter) narrow(sc scan, now clock.Instant) scan {
	if len(f.States) > 0 {
		sc = sc.and(in("state", len(f.States)), anys(f.States)...)
	}
	for _, eq := range []struct {
		column string
		value  any
		set    bool
	}{
		{"category", f.Category, f.Category != ""}, {"severity", f.Severity, f.Severity != ""}, {"source", f.Source, f.Source != ""},
		{"estate_id", f.EstateID, f.EstateID != nil}, {"service_area_id", f.ServiceAreaID, f.ServiceAreaID != nil}, {"community_id", f.CommunityID, f.CommunityID != nil},
		{"handler_org_id", f.HandlerID, f.HandlerID != nil}, {"assignee_person_id", f.AssigneeID, f.AssigneeID != nil},
	} {
		if eq.set {
			sc = sc.and(eq.column+" = ?", eq.value)
		}
	}
	if f.Overdue {
		sc = sc.and("due_at <= ?", now)
	}
	if f.From != "" {
		sc = sc.and("reported_at >= ?", clock.At(f.From.Start()))
	}
	if f.To != "" {
		sc = sc.and("reported_at < ?", clock.At(f.To.AddDays(1).Start()))
	}
	if f.ChangedSince != 0 {
		sc = sc.and("updated_at >= ?", f.ChangedSince)
	}
	switch {
	case numberForm.MatchString(strings.ToUpper(f.Text)):
		sc = sc.and("number = ?", strings.ToUpper(f.Text))
	case f.Text != "":
		like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(f.Text) + "%"
		sc = sc.and("(external_number = ? OR title LIKE ? ESCAPE '!' OR description LIKE ? ESCAPE '!')", f.Text, like, like)
	}
	return sc
}

// after continues behind the last row of the page before.
func (f Filter) after(sc scan, cursor []string) (scan, error) {
	if cursor == nil {
		return sc, nil
	}
	last, err := id.Parse(cursor[len(cursor)-1])
	if err != nil {
		return sc, fault.InvalidField("query.cursor", "page.cursor")
	}
	if !f.byDue() {
		return sc.and("id < ?", last), nil
	}
	due, err := strconv.ParseInt(cursor[0], 10, 64)
	if err != nil {
		return sc, fault.InvalidField("query.cursor", "page.cursor")
	}
	return sc.and("due_at >= ? AND (due_at > ? OR id > ?)", due, due, last), nil
}

// listOrders reads one page of the merged walks.
func (f Filter) listOrders(ctx context.Context, q dbx.Querier, scans []scan, req page.Request, now clock.Instant) (page.Page[*Order], error) {
	cursor, err := page.Decode(req.Cursor, f.cursorParts())
	if err != nil {
		return page.Page[*Order]{}, err
	}
	order, size := " ORDER BY id DESC LIMIT ?", req.Size()
	if f.byDue() {
		order = " ORDER BY due_at, id LIMIT ?"
	}
	var rows []*Order
	for _, sc := range scans {
		if f.byDue() {
			sc = sc.and("ticking = 1") // an equality, so that the index leads to the first due without passing those without a clock
		}
		if sc, err = f.after(f.narrow(sc, now), cursor); err != nil {
			return page.Page[*Order]{}, err
		}
		var part []*Order
		if err := q.Select(ctx, &part, `SELECT `+orderColumns+` FROM work_order WHERE `+sc.where+order, append(sc.args, size+1)...); err != nil {
			return page.Page[*Order]{}, err
		}
		rows = append(rows, part...)
	}
	return page.Cut(f.merged(rows), size, f.cursorOf), nil
}

// merged brings the rows of several walks into one order, each row once.
func (f Filter) merged(rows []*Order) []*Order {
	slices.SortFunc(rows, func(a, b *Order) int {
		if f.byDue() {
			return cmp.Or(cmp.Compare(*a.DueAt, *b.DueAt), slices.Compare(a.ID[:], b.ID[:]))
		}
		return slices.Compare(b.ID[:], a.ID[:])
	})
	return slices.CompactFunc(rows, func(a, b *Order) bool { return a.ID == b.ID })
}

func (f Filter) cursorParts() int {
	if f.byDue() {
		return 2
	}
	return 1
}

func (f Filter) cursorOf(o *Order) []string {
	if f.byDue() {
		return []string{strconv.FormatInt(int64(*o.DueAt), 10), o.ID.String()}
	}
	return []string{o.ID.String()}
}

// inAny is a subquery of the orders that any of some walks lists, each once, with what a summary counts. The walks' conditions are those of
// scansOf, with placeholders for every value.
func inAny(scans []scan) (string, []any) {
	var parts []string
	var args []any
	for _, sc := range scans {
		parts, args = append(parts, `SELECT id, state, due_at, reported_at, updated_at FROM work_order WHERE `+sc.where), append(args, sc.args...)
	}
	return `(` + strings.Join(parts, ` UNION `) + `) o`, args
}

// countIn counts the orders of walks.
func countIn(ctx context.Context, q dbx.Querier, scans []scan) (n int64, err error) {
	if len(scans) == 0 {
		return 0, nil
	}
	from, args := inAny(scans)
	err = q.Get(ctx, &n, `SELECT COUNT(*) FROM `+from, args...)
	return n, err
}

// countStates counts the orders of walks by state: those reported and changed since a moment, those due by now, and those due until soon.
func countStates(ctx context.Context, q dbx.Querier, scans []scan, since, now, soon clock.Instant) (out []stateCount, err error) {
	if len(scans) == 0 {
		return nil, nil
	}
	from, args := inAny(scans)
	err = q.Select(ctx, &out, `SELECT state, COUNT(*) AS orders, COUNT(CASE WHEN reported_at >= ? THEN 1 END) AS reported, COUNT(CASE WHEN updated_at >= ? THEN 1 END) AS changed,
		COUNT(CASE WHEN due_at <= ? THEN 1 END) AS overdue, COUNT(CASE WHEN due_at > ? AND due_at <= ? THEN 1 END) AS due_soon
		FROM `+from+` GROUP BY state`, append([]any{since, since, now, now, soon}, args...)...)
	return out, err
}

// unfinishedAmong are those of some orders that are not over, with whether what was to be done is done.
func unfinishedAmong(ctx context.Context, q dbx.Querier, orders []id.ID) (map[id.ID]bool, error) {
	args := append(anys(orders), anys(unfinished)...)
	var rows []struct {
		ID    id.ID `db:"id"`
		State State `db:"state"`
	}
	err := q.Select(ctx, &rows, `SELECT id, state FROM work_order WHERE `+in("id", len(orders))+` AND `+in("state", len(unfinished)), args...)
	out := make(map[id.ID]bool, len(rows))
	for _, r := range rows {
		out[r.ID] = r.State == Resolved || r.State == Verified
	}
	return out, err
}

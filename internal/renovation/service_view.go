package renovation

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// View is a project with its items and what is possible and missing now.
type View struct {
	Project
	Items       []ItemView   `json:"items"`
	Funding     []Line       `json:"funding" doc:"What each source gives"`
	Sums        Sums         `json:"sums" doc:"Over all lines"`
	BySource    []Sums       `json:"bySource"`
	Milestones  []Milestone  `json:"milestones"`
	Findings    []Finding    `json:"findings" doc:"The newest first"`
	Supervisors []Supervisor `json:"supervisors" doc:"Residents who look after the works"`
	Progress    []Progress   `json:"progress" doc:"The newest measurements"`

	SupervisorsNeeded     int64 `json:"supervisorsNeeded" doc:"Confirmed resident supervisors at the beginning of works, at least"`
	RepresentativesNeeded int64 `json:"representativesNeeded" doc:"Residents who sign for an item, at least"`

	YearSurveyFrom *clock.Date `json:"yearSurveyFrom,omitempty" doc:"The first day on which the second survey of the result may open; absent before the acceptance"`

	Earned     *EarnedValue `json:"earned,omitempty" doc:"Where the project asks for it"`
	Contractor string       `json:"contractor,omitempty" doc:"Name of the contractor"`
	Former     []Former     `json:"formerContracts" doc:"Works contracts that were ended, in their order"`
	Sponsor    string       `json:"sponsor,omitempty" doc:"Name of the office that carries it out"`
	Phone      string       `json:"phone,omitempty" doc:"Telephone of that office"`
	Documents  []Document   `json:"documents" doc:"For those who work on the project; empty for residents"`

	WithdrawnFor string `json:"withdrawnFor,omitempty" doc:"Why it was withdrawn"`

	Steps []Step     `json:"steps" doc:"What is possible in this stage"`
	Next  *NextStage `json:"next,omitempty" doc:"Absent at the end"`
}

// NextStage is the stage that follows and what it lacks.
type NextStage struct {
	Stage   State    `json:"stage"`
	Missing []string `json:"missing" doc:"Conditions that are not met yet; empty where the stage may begin"`
	Asked   []string `json:"asked" doc:"All its conditions, met or not"`
}

// ItemView is an item with the owners' decision on it.
type ItemView struct {
	Item
	Given      *Given          `json:"given,omitempty" doc:"The owners' decision on it"`
	Vote       *Held           `json:"vote,omitempty" doc:"The newest vote about it on this platform, also while it goes on"`
	PaidFen    int64           `json:"paidFen" doc:"Paid for it so far"`
	Checklist  []ChecklistLine `json:"checklist" doc:"What is looked at on acceptance"`
	Signatures []Signature     `json:"signatures" doc:"Of the item as it is now"`
	Consent    string          `json:"consent" enum:"not_needed,open,given,outdated" doc:"outdated: the item has changed since the owners decided"`
}

// Show returns a project to who lives there, works on it or supervises it.
func (s *Service) Show(ctx context.Context, p authz.Principal, which id.ID) (View, error) {
	pr, obj, err := s.reach(ctx, which)
	if err != nil {
		return View{}, err
	}
	if err := authz.Require(p, authz.RenovationRead, readable(obj)); err != nil {
		return View{}, err
	}
	v, err := s.view(ctx, s.DB, pr)
	if err == nil && authz.Require(p, authz.RenovationDocument, obj) == nil {
		v.Documents, err = documents(ctx, s.DB, which)
		if err == nil {
			err = s.nameSupervisors(ctx, v.Supervisors)
		}
	}
	for i, sv := range v.Supervisors {
		v.Supervisors[i].Mine = sv.PersonID != nil && *sv.PersonID == p.Person
	}
	return v, err
}

// nameSupervisors gives the volunteers their masked names, for who confirms them.
func (s *Service) nameSupervisors(ctx context.Context, list []Supervisor) error {
	var persons []id.ID
	for _, v := range list {
		if v.PersonID != nil {
			persons = append(persons, *v.PersonID)
		}
	}
	if len(persons) == 0 {
		return nil
	}
	names, err := s.People.Masked(ctx, s.DB, persons)
	for i, v := range list {
		if v.PersonID != nil {
			list[i].Name = names[*v.PersonID]
		}
	}
	return err
}

func (s *Service) view(ctx context.Context, q dbx.Querier, p Project) (View, error) {
	v := View{Project: p, Items: []ItemView{}, Documents: []Document{}, Steps: Steps(p.State)}
	f, err := s.facts(ctx, q, p)
	if err != nil {
		return v, err
	}
	paid, err := paidByItem(ctx, q, p.ID)
	if err != nil {
		return v, err
	}
	for _, it := range f.items {
		iv := f.itemView(it)
		iv.PaidFen = paid[it.ID]
		v.Items = append(v.Items, iv)
	}
	if err := s.viewVotes(ctx, q, v.Items); err != nil {
		return v, err
	}
	v.Funding, v.Findings = f.lines, f.findings
	v.SupervisorsNeeded, v.RepresentativesNeeded = f.law.Supervisors, f.law.Representatives
	v.Sums, v.BySource = sumLines(f.lines)
	if p.EarnedValue {
		e := earned(f.items, paid, f.today)
		v.Earned = &e
	}
	if err := s.viewSite(ctx, q, &v); err != nil {
		return v, err
	}
	if p.AcceptedOn != nil {
		from := s.yearSurveyFrom(*p.AcceptedOn)
		v.YearSurveyFrom = &from
	}
	if next, ok := p.State.next(); ok {
		v.Next = &NextStage{next, missing(f, next), asked(next)}
	}
	if p.State == Withdrawn {
		v.WithdrawnFor, err = withdrawnFor(ctx, q, p.ID)
	}
	return v, err
}

// viewVotes adds the votes that owners hold about the items.
func (s *Service) viewVotes(ctx context.Context, q dbx.Querier, items []ItemView) error {
	var decided []id.ID
	for _, it := range items {
		if it.DecisionItem != 0 {
			decided = append(decided, it.ID)
		}
	}
	held, err := s.Decisions.Held(ctx, q, decided)
	for i, it := range items {
		if h, ok := held[it.ID]; ok {
			items[i].Vote = &h
		}
	}
	return err
}

// newest is how many measurements a view has.
const newest = 100

// viewSite adds what is to be read of the site and who works there.
func (s *Service) viewSite(ctx context.Context, q dbx.Querier, v *View) (err error) {
	if v.Milestones, err = milestonesOf(ctx, q, v.ID, s.today()); err != nil {
		return err
	}
	if v.Supervisors, err = supervisorsOf(ctx, q, v.ID); err != nil {
		return err
	}
	if v.Progress, err = progressOf(ctx, q, v.ID, newest); err != nil {
		return err
	}
	if err = s.nameFormer(ctx, q, v); err != nil {
		return err
	}
	for org, name := range map[*id.ID]*string{v.ContractorID: &v.Contractor, v.SponsorID: &v.Sponsor} {
		if org == nil {
			continue
		}
		o, err := s.Orgs.Org(ctx, q, *org)
		if err != nil {
			return err
		}
		if *name = o.Name; name == &v.Sponsor {
			v.Phone = o.Phone
		}
	}
	return nil
}

func (f *facts) itemView(it Item) ItemView {
	v := ItemView{Item: it, Consent: "open", Checklist: []ChecklistLine{}, Signatures: []Signature{}}
	a := f.accept[it.ID]
	for _, n := range a.needed {
		line := ChecklistLine{Code: n.Code, Name: n.Text}
		if i := slices.IndexFunc(a.checks, func(c Check) bool { return c.Code == n.Code }); i >= 0 {
			line.Result = &a.checks[i]
		}
		v.Checklist = append(v.Checklist, line)
	}
	for _, sig := range a.signatures {
		if sig.Hash == it.ContentHash {
			v.Signatures = append(v.Signatures, sig)
		}
	}
	if g, ok := f.given[it.ID]; ok {
		v.Given, v.Consent = &g, "outdated"
	}
	switch {
	case it.DecisionItem == 0:
		v.Consent = "not_needed"
	case f.stands(it):
		v.Consent = "given"
	}
	return v
}

// Projects lists the projects that p may see, the newest first.
func (s *Service) Projects(ctx context.Context, p authz.Principal, area id.ID, state State, req page.Request) (page.Page[Project], error) {
	grants, err := authz.Holds(p, authz.RenovationRead)
	if err != nil {
		return page.Page[Project]{}, err
	}
	f := Filter{State: state}
	if !area.IsZero() {
		if f.Path, err = s.Places.Path(ctx, s.DB, area); err != nil {
			return page.Page[Project]{}, err
		}
	}
	last, err := before(req)
	if err != nil {
		return page.Page[Project]{}, err
	}
	scope, err := s.scope(ctx, p, grants, authz.Columns{Path: "scope_path", Org: "sponsor_org_id", Open: true, Around: true}, authz.Columns{Org: "contractor_org_id"})
	if err != nil {
		return page.Page[Project]{}, err
	}
	if orgs := orgsOf(grants); len(orgs) > 0 {
		scope.sql = "(" + scope.sql + " OR id IN (SELECT renovation_id FROM renovation_item WHERE utility_org_id IN (" + marks(len(orgs)) + ")))"
		scope.args = append(scope.args, orgs...)
	}
	rows, err := projects(ctx, s.DB, f, scope, last, req.Size()+1)
	if err != nil {
		return page.Page[Project]{}, err
	}
	return page.Cut(rows, req.Size(), func(p Project) []string { return []string{p.ID.String()} }), nil
}

// scope is what of the rows p may see in a list: by the columns its area, the place it lives in, what is in its organisation's hands; and the
// places that its organisation looks after.
func (s *Service) scope(ctx context.Context, p authz.Principal, grants []authz.Grant, columns ...authz.Columns) (scoped, error) {
	var out scoped
	for i, cols := range columns {
		sql, args := authz.Where(p, grants, cols)
		if i > 0 {
			out.sql += " OR "
		}
		out.sql, out.args = out.sql+sql, append(out.args, args...)
	}
	for _, g := range grants {
		if authz.TieOf(g.Role) != authz.ByOrg {
			continue
		}
		served, err := s.Arrangements.Served(ctx, s.DB, g.Org)
		if err != nil {
			return out, err
		}
		if above := placesAbove(served); len(above) > 0 {
			out.sql, out.args = out.sql+" OR scope_path IN ("+marks(len(above))+")", append(out.args, above...)
		}
	}
	out.sql = "(" + out.sql + ")"
	return out, nil
}

// orgsOf lists the organisations in which a caller's capacities are tied to what is in their hands.
func orgsOf(grants []authz.Grant) []any {
	var out []any
	for _, g := range grants {
		if authz.TieOf(g.Role) == authz.ByOrg {
			out = append(out, g.Org)
		}
	}
	return out
}

// placesAbove lists some paths and those above them, each once.
func placesAbove(paths []string) []any {
	var out []any
	for _, path := range paths {
		for i, c := range path {
			if at := path[:i+1]; c == '/' && !slices.Contains(out, any(at)) {
				out = append(out, at)
			}
		}
	}
	return out
}

// before is the last identifier of the page before.
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

// Events lists what happened to a project, from its beginning.
func (s *Service) Events(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Event], error) {
	if _, err := s.project(ctx, p, which); err != nil {
		return page.Page[Event]{}, err
	}
	after, err := before(req)
	if err != nil {
		return page.Page[Event]{}, err
	}
	rows, err := events(ctx, s.DB, which, after, req.Size()+1)
	if err != nil {
		return page.Page[Event]{}, err
	}
	return page.Cut(rows, req.Size(), func(e Event) []string { return []string{e.ID.String()} }), nil
}

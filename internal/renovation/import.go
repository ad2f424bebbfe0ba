package renovation

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

// ImportInput is a published list of renovation plans.
type ImportInput struct {
	Name   string // of the file; names the list
	Data   []byte
	Target id.ID // the division that keeps the list; zero on the command line alone
	DryRun bool
}

// ListRow is a line of a list: what a county, a city or a province plans, or has begun. Figures that the list does not have are absent.
type ListRow struct {
	ID          id.ID  `db:"id" json:"id"`
	ListName    string `db:"list_name" json:"listName"`
	Order       int64  `db:"order_no" json:"-"`
	Region      string `db:"region" json:"region,omitempty"`
	Place       string `db:"place" json:"place"`
	Projects    *int64 `db:"projects" json:"projects,omitempty"`
	Communities *int64 `db:"communities" json:"communities,omitempty"`
	Buildings   *int64 `db:"buildings" json:"buildings,omitempty"`
	Households  *int64 `db:"households" json:"households,omitempty"`
	Area        *int64 `db:"area_m2x100" json:"area,omitempty" doc:"In 0.01 m²"`
	Started     *int64 `db:"started" json:"started,omitempty" doc:"Communities begun"`
	RateBp      *int64 `db:"rate_bp" json:"rateBp,omitempty" doc:"Begun of those planned, in hundredths of a per cent"`
}

// mostListRows bounds a list: the country has fewer counties.
const mostListRows = 5000

var listColumns = sheet.Schema{
	{Key: "region", Names: []string{"地市", "city", "设区市", "城市", "Region"}},
	{Key: "place", Names: []string{"县（市、区）", "county", "province", "县市区", "区县", "省份", "地区", "Place"}, Required: true},
	{Key: "projects", Names: []string{"项目数", "projects", "改造项目数", "项目数（个）"}},
	{Key: "communities", Names: []string{"小区数", "communities", "改造小区数", "小区数（个）"}},
	{Key: "buildings", Names: []string{"楼栋数", "buildings", "楼栋数（栋）"}},
	{Key: "households", Names: []string{"户数", "households", "惠及户数", "户数（户）"}},
	{Key: "area", Names: []string{"建筑面积（万平方米）", "area_wan_m2", "建筑面积（万㎡）", "面积（万平方米）", "面积（万㎡）"}},
	{Key: "started", Names: []string{"已开工小区数", "started_communities", "开工数", "已开工（个）"}},
	{Key: "rate", Names: []string{"开工率", "start_rate"}},
}

// counted are the columns that a list's own totals are held against.
var counted = []struct {
	key string
	of  func(*ListRow) **int64
}{
	{"projects", func(r *ListRow) **int64 { return &r.Projects }}, {"communities", func(r *ListRow) **int64 { return &r.Communities }}, {"buildings", func(r *ListRow) **int64 { return &r.Buildings }},
	{"households", func(r *ListRow) **int64 { return &r.Households }}, {"area", func(r *ListRow) **int64 { return &r.Area }}, {"started", func(r *ListRow) **int64 { return &r.Started }},
}

// published writes a figure as lists have it: areas in ten thousands of square metres.
func published(key string, n int64) string {
	if key == "area" {
		return sheet.FormatHundredths(n / tenThousand)
	}
	return strconv.FormatInt(n, 10)
}

// tenThousand square metres are the unit of published areas.
const tenThousand = 10_000

func readListRow(row *sheet.Row) ListRow {
	out := readCounted(row)
	out.Region, out.Place = row.Text("region", 100), row.Text("place", 100)
	if !row.Blank("rate") {
		out.RateBp = readRate(row)
	}
	return out
}

// readCounted reads the figures of a row alone: a row of totals names no place.
func readCounted(row *sheet.Row) (out ListRow) {
	for _, c := range counted {
		if row.Blank(c.key) {
			continue
		}
		n := int64(0)
		if c.key == "area" {
			n = row.Money(c.key) * tenThousand // both have two decimals
		} else {
			n = row.Int(c.key, 0, 1_000_000_000)
		}
		*c.of(&out) = &n
	}
	return out
}

// readRate reads a share: 99%, 80.4 %, or that all have begun.
func readRate(row *sheet.Row) *int64 {
	raw := strings.TrimSuffix(strings.TrimSpace(strings.ReplaceAll(row.Text("rate", 20), "％", "%")), "%")
	if strings.HasPrefix(raw, "全部") {
		all := int64(10_000)
		return &all
	}
	bp, problem := sheet.ParseMoney(raw) // two decimals, as money has
	if problem != nil || bp > 10_000 {
		row.Reject("rate", "renovation.rate", "")
		return nil
	}
	return &bp
}

// same tells whether two rows say the same.
func (r ListRow) same(o ListRow) bool {
	equal := func(a, b *int64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
	for _, c := range counted {
		if !equal(*c.of(&r), *c.of(&o)) {
			return false
		}
	}
	return equal(r.RateBp, o.RateBp)
}

// canonical is what a row means, in a fixed order and form.
func (r ListRow) canonical() []string {
	out := []string{r.ListName, r.Region, r.Place}
	for _, v := range []*int64{r.Projects, r.Communities, r.Buildings, r.Households, r.Area, r.Started, r.RateBp} {
		text := ""
		if v != nil {
			text = strconv.FormatInt(*v, 10)
		}
		out = append(out, text)
	}
	return out
}

// ImportPlanList brings a published list of plans in. Its own totals are added up again: a row of totals that differs from what stands above
// or below it is rejected with both figures, and so is named. Rows that are there already are unchanged, or updated where the list says
// something else now. Faults: those of package sheet.
func (s *Service) ImportPlanList(ctx context.Context, p authz.Principal, in ImportInput, progress func(done, total int)) (*sheet.Report, error) {
	scope := ""
	if !in.Target.IsZero() {
		var err error
		if scope, err = s.Places.Path(ctx, s.DB, in.Target); err != nil {
			return nil, err
		}
	}
	actor, err := authz.Act(p, authz.RenovationImport, authz.Object{Path: scope})
	if err != nil {
		return nil, err
	}
	limits := sheet.DefaultLimits()
	limits.Rows = mostListRows
	book, err := sheet.OpenBytes(in.Name, in.Data, limits)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	t, err := book.Table(listColumns)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	list := &planList{s: s, name: listName(in.Name), target: in.Target, report: sheet.NewReport(t, nil)}
	if err := list.read(ctx, t, progress); err != nil {
		return nil, err
	}
	if in.DryRun {
		return list.report, nil
	}
	return list.report, list.write(ctx, actor, scope)
}

// listName names a list by its file.
func listName(file string) string {
	name := strings.TrimSuffix(path.Base(strings.ReplaceAll(file, `\`, "/")), path.Ext(file))
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	return name
}

// planList is a list on its way in.
type planList struct {
	s       *Service
	name    string
	target  id.ID
	report  *sheet.Report
	all     []ListRow // every row that can be read
	made    []ListRow
	changed []ListRow
}

func (l *planList) read(ctx context.Context, t *sheet.Table, progress func(done, total int)) error {
	known, err := listRows(ctx, l.s.DB, l.target, l.name, -1, mostListRows)
	if err != nil {
		return err
	}
	for n := int64(1); t.Next(); n++ {
		row := t.Row()
		r := readListRow(row)
		r.ID, r.ListName, r.Order = id.New(), l.name, n
		if slices.ContainsFunc(l.all, func(o ListRow) bool { return o.Region == r.Region && o.Place == r.Place }) {
			row.Reject("place", "renovation.list_twice", "")
		}
		if !row.OK() {
			l.report.Reject(row)
			continue
		}
		l.all = append(l.all, r)
		l.sort(row, r, known)
		if progress != nil && n%100 == 0 {
			done, total := t.Progress()
			progress(int(done), int(total))
		}
	}
	if err := t.Err(); err != nil {
		return err
	}
	for _, total := range t.Totals() {
		l.hold(total)
	}
	l.report.Finish()
	return nil
}

// sort tells a new row from a known one.
func (l *planList) sort(row *sheet.Row, r ListRow, known []ListRow) {
	i := slices.IndexFunc(known, func(o ListRow) bool { return o.Region == r.Region && o.Place == r.Place })
	switch {
	case i < 0:
		l.made = append(l.made, r)
		l.report.Accept(row, sheet.Created, r.canonical()...)
	case known[i].same(r):
		l.report.Accept(row, sheet.Unchanged, r.canonical()...)
	default:
		r.ID = known[i].ID
		l.changed = append(l.changed, r)
		l.report.Accept(row, sheet.Updated, r.canonical()...)
	}
}

// hold adds up again what a row of totals states: over the rows of its region where there are several regions, else over all.
func (l *planList) hold(total *sheet.Row) {
	stated, region := readCounted(total), strings.TrimSpace(total.Raw("region"))
	several := slices.ContainsFunc(l.all, func(r ListRow) bool { return r.Region != l.all[0].Region })
	for _, c := range counted {
		want := *c.of(&stated)
		if want == nil {
			continue
		}
		sum := int64(0)
		for _, r := range l.all {
			if have := *c.of(&r); have != nil && (!several || region == "" || r.Region == region) {
				sum += *have
			}
		}
		if sum != *want {
			total.Reject(c.key, "renovation.total_differs", "", "stated", published(c.key, *want), "sum", published(c.key, sum))
		}
	}
	if !total.OK() {
		l.report.Reject(total)
	}
}

func (l *planList) write(ctx context.Context, actor authz.Actor, scope string) error {
	at := l.s.now()
	return l.s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := insertListRows(ctx, tx, l.target, scope, l.made, at, actor.Person.Ptr()); err != nil {
			return err
		}
		for _, r := range l.changed {
			if err := updateListRow(ctx, tx, r, at, actor.Person.Ptr()); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: "renovation.import_list", ObjectKind: "area", ObjectID: l.target, ScopePath: scope,
			Detail: map[string]any{"counts": l.report.Counts, "rows": l.report.Hash()}})
	})
}

// ListSums is a list with what its rows make together.
type ListSums struct {
	ListName    string        `db:"list_name" json:"listName"`
	Rows        int64         `db:"row_count" json:"rows"`
	Projects    *int64        `db:"projects" json:"projects,omitempty"`
	Communities *int64        `db:"communities" json:"communities,omitempty"`
	Buildings   *int64        `db:"buildings" json:"buildings,omitempty"`
	Households  *int64        `db:"households" json:"households,omitempty"`
	Area        *int64        `db:"area" json:"area,omitempty" doc:"In 0.01 m²"`
	Started     *int64        `db:"started" json:"started,omitempty"`
	ImportedAt  clock.Instant `db:"imported_at" json:"importedAt"`
}

// Lists shows the imported lists of a division with what their rows make together.
func (s *Service) Lists(ctx context.Context, p authz.Principal, area id.ID) ([]ListSums, error) {
	if err := s.mayReadLists(ctx, p, area); err != nil {
		return nil, err
	}
	return listSums(ctx, s.DB, area)
}

// ListRows shows the rows of an imported list in its order.
func (s *Service) ListRows(ctx context.Context, p authz.Principal, area id.ID, name string, req page.Request) (page.Page[ListRow], error) {
	if err := s.mayReadLists(ctx, p, area); err != nil {
		return page.Page[ListRow]{}, err
	}
	last, err := afterNumber(req)
	if err != nil {
		return page.Page[ListRow]{}, err
	}
	rows, err := listRows(ctx, s.DB, area, name, last, req.Size()+1)
	if err != nil {
		return page.Page[ListRow]{}, err
	}
	return page.Cut(rows, req.Size(), func(r ListRow) []string { return []string{strconv.FormatInt(r.Order, 10)} }), nil
}

func (s *Service) mayReadLists(ctx context.Context, p authz.Principal, area id.ID) error {
	scope, err := s.Places.Path(ctx, s.DB, area)
	if err != nil {
		return err
	}
	return authz.Require(p, authz.RenovationCompare, authz.Object{Path: scope})
}

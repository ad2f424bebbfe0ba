package area

import (
	"context"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// divisionColumns read our own layout and the published lists of streets and of communities. Shortened
// codes (370612001 for a street) are completed.
var divisionColumns = sheet.Schema{
	{Key: "code", Names: []string{"代码", "区划代码", "统计用区划代码", "code12"}, Required: true},
	{Key: "name", Names: []string{"名称", "区划名称"}, Required: true},
	{Key: "parent", Names: []string{"上级代码", "parent_code", "street_code", "所属街道代码", "areaCode"}},
	{Key: "kind", Names: []string{"级别", "类型", "level"}},
	{Key: "from", Names: []string{"生效日期", "启用日期", "valid_from"}},
}

var divisionKinds = map[string]string{
	"province": "province", "省": "province", "city": "city", "市": "city", "district": "district", "区县": "district", "县": "district", "区": "district",
	"street": "street", "街道": "street", "镇": "street", "乡": "street", "community": "community", "社区": "community", "村": "community", "居委会": "community", "村委会": "community",
}

// divisionLine is a row of a file of divisions.
type divisionLine struct {
	row    *sheet.Row
	code   string
	name   string
	parent string
	kind   Kind
	from   clock.Date
}

// ImportDivisions brings in divisions with their 12-digit codes, parents before children however the file
// is sorted. A code that is new enters a division, unless the parent has one of the same name: then it was
// renumbered. A known code with another name was renamed. Both keep what was before. Each row needs
// place.manage at the division above it.
func (m *Importer) ImportDivisions(ctx context.Context, p authz.Principal, in ImportInput, progress Progress) (*sheet.Report, error) {
	if _, err := authz.Holds(p, authz.PlaceManage); err != nil {
		return nil, err
	}
	if err := in.check(clock.DateOf(m.s.Clock.Now())); err != nil {
		return nil, err
	}
	f, err := in.read(divisionColumns)
	if err != nil {
		return nil, err
	}
	tree, err := m.divisionTree(ctx)
	if err != nil {
		return nil, err
	}
	r := newRun(m.s, in, "divisions", f.report, progress)
	lines := make([]divisionLine, len(f.rows))
	for i, row := range f.rows {
		lines[i] = divisionOf(row, in.From)
		tree.inFile[lines[i].code] = true
	}
	slices.SortStableFunc(lines, func(a, b divisionLine) int { return strings.Compare(a.code, b.code) }) // a parent's code is the lowest in its range
	for _, l := range lines {
		if err := r.division(p, tree, l); err != nil {
			return nil, err
		}
	}
	return r.write(ctx)
}

// divisionOf reads a row; a shortened code is completed, and what the row leaves out follows from the code.
func divisionOf(row *sheet.Row, from clock.Date) divisionLine {
	l := divisionLine{row: row, code: padded(row.Code("code", codeLength)), name: placeText(row, "name", maxAreaName), from: row.Date("from"),
		kind: Kind(row.Choice("kind", divisionKinds))}
	if l.from == "" {
		l.from = from
	}
	if !row.OK() {
		return l
	}
	kind, err := CheckCode("code", l.code)
	if err != nil {
		row.Reject("code", "area.code_range", "area.expect.code")
		return l
	}
	if l.kind != "" && l.kind != kind {
		row.Reject("kind", "area.code_kind", "area.expect.code")
	}
	l.kind, l.parent = kind, ParentCode(l.code)
	if given := row.Code("parent", codeLength); given != "" && padded(given) != l.parent {
		row.Reject("parent", "area.code_parent", "area.expect.code")
	}
	return l
}

// tree is what the database and the rows so far hold.
type tree struct {
	byCode map[string]*divisionRow
	byName map[string]*divisionRow // under parent, kind and name key
	inFile map[string]bool         // codes that the file names
}

func (m *Importer) divisionTree(ctx context.Context) (*tree, error) {
	rows, err := allDivisions(ctx, m.s.DB)
	if err != nil {
		return nil, err
	}
	t := &tree{byCode: make(map[string]*divisionRow, len(rows)), byName: make(map[string]*divisionRow, len(rows)), inFile: map[string]bool{}}
	for i := range rows {
		t.add(&rows[i])
	}
	return t, nil
}

func (t *tree) add(d *divisionRow) {
	t.byCode[d.Code] = d
	t.byName[siblingKey(id.OrNil(d.Parent), d.Kind, d.Name)] = d
}

func siblingKey(parent id.ID, kind Kind, name string) string {
	return string(parent[:]) + string(kind) + "/" + nameKey(name)
}

// division decides what one row does.
func (r *run) division(p authz.Principal, t *tree, l divisionLine) error {
	var parent divisionRow
	if l.row.OK() && l.parent != "" {
		if above, ok := t.byCode[l.parent]; ok {
			parent = *above
		} else {
			l.row.Reject("code", "area.parent_unknown", "area.expect.parent")
		}
	}
	if l.row.OK() {
		actor, err := authz.Act(p, authz.PlaceManage, authz.Object{Path: parent.Path})
		if fault.Is(err, "capacity.ambiguous") {
			return err
		}
		if err != nil {
			l.row.Reject("code", "area.row_forbidden", "area.expect.own_area")
		} else {
			r.actor = actor
		}
	}
	if !l.row.OK() {
		r.reject(l.row)
		return nil
	}
	r.place(t, l, parent)
	return nil
}

// place enters a division, gives a known one its new code or name, or finds nothing to do.
func (r *run) place(t *tree, l divisionLine, parent divisionRow) {
	known := t.byCode[l.code]
	if known == nil {
		known = t.byName[siblingKey(parent.ID, l.kind, l.name)]
	}
	canonical := []string{l.code, l.name, string(l.from)}
	switch {
	case known == nil:
		fresh := id.New()
		a := Area{ID: fresh, ParentID: parent.ID.Ptr(), Kind: l.kind, Name: l.name, Code: &l.code, Path: authz.ChildPath(parent.Path, fresh), CreatedAt: r.at}
		r.current.divisions = append(r.current.divisions, newDivision{a, l.from})
		t.add(&divisionRow{ID: fresh, Parent: a.ParentID, Kind: a.Kind, Name: a.Name, Path: a.Path, Version: 1, Code: l.code, From: l.from})
		r.accept(l.row, sheet.Created, canonical...)
	case known.Code == l.code && known.Name == l.name:
		r.accept(l.row, sheet.Unchanged, canonical...)
	case known.Code != l.code && t.inFile[known.Code]: // two divisions of one name, not one renumbered
		l.row.Reject("name", "area.taken", "area.expect.own_name")
		r.reject(l.row)
	case l.from <= known.From:
		l.row.Reject("from", "area.designation_order", "area.expect.later")
		r.reject(l.row)
	default:
		a := Area{ID: known.ID, ParentID: known.Parent, Kind: known.Kind, Path: known.Path, Version: known.Version}
		r.current.redesignated = append(r.current.redesignated, redesignation{a, Designation{Code: l.code, Name: l.name, From: l.from}})
		delete(t.byCode, known.Code)
		known.Code, known.Name, known.From, known.Version = l.code, l.name, l.from, known.Version+1
		t.add(known)
		r.accept(l.row, sheet.Updated, canonical...)
	}
}

package area

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// householdColumns are those of units, and who owns or uses them. Identity card numbers have no column:
// no purpose here needs one (PIPL 6), and the report lists theirs among those not imported.
var householdColumns = slices.Concat(unitSchema, sheet.Schema{
	{Key: "owner", Names: []string{"业主", "业主姓名", "业主名称", "产权人", "户主", "姓名", "owner name", "name"}},
	{Key: "phone", Names: []string{"联系电话", "电话", "手机", "手机号", "手机号码", "业主电话", "mobile"}},
	{Key: "relation", Names: []string{"业主类型", "人员类型", "住户类型", "与业主关系", "resident type"}},
	{Key: "owner_kind", Names: []string{"业主性质", "产权人性质", "owner type"}},
	{Key: "from", Names: []string{"取得日期", "入住日期", "起始日期", "since"}},
})

// asOwner is the relation of somebody who owns the unit.
const asOwner = "owner"

var (
	relationWords = map[string]string{"业主": asOwner, "产权人": asOwner, "户主": asOwner, "owner": asOwner, "1001": asOwner, "家庭成员": "family", "家属": "family", "family": "family", "1002": "family",
		"租客": "tenant", "租户": "tenant", "承租人": "tenant", "房屋租客": "tenant", "tenant": "tenant", "1003": "tenant", "临时人员": "other", "其他": "other", "other": "other", "1004": "other"}
	ownerKindWords = map[string]string{"个人": "person", "自然人": "person", "person": "person", "单位": "company", "企业": "company", "法人": "company", "company": "company",
		"开发商": "developer", "建设单位": "developer", "developer": "developer"}
)

// householdLine is a row of a roster.
type householdLine struct {
	row      *sheet.Row
	unit     unitLine
	address  string
	people   []person
	relation string
	kind     OwnerKind
	from     clock.Date
}

// person is somebody in a row, with the indexes by which they are known.
type person struct {
	Identity
	name, phone []byte
}

// ImportHouseholds brings in the units of a service area with their households, owners and occupants. The
// target is the service area; buildings and units that are new are entered. Several owners stand in one
// cell, or, where the file has a column for the relation, in rows of their own; without that column a
// unit named twice is a duplicate. A unit that has another owner on the roll is rejected: a sale is
// entered as such. It needs place.manage and roll.manage.
func (m *Importer) ImportHouseholds(ctx context.Context, p authz.Principal, in ImportInput, progress Progress) (*sheet.Report, error) {
	place, actor, err := m.s.managed(ctx, p, in.Target)
	if err != nil {
		return nil, err
	}
	if _, err := m.s.may(ctx, p, authz.RollManage, place.Path); err != nil {
		return nil, err
	}
	if err := in.check(clock.DateOf(m.s.Clock.Now())); err != nil {
		return nil, err
	}
	f, err := in.read(householdColumns)
	if err != nil {
		return nil, err
	}
	h := &householdRun{run: newRun(m.s, in, "households", f.report, progress), related: f.Has("relation"), inFile: map[string][][]byte{}}
	h.run.actor, h.run.path, h.run.object = actor, place.Path, place.ServiceAreaID
	if h.reg, err = loadRegister(ctx, m.s.DB, ServiceArea{ID: place.ServiceAreaID, Path: place.Path}, false); err != nil {
		return nil, err
	}
	lines := make([]householdLine, len(f.rows))
	for i, row := range f.rows {
		lines[i] = h.parse(row)
	}
	h.notePhones()
	for _, l := range lines {
		if err := h.line(l); err != nil {
			return nil, err
		}
	}
	return h.write(ctx)
}

// householdRun is an import of households under way.
type householdRun struct {
	*run
	reg     *register
	related bool                // the file says what each person is to the unit
	inFile  map[string][][]byte // name indexes of the owners that the file gives each address
	left    []sheet.Line        // rows whose phone was left out
}

func (h *householdRun) parse(row *sheet.Row) householdLine {
	l := householdLine{row: row, unit: unitOf(row, h.in.AreaSource), relation: row.Choice("relation", relationWords), kind: OwnerKind(row.Choice("owner_kind", ownerKindWords)), from: row.Date("from")}
	l.address = buildingKey(l.unit.building) + "/" + unitKey(l.unit.identity.Entrance, l.unit.identity.Number)
	if l.relation == "" {
		l.relation = asOwner
	}
	if l.kind == "" {
		l.kind = PersonOwner
	}
	if l.from == "" {
		l.from = h.in.From
	}
	if l.from > clock.DateOf(h.at.Time()) {
		row.Reject("from", "area.date", "sheet.expect.date")
	}
	phone := h.phone(row)
	for i, name := range namesIn(row.Text("owner", 5*maxPersonName)) {
		who := person{Identity: Identity{Name: nameText(row, "owner", name, maxPersonName)}}
		if i == 0 && phone != "" { // one phone in a row is the first person's
			who.Phone, who.Basis = phone, h.in.PhoneBasis
		}
		l.people = append(l.people, h.index(who, l.relation))
		if l.relation == asOwner && row.OK() {
			h.inFile[l.address] = append(h.inFile[l.address], l.people[i].name)
		}
	}
	return l
}

// namesIn splits a cell that names several owners.
func namesIn(cell string) []string {
	names := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",，、;；/", r) })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

// phone reads the phone where there is a basis for keeping it. A phone that is left out, or is none, is
// noted; the row is about a unit and stands without it.
func (h *householdRun) phone(row *sheet.Row) string {
	switch {
	case row.Blank("phone"):
		return ""
	case h.in.PhoneBasis == "":
		h.note(row, "area.phone_left_out", "area.expect.phone_basis")
		return ""
	}
	phone, problem := sheet.ParsePhone(row.Raw("phone"))
	if problem != nil {
		h.note(row, "area.phone_unreadable", problem.Expected)
	}
	return phone
}

// note adds a line that decides nothing, or lengthens the one before.
func (h *householdRun) note(row *sheet.Row, code, expected string) {
	if n := len(h.left); n > 0 && h.left[n-1].To+1 == row.Number && h.left[n-1].Problems[0].Code == code {
		h.left[n-1].To = row.Number
		return
	}
	h.left = append(h.left, sheet.Line{From: row.Number, To: row.Number, Outcome: OutcomeNoted,
		Problems: []sheet.Problem{{Row: row.Number, Column: "phone", Code: code, Expected: expected}}})
}

func (h *householdRun) notePhones() { h.report.Lines = append(h.report.Lines, h.left...) }

func (h *householdRun) index(who person, relation string) person {
	f := occupantFields
	if relation == asOwner {
		f = ownerFields
	}
	who.name, who.phone = h.s.Vault.Index(f.name, who.Name), h.s.Vault.Index(f.phone, who.Phone)
	return who
}

func (h *householdRun) line(l householdLine) error {
	if l.row.OK() && !h.related {
		h.reg.once(l.row, l.unit)
	}
	if l.row.OK() {
		h.checkPeople(l)
	}
	if !l.row.OK() {
		h.reject(l.row)
		return nil
	}
	known, outcome := h.unit(h.reg, l.row, l.unit)
	if known == nil {
		h.reject(l.row)
		return nil
	}
	known.row = l.row.Number
	changed, err := h.people(known, l)
	if err != nil {
		return err
	}
	if h.begin(known) || changed {
		if outcome == sheet.Unchanged {
			outcome = sheet.Updated
		}
	}
	h.accept(l.row, outcome, l.canonical()...)
	return nil
}

// checkPeople rejects a row that contradicts the roll.
func (h *householdRun) checkPeople(l householdLine) {
	known := h.reg.find(l.unit)
	if known == nil || l.relation != asOwner {
		return
	}
	for _, who := range l.people {
		if o := ownerNamed(known.owners, who.name); o != nil {
			if who.phone != nil && o.PhoneIndex != nil && !bytes.Equal(who.phone, o.PhoneIndex) {
				l.row.Reject("phone", "area.owner_phone_differs", "area.expect.same")
			}
			continue
		}
		for _, o := range known.owners {
			if !slices.ContainsFunc(h.inFile[l.address], func(name []byte) bool { return bytes.Equal(name, o.NameIndex) }) {
				l.row.Reject("owner", "area.owner_differs", "area.expect.same")
				return
			}
		}
	}
}

func ownerNamed(owners []*ownerRow, name []byte) *ownerRow {
	i := slices.IndexFunc(owners, func(o *ownerRow) bool { return bytes.Equal(o.NameIndex, name) })
	if i < 0 {
		return nil
	}
	return owners[i]
}

// begin starts the household of a unit that is sold and not empty.
func (h *householdRun) begin(u *knownUnit) bool {
	if u.household || u.Delivery == Unsold || u.Occupied == Vacant {
		return false
	}
	u.household = true
	h.current.households = append(h.current.households, u.ID)
	return true
}

// people brings those of a row onto the roll and tells whether anything was new.
func (h *householdRun) people(u *knownUnit, l householdLine) (changed bool, err error) {
	for _, who := range l.people {
		one := h.occupant
		if l.relation == asOwner {
			one = h.owner
		}
		added, err := one(u, l, who)
		if err != nil {
			return false, err
		}
		changed = changed || added
	}
	return changed, nil
}

func (h *householdRun) owner(u *knownUnit, l householdLine, who person) (bool, error) {
	if o := ownerNamed(u.owners, who.name); o != nil {
		if who.phone == nil || o.PhoneIndex != nil {
			return false, nil
		}
		stored, err := h.s.seal(ownerFields, o.ID, who.Identity)
		if err != nil {
			return false, err
		}
		o.sealed = stored
		h.current.newPhones = append(h.current.newPhones, *o)
		o.Version++
		h.reg.know(o)
		return true, nil
	}
	row := ownerRow{ID: id.New(), Area: h.reg.area.ID, Kind: l.kind, sealed: sealed{NameIndex: who.name, PhoneIndex: who.phone}, Version: 1}
	o := h.reg.people[ownerIdentity(row)]
	if o == nil {
		var err error
		if row.sealed, err = h.s.seal(ownerFields, row.ID, who.Identity); err != nil {
			return false, err
		}
		o = &row
		h.current.owners = append(h.current.owners, row)
		h.reg.know(o)
	}
	u.owners = append(u.owners, o)
	h.current.ownerships = append(h.current.ownerships, ownershipValues(u.ID, o.ID, l.from, ByImport, h.at))
	return true, nil
}

func (h *householdRun) occupant(u *knownUnit, l householdLine, who person) (bool, error) {
	i := slices.IndexFunc(u.occupants, func(o *occupantRow) bool { return bytes.Equal(o.NameIndex, who.name) })
	if i < 0 {
		row := occupantRow{ID: id.New(), Unit: u.ID, Area: h.reg.area.ID, Relation: Relation(l.relation), From: l.from, Version: 1}
		var err error
		if row.sealed, err = h.s.seal(occupantFields, row.ID, who.Identity); err != nil {
			return false, err
		}
		u.occupants = append(u.occupants, &row)
		h.current.occupants = append(h.current.occupants, row)
		return true, nil
	}
	o := u.occupants[i]
	if who.phone == nil || o.PhoneIndex != nil {
		return false, nil
	}
	stored, err := h.s.seal(occupantFields, o.ID, who.Identity)
	if err != nil {
		return false, err
	}
	o.sealed = stored
	h.current.occupantPhone = append(h.current.occupantPhone, *o)
	o.Version++
	return true, nil
}

// canonical is the meaning of the row for the hash. People are in it by their blind indexes, so that the
// hash tells nothing about them without the index key.
func (l householdLine) canonical() []string {
	out := append(l.unit.canonical(), l.relation, string(l.kind))
	for _, who := range l.people {
		out = append(out, hex.EncodeToString(who.name), hex.EncodeToString(who.phone))
	}
	return out
}

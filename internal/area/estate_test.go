package area_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

func TestPlacesLieWhereTheyWereEntered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(area.NewUnit{UnitIdentity: area.UnitIdentity{Entrance: "2单元", Number: "301", Areas: area.Areas{Survey: 8953}}})[0]
		require.Equal(t, area.FromSurvey, u.AreaSource)
		require.EqualValues(t, 8953, u.Area)
		var source string
		require.NoError(t, w.DB.Get(ctx, &source, `SELECT area_source FROM unit WHERE id = ? AND area_m2x100 = 8953`, u.ID))
		require.Equal(t, "survey", source, "the database derives the same")

		up, err := w.UnitPlace(ctx, w.DB, u.ID)
		require.NoError(t, err)
		require.Equal(t, "1号楼 2单元 301", up.Address())
		require.Equal(t, area.Place{ServiceAreaID: w.place.ID, EstateID: w.estate.ID, CommunityID: w.community.ID, StreetID: w.street.ID, Path: w.place.Path, Name: "金海花园一期", EstateName: "金海花园"}, up.Place)
		require.True(t, up.HouseholdID.IsZero())

		pa, err := w.AddPublicArea(ctx, system, noKey, area.NewPublicArea{ServiceAreaID: w.place.ID, BuildingID: w.building.ID, Name: "电梯"})
		require.NoError(t, err)
		pp, err := w.PublicAreaPlace(ctx, w.DB, pa.ID)
		require.NoError(t, err)
		require.Equal(t, w.building.ID, pp.BuildingID)
		require.Equal(t, w.place.Path, pp.Path)
		_, err = w.AddPublicArea(ctx, system, noKey, area.NewPublicArea{ServiceAreaID: w.place.ID, BuildingID: w.building.ID, Name: " 电 梯"})
		require.True(t, fault.Is(err, "area.taken"), err)
		_, err = w.AddPublicArea(ctx, system, noKey, area.NewPublicArea{ServiceAreaID: w.place.ID, Name: "电梯"})
		require.NoError(t, err, "outside the building it is another one")

		kind, path, err := w.Scope(ctx, w.DB, w.place.ID)
		require.NoError(t, err)
		require.Equal(t, w.place.Path, path)
		require.EqualValues(t, "service_area", kind)
		_, _, err = w.Scope(ctx, w.DB, id.New())
		require.ErrorIs(t, err, fault.NotFound)
	})
}

// Each phase of an estate has a 1号楼 of its own: a list of the whole says which.
func TestUnitsOfSeveralPhasesAreToldApart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.flats(flat("101", 8953))
		listed := func() (out []string) {
			list, err := w.Measured(ctx, w.DB, w.estate.Path)
			require.NoError(t, err)
			for _, m := range list {
				out = append(out, m.Address())
			}
			return out
		}
		require.Equal(t, []string{"1号楼 101"}, listed())
		phase, err := w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: "金海花园二期" + strings.Repeat("长", 90)})
		require.NoError(t, err)
		b, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: phase.ID, BuildingFacts: area.BuildingFacts{Name: "1号楼"}})
		require.NoError(t, err)
		_, err = w.AddUnits(ctx, system, noKey, b.ID, []area.NewUnit{flat("101", 8953)})
		require.NoError(t, err)
		require.Equal(t, []string{"金海花园一期 1号楼 101", "金海花园二期" + strings.Repeat("长", 54) + " 1号楼 101"}, listed())
	})
}

func TestWhoSeesPlaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mine := w.flats(flat("101", 8953), flat("102", 9010))
		var household id.ID
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) (err error) {
			household, err = w.EnsureHousehold(ctx, tx, mine[0].ID, clock.Now(w.clock))
			return err
		})
		foreign := w.byCode("370612001009").Path
		for name, c := range map[string]struct {
			p                  authz.Principal
			place, unit, units bool
		}{
			"community":         {staff(authz.RoleCommunity, w.community.Path), true, true, true},
			"street":            {staff(authz.RoleStreetOffice, w.street.Path), true, true, true},
			"other community":   {staff(authz.RoleCommunity, foreign), false, false, false},
			"company":           {w.company(), true, true, true},
			"other company":     {staff(authz.RoleManager, ""), false, false, false},
			"owner at home":     {resident(w.place.Path, household, mine[0].ID), true, true, false},
			"neighbour":         {resident(w.place.Path, id.New(), mine[1].ID), true, false, false},
			"owner elsewhere":   {resident(foreign+"x/y/", id.New(), id.New()), false, false, false},
			"platform operator": {staff(authz.RoleOperator, ""), true, true, true},
		} {
			seen := func(err error) bool {
				if err != nil {
					require.ErrorIs(t, err, fault.NotFound, name)
				}
				return err == nil
			}
			_, err := w.ReadServiceArea(ctx, c.p, w.place.ID)
			require.Equal(t, c.place, seen(err), name)
			_, err = w.ReadBuilding(ctx, c.p, w.building.ID)
			require.Equal(t, c.place, seen(err), name)
			_, err = w.ReadArea(ctx, c.p, w.estate.ID)
			require.Equal(t, c.place, seen(err), name)
			_, err = w.PublicAreas(ctx, c.p, w.place.ID, page.Request{})
			require.Equal(t, c.place, seen(err), name)
			_, err = w.ReadUnit(ctx, c.p, mine[0].ID)
			require.Equal(t, c.unit, seen(err), name)
			_, err = w.Units(ctx, c.p, w.building.ID, false, page.Request{})
			require.Equal(t, c.units, seen(err), name)
			list, err := w.ServiceAreas(ctx, c.p, id.Nil, page.Request{})
			require.NoError(t, err)
			require.Equal(t, c.place, len(list.Items) == 1, name)
			hits, err := w.Search(ctx, c.p, "1号楼", page.Request{})
			require.NoError(t, err)
			require.Equal(t, c.place, len(hits.Items) == 1, name)
		}
	})
}

// A letter that is a whole phrase is eighteen letters when names are compared: the column of the key is as long as a name.
func TestANameWhoseKeyIsTooLongIsRefusedAtItsField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		phrase := strings.Repeat("\ufdfa", 9)
		refused := func(err error) {
			t.Helper()
			require.True(t, fault.Is(err, "input.invalid"), "%v", err)
			require.Equal(t, "text.length", fault.Of(err).Fields[0].Code)
		}
		_, err := w.AddPublicArea(ctx, system, noKey, area.NewPublicArea{ServiceAreaID: w.place.ID, Name: phrase})
		refused(err)
		_, err = w.CreateServiceArea(ctx, system, noKey, area.NewServiceArea{EstateID: w.estate.ID, Name: phrase})
		refused(err)
		b, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "9号楼"}})
		require.NoError(t, err)
		_, err = w.UpdateBuilding(ctx, system, noKey, b.ID, b.Version, area.BuildingFacts{Name: phrase})
		refused(err)
		_, err = w.AddUnits(ctx, system, noKey, b.ID, []area.NewUnit{flat(phrase, 8953)})
		refused(err)
		r := w.households(csvIn("楼栋,房号,业主\n" + phrase + ",101,张三\n9号楼," + phrase + ",李四\n9号楼,102,王五\n"))
		require.Equal(t, map[int]string{2: "sheet.text_too_long", 3: "sheet.text_too_long"}, problems(r))
		require.Equal(t, 1, r.Counts.Created)
	})
}

func TestEntrancesAreThoseOfUnitsInUse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "9号楼"}})
		require.NoError(t, err)
		r := w.households(csvIn("楼栋,单元,房号,业主\n9号楼,2单元,101,张三\n9号楼,1单元,101,李四\n9号楼,1单元,102,王五\n"))
		require.Equal(t, 3, r.Counts.Created, problems(r))
		found, err := area.Store{}.Entrances(ctx, w.DB, b.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"1单元", "2单元"}, found)
	})
}

// Fillers count as letters, marks of direction as characters: nobody sees either.
func TestANameInATableOfWhichNothingIsSeenIsRefusedAtItsRow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "9号楼"}})
		require.NoError(t, err)
		r := w.households(csvIn("楼栋,房号,业主\n9号楼,101,\u3164\n9号楼,102,张三、\u200d\u115f\n\u2800,103,李四\n9号楼,104,\u202e王五\n"))
		require.Equal(t, map[int]string{2: "sheet.text_invisible", 3: "sheet.text_invisible", 4: "sheet.text_invisible"}, problems(r))
		require.Equal(t, 1, r.Counts.Created)
	})
}

func TestWhoManagesPlaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "2号楼"}}
		for _, p := range []authz.Principal{w.company(), staff(authz.RoleCommittee, w.community.Path), staff(authz.RoleCommunityWork, w.community.Path)} {
			_, err := w.CreateBuilding(ctx, p, noKey, in)
			require.ErrorIs(t, err, fault.Forbidden)
		}
		_, err := w.CreateBuilding(ctx, staff(authz.RoleCommunity, w.byCode("370612001009").Path), noKey, in)
		require.ErrorIs(t, err, fault.NotFound)
		community := staff(authz.RoleCommunity, w.community.Path)
		b, err := w.CreateBuilding(ctx, community, noKey, in)
		require.NoError(t, err)
		b, err = w.UpdateBuilding(ctx, community, noKey, b.ID, b.Version, area.BuildingFacts{Name: "二号楼", Order: 2, FloorsAbove: 11})
		require.NoError(t, err)
		require.Equal(t, "二号楼", b.Name)
		_, err = w.UpdateBuilding(ctx, community, noKey, b.ID, 1, area.BuildingFacts{Name: "三号楼"})
		require.ErrorIs(t, err, fault.Stale)
		_, err = w.UpdateBuilding(ctx, community, noKey, b.ID, b.Version, area.BuildingFacts{Name: "一幢"})
		require.True(t, fault.Is(err, "area.taken"), "1号楼 by another spelling: %v", err)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM audit_record WHERE object_id = ?`, b.ID))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM place_name WHERE name = '二号楼'`), "the search follows")
	})
}

func TestOneKeyMakesOneBuilding(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := idem.New(id.New(), "createBuilding", "key-12345", "/x", []byte("{}"), clock.Now(w.clock))
		in := area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "9号楼"}}
		a, err := w.CreateBuilding(ctx, system, key, in)
		require.NoError(t, err)
		b, err := w.CreateBuilding(ctx, system, key, in)
		require.NoError(t, err)
		require.Equal(t, a, b)

		units, err := w.AddUnits(ctx, system, idem.New(id.New(), "addUnits", "key-12345", "/x", nil, 0), a.ID, []area.NewUnit{flat("1", 1), flat("2", 2)})
		require.NoError(t, err)
		require.Len(t, units, 2)
	})
}

// However a number is written, at once or in turn, one unit is entered.
func TestOneOfManyEntersTheSamePlace(t *testing.T) {
	spellings := []string{"301", "0301", "３０１", "301室", "三〇一", " 301 "}
	each(t, func(t *testing.T, w *world) {
		won, errs := race(18, func(i int) error {
			_, err := w.AddUnits(ctx, system, noKey, w.building.ID, []area.NewUnit{{UnitIdentity: area.UnitIdentity{Entrance: []string{"1单元", "一单元"}[i%2], Number: spellings[i%len(spellings)]}}})
			return err
		})
		require.Equal(t, 1, won)
		for _, err := range errs {
			require.True(t, fault.Is(err, "area.unit_taken"), err)
		}
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit`))

		won, _ = race(12, func(i int) error {
			_, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: []string{"7号楼", "７号楼", "七号楼", "7栋", "07#"}[i%5]}})
			return err
		})
		require.Equal(t, 1, won)
		won, _ = race(12, func(int) error {
			_, err := w.CreateEstate(ctx, system, noKey, area.NewEstate{CommunityID: w.community.ID, Name: "新苑"})
			return err
		})
		require.Equal(t, 1, won)
	})
}

func TestOneHouseholdAtATime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 8953))[0]
		got := make([]id.ID, 16)
		won, errs := race(len(got), func(i int) error {
			return w.DB.InTx(ctx, func(ctx ctxT, tx *dbx.Tx) (err error) {
				got[i], err = w.EnsureHousehold(ctx, tx, u.ID, clock.Now(w.clock))
				return err
			})
		})
		require.Equal(t, len(got), won, "%v", errs)
		for _, h := range got {
			require.Equal(t, got[0], h)
		}
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM household`))
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) error { return w.EndHousehold(ctx, tx, u.ID, clock.Now(w.clock)) })
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) error {
			next, err := w.EnsureHousehold(ctx, tx, u.ID, clock.Now(w.clock))
			require.NotEqual(t, got[0], next)
			return err
		})
		up, err := w.UnitPlace(ctx, w.DB, u.ID)
		require.NoError(t, err)
		require.False(t, up.HouseholdID.IsZero())
		homes, err := w.HomesOf(ctx, w.DB, w.building.ID)
		require.NoError(t, err)
		require.Equal(t, up, homes[0])
	})
}

// A household that another transaction began after this one looked is the same household all the same.
// (An embedded database has one writer: there it cannot happen.)
func TestAHouseholdBegunMeanwhileIsSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.DB.Dialect() == dbx.SQLite {
			return
		}
		u := w.flats(flat("101", 8953))[0]
		var mine, theirs id.ID
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) (err error) {
			if _, err := w.CurrentHousehold(ctx, tx, u.ID); err != nil {
				return err
			}
			inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) (err error) {
				theirs, err = w.EnsureHousehold(ctx, tx, u.ID, clock.Now(w.clock))
				return err
			})
			mine, err = w.EnsureHousehold(ctx, tx, u.ID, clock.Now(w.clock))
			return err
		})
		require.False(t, mine.IsZero())
		require.Equal(t, theirs, mine)
	})
}

func TestUnitsAreAddedAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.flats(flat("101", 8953))
		_, err := w.AddUnits(ctx, system, noKey, w.building.ID, []area.NewUnit{flat("102", 1), flat("103", 1), flat("0101", 1)})
		require.True(t, fault.Is(err, "area.unit_taken"), err)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit`))
		_, err = w.AddUnits(ctx, system, noKey, w.building.ID, nil)
		require.ErrorIs(t, err, fault.Invalid)
		_, err = w.AddUnits(ctx, system, noKey, w.building.ID, make([]area.NewUnit, area.MaxBatch+1))
		require.ErrorIs(t, err, fault.Invalid)
		_, err = w.AddUnits(ctx, system, noKey, w.building.ID, []area.NewUnit{flat("104", 1), flat("105", -1)})
		require.Equal(t, "body.units[1].areas", fault.Of(err).Fields[0].Path)
		_, err = w.AddUnits(ctx, system, noKey, w.building.ID, []area.NewUnit{flat("104", 100_000_001)})
		require.ErrorIs(t, err, fault.Invalid)
		w.flats(flat("104", 100_000_000))
	})
}

func TestUnitsListInPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var in []area.NewUnit
		for i := range 23 {
			in = append(in, flat(fmt.Sprint(100+i), 1))
		}
		w.flats(in...)
		var got []string
		for cursor, more := "", true; more; more = cursor != "" {
			p, err := w.Units(ctx, system, w.building.ID, false, page.Request{Cursor: cursor, Limit: 5})
			require.NoError(t, err)
			for _, u := range p.Items {
				got = append(got, u.Number)
			}
			cursor = p.Next
		}
		require.Len(t, got, 23)
		require.IsIncreasing(t, got)
	})
}

func TestPastDaysOfAUnit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 8953))[0]
		entered := clock.Now(w.clock)
		w.clock.Advance(48 * 3600e9)
		u, err := w.UpdateUnit(ctx, system, noKey, u.ID, u.Version, area.UnitFacts{Delivery: area.Delivered, Occupied: area.Let})
		require.NoError(t, err)
		_, err = w.UpdateUnit(ctx, system, noKey, u.ID, 1, area.UnitFacts{})
		require.ErrorIs(t, err, fault.Stale)
		then, err := w.UnitOn(ctx, system, u.ID, entered)
		require.NoError(t, err)
		require.Equal(t, area.OccupiedUnknown, then.Occupied)
		now, err := w.UnitOn(ctx, system, u.ID, clock.Now(w.clock))
		require.NoError(t, err)
		require.Equal(t, area.Let, now.Occupied)
		_, err = w.UnitOn(ctx, system, u.ID, entered-1)
		require.ErrorIs(t, err, fault.NotFound)
	})
}

func TestSearchFindsPlaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"𡐓家疃小区", "𬱖𬭎里", "百分之100%小区", "下_划线", "家园👨‍👩‍👧‍👦"} {
			_, err := w.CreateEstate(ctx, system, noKey, area.NewEstate{CommunityID: w.community.ID, Name: name})
			require.NoError(t, err)
		}
		find := func(q string) (names []string) {
			p, err := w.Search(ctx, system, q, page.Request{})
			require.NoError(t, err, q)
			for _, h := range p.Items {
				names = append(names, h.Name)
			}
			return names
		}
		require.Equal(t, []string{"𡐓家疃小区"}, find("𡐓"))
		require.Equal(t, []string{"𬱖𬭎里"}, find("𬭎"))
		require.Equal(t, []string{"家园👨‍👩‍👧‍👦"}, find("👨‍👩‍👧‍👦"))
		require.Equal(t, []string{"百分之100%小区"}, find("%"), "a pattern's sign is itself")
		require.Equal(t, []string{"下_划线"}, find("_"))
		require.Equal(t, []string{"宁海街道"}, find("nhjd"))
		require.Equal(t, []string{"宁海街道"}, find("NHJD"))
		require.Equal(t, []string{"金海花园", "金海花园一期"}, find("金海花园"), "the exact name first")
		require.Equal(t, []string{"金海花园", "金海花园一期"}, find("jhhy"))
		require.Empty(t, find("没有这个地方"))
		p, err := w.Search(ctx, system, "1号楼", page.Request{})
		require.NoError(t, err)
		require.Equal(t, []string{"宁海街道", "杜家村居委会", "金海花园"}, p.Items[0].Where)
		_, err = w.Search(ctx, system, "  ", page.Request{})
		require.ErrorIs(t, err, fault.Invalid)
	})
}

func TestSearchPagesMissNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seen := map[id.ID]bool{}
		for cursor, more := "", true; more; more = cursor != "" {
			p, err := w.Search(ctx, system, "居委会", page.Request{Cursor: cursor, Limit: 5})
			require.NoError(t, err)
			for _, h := range p.Items {
				require.False(t, seen[h.ID])
				seen[h.ID] = true
			}
			cursor = p.Next
		}
		require.Len(t, seen, w.count(`SELECT COUNT(*) FROM place_name WHERE name LIKE '%居委会%'`))
	})
}

func TestHeadsAreCountedByTheLaw(t *testing.T) {
	a, b, dev := id.New(), id.New(), id.New()
	for name, c := range map[string]struct {
		units []area.RollUnit
		heads int
		area  int64
	}{
		"nothing":                        {nil, 0, 0},
		"one part, one head":             {[]area.RollUnit{{Unit: id.New(), Area: 10, Owners: []id.ID{a}}}, 1, 10},
		"several parts, one head":        {[]area.RollUnit{{Unit: id.New(), Area: 10, Owners: []id.ID{a}}, {Unit: id.New(), Area: 5, Owners: []id.ID{a}}}, 1, 15},
		"co-owners of one part":          {[]area.RollUnit{{Unit: id.New(), Area: 10, Owners: []id.ID{a, b}}}, 1, 10},
		"the same couple twice":          {[]area.RollUnit{{Unit: id.New(), Area: 10, Owners: []id.ID{a, b}}, {Unit: id.New(), Area: 10, Owners: []id.ID{b, a}}}, 1, 20},
		"unsold and undelivered are one": {[]area.RollUnit{{Unit: id.New(), Area: 1, Delivery: area.Unsold}, {Unit: id.New(), Area: 2, Delivery: area.Undelivered, Owners: []id.ID{a}}, {Unit: id.New(), Area: 4, Owners: []id.ID{dev}, Developer: true}}, 1, 7},
		"nobody known is one each":       {[]area.RollUnit{{Unit: id.New()}, {Unit: id.New()}}, 2, 0},
		"parking is left out":            {[]area.RollUnit{{Unit: id.New(), Area: 10, Owners: []id.ID{a}}, {Unit: id.New(), Area: 2, Use: area.Parking, Owners: []id.ID{b}}}, 1, 10},
	} {
		h := area.CountHeads(c.units, area.HeadcountRule{})
		require.Equal(t, c.heads, h.Heads, name)
		require.Equal(t, c.area, h.Area, name)
	}
	require.Equal(t, 1, area.CountHeads([]area.RollUnit{{Unit: a, Use: area.Parking}}, area.HeadcountRule{CountParking: true}).Heads)
}

// There are never more heads than units, the order of units does not matter, and areas add up exactly.
func TestHeadcountProperties(t *testing.T) {
	people := []id.ID{id.New(), id.New(), id.New(), id.New()}
	rapid.Check(t, func(t *rapid.T) {
		units := rapid.SliceOf(rapid.Custom(func(t *rapid.T) area.RollUnit {
			return area.RollUnit{Unit: id.New(), Area: rapid.Int64Range(0, 100_000_000).Draw(t, "area"), Owners: rapid.SliceOfNDistinct(rapid.SampledFrom(people), 0, 3, rapid.ID).Draw(t, "owners"),
				Delivery: rapid.SampledFrom([]area.Delivery{area.Delivered, area.Unsold, area.Undelivered, area.DeliveryUnknown}).Draw(t, "delivery")}
		})).Draw(t, "units")
		h := area.CountHeads(units, area.HeadcountRule{})
		shuffled := rapid.Permutation(units).Draw(t, "order")
		if again := area.CountHeads(shuffled, area.HeadcountRule{}); again != h {
			t.Fatalf("order changed %+v to %+v", h, again)
		}
		var sum int64
		for _, u := range units {
			sum += u.Area
		}
		if h.Area != sum || h.Heads > h.Units || h.Units != len(units) || (len(units) > 0 && h.Heads == 0) {
			t.Fatalf("%+v of %d units with %d", h, len(units), sum)
		}
	})
}

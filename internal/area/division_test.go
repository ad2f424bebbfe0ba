package area_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

func TestCheckCode(t *testing.T) {
	for _, c := range []struct {
		code  string
		kind  area.Kind
		wrong string
	}{
		{"370000000000", area.Province, ""}, {"370600000000", area.City, ""}, {"370612000000", area.District, ""},
		{"370612001000", area.Street, ""}, {"370612001001", area.Community, ""}, {"370612001599", area.Community, ""},
		{"370612599000", area.Street, ""}, {"820000000000", area.Province, ""}, {"110000000000", area.Province, ""},
		{"370612600000", "", "area.code_range"}, {"370612001600", "", "area.code_range"}, {"370612000001", "", "area.code_range"},
		{"370012001001", "", "area.code_range"}, {"109999000000", "", "area.code_range"}, {"830000000000", "", "area.code_range"}, {"000000000000", "", "area.code_range"},
		{"37061200100", "", "area.code_digits"}, {"3706120010010", "", "area.code_digits"}, {"", "", "area.code_digits"}, {"３70612001001", "", "area.code_digits"}, {"37061200100a", "", "area.code_digits"},
	} {
		kind, err := area.CheckCode("code", c.code)
		require.Equal(t, c.kind, kind, c.code)
		if c.wrong == "" {
			require.NoError(t, err, c.code)
		} else {
			require.Equal(t, c.wrong, fault.Of(err).Fields[0].Code, c.code)
		}
	}
}

func TestParentCodeGoesUpOneLevel(t *testing.T) {
	path := []string{"370612001005", "370612001000", "370612000000", "370600000000", "370000000000", ""}
	for i := range path[:len(path)-1] {
		require.Equal(t, path[i+1], area.ParentCode(path[i]))
	}
}

func FuzzCheckCode(f *testing.F) {
	for _, s := range []string{"370612001005", "370000000000", "", "abc", "000000000000", "999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, err := area.CheckCode("code", s)
		if err != nil {
			return
		}
		for kind != area.Province { // what is valid has valid parents up to the province
			s = area.ParentCode(s)
			above, err := area.CheckCode("code", s)
			require.NoError(t, err)
			require.NotEqual(t, kind, above)
			kind = above
		}
		require.Empty(t, area.ParentCode(s))
	})
}

func TestTheDivisionsOfMupingAreThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		in := area.ImportInput{Name: "d.csv", Data: divisionsFile(t)}
		dry := in
		dry.DryRun = true
		r, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, dry, nil)
		require.NoError(t, err)
		require.Equal(t, 600, r.Counts.Created)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM area`), "a dry run changes nothing")

		var told []int
		r, err = area.NewImporter(w.Service).ImportDivisions(ctx, system, in, func(done, total int) { told = append(told, done, total) })
		require.NoError(t, err)
		require.Equal(t, 600, r.Counts.Created)
		require.Zero(t, r.Counts.Rejected)
		require.Equal(t, []int{500, 600, 600, 600}, told)
		require.Equal(t, 13, w.count(`SELECT COUNT(*) FROM area WHERE kind = 'street'`))
		require.Equal(t, 584, w.count(`SELECT COUNT(*) FROM area WHERE kind = 'community'`))
		require.Equal(t, 542, w.count(`SELECT COUNT(*) FROM area WHERE kind = 'community' AND name LIKE '%村委会'`))

		before := w.count(`SELECT COUNT(*) FROM area_code`)
		r, err = area.NewImporter(w.Service).ImportDivisions(ctx, system, in, nil)
		require.NoError(t, err)
		require.Equal(t, 600, r.Counts.Unchanged, "the second run changes nothing")
		require.Equal(t, before, w.count(`SELECT COUNT(*) FROM area_code`))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.divisions'`), "one record for each import")
	})
}

// The lists as they are published have other columns and shortened codes, and say the same.
func TestPublishedListsOfDivisionsAgree(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "divisions")
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Join("testdata", "divisions")
	}
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		_, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, area.ImportInput{Name: "d.csv", Data: divisionsFile(t)}, nil)
		require.NoError(t, err)
		for _, name := range []string{"muping_370612_streets.csv", "muping_370612_communities.csv"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			r, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, area.ImportInput{Name: name, Data: data}, nil)
			require.NoError(t, err)
			require.Equal(t, r.Counts.Accepted, r.Counts.Unchanged, asJSON(t, r))
			require.Positive(t, r.Counts.Accepted)
			require.Zero(t, r.Counts.Rejected)
		}
	})
}

func TestRenumberKeepsHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, err := w.Renumber(ctx, system, noKey, w.street.ID, w.street.Version, "370612003000", "2026-01-01")
		require.NoError(t, err)
		require.Equal(t, "370612003000", *a.Code)
		require.Equal(t, w.street.Path, a.Path, "nothing in it moves")
		old, err := w.AreaByCode(ctx, w.DB, "370612001000", "2025-12-31")
		require.NoError(t, err)
		require.Equal(t, w.street.ID, old.ID)
		_, err = w.AreaByCode(ctx, w.DB, "370612001000", "2026-01-01")
		require.ErrorIs(t, err, fault.NotFound, "the last day is not in the period any more")
		_, err = w.AreaByCode(ctx, w.DB, "370612003000", "2025-12-31")
		require.ErrorIs(t, err, fault.NotFound)

		a, err = w.Rename(ctx, system, noKey, w.street.ID, a.Version, "新宁海街道", "2026-06-01")
		require.NoError(t, err)
		ds, err := w.Designations(ctx, system, w.street.ID)
		require.NoError(t, err)
		require.Equal(t, `[{"code":"370612001000","name":"宁海街道","from":"2023-06-30","to":"2026-01-01"},{"code":"370612003000","name":"宁海街道","from":"2026-01-01","to":"2026-06-01"},{"code":"370612003000","name":"新宁海街道","from":"2026-06-01"}]`, asJSON(t, ds))

		_, err = w.Renumber(ctx, system, noKey, w.street.ID, a.Version, "370612013000", "2026-06-01")
		require.True(t, fault.Is(err, "area.designation_order"), "not before the present one began: %v", err)
		_, err = w.Renumber(ctx, system, noKey, w.street.ID, a.Version, "370612013000", "2026-11-23")
		require.True(t, fault.Is(err, "area.designation_order"), "not in the future: %v", err)
		_, err = w.Renumber(ctx, system, noKey, w.street.ID, a.Version, "370612002000", "2026-07-01")
		require.True(t, fault.Is(err, "area.taken"), "another street has it: %v", err)
		_, err = w.Renumber(ctx, system, noKey, w.street.ID, 1, "370612013000", "2026-07-01")
		require.ErrorIs(t, err, fault.Stale)
		_, err = w.Renumber(ctx, system, noKey, w.street.ID, a.Version, "370613013000", "2026-07-01")
		require.Equal(t, "area.code_parent", fault.Of(err).Fields[0].Code, "of another district")
	})
}

// A list of a later year renumbers a street and its communities in one file, and only once.
func TestImportRenumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := "代码,名称,生效日期\n370612011000,宁海街道,2026-01-01\n370612011005,杜家村居委会,2026-01-01\n370612002000,文化路街道,2026-01-01\n"
		in := area.ImportInput{Name: "d.csv", Data: []byte(list)}
		r, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, in, nil)
		require.NoError(t, err)
		require.Equal(t, 3, r.Counts.Updated, asJSON(t, r))
		require.Equal(t, w.street.ID, w.byCode("370612011000").ID)
		require.Equal(t, w.community.ID, w.byCode("370612011005").ID)
		require.Equal(t, "文化路街道", w.byCode("370612002000").Name)
		r, err = area.NewImporter(w.Service).ImportDivisions(ctx, system, in, nil)
		require.NoError(t, err)
		require.Equal(t, 3, r.Counts.Unchanged)
	})
}

func TestImportOfDivisionsListsWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := strings.Join([]string{"code,name,kind,parent_code,valid_from",
			"370612001777,某村委会,community,370612001000,2023-06-30", // outside the ranges
			"370612001001,某居委会,street,370612001000,2023-06-30",    // another level
			"370612001002,某居委会,community,370612002000,2023-06-30",
			"370613001001,某居委会,community,370613001000,2023-06-30",  // its street is not there
			"370612001005,改名居委会,community,370612001000,2023-06-30", // renamed on the day it began
			"370612001003,杜家村居委会,community,370612001000,2024-01-01",
			"370612001005,杜家村居委会,community,370612001000,2024-01-01",
		}, "\n")
		r, err := area.NewImporter(w.Service).ImportDivisions(ctx, system, area.ImportInput{Name: "d.csv", Data: []byte(list)}, nil)
		require.NoError(t, err)
		codes := map[int]string{}
		for _, l := range r.Lines {
			for _, p := range l.Problems {
				codes[p.Row] = p.Code
			}
		}
		require.Equal(t, map[int]string{2: "area.code_range", 3: "area.code_kind", 4: "area.code_parent", 5: "area.parent_unknown", 6: "area.designation_order", 7: "area.taken"}, codes)
		require.Equal(t, 1, r.Counts.Unchanged)
	})
}

func TestDivisionsAreMadeFromAbove(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := area.NewDivision{ParentID: w.street.ID, Code: "370612001599", Name: "新社区", From: "2026-01-01"}
		_, err := w.CreateDivision(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, in)
		require.ErrorIs(t, err, fault.NotFound, "not beside one's own")
		a, err := w.CreateDivision(ctx, staff(authz.RoleStreetOffice, w.street.Path), noKey, in)
		require.NoError(t, err)
		require.Equal(t, area.Community, a.Kind)
		_, err = w.CreateDivision(ctx, staff(authz.RoleStreetOffice, w.street.Path), noKey, in)
		require.True(t, fault.Is(err, "area.taken"), err)

		office := staff(authz.RoleStreetOffice, w.street.Path)
		r, err := area.NewImporter(w.Service).ImportDivisions(ctx, office, area.ImportInput{Name: "d.csv", Data: []byte("代码,名称\n370612001598,又一社区\n370612002598,别街社区\n")}, nil)
		require.NoError(t, err)
		require.Equal(t, 1, r.Counts.Created)
		require.Equal(t, 1, r.Counts.Rejected, "in another street")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.divisions' AND account_id = ?`, office.Account))
	})
}

func TestTreeIsWalkedByPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.flats(flat("101", 8953), flat("102", 9010))
		seen, cursor := map[id.ID]bool{}, ""
		for {
			p, err := w.Children(ctx, system, w.byCode("370612001000").ID, page.Request{Cursor: cursor, Limit: 7})
			require.NoError(t, err)
			for _, n := range p.Items {
				require.False(t, seen[n.ID])
				seen[n.ID] = true
				if n.ID == w.community.ID {
					require.Equal(t, []int{1, 1, 2}, []int{n.Children, n.Estates, n.Units})
				}
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		require.Len(t, seen, w.count(`SELECT COUNT(*) FROM area WHERE parent_id = ?`, w.street.ID))

		estates, err := w.Children(ctx, system, w.community.ID, page.Request{})
		require.NoError(t, err)
		require.Len(t, estates.Items, 1)
		estates, err = w.Children(ctx, staff(authz.RoleCommunity, w.byCode("370612001009").Path), w.community.ID, page.Request{})
		require.NoError(t, err)
		require.Empty(t, estates.Items, "divisions are public, estates are not")
		_, err = w.Children(ctx, authz.Principal{}, w.community.ID, page.Request{})
		require.ErrorIs(t, err, fault.Unauthenticated)
		_, err = w.Children(ctx, system, w.community.ID, page.Request{Cursor: page.Encode("a", "b")})
		require.ErrorIs(t, err, fault.Invalid)
		top, err := w.Children(ctx, system, id.Nil, page.Request{})
		require.NoError(t, err)
		require.Equal(t, "山东省", top.Items[0].Name)
	})
}

func TestAreasInForceFollowTheLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 100_000_000)
		a := area.Areas{Register: size.Draw(t, "register"), Survey: size.Draw(t, "survey"), Contract: size.Draw(t, "contract")}
		n, source := a.InForce()
		if n != a.Of(source) {
			t.Fatalf("%d is not what %s says", n, source)
		}
		if (a.Register > 0) != (source == area.FromRegister) {
			t.Fatalf("the register comes first: %+v gave %s", a, source)
		}
		if a.Register == 0 && a.Survey > 0 && source != area.FromSurvey {
			t.Fatalf("then the survey: %+v gave %s", a, source)
		}
		if n == 0 && source != area.FromNowhere {
			t.Fatalf("nothing known: %s", source)
		}
	})
}

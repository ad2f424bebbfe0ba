package area_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sheet"
)

func (w *world) households(in area.ImportInput) *sheet.Report {
	w.t.Helper()
	in.Target = w.place.ID
	r, err := area.NewImporter(w.Service).ImportHouseholds(ctx, system, in, nil)
	require.NoError(w.t, err)
	return r
}

func csvIn(text string) area.ImportInput {
	return area.ImportInput{Name: "roster.csv", Data: []byte(text), PhoneBasis: personal.BasisDuty}
}

// problems are the codes by row.
func problems(r *sheet.Report) map[int]string {
	out := map[int]string{}
	for _, l := range r.Lines {
		for _, p := range l.Problems {
			out[p.Row] += p.Code
		}
	}
	return out
}

// rosters are the same roster in every encoding and layout: the real files where they are, and our own.
func rosters(t *testing.T) map[string][]byte {
	t.Helper()
	own, err := os.ReadFile(filepath.Join("testdata", "roster", "roster.csv"))
	require.NoError(t, err)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(own)
	require.NoError(t, err)
	out := map[string][]byte{"own utf-8": own, "own with mark": append([]byte("\xef\xbb\xbf"), own...), "own gb18030": gb, "own titled xlsx": titledWorkbook(t, own)}
	dir := filepath.Join("..", "..", "..", "shared", "data", "hostile", "gen")
	for _, name := range []string{"roster_utf8.csv", "roster_utf8_bom.csv", "roster_gb18030.csv"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			return out
		}
		require.NoError(t, err)
		out[name] = data
	}
	return out
}

// titledWorkbook puts the table below a merged title, as offices do.
func titledWorkbook(t *testing.T, table []byte) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	require.NoError(t, err)
	f := excelize.NewFile()
	require.NoError(t, f.SetCellStr("Sheet1", "A1", "2026年度某小区业主花名册"))
	require.NoError(t, f.MergeCell("Sheet1", "A1", "I1"))
	for i, row := range rows {
		for j, cell := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+2)
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr("Sheet1", name, cell))
		}
	}
	b, err := f.WriteToBuffer()
	require.NoError(t, err)
	return b.Bytes()
}

func TestTheRosterMeansTheSameFromEveryFile(t *testing.T) {
	for name, data := range rosters(t) {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				in := area.ImportInput{Name: name, Data: data, PhoneBasis: personal.BasisDuty}
				dry := in
				dry.DryRun = true
				require.Equal(t, 5, w.households(dry).Counts.Created)
				require.Zero(t, w.count(`SELECT COUNT(*) FROM unit`))

				r := w.households(in)
				require.Equal(t, sheet.Counts{Accepted: 5, Created: 5, Rejected: 4, Skipped: 2}, r.Counts, asJSON(t, r))
				require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM unit WHERE state = 'active'`))
				require.Equal(t, 147809, w.count(`SELECT SUM(area_m2x100) FROM unit`), "1,478.09 m²")
				require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM building`), "1号楼 is there, however it is written")
				require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM household WHERE ended_at IS NULL`))
				require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM unit_owner WHERE to_date IS NULL`))
				require.GreaterOrEqual(t, w.count(`SELECT COUNT(*) FROM owner WHERE phone_sealed IS NOT NULL AND phone_basis = 'duty'`), 3)

				again := w.households(in)
				require.Equal(t, sheet.Counts{Accepted: 5, Unchanged: 5, Rejected: 4, Skipped: 2}, again.Counts, asJSON(t, again))
				require.Equal(t, r.Hash(), again.Hash())
				require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM unit`))
				require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM owner`))
				require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.households' AND detail LIKE ?`, "%"+r.Hash()+"%"))
			})
		})
	}
}

func TestEncodingsOfOneRosterHaveOneHash(t *testing.T) {
	db := dbtest.SQLite(t)
	w := newWorld(t, db)
	w.furnish()
	var hash string
	for name, data := range rosters(t) {
		if name[:3] != "own" {
			continue
		}
		r := w.households(area.ImportInput{Name: name, Data: data, PhoneBasis: personal.BasisDuty, DryRun: true})
		if hash == "" {
			hash = r.Hash()
		}
		require.Equal(t, hash, r.Hash(), name)
	}
}

func TestRejectedRowsSayWhy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		data, err := os.ReadFile(filepath.Join("testdata", "roster", "roster.csv"))
		require.NoError(t, err)
		r := w.households(area.ImportInput{Name: "r.csv", Data: data, PhoneBasis: personal.BasisDuty})
		require.Equal(t, map[int]string{7: "area.duplicate_row", 8: "sheet.number_not_positive", 9: "sheet.number_not_positive", 10: "sheet.number_malformed"}, problems(r))
		require.Equal(t, []string{"产权证号", "备注"}, r.Unknown, "what is not imported is said")
	})
}

func TestPhonesWithoutABasisStayOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := csvIn("楼栋,房号,业主,电话\n1号楼,101,张三,13800138000\n1号楼,102,李四,\n1号楼,103,王五,13900139000\n1号楼,104,赵六,不是号码\n")
		in.PhoneBasis = ""
		r := w.households(in)
		require.Equal(t, 4, r.Counts.Created)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM owner WHERE phone_sealed IS NOT NULL OR phone_index IS NOT NULL`))
		var noted []string
		for _, l := range r.Lines {
			if l.Outcome == area.OutcomeNoted {
				noted = append(noted, fmt.Sprintf("%d-%d %s", l.From, l.To, l.Problems[0].Code))
			}
		}
		require.Equal(t, []string{"2-2 area.phone_left_out", "4-5 area.phone_left_out"}, noted)

		in.PhoneBasis = personal.BasisConsent
		r = w.households(in)
		require.Equal(t, sheet.Counts{Accepted: 4, Updated: 2, Unchanged: 2}, r.Counts, "with a basis they come in")
		require.Equal(t, "area.phone_unreadable", problems(r)[5])
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM owner WHERE phone_basis = 'consent'`))
		require.Equal(t, 4, w.households(in).Counts.Unchanged)
	})
}

func TestMergedCellsAndTemplates(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		return // the same layouts are tested above with files of our own
	}
	each(t, func(t *testing.T, w *world) {
		data, err := os.ReadFile(filepath.Join(dir, "hostile", "gen", "roster_merged_building.xlsx"))
		require.NoError(t, err)
		r := w.households(area.ImportInput{Name: "m.xlsx", Data: data})
		require.Equal(t, 4, r.Counts.Created)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM building`))
		require.Equal(t, 8953+9010+8800+7700, w.count(`SELECT SUM(area_m2x100) FROM unit`))
		data, err = os.ReadFile(filepath.Join(dir, "hostile", "gen", "roster_merged_title.xlsx"))
		require.NoError(t, err)
		r = w.households(area.ImportInput{Name: "t.xlsx", Data: data})
		require.Positive(t, r.Counts.Created)
	})
	each(t, func(t *testing.T, w *world) {
		data, err := os.ReadFile(filepath.Join(dir, "xlsx", "tpl_importRoom.xlsx"))
		require.NoError(t, err)
		r := w.households(area.ImportInput{Name: "tpl.xlsx", Data: data, PhoneBasis: personal.BasisConsent})
		require.Equal(t, 1, r.Counts.Created, "the help below the table is no data: %s", asJSON(t, r))
		require.Zero(t, r.Counts.Rejected)
		require.Equal(t, 9456, w.count(`SELECT SUM(area_m2x100) FROM unit WHERE occupied_state = 'owner' AND use_kind = 'residential'`))
	})
}

func TestWhoIsWhoInARoster(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.households(csvIn(`楼号,单元,房间,建筑面积,业主名称,手机号,业主类型,业主性质
1,1,101,90.00,张三,13800138000,业主,
1,1,101,90.00,李四,,业主,
1,1,101,90.00,张小三,,家庭成员,
1,1,102,80.00,张三,13800138000,业主,
1,1,103,70.00,"王五、赵六",,业主,
1,1,104,60.00,某某置业,,业主,开发商
1,1,105,60.00,某某置业,,业主,开发商
1,1,106,50.00,钱七,,房屋租客,
`))
		require.Zero(t, r.Counts.Rejected, asJSON(t, r))
		require.Equal(t, 6, w.count(`SELECT COUNT(*) FROM unit`))
		require.Equal(t, 5, w.count(`SELECT COUNT(*) FROM owner`), "张三 once, 李四, 王五, 赵六, the developer once")
		require.Equal(t, 7, w.count(`SELECT COUNT(*) FROM unit_owner`))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM occupant`))
		h, err := w.Heads(ctx, system, w.place.ID, area.HeadcountRule{})
		require.NoError(t, err)
		require.Equal(t, area.Headcount{Units: 6, Area: 41000, Heads: 5, DeveloperUnits: 2, NoOwner: 1}, h)
	})
}

// A file may add what was not known. What it contradicts takes two persons, or the record of a sale.
func TestImportFillsAndNeverOverwrites(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.households(csvIn("楼栋,房号,建筑面积,业主,电话\n1号楼,101,90.00,张三,13800138000\n1号楼,102,,李四,\n1号楼,103,70.00,王五,\n"))
		r := w.households(csvIn("楼栋,房号,建筑面积,房屋编号,业主,电话\n1号楼,101,90.01,,张三,13800138000\n1号楼,102,80.00,B-102,李四,13900139000\n1号楼,103,70.00,,孙八,\n1号楼,101,90.00,,张三,13800138001\n1号楼,104,60,B-102,周九,\n"))
		require.Equal(t, map[int]string{2: "area.unit_differs", 4: "area.owner_differs", 5: "area.owner_phone_differs", 6: "area.code_of_other_unit"}, problems(r))
		require.Equal(t, 1, r.Counts.Updated)
		require.Equal(t, 8000, w.count(`SELECT area_contract FROM unit WHERE code = 'B-102'`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit_event WHERE kind = 'facts'`), "what it was before is kept")
		require.Equal(t, 3, w.count(`SELECT COUNT(*) FROM unit_owner WHERE to_date IS NULL`))

		in := csvIn("楼栋,房号,建筑面积\n1号楼,101,91.00\n")
		in.AreaSource = area.FromRegister
		require.Equal(t, 1, w.households(in).Counts.Updated)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit WHERE area_register = 9100 AND area_contract = 9000 AND area_m2x100 = 9100`), "the register comes first, the contract stays")
	})
}

func TestHouseholdsNeedBothPermissions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := area.NewImporter(w.Service)
		in := csvIn("楼栋,房号\n1号楼,101\n")
		in.Target = w.place.ID
		_, err := m.ImportHouseholds(ctx, staff(authz.RoleStreetOffice, w.street.Path), in, nil)
		require.ErrorIs(t, err, fault.Forbidden, "the street does not keep the roll")
		_, err = m.ImportHouseholds(ctx, w.company(), in, nil)
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = m.ImportHouseholds(ctx, staff(authz.RoleCommunity, w.byCode("370612001009").Path), in, nil)
		require.ErrorIs(t, err, fault.NotFound)
		_, err = m.ImportHouseholds(ctx, staff(authz.RoleCommunity, w.community.Path), in, nil)
		require.NoError(t, err)
	})
}

func TestImportOfEstates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := area.NewImporter(w.Service)
		in := csvIn(`社区代码,小区名称,分期,楼栋,单元,房号,楼层,建筑面积,面积来源,用途,交付状态
370612001005,金海花园,,1号楼,1单元,101,1,89.53,产权登记,住宅,已交付
370612001005,金海花园,金海花园一期,1号楼,1单元,102,1,89.53,产权登记,住宅,已交付
370612001009,芷坊新居,,1号楼,,101,1,100.00,实测,商铺,未售
370612001009,芷坊新居,,地下车库,,B-001,-1,12.50,,车位,未售
370612002999,别处,,1号楼,,1,1,1,,,
370612001009,芷坊新居,,1号楼,,0101,1,100.00,,,
`)
		r, err := m.ImportEstate(ctx, system, in, nil)
		require.NoError(t, err)
		require.Equal(t, 4, r.Counts.Created, asJSON(t, r))
		require.Equal(t, map[int]string{6: "area.community_unknown", 7: "area.duplicate_row"}, problems(r))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM area WHERE kind = 'estate'`), "金海花园 was there")
		require.Equal(t, 3, w.count(`SELECT COUNT(*) FROM service_area`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit WHERE use_kind = 'parking' AND floor = -1 AND delivery = 'unsold'`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM service_area s JOIN area c ON c.id = s.community_id WHERE c.name = '芷坊居委会' AND s.street_id = ?`, w.street.ID))
		hits, err := w.Search(ctx, system, "zfxj", pageOne)
		require.NoError(t, err)
		require.Len(t, hits.Items, 2, "estate and service area are found by pinyin")
		r, err = m.ImportEstate(ctx, system, in, nil)
		require.NoError(t, err)
		require.Equal(t, 4, r.Counts.Unchanged)
		require.Equal(t, 4, w.count(`SELECT COUNT(*) FROM unit`))

		own := staff(authz.RoleCommunity, w.community.Path)
		r, err = m.ImportEstate(ctx, own, in, nil)
		require.NoError(t, err)
		require.Equal(t, 2, r.Counts.Unchanged, "in one's own community")
		require.Equal(t, 4, r.Counts.Rejected, "what lies elsewhere is not there")

		one := csvIn("小区,楼栋,房号\n新苑,1号楼,101\n")
		one.Target = w.community.ID
		r, err = m.ImportEstate(ctx, own, one, nil)
		require.NoError(t, err)
		require.Equal(t, 1, r.Counts.Created)
		one.Target = w.street.ID
		_, err = m.ImportEstate(ctx, own, one, nil)
		require.Error(t, err)
	})
}

// Many rows are written in transactions of a bounded size, and whoever waits is told.
func TestChunksOfAnImport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var b bytes.Buffer
		b.WriteString("楼栋,房号,业主\n")
		for i := range 1203 {
			fmt.Fprintf(&b, "1号楼,%d,业主%d\n", i+1, i%400)
		}
		in := csvIn(b.String())
		in.Target = w.place.ID
		var told []int
		r, err := area.NewImporter(w.Service).ImportHouseholds(ctx, system, in, func(done, total int) { told = append(told, done, total) })
		require.NoError(t, err)
		require.Equal(t, 1203, r.Counts.Created)
		require.Equal(t, []int{500, 1203, 1000, 1203, 1203, 1203}, told)
		require.Equal(t, 1203, w.count(`SELECT COUNT(*) FROM household`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.households'`))
	})
}

// Two people import the same file at once: everything is there once, whoever was faster.
func TestImportsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := csvIn("楼栋,房号,业主,电话\n2号楼,101,张三,13800138000\n2号楼,102,李四,13800138001\n")
		in.Target = w.place.ID
		_, errs := race(6, func(int) error {
			_, err := area.NewImporter(w.Service).ImportHouseholds(ctx, system, in, nil)
			return err
		})
		for _, err := range errs {
			require.True(t, fault.Is(err, "area.import_conflict"), err)
		}
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM unit`))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM owner`))
		require.Equal(t, 2, w.households(in).Counts.Unchanged, "run again, it finds everything there")
	})
}

func FuzzImportHouseholds(f *testing.F) {
	own, err := os.ReadFile(filepath.Join("testdata", "roster", "roster.csv"))
	require.NoError(f, err)
	f.Add(own)
	f.Add([]byte("楼栋,房号,业主,关系\n1,1,\"a,b\",业主\n"))
	f.Add([]byte("楼栋,房号\n,\n"))
	db := dbtest.SQLite(f)
	w := newWorld(f, db)
	w.furnish()
	f.Fuzz(func(t *testing.T, data []byte) {
		in := area.ImportInput{Name: "x", Data: data, Target: w.place.ID, DryRun: true, PhoneBasis: personal.BasisDuty}
		r, err := area.NewImporter(w.Service).ImportHouseholds(ctx, system, in, nil)
		if err != nil {
			require.NotEqual(t, fault.Internal, fault.Of(err).Kind, err)
			return
		}
		require.Equal(t, r.Counts.Accepted, r.Counts.Created+r.Counts.Updated+r.Counts.Unchanged)
	})
}

// BenchmarkImportHouseholds tells how much longer an import of 100,000 rows takes than reading the file
// with the XLSX library and inserting the same rows raw, in turns on new databases: "ratio".
func BenchmarkImportHouseholds(b *testing.B) {
	const rows = 100_000
	data := rosterWorkbook(b, rows)
	engines := map[string]func(testing.TB) *dbx.DB{"sqlite": dbtest.SQLite}
	if os.Getenv("REDPROPERTY_TEST_MYSQL") != "" {
		engines["mysql"] = dbtest.MySQL
	}
	for name, open := range engines {
		b.Run(name, func(b *testing.B) {
			var raw, whole time.Duration
			for range b.N {
				raw += timed(b, open, func(w *world) { rawImport(b, w, data) })
				whole += timed(b, open, func(w *world) {
					r := w.households(area.ImportInput{Name: "x.xlsx", Data: data, PhoneBasis: personal.BasisDuty})
					require.Equal(b, rows, r.Counts.Created)
				})
			}
			b.ReportMetric(whole.Seconds()/raw.Seconds(), "ratio")
			b.ReportMetric(float64(b.N*rows)/whole.Seconds(), "rows/s")
			b.ReportMetric(float64(b.N*rows)/raw.Seconds(), "raw_rows/s")
		})
	}
}

// timed is how long do takes in a new world.
func timed(b *testing.B, open func(testing.TB) *dbx.DB, do func(*world)) time.Duration {
	b.Helper()
	w := newWorld(b, open(b))
	w.furnish()
	begin := time.Now()
	do(w)
	return time.Since(begin)
}

func rosterWorkbook(b *testing.B, n int) []byte {
	b.Helper()
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	require.NoError(b, err)
	require.NoError(b, s.SetRow("A1", []any{"房屋编号", "楼栋", "单元", "房号", "建筑面积", "业主", "联系电话"}))
	for i := range n {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		require.NoError(b, s.SetRow(cell, []any{fmt.Sprintf("C-%06d", i), fmt.Sprintf("%d号楼", i/200+1), fmt.Sprintf("%d单元", i/50%4+1), fmt.Sprintf("%d", i%50+101), "89.53", fmt.Sprintf("业主%d", i), fmt.Sprintf("138%08d", i)}))
	}
	require.NoError(b, s.Flush())
	buf, err := f.WriteToBuffer()
	require.NoError(b, err)
	return buf.Bytes()
}

// rawImport reads with the library and inserts the rows of unit, household, owner and unit_owner in batches.
func rawImport(b *testing.B, w *world, data []byte) {
	b.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	require.NoError(b, err)
	rows, err := f.GetRows("Sheet1")
	require.NoError(b, err)
	for rows = rows[1:]; len(rows) > 0; rows = rows[min(500, len(rows)):] {
		var us, hs, os, ws [][]any
		for _, r := range rows[:min(500, len(rows))] {
			u, o := id.New(), id.New()
			us = append(us, []any{u, w.building.ID, w.place.ID, r[0], r[2], r[3], r[1] + r[2] + r[3], 8953, "residential", "active", "unknown", "unknown", 1, 1, 1})
			hs = append(hs, []any{id.New(), u, 1, 1})
			name, phone := sha256.Sum256([]byte(r[5])), sha256.Sum256([]byte(r[6])) // as long, and as scattered, as what is sealed and indexed
			os = append(os, []any{o, w.place.ID, "person", append(name[:], r[5]+"............."...), name[:], append(phone[:], r[6]+"............."...), phone[:], "duty", 1, 1})
			ws = append(ws, []any{id.New(), u, o, "2026-01-01", "import", 1})
		}
		inTx(b, w.DB, func(ctx ctxT, tx *dbx.Tx) error {
			for _, part := range []struct {
				sql  string
				rows [][]any
			}{
				{`INSERT INTO unit (id, building_id, service_area_id, code, entrance, number, number_key, area_contract, use_kind, state, delivery, occupied_state, created_at, changed_at, version)`, us},
				{`INSERT INTO household (id, unit_id, started_at, version)`, hs},
				{`INSERT INTO owner (id, service_area_id, kind, name_sealed, name_index, phone_sealed, phone_index, phone_basis, created_at, version)`, os},
				{`INSERT INTO unit_owner (id, unit_id, owner_id, from_date, source, created_at)`, ws},
			} {
				if err := tx.InsertMany(ctx, part.sql, part.rows); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

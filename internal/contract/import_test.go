package contract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/sheet"
)

const register = `在管物业项目合同台账,,,,,,,,
小区名称,统一社会信用代码,合同编号,合同类型,收费方式,签订日期,开始日期,截止日期,住宅物业费(元/㎡·月),备案日期,备案号
阳光花园,91370612MA3C8N7X1A,ＨＴ-2024-01,普通,包干制,2024/2/20,2024-03-01,2027年2月28日,1.80,2024-02-25,备2024-7
阳光花园二期,91370612MA3C8N7X1A,牟物〔2024〕2号,前期物业,酬金制,,2024-03-01,2026-02-28,2.5,,
不存在的小区,91370612MA3C8N7X1A,HT-2024-03,普通,包干制,,2024-03-01,2027-02-28,1.8,,
同名小区,91370612MA3C8N7X1A,HT-2024-04,普通,包干制,,2024-03-01,2027-02-28,1.8,,
阳光花园,91370612MA3C8N7X1A,HT-2024-05,普通,包干制,,2024-03-01,2027-02-28,1.8,,
湖畔,91370612MA3C8N7X9Z,HT-2024-06,普通,包干制,,2024-03-01,2027-02-28,1.8,,
湖畔,91370612MA3C8N7X1A,HT-2024-07,普通,包干制,,2026-03-03,2027-02-28,1.8,,
湖畔,91370612MA3C8N7X1A,HT-2024-08,普通,包干制,,2024-03-01,2023-02-28,1.8,,
湖畔,91370612MA3C8N7X1A,HT-2024-09,普通,月付,,2024-03-01,很久以后,一块八,,
合计,,,,,,,,,,
`

func imported3(w *world) *world {
	estate := w.dir.places[w.area].Path[:len(w.dir.places[w.area].Path)-27]
	w.place(estate, "湖畔")
	w.place(estate, "同名小区")
	w.place(estate, "同名小区#")
	return w
}

func TestRunningContractsFromAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		imported3(w)
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(register)
		require.NoError(t, err)
		in := ImportInput{Name: "台账.csv", Data: []byte(gb), Target: w.street}
		try := in
		try.DryRun = true
		dry, err := w.ImportContracts(ctx, w.office, try, nil)
		require.NoError(t, err)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contract`))

		got, err := w.ImportContracts(ctx, w.office, in, nil)
		require.NoError(t, err)
		require.Equal(t, dry.Counts, got.Counts)
		require.Equal(t, sheet.Counts{Accepted: 2, Created: 2, Rejected: 7, Skipped: got.Counts.Skipped}, got.Counts)
		reasons := map[int]string{}
		for _, l := range got.Lines {
			for _, p := range l.Problems {
				reasons[l.From] += p.Code + " "
			}
		}
		require.Equal(t, map[int]string{5: "contract.area_unknown ", 6: "contract.area_ambiguous ", 7: "contract.other_in_force ", 8: "contract.company ",
			9: "contract.not_running ", 10: "contract.term ", 11: "sheet.date_malformed sheet.choice_unknown sheet.number_malformed "}, reasons)

		c, found, err := inForce(ctx, w.DB, w.area)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, []any{"HT-2024-01", Ordinary, clock.Date("2024-03-01"), clock.Date("2027-02-28"), clock.Date("2024-02-20"), clock.Date("2024-02-25"), "备2024-7", true},
			[]any{c.Number, c.Kind, *c.InForceOn, *c.EndsOn, *c.SignedOn, *c.FiledOn, *c.FilingNumber, c.Imported})
		tm, err := terms(ctx, w.DB, c)
		require.NoError(t, err)
		require.Equal(t, []Fee{{UnitKind: "residential", Fen: 180, Per: PerArea}}, tm.Fees)
		require.Equal(t, w.company.ID, *w.now().HandlerID)
		old, _, err := inForce(ctx, w.DB, w.sibling)
		require.NoError(t, err)
		require.Equal(t, "牟物〔2024〕2号", old.Number)
		require.True(t, old.waiting(w.today()), "its term is over: a person records what follows")

		again, err := w.ImportContracts(ctx, w.office, in, nil)
		require.NoError(t, err)
		require.Equal(t, 2, again.Counts.Unchanged)
		require.Equal(t, got.Hash(), again.Hash(), "the hash is of what the rows mean")
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM contract`))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM arrangement`))
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'contract.import_file'`), "one for each run")

		other := in
		other.Data = []byte(strings.Replace(register, "1.80", "1.90", 1))
		differs, err := w.ImportContracts(ctx, w.office, other, nil)
		require.NoError(t, err)
		require.Equal(t, 1, differs.Counts.Unchanged)
		for _, l := range differs.Lines {
			if l.From == 3 {
				require.Equal(t, "contract.import_differs", l.Problems[0].Code)
			}
		}
		require.Equal(t, 8, differs.Counts.Rejected)
	})
}

func TestImportIsTheOfficesAndWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		imported3(w)
		in := ImportInput{Name: "x.csv", Data: []byte(register), Target: w.street}
		_, err := w.ImportContracts(ctx, w.manager, in, nil)
		require.Equal(t, "not_found", code(err))
		_, err = w.ImportContracts(ctx, w.foreignOffice, in, nil)
		require.Equal(t, "not_found", code(err))
		_, err = w.ImportContracts(ctx, w.communityHead, in, nil)
		require.Equal(t, "not_found", code(err), "the community's area does not hold the street")
		w.dir.failing.Store(true)
		_, err = w.ImportContracts(ctx, w.office, in, nil)
		require.ErrorIs(t, err, errBroken)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contract`))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM arrangement`))
	})
}

func TestRunningContractOneByOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tm := w.terms(EarlyStage, "QQ-1")
		tm.OwnersID = nil
		in := Running{NewContract: NewContract{w.area, w.company.ID, tm}, SignedOn: dayPtr("2026-02-26"), FiledOn: dayPtr("2026-02-25")}
		_, err := w.ImportRunning(ctx, w.office, idem.Key{}, in)
		require.Equal(t, "contract.before_signing", code(err))
		in.FiledOn = nil
		c, err := w.ImportRunning(ctx, w.office, idem.Key{}, in)
		require.NoError(t, err)
		require.Equal(t, []any{InForce, true}, []any{c.State, c.Imported})
		d, ok, err := deadlineOf(ctx, w.DB, c.ID, DueFiling)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, clock.Date("2026-03-09"), d.DueOn, "10 days end on Sunday")
		in.Number = "QQ-2"
		_, err = w.ImportRunning(ctx, w.office, idem.Key{}, in)
		require.Equal(t, "contract.other_in_force", code(err))
		_, err = w.ImportRunning(ctx, w.foreignOffice, idem.Key{}, in)
		require.ErrorIs(t, err, fault.NotFound)
	})
}

// Whatever bytes arrive, an import answers with a report or a refusal and never half of it.
func FuzzImportContracts(f *testing.F) {
	f.Add([]byte(register))
	f.Add([]byte("小区,信用代码,合同号,生效日期\nx,y,z,w\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWorld(t, nil)
		book, err := sheet.OpenBytes("x", data, sheet.DefaultLimits())
		if err != nil {
			return
		}
		defer book.Close()
		tab, err := book.Table(importColumns)
		if err != nil {
			return
		}
		for tab.Next() {
			in, _, _ := parseRunning(tab.Row())
			if !tab.Row().OK() {
				continue
			}
			place, _ := w.Rules.Localities.Find("national")
			if clean, err := in.Terms.clean(w.Rules.Categories, place); err == nil {
				require.NoError(t, clean.checkSubcontracts())
				require.True(t, realDay(clean.StartsOn))
			}
		}
	})
}

package workorder

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// exported are the cells of an export, row by row.
func (w *world) exported(p authz.Principal, f Filter) [][]string {
	w.t.Helper()
	write, _, err := w.s.Export(w.ctx(), p, f)
	require.NoError(w.t, err)
	var b bytes.Buffer
	require.NoError(w.t, write(w.ctx(), &b))
	file, err := excelize.OpenReader(&b)
	require.NoError(w.t, err)
	defer file.Close()
	rows, err := file.GetRows(file.GetSheetName(0))
	require.NoError(w.t, err)
	return rows
}

func TestTheExportNamesNobodyAndIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.contacts[w.manager.Person] = OrderContact{Name: "李经理"}
		evil := w.repair()
		evil.Title = `=HYPERLINK("http://x","13800001234")`
		w.report(w.owner, evil)
		w.report(w.neighbour, w.defect())
		w.report(w.owner, w.conduct())

		rows := w.exported(w.manager, Filter{})
		require.Contains(t, rows[0][0], "李经理 (manager), 2026-11-18 10:00:00")
		require.Len(t, rows, 1+1+2+1, "watermark, titles, the two orders the company has, end mark")
		all := strings.Join(func() (out []string) {
			for _, r := range rows[1:] {
				out = append(out, strings.Join(r, "|"))
			}
			return
		}(), "\n")
		require.NotContains(t, all, "13800001234")
		require.NotContains(t, all, "王小明")
		require.NotContains(t, all, "301", "the dwelling is the reporter's")
		require.Contains(t, all, "1号楼")
		require.Contains(t, all, "居民上报 resident")
		require.Contains(t, all, "已上报 reported", "a clerk reads words, not codes")
		require.Contains(t, rows[4][0], "END")
		require.NotEqual(t, "=", rows[3][2][:1], "no formula")
		require.Contains(t, rows[3][2], "HYPERLINK")
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'workorder.export' AND person_id = ?`, w.manager.Person))
		require.Equal(t, 1, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'workorder.exported' AND detail = '{"rows":2}'`))

		require.Len(t, w.exported(w.keeper, Filter{}), 2+3+1, "the community sees the conduct case too")
		require.Len(t, w.exported(w.rivalManager, Filter{}), 2+0+1)
		require.Len(t, w.exported(w.office, Filter{States: []State{Closed}}), 2+0+1)
		for _, p := range []authz.Principal{w.owner, w.worker} {
			_, _, err := w.s.Export(t.Context(), p, Filter{})
			require.ErrorIs(t, err, fault.Forbidden)
		}
		// A manager who lives there exports what the company has, not the household's own.
		both := w.rivalManager
		both.Grants = append(both.Grants, w.owner.Grants...)
		require.Len(t, w.exported(both, Filter{}), 2+0+1)
	})
}

func TestTheExportGoesPageByPage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	made := w.report(w.owner, w.defect())
	require.NoError(t, w.db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		for range 450 {
			o := w.storedIn(ctx, tx, made)
			o.ID = id.New()
			o.Number = "X-" + o.ID.String()
			if err := o.insert(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}))
	rows := w.exported(w.manager, Filter{})
	require.Len(t, rows, 2+451+1)
	seen := map[string]bool{}
	for _, r := range rows[2 : len(rows)-1] {
		seen[r[0]] = true
	}
	require.Len(t, seen, 451)
	require.Contains(t, rows[len(rows)-1][0], "451")
}

func (w *world) storedIn(ctx context.Context, tx *dbx.Tx, order id.ID) *Order {
	w.t.Helper()
	o, err := orderByID(ctx, tx, order)
	require.NoError(w.t, err)
	return o
}

func TestTheExportOverHTTP(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	server := apitest.New(t, w.clock)
	Register(server.API, w.s)
	_, err := w.s.Report(t.Context(), w.owner, idem.Key{}, w.defect())
	require.NoError(t, err)
	reply := server.Do(t, w.manager, http.MethodGet, root+"/work-orders/export?state=reported", nil)
	require.Equal(t, http.StatusOK, reply.Status)
	require.Contains(t, reply.Header.Get("Content-Disposition"), "work-orders-2026-11-18.xlsx")
	require.Equal(t, "PK", string(reply.Body[:2]))
	require.Equal(t, http.StatusForbidden, server.Do(t, w.owner, http.MethodGet, root+"/work-orders/export", nil).Status)
	require.Equal(t, http.StatusBadRequest, server.Do(t, w.manager, http.MethodGet, root+"/work-orders/export?state=nonsense", nil).Status)
}

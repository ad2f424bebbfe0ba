package imports_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/imports"
	"github.com/redproperty/redproperty/internal/sheet"
)

func inTx(w *world, query string, args ...any) error {
	return w.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return tx.ExecOne(ctx, query, args...) })
}

func walkEach(w *world, look func([]byte)) func(blob.Info) error {
	return func(i blob.Info) error {
		r, err := w.blobs.Get(ctx, i.Hash)
		require.NoError(w.t, err)
		body, err := io.ReadAll(r)
		require.NoError(w.t, err)
		look(body)
		return r.Close()
	}
}

func walkDelete(w *world) func(blob.Info) error {
	return func(i blob.Info) error { return w.blobs.Delete(ctx, i.Hash) }
}

// command is an import of estates on a command line.
func command(t *testing.T, w *world, out io.Writer) imports.Command {
	t.Helper()
	say, err := httpapi.Speaker("en")
	require.NoError(t, err)
	return imports.Command{Importer: estateImporter(w.areas), Principal: authz.System("import"), Input: imports.Input{Target: w.byCode("370612001005").ID}, Out: out, Say: say}
}

func TestRunFiles(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	dir := t.TempDir()
	for name, text := range map[string]string{
		"1.csv": "小区,楼栋,房号,建筑面积\n金海花园,1号楼,101,89.53\n", "2.CSV": estate, "notes.txt": "not a table", "~$2.xlsx": "a lock of a spreadsheet program",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	var out bytes.Buffer
	c := command(t, w, &out)
	c.Report = filepath.Join(dir, "reports")
	c.Input.DryRun = true
	require.ErrorIs(t, imports.RunFiles(ctx, c, []string{dir}), imports.ErrRejected)
	require.Contains(t, out.String(), "Dry run: nothing was changed.")
	require.Zero(t, w.count(`SELECT COUNT(*) FROM unit`))

	out.Reset()
	c.Input.DryRun = false
	require.ErrorIs(t, imports.RunFiles(ctx, c, []string{dir}), imports.ErrRejected)
	require.Contains(t, out.String(), "1.csv: accepted 1 (created 1, updated 0, unchanged 0), rejected 0, skipped 0\n")
	require.Contains(t, out.String(), "2.CSV: accepted 2 (created 1, updated 0, unchanged 1), rejected 1, skipped 1\n")
	require.Contains(t, out.String(), "row 3, 建筑面积 (rejected): ")
	require.Contains(t, out.String(), "all 2 files: accepted 3 (created 2, updated 0, unchanged 1), rejected 1, skipped 1\n")
	require.NotContains(t, out.String(), "\r", "no progress line but on a terminal")
	for _, name := range []string{"1.csv.report.xlsx", "2.CSV.report.xlsx"} {
		body, err := os.ReadFile(filepath.Join(dir, "reports", name))
		require.NoError(t, err)
		book, err := sheet.OpenBytes(name, body, sheet.DefaultLimits())
		require.NoError(t, err)
		require.NoError(t, book.Close())
	}

	// A second run changes nothing; a file that cannot be read does not keep the others from being imported.
	out.Reset()
	c.Report, c.Terminal = "", true
	require.NoError(t, os.WriteFile(filepath.Join(dir, "0.xls"), []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 0o600))
	err := imports.RunFiles(ctx, c, []string{dir})
	require.ErrorContains(t, err, "0.xls")
	require.Contains(t, out.String(), "all 3 files: accepted 3 (created 0, updated 0, unchanged 3), rejected 1, skipped 1\n")
	require.Contains(t, out.String(), "\r")

	require.NoError(t, imports.RunFiles(ctx, c, []string{filepath.Join(dir, "1.csv")}))
	require.ErrorContains(t, imports.RunFiles(ctx, c, []string{filepath.Join(dir, "missing.csv")}), "missing.csv")
	require.ErrorContains(t, imports.RunFiles(ctx, c, []string{t.TempDir()}), "no .csv")
}

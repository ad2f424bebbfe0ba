package app_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/imports"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestImportFromTheCommandLine(t *testing.T) {
	ctx := context.Background()
	a, err := app.New(ctx, migratedNode(t), quiet, "test")
	require.NoError(t, err)
	defer a.Close()
	divisions, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(t, err)
	var out bytes.Buffer
	run := func(o app.ImportOptions) error {
		out.Reset()
		o.Language = "en"
		return a.Import(ctx, o, &out)
	}
	require.NoError(t, run(app.ImportOptions{Kind: "divisions", Paths: []string{write(t, "d.csv", string(divisions))}}))
	estate := write(t, "e.csv", "小区,物业服务区域,楼栋,房号,建筑面积\n金海花园,金海花园一期,1号楼,101,89.53\n金海花园,金海花园二期,1号楼,101,89.53\n")
	require.ErrorContains(t, run(app.ImportOptions{Kind: "estate", Paths: []string{estate}, Target: "370612999999"}), "no such place")
	require.NoError(t, run(app.ImportOptions{Kind: "estate", Paths: []string{estate}, Target: "370612001005"}))
	require.Contains(t, out.String(), "created 2")

	roll := write(t, "r.csv", "楼栋,房号,业主,联系电话\n1号楼,101,王小明,13800000000\n1号楼,102,李四,xyzzy\n")
	require.ErrorContains(t, run(app.ImportOptions{Kind: "households", Paths: []string{roll}}), "--target")
	require.ErrorContains(t, run(app.ImportOptions{Kind: "households", Paths: []string{roll}, Target: "370612001005/金海花园"}), "2 service areas")
	require.ErrorContains(t, run(app.ImportOptions{Kind: "households", Paths: []string{roll}, Target: "370612001005/无此处"}), "no such estate")
	require.ErrorContains(t, run(app.ImportOptions{Kind: "households", Paths: []string{roll}, Target: "370612001005/金海花园一期", PhoneBasis: "habit"}), "--phone-basis")
	require.NoError(t, run(app.ImportOptions{Kind: "households", Paths: []string{roll}, Target: "370612001005/金海花园一期", PhoneBasis: "duty"}), out.String())
	require.NotContains(t, out.String(), "xyzzy", "no cell is shown")
	var phones int
	require.NoError(t, a.DB.Get(ctx, &phones, `SELECT COUNT(*) FROM owner WHERE phone_sealed IS NOT NULL`))
	require.Equal(t, 1, phones)
	require.ErrorContains(t, run(app.ImportOptions{Kind: "secrets", Paths: []string{roll}}), "want one of divisions, estate, households")

	bad := write(t, "bad.csv", "区划代码,名称\n37061200100X,某社区\n370612001005,文化社区\n")
	require.ErrorIs(t, run(app.ImportOptions{Kind: "divisions", Paths: []string{bad}}), imports.ErrRejected)
}

// A file from another system's calls, through the mapping that comes with the program.
func TestImportOfClosedHistory(t *testing.T) {
	ctx := context.Background()
	a, err := app.New(ctx, migratedNode(t), quiet, "test")
	require.NoError(t, err)
	defer a.Close()
	divisions, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, a.Import(ctx, app.ImportOptions{Kind: "divisions", Paths: []string{write(t, "d.csv", string(divisions))}}, &out))
	require.NoError(t, a.Import(ctx, app.ImportOptions{Kind: "estate", Target: "370612001005", Paths: []string{write(t, "e.csv", "小区,楼栋,房号\n金海花园,1号楼,101\n")}}, &out), out.String())
	mapping := write(t, "m.yaml", "name: other\ntime_zone: Asia/Shanghai\ncolumns: {number: [No], opened: [From], closed: [To], status: [How]}\nstatuses: {over: closed}\ncategories: {}\ndefault_category: service.question\n")
	calls := write(t, "c.csv", "No,From,To,How\n1,2024-01-02 10:00,2024-01-02 11:00,over\n2,2024-01-02 10:00,2024-01-02 11:00,open\n")
	out.Reset()
	o := app.ImportOptions{Kind: "work-orders", Target: "370612001005/金海花园", Mapping: mapping, Paths: []string{calls}, Language: "en"}
	require.ErrorIs(t, a.Import(ctx, o, &out), imports.ErrRejected)
	require.Contains(t, out.String(), "created 1, updated 0, unchanged 0), rejected 1")
	out.Reset()
	require.ErrorIs(t, a.Import(ctx, o, &out), imports.ErrRejected)
	require.Contains(t, out.String(), "created 0, updated 0, unchanged 1), rejected 1")
	o.Mapping = ""
	require.ErrorContains(t, a.Import(ctx, o, &out), "编号")
}

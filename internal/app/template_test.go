package app

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/imports"
)

// Each template has the columns that its importer knows, and an example that it can read.
func TestTemplatesFitTheirImporters(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	cfg, err := config.Load("", []string{"REDPROPERTY_DATABASE__URL=sqlite:" + dir + "/db", "REDPROPERTY_BLOB__DIR=" + dir + "/blobs", "REDPROPERTY_KEYS__FILE=" + dir + "/keys/k"})
	require.NoError(t, err)
	a, err := New(ctx, cfg, slog.New(slog.DiscardHandler), "test")
	require.NoError(t, err)
	defer a.Close()
	system := authz.System("test")
	divisions, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(t, err)
	_, err = area.NewImporter(a.Areas).ImportDivisions(ctx, system, area.ImportInput{Data: divisions}, nil)
	require.NoError(t, err)
	target := func(kind string) id.ID {
		text := map[string]string{"households": "370612001005/示例小区一期", "contracts": "370612001005/示例小区一期", "work-orders": "370612001005/示例小区一期"}[kind]
		which, err := a.target(ctx, text)
		require.NoError(t, err)
		return which
	}
	s := a.newImports()
	for _, kind := range s.Kinds { // in their order: an estate comes before its households
		var body bytes.Buffer
		require.NoError(t, s.WriteTemplate(system, kind.Name, &body))
		report, err := kind.Import(ctx, system, imports.Input{Name: kind.Name, Data: body.Bytes(), Target: target(kind.Name), PhoneBasis: "duty"}, nil)
		require.NoError(t, err, kind.Name)
		require.Empty(t, report.Unknown, kind.Name)
		for _, l := range report.Lines {
			for _, p := range l.Problems { // the example's company and category are nobody's
				require.NotContains(t, p.Code, "sheet.", kind.Name)
			}
		}
	}
}

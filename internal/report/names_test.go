package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/id"
)

func TestThingsOfTheTrailAreNamedAtOnceAndPeopleNever(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		none, gone := id.New(), []id.ID{id.New()}
		for kind := range namings {
			names, err := w.s.Names(ctx, kind, gone)
			require.NoError(t, err, kind)
			require.Empty(t, names, kind)
		}
		for kind, ids := range map[string][]id.ID{
			"area": {w.street.ID, w.communities[0].ID, none}, "service_area": {w.areas[0].ID, w.areas[1].ID}, "organisation": {w.company, w.rival},
		} {
			names, err := w.s.Names(ctx, kind, ids)
			require.NoError(t, err)
			require.Len(t, names, 2, kind)
		}
		areas, err := w.s.Names(ctx, "area", []id.ID{w.street.ID})
		require.NoError(t, err)
		require.Equal(t, "文化街道", areas[w.street.ID])
		for _, kind := range []string{"person", "account", "identity_reveal"} {
			names, err := w.s.Names(ctx, kind, []id.ID{w.company})
			require.NoError(t, err)
			require.Empty(t, names, kind)
		}
		o := w.report(1, day(3, 9, 0), w.company, nil)
		w.keep(o)
		orders, err := w.s.Names(ctx, "work_order", []id.ID{o.id})
		require.NoError(t, err)
		require.Equal(t, o.set["number"], orders[o.id])
	})
	require.NotContains(t, authz.PermissionsOf(authz.RoleManager), authz.AuditRead, "a company has no trail to read names from")
}

func TestANameLeavesOutWhatIsLacking(t *testing.T) {
	entrance, number, empty := "2单元", "301", ""
	require.Equal(t, "1号楼 2单元 301", called{First: "1号楼", Second: &entrance, Third: &number}.name(" "))
	require.Equal(t, "1号楼 301", called{First: "1号楼", Second: &empty, Third: &number}.name(" "))
	require.Equal(t, "2026-10", called{First: "2026-10"}.name(" / "))
}

package renovation

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Messages name the project and the request that they are about, to who may see them.
func TestNamesAreForWhoMaySeeWhatTheyName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, p := w.request(Ordinary), w.heard()
		for name, asked := range map[string]struct {
			who     authz.Principal
			request bool
			want    map[id.ID]Name
		}{
			"request": {w.resident, true, map[id.ID]Name{r.ID: {r.Title, "幸福里"}}}, "project": {w.resident, false, map[id.ID]Name{p.ID: {p.Name, "幸福里"}}},
			"another estate": {w.outsider, true, map[id.ID]Name{}}, "its project": {w.outsider, false, map[id.ID]Name{}}, "no firm of it": {w.rival, true, map[id.ID]Name{}},
		} {
			got, err := w.Named(w.ctx(), asked.who, asked.request, []id.ID{r.ID, p.ID, id.New()})
			require.NoError(t, err, name)
			require.Equal(t, asked.want, got, name)
		}
	})
}

// counting counts the statements that reach the database.
type counting struct {
	slog.Handler
	n *atomic.Int64
}

func (c counting) Enabled(context.Context, slog.Level) bool  { return true }
func (c counting) Handle(context.Context, slog.Record) error { c.n.Add(1); return nil }
func (c counting) WithAttrs([]slog.Attr) slog.Handler        { return c }

// A page of messages asks the database as often as one message does.
func TestNamesOfManyAreAskedForAtOnce(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	counter := counting{slog.DiscardHandler, new(atomic.Int64)}
	watched, err := dbx.Open(t.Context(), dbx.Config{URL: "sqlite:" + w.DB.Path(), Log: slog.New(counter), SlowQuery: time.Nanosecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, watched.Close()) })
	s := *w.Service
	s.DB = watched
	requests, projects := []id.ID{w.request(Ordinary).ID}, []id.ID{w.heard().ID}
	count := func(who authz.Principal, request bool, which []id.ID) int64 {
		before := counter.n.Load()
		got, err := s.Named(w.ctx(), who, request, which)
		require.NoError(t, err)
		require.Len(t, got, len(which))
		return counter.n.Load() - before
	}
	one := [2]int64{count(w.resident, true, requests), count(w.resident, false, projects)}
	require.Positive(t, one[0])
	for range 4 {
		requests, projects = append(requests, w.request(Ordinary).ID), append(projects, w.heard().ID)
	}
	require.Equal(t, one, [2]int64{count(w.resident, true, requests), count(w.resident, false, projects)})
}

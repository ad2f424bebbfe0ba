package survey

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// gathering is a published round against which the first home has begun to gather others.
func gathering(w *world) (Round, Objection) {
	w.t.Helper()
	r := w.published()
	start := w.against("回访记录与我们几户的实际经历不符，请致电 13800138000 核实。")
	start.UnitID = w.homes[w.area][0].Unit
	o, err := w.Object(w.ctx(), w.resident(w.area, 0), idem.Key{}, r.ID, start)
	require.NoError(w.t, err)
	return r, o
}

func (w *world) leave(o Objection, n int) error {
	return w.Leave(w.ctx(), w.resident(w.area, n), idem.Key{}, o.RoundID, o.ID, w.homes[w.area][n].Unit)
}

func (w *world) join(o Objection, n int) error {
	_, err := w.Join(w.ctx(), w.resident(w.area, n), idem.Key{}, o.RoundID, o.ID, w.homes[w.area][n].Unit)
	return err
}

func TestAHouseholdLeavesAGatheringObjection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, o := gathering(w)
		code(t, "survey.not_joined", w.leave(o, 1))
		code(t, "not_found", w.Leave(t.Context(), w.resident(w.area, 1), idem.Key{}, r.ID, o.ID, w.homes[w.area][0].Unit))
		require.NoError(t, w.join(o, 1))
		require.NoError(t, w.leave(o, 0), "also who began it")
		now, err := objectionByID(t.Context(), db, r.ID, o.ID)
		require.NoError(t, err)
		require.EqualValues(t, 1, now.Joined)
		require.NoError(t, w.join(o, 0), "who left may join again")

		key := idem.New(w.resident(w.area, 0).Account, "leaveSurveyObjection", "once", o.ID.String(), []byte("body"), clock.Now(w.clock))
		for range 2 {
			require.NoError(t, w.Leave(t.Context(), w.resident(w.area, 0), key, r.ID, o.ID, w.homes[w.area][0].Unit), "a repetition takes out nobody else")
		}
		require.Equal(t, 1, count1(t, db, `SELECT joined FROM survey_objection`))
		require.NoError(t, w.leave(o, 1))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_objection`), "with the last of them it is gone")
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'survey.objection_dropped' AND person_id IS NULL`))
		code(t, "not_found", w.join(o, 2))
		start := w.against("另有住户另行提出异议，不受影响。")
		start.UnitID = w.homes[w.area][2].Unit
		_, err = w.Object(t.Context(), w.resident(w.area, 2), idem.Key{}, r.ID, start)
		require.NoError(t, err, "others begin anew")
	})
}

// Whoever leaves is not counted, whoever joins is, and what is filed is filed with ten dwellings that stand in it.
func TestJoiningAndLeavingAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, o := gathering(w)
		for n := 1; n < 9; n++ {
			require.NoError(t, w.join(o, n))
		}
		var group sync.WaitGroup
		for n := 3; n < 14; n++ { // nine have joined: some leave, each asking twice, and others come
			for range 2 {
				group.Go(func() {
					if n < 9 {
						_ = w.leave(o, n)
					} else {
						_ = w.join(o, n)
					}
				})
			}
		}
		group.Wait()
		now, err := objectionByID(t.Context(), db, r.ID, o.ID)
		require.NoError(t, err)
		require.EqualValues(t, count1(t, db, `SELECT COUNT(*) FROM survey_objection_home`), now.Joined)
		if now.State == Filed {
			require.EqualValues(t, 10, now.Joined)
			code(t, "survey.objection_state", w.leave(o, 0))
		} else {
			require.Less(t, now.Joined, int64(10))
			require.Empty(t, w.statuses(r))
		}
	})
}

// The last dwelling leaves while another one comes: either the objection goes on with the one, or it is gone.
func TestTheLastLeavesWhileAnotherComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, o := gathering(w)
		for range 6 {
			var group sync.WaitGroup
			group.Go(func() { _ = w.leave(o, 0) })
			group.Go(func() { _ = w.join(o, 1) })
			group.Wait()
			list, err := objectionsOf(t.Context(), db, r.ID)
			require.NoError(t, err)
			if len(list) == 0 {
				require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_objection_home`))
				return
			}
			require.EqualValues(t, 1, list[0].Joined)
			require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_objection_home`))
			require.NoError(t, w.join(o, 0))
			require.NoError(t, w.leave(o, 1))
		}
	})
}

func TestWhatSurveysHoldOfAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r, o := gathering(w)
		require.NoError(t, w.join(o, 1))
		writer, other := w.resident(w.area, 0).Person, w.resident(w.area, 1).Person
		wrote, err := w.ExportPerson(t.Context(), db, writer)
		require.NoError(t, err)
		require.Len(t, wrote.Objections, 1)
		require.True(t, wrote.Objections[0].Began)
		require.Contains(t, wrote.Objections[0].Content, "13800138000")
		require.Equal(t, "1号楼 101", wrote.Objections[0].Dwelling)
		joined, err := w.ExportPerson(t.Context(), db, other)
		require.NoError(t, err)
		require.Len(t, joined.Objections, 1)
		require.False(t, joined.Objections[0].Began)
		require.Empty(t, joined.Objections[0].Content, "what another household wrote is not one's own")
		require.NotNil(t, joined.Objections[0].JoinedAt)
		require.WithinDuration(t, w.clock.Now(), joined.Objections[0].JoinedAt.Time(), time.Second)
		none, err := w.ExportPerson(t.Context(), db, id.New())
		require.NoError(t, err)
		require.Empty(t, none.Objections)

		for _, person := range []id.ID{writer, other} {
			require.NoError(t, db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error { return w.ErasePerson(ctx, tx, person) }))
			none, err = w.ExportPerson(t.Context(), db, person)
			require.NoError(t, err)
			require.Empty(t, none.Objections)
			for _, table := range tablesOf(t, db) {
				if strings.HasPrefix(table, "survey_objection") {
					for _, line := range dump(t, db, table) {
						require.NotContains(t, strings.Join(line, "|"), string(person[:]), table)
					}
				}
			}
		}
		now, err := objectionByID(t.Context(), db, r.ID, o.ID)
		require.NoError(t, err)
		require.EqualValues(t, 2, now.Joined, "the dwellings stay counted: others rely on it")
		require.NotContains(t, now.Content, "13800138000")
	})
}

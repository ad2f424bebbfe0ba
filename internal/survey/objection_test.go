package survey

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// scored is a round of answered ballots that is counted and scored.
func (w *world) scored() Round {
	w.t.Helper()
	r := w.open(w.area)
	for n := range 40 {
		_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 3+n%3, "")))
		require.NoError(w.t, err)
	}
	r = w.close(r)
	require.Equal(w.t, Scored, r.State)
	return r
}

// published is a round that everybody sees.
func (w *world) published() Round {
	w.t.Helper()
	r := w.scored()
	return w.must(w.Publish(w.ctx(), w.office, r.ID, seen(r)))
}

func (w *world) against(content string) NewObjection {
	return NewObjection{ServiceAreaID: w.area, Content: content}
}

// statuses are the objection leaves of a round, in order.
func (w *world) statuses(r Round) []string {
	w.t.Helper()
	leaves, err := leavesOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	var out []string
	for _, l := range leaves {
		e, err := ballot.ParseEntry([]byte(l.Body))
		require.NoError(w.t, err)
		if o, ok := e.(ballot.Objection); ok {
			out = append(out, o.By+" "+o.Status)
		}
	}
	return out
}

func TestACompanyObjectsAndAnotherPersonDecides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.published()
		o, err := w.Object(t.Context(), w.manager, idem.Key{}, r.ID, w.against("问卷发放期间电梯停运，请联系 13800138000 核实情况。"))
		require.NoError(t, err)
		require.Equal(t, Filed, o.State)
		require.EqualValues(t, 1, o.Number)
		_, err = w.Object(t.Context(), w.manager, idem.Key{}, r.ID, w.against("同一企业再次提出异议，应被拒绝。"))
		code(t, "survey.objected_already", err)

		other := w.post(authz.RoleStreetOffice, w.office.Grants[0].Org, w.street)
		for name, p := range map[string]authz.Principal{"who held the round": w.office, "staff of the company": func() authz.Principal {
			p := w.post(authz.RoleStreetOffice, w.office.Grants[0].Org, w.street)
			w.staff[w.company] = append(w.staff[w.company], p.Person)
			return p
		}(), "who reconciled the roll": func() authz.Principal { p := other; p.Person = w.keeper.Person; return p }()} {
			_, err = w.Decide(t.Context(), p, r.ID, o.ID, Taken{Version: o.Version}, Dismissed, "经核查不影响测评结果。")
			require.Error(t, err, name)
			code(t, "survey.involved", err)
		}
		_, err = w.Decide(t.Context(), w.manager, r.ID, o.ID, Taken{Version: o.Version}, Upheld, "企业不能自行裁定异议。")
		code(t, "auth.forbidden", err)
		_, err = w.Decide(t.Context(), w.stranger, r.ID, o.ID, Taken{Version: o.Version}, Upheld, "其他街道无权裁定此异议。")
		code(t, "not_found", err)

		done, err := w.Decide(t.Context(), other, r.ID, o.ID, Taken{Version: o.Version}, Dismissed, "经核查不影响测评结果。")
		require.NoError(t, err)
		require.Equal(t, Dismissed, done.State)
		_, err = w.Decide(t.Context(), other, r.ID, o.ID, Taken{Version: done.Version}, Upheld, "已经裁定的异议不得再次裁定。")
		code(t, "survey.objection_state", err)
		require.Equal(t, []string{"company filed", "company dismissed"}, w.statuses(r))

		public, err := w.ObjectionStatuses(t.Context(), r.ID)
		require.NoError(t, err)
		require.Len(t, public, 1)
		require.False(t, public[0].Late)
		whole, err := w.Objections(t.Context(), w.manager, r.ID)
		require.NoError(t, err)
		require.Contains(t, whole[0].Content, "13800138000")
		theirs, err := w.Objections(t.Context(), w.committee, r.ID)
		require.NoError(t, err)
		require.NotContains(t, theirs[0].Content, "13800138000")
		none, err := w.Objections(t.Context(), w.resident(w.area, 3), r.ID)
		require.NoError(t, err)
		require.Empty(t, none, "what a company says is not the neighbours'")
	})
}

func TestHouseholdsJoinOneObjection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.published()
		start := w.against("回访记录与我们几户的实际经历不符。")
		start.UnitID = w.homes[w.area][0].Unit
		_, err := w.Object(t.Context(), w.resident(w.area, 1), idem.Key{}, r.ID, start)
		code(t, "not_found", err)
		o, err := w.Object(t.Context(), w.resident(w.area, 0), idem.Key{}, r.ID, start)
		require.NoError(t, err)
		require.Equal(t, Gathering, o.State)
		require.EqualValues(t, 1, o.Joined)

		for name, p := range map[string]authz.Principal{"company": w.manager, "committee": w.committee} {
			list, err := w.Objections(t.Context(), p, r.ID)
			require.NoError(t, err)
			require.Empty(t, list, name+" sees none while households gather")
		}
		_, err = w.Join(t.Context(), w.resident(w.area, 0), idem.Key{}, r.ID, o.ID, w.homes[w.area][0].Unit)
		code(t, "survey.joined_already", err)
		_, err = w.Join(t.Context(), w.resident(w.sibling, 0), idem.Key{}, r.ID, o.ID, w.homes[w.sibling][0].Unit)
		code(t, "not_found", err)
		w.staff[w.company] = append(w.staff[w.company], w.resident(w.area, 30).Person)
		_, err = w.Join(t.Context(), w.resident(w.area, 30), idem.Key{}, r.ID, o.ID, w.homes[w.area][30].Unit)
		code(t, "survey.staff", err)

		var mu sync.Mutex
		var group sync.WaitGroup
		won := 0
		for n := 1; n < 15; n++ { // nine of fourteen at once make ten, each asking twice
			for range 2 {
				p, unit := w.resident(w.area, n), w.homes[w.area][n].Unit
				group.Go(func() {
					_, err := w.Join(t.Context(), p, idem.Key{}, r.ID, o.ID, unit)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					}
				})
			}
		}
		group.Wait()
		require.Equal(t, 9, won)
		require.Equal(t, 10, count1(t, db, `SELECT COUNT(*) FROM survey_objection_home`))
		require.Equal(t, []string{"households filed"}, w.statuses(r))
		list, err := w.Objections(t.Context(), w.manager, r.ID)
		require.NoError(t, err)
		require.Equal(t, Filed, list[0].State)
		require.Zero(t, list[0].Joined)
		_, err = w.Join(t.Context(), w.resident(w.area, 20), idem.Key{}, r.ID, o.ID, w.homes[w.area][20].Unit)
		code(t, "survey.objection_state", err)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE object_kind = 'survey_objection' AND person_id IS NOT NULL`), "the trail does not name the households")

		joined := w.post(authz.RoleStreetOffice, w.office.Grants[0].Org, w.street)
		joined.Person = w.resident(w.area, 0).Person
		_, err = w.Decide(t.Context(), joined, r.ID, o.ID, Taken{Version: list[0].Version}, Upheld, "参加异议的人不得裁定该异议。")
		code(t, "survey.involved", err)
	})
}

func TestObjectionsHaveTheirTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		open := w.open(w.area)
		_, err := w.Object(t.Context(), w.manager, idem.Key{}, open.ID, w.against("测评尚未结束，不能提出异议。"))
		code(t, "survey.step_impossible", err)
		for n := range 40 {
			_, err := w.CastBallot(t.Context(), open.ID, cast(w.draw(open, w.area, n), 1, w.rated(open, 3+n%3, "")))
			require.NoError(t, err)
		}
		r := w.close(open)
		_, err = w.ObjectionStatuses(t.Context(), r.ID)
		code(t, "survey.no_score", err)
		o, err := w.Object(t.Context(), w.committee, idem.Key{}, r.ID, w.against("得分公布之前业主方已经看到结果。"))
		require.NoError(t, err, "from the score on, before it is published")
		_, err = w.Withdraw(t.Context(), w.manager, r.ID, o.ID, Taken{Version: o.Version})
		code(t, "survey.not_party", err)
		_, err = w.Withdraw(t.Context(), w.committee, r.ID, o.ID, Taken{Version: o.Version + 1})
		code(t, "version.stale", err)
		o, err = w.Withdraw(t.Context(), w.committee, r.ID, o.ID, Taken{Version: o.Version})
		require.NoError(t, err)
		require.Equal(t, Withdrawn, o.State)

		r = w.must(w.Publish(t.Context(), w.office, r.ID, seen(r)))
		until, err := w.objectionsUntil(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, clock.At(clock.DateOf(r.PublishedAt.Time()).AddDays(11).Start()), *until, "ten whole days")
		w.clock.Set(until.Time().Add(-time.Millisecond))
		late, err := w.Object(t.Context(), w.manager, idem.Key{}, r.ID, w.against("最后一毫秒提出的异议仍然有效。"))
		require.NoError(t, err)
		w.clock.Set(until.Time())
		start := w.against("已经超过十日，不能再提出异议。")
		start.UnitID = w.homes[w.area][0].Unit
		_, err = w.Object(t.Context(), w.resident(w.area, 0), idem.Key{}, r.ID, start)
		code(t, "survey.objection_late", err)

		w.clock.Set(late.DecideUntil.Time())
		public, err := w.ObjectionStatuses(t.Context(), r.ID)
		require.NoError(t, err)
		require.True(t, public[1].Late, "not decided in time is told to everybody")
		require.False(t, public[0].Late)
	})
}

// Fifty requests at once of one company make one objection; the one who repeats with the same key gets it again.
func TestObjectionsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.published()
		var mu sync.Mutex
		var group sync.WaitGroup
		won := map[id.ID]int{}
		key := idem.New(w.committee.Account, "objectToSurveyScore", "twice-the-same", r.ID.String(), []byte("body"), clock.Now(w.clock))
		for n := range 50 {
			p, once := w.manager, idem.Key{}
			if n%2 == 0 {
				p, once = w.committee, key
			}
			group.Go(func() {
				o, err := w.Object(t.Context(), p, once, r.ID, w.against("五十个请求同时提出，只能成立一个。"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won[o.ID]++
				}
			})
		}
		group.Wait()
		require.Len(t, won, 2)
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_objection`))
		require.Equal(t, 3, count1(t, db, `SELECT SUM(number) FROM survey_objection`))
		require.Len(t, w.statuses(r), 2)
	})
}

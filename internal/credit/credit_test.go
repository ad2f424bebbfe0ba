package credit

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// town answers for the directory of companies and for surveys.
type town struct {
	companies map[id.ID]Company
	staff     map[id.ID][]id.ID
	survey    *SurveyPart
}

func (t *town) Company(_ context.Context, _ dbx.Querier, company id.ID) (Company, error) {
	c, ok := t.companies[company]
	if !ok {
		return c, fault.New(fault.NotFound, "not_found")
	}
	return c, nil
}

func (t *town) Staff(_ context.Context, _ dbx.Querier, company id.ID, _ clock.Instant) ([]id.ID, error) {
	return t.staff[company], nil
}

func (t *town) Settled(context.Context, dbx.Querier, id.ID, clock.Instant) (*SurveyPart, error) {
	if t.survey == nil {
		return nil, nil
	}
	copied := *t.survey
	return &copied, nil
}

// world is a street that keeps the record of a company; three persons of its office, one of the Party committee, and others.
type world struct {
	*Service
	*town
	t                    *testing.T
	clock                *clock.Fake
	company              id.ID
	clerk, second, third authz.Principal
	party, manager       authz.Principal
	stranger, elsewhere  authz.Principal
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	c := clock.NewFake(clock.Date("2026-03-02").Start().Add(10 * time.Hour)) // a Monday
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	require.NoError(t, rules.Keep(t.Context(), db, set, clock.Now(c)))
	w := &world{t: t, clock: c, company: id.New(), town: &town{companies: map[id.ID]Company{}, staff: map[id.ID][]id.ID{}}}
	w.Service = New(Deps{DB: db, Clock: c, Rules: set, Companies: w.town, Surveys: w.town})
	street, office := authz.ChildPath("", id.New()), id.New()
	w.companies[w.company] = Company{ID: w.company, Name: "某物业", KeeperPath: street, Division: "370612001000"}
	w.clerk, w.second, w.third = w.post(authz.RoleStreetOffice, office, street), w.post(authz.RoleStreetOffice, office, street), w.post(authz.RoleStreetOffice, office, street)
	w.party = w.post(authz.RoleStreetParty, id.New(), street)
	w.manager, w.stranger = w.post(authz.RoleManager, w.company, ""), w.post(authz.RoleManager, id.New(), "")
	w.elsewhere = w.post(authz.RoleStreetOffice, id.New(), authz.ChildPath("", id.New()))
	return w
}

func (w *world) post(role authz.Role, org id.ID, path string) authz.Principal {
	p := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: path}}}
	w.staff[org] = append(w.staff[org], p.Person)
	return p
}

func (w *world) ctx() context.Context { return w.t.Context() }

func fact(kind Kind, points int64) NewItem {
	return NewItem{RuleSet: "yantai_2022", Kind: kind, Points: points, Reference: "牟街物〔2026〕" + id.New().String()[24:] + "号", Title: "检查记录", Evidence: "现场检查记录，存街道物业办。", ValidFrom: "2026-02-01"}
}

func seen(i Item) Taken { return Taken{Version: i.Version} }

func (w *world) must(i Item, err error) Item {
	w.t.Helper()
	require.NoError(w.t, err)
	return i
}

var yes, no = Decision{true, "证据充分，事实清楚。"}, Decision{false, "证据不足，不予支持。"}

// counted enters a fact and has it decided.
func (w *world) counted(in NewItem) Item {
	w.t.Helper()
	i := w.must(w.Enter(w.ctx(), w.clerk, idem.Key{}, w.company, in))
	if in.Kind.against() {
		i = w.must(w.Reply(w.ctx(), w.manager, w.company, i.ID, seen(i), "对事实没有异议。"))
	}
	return w.must(w.Decide(w.ctx(), w.second, w.company, i.ID, seen(i), yes))
}

func (w *world) enrolled() {
	w.t.Helper()
	for _, set := range []string{"yantai_2022", "shandong_2022"} {
		require.NoError(w.t, w.Enrol(w.ctx(), w.clerk, idem.Key{}, w.company, set, true))
	}
}

func (w *world) grade(on clock.Date) Grade {
	w.t.Helper()
	g, err := w.Credit(w.ctx(), w.manager, w.company, "yantai_2022", on)
	require.NoError(w.t, err)
	return g
}

func code(t *testing.T, want string, err error) {
	t.Helper()
	require.Error(t, err)
	f := fault.Of(err)
	for _, field := range f.Fields {
		if field.Code == want {
			return
		}
	}
	require.Equal(t, want, f.Code, err)
}

func TestAnItemAgainstACompanyIsHeardDecidedByAnotherAndAppealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		w.enrolled()
		w.counted(fact(Basic, 8000))
		i := w.must(w.Enter(ctx, w.clerk, idem.Key{}, w.company, fact(Bad, 1001)))
		require.Equal(t, Noticed, i.State)
		require.Equal(t, clock.Date("2026-03-09"), *i.ReplyUntil, "five working days from Monday")
		require.EqualValues(t, 8000, *w.grade("").Score, "a notice counts for nothing")
		_, err := w.Decide(ctx, w.clerk, w.company, i.ID, seen(i), yes)
		code(t, "credit.same_person", err)
		_, err = w.Decide(ctx, w.second, w.company, i.ID, seen(i), yes)
		code(t, "credit.reply_open", err)
		_, err = w.Reply(ctx, w.stranger, w.company, i.ID, seen(i), "与我无关。")
		code(t, "not_found", err)
		_, err = w.Reply(ctx, w.clerk, w.company, i.ID, seen(i), "代企业陈述。")
		code(t, "auth.forbidden", err)
		replied := w.must(w.Reply(ctx, w.manager, w.company, i.ID, seen(i), "已于当日整改。"))
		_, err = w.Reply(ctx, w.manager, w.company, i.ID, seen(replied), "补充说明。")
		code(t, "credit.replied", err)
		_, err = w.Decide(ctx, w.second, w.company, i.ID, seen(i), yes)
		code(t, "version.stale", err)
		i = w.must(w.Decide(ctx, w.second, w.company, i.ID, seen(replied), yes))
		require.Equal(t, InForce, i.State)
		require.Equal(t, "B", w.grade("").Grade, "69.99")

		w.clock.Advance(24 * time.Hour)
		i = w.must(w.Appeal(ctx, w.manager, w.company, i.ID, seen(i), "处罚过重，请求撤销。"))
		g := w.grade("")
		require.EqualValues(t, 8000, *g.Score, "while an appeal is open the item does not count")
		require.Equal(t, []id.ID{i.ID}, g.Held)
		for _, p := range []authz.Principal{w.clerk, w.second} {
			_, err = w.Rule(ctx, p, w.company, i.ID, seen(i), yes)
			code(t, "credit.same_person", err)
		}
		w.clock.Advance(24 * time.Hour)
		kept := w.must(w.Rule(ctx, w.third, w.company, i.ID, seen(i), no))
		require.Equal(t, InForce, kept.State)
		require.EqualValues(t, 6999, *w.grade("").Score)
		_, err = w.Appeal(ctx, w.manager, w.company, i.ID, seen(kept), "再次申诉该决定。")
		code(t, "credit.appealed", err)

		for day, want := range map[clock.Date]int64{"2026-03-02": 6999, "2026-03-03": 8000, "2026-03-04": 6999} {
			require.Equal(t, want, *w.grade(day).Score, "%s: a past day stays as it was", day)
		}
		wrong := w.counted(fact(Bad, 500))
		wrong = w.must(w.Appeal(ctx, w.manager, w.company, wrong.ID, seen(wrong), "该事实与本企业无关。"))
		wrong = w.must(w.Rule(ctx, w.third, w.company, wrong.ID, seen(wrong), yes))
		require.Equal(t, Overturned, wrong.State)
		require.EqualValues(t, 6999, *w.grade("").Score)
	})
}

func TestWithoutAReplyTheDecisionWaitsForTheDays(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	i := w.must(w.Enter(ctx, w.clerk, idem.Key{}, w.company, fact(Bad, 100)))
	w.clock.Set(i.ReplyUntil.AddDays(1).Start().Add(-time.Millisecond))
	_, err := w.Decide(ctx, w.second, w.company, i.ID, seen(i), yes)
	code(t, "credit.reply_open", err)
	w.clock.Advance(time.Millisecond)
	_, err = w.Reply(ctx, w.manager, w.company, i.ID, seen(i), "迟到的陈述。")
	code(t, "credit.too_late", err)
	i = w.must(w.Decide(ctx, w.second, w.company, i.ID, seen(i), yes))
	w.clock.Set(i.AppealUntil.AddDays(1).Start())
	_, err = w.Appeal(ctx, w.manager, w.company, i.ID, seen(i), "迟到的申诉请求。")
	code(t, "credit.too_late", err)
	good := w.counted(fact(Good, 100))
	_, err = w.Appeal(ctx, w.manager, w.company, good.ID, seen(good), "良好信息无需申诉。")
	code(t, "credit.too_late", err)
}

// The published bands of both authorities, reached by items.
func TestGradesAtTheBoundaries(t *testing.T) {
	for _, c := range []struct {
		set              string
		basic, good, bad int64
		want             string
	}{
		{"yantai_2022", 8000, 500, 0, "AAA"}, {"yantai_2022", 8000, 499, 0, "AA"}, {"yantai_2022", 8000, 0, 0, "AA"}, {"yantai_2022", 7999, 0, 0, "A"},
		{"yantai_2022", 7000, 0, 0, "A"}, {"yantai_2022", 8000, 0, 2000, "B"}, {"yantai_2022", 8000, 0, 2001, "C"}, {"yantai_2022", 5999, 0, 0, "C"},
		{"shandong_2022", 8000, 500, 0, "AAA"}, {"shandong_2022", 8000, 500, 1, "AA"}, {"shandong_2022", 6000, 0, 0, "B"}, {"shandong_2022", 5999, 0, 0, "B"}, {"shandong_2022", 6000, 0, 1, "C"},
	} {
		set, err := newSet(t).Credit.Find(c.set)
		require.NoError(t, err)
		at := clock.At(clock.Date("2026-03-02").Start())
		items := []Item{decided(Basic, c.basic, at)}
		if c.good > 0 {
			items = append(items, decided(Good, c.good, at))
		}
		if c.bad > 0 {
			items = append(items, decided(Bad, c.bad, at))
		}
		g, err := compute(set, items, true, nil, at)
		require.NoError(t, err)
		require.Equal(t, c.want, g.Grade, "%+v", c)
		require.Equal(t, c.basic+c.good-c.bad, *g.Score)
	}
}

func newSet(t *testing.T) *rules.Set {
	t.Helper()
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	return set
}

func decided(kind Kind, points int64, at clock.Instant) Item {
	return Item{ID: id.New(), Kind: kind, Points: points, ValidFrom: "2026-01-01", DecidedAt: &at, Accepted: true}
}

func TestMissingDataAndTheBlacklistAreNoScores(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		g, err := w.Credit(ctx, w.clerk, w.company, "shandong_2022", "")
		require.NoError(t, err)
		require.Equal(t, rules.NoData, g.Status)
		require.Equal(t, "C（缺失）", g.Grade, "at work and not enrolled")
		require.Nil(t, g.Score)
		w.clock.Advance(24 * time.Hour)
		w.enrolled()
		require.NoError(t, w.Enrol(ctx, w.second, idem.Key{}, w.company, "yantai_2022", true), "what is so already changes nothing")
		g = w.grade("")
		require.Equal(t, rules.NoData, g.Status, "without a basic item there is nothing to grade by")
		require.Empty(t, g.Grade)
		require.Nil(t, g.Score)
		w.counted(fact(Basic, 8000))
		listed := w.counted(fact(Blacklist, 0))
		g = w.grade("")
		require.Equal(t, rules.OnBlacklist, g.Status)
		require.Equal(t, "黑名单", g.Grade)
		require.Nil(t, g.Score)
		w.clock.Advance(48 * time.Hour)
		_, err = w.End(ctx, w.clerk, w.company, listed.ID, seen(listed), "2026-03-06", "已满足移出条件。")
		code(t, "credit.ends", err)
		w.must(w.End(ctx, w.clerk, w.company, listed.ID, seen(listed), "2026-03-05", "已满足移出条件。"))
		require.Equal(t, "AA", w.grade("").Grade)
		require.Equal(t, "黑名单", w.grade("2026-03-04").Grade, "the past is not rewritten")
		require.False(t, w.grade("2026-03-02").Enrolled)
		_, err = w.Credit(ctx, w.clerk, w.company, "yantai_2022", "2026-03-06")
		code(t, "credit.day", err)
		_, err = w.Credit(ctx, w.clerk, w.company, "yantai_2022", "2026-03-01")
		code(t, "credit.no_rules", err)
	})
}

func TestItemsCountForTheirTimeAndSeriousOnesUntilRectified(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	w.enrolled()
	w.counted(fact(Basic, 8000))
	in := fact(Bad, 1000)
	plain := w.counted(in)
	require.Equal(t, clock.Date("2027-01-31"), *plain.ValidUntil, "one year from 2026-02-01")
	in = fact(Bad, 3000)
	in.Serious = true
	serious := w.counted(in)
	require.Nil(t, serious.ValidUntil)
	until := clock.Date("2026-05-31")
	in = fact(Good, 100)
	in.ValidUntil = &until
	w.counted(in)
	require.EqualValues(t, 8000-4000+100, *w.grade("").Score)
	w.clock.Set(clock.Date("2026-06-01").Start())
	require.EqualValues(t, 8000-4000, *w.grade("").Score)
	w.clock.Set(clock.Date("2027-02-01").Start())
	require.EqualValues(t, 8000-3000, *w.grade("").Score)
	w.must(w.End(ctx, w.clerk, w.company, serious.ID, seen(serious), "2027-01-15", "整改完成并经复查。"))
	require.EqualValues(t, 8000, *w.grade("").Score)
	require.EqualValues(t, 8000-4000, *w.grade("2027-01-20").Score, "as it was known on that day")
	require.EqualValues(t, 8000-4000+100, *w.grade("2026-05-31").Score)
}

func TestPartyBuildingIsCappedAndShownApart(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.enrolled()
	w.counted(fact(Basic, 8000))
	w.counted(fact(Good, 300))
	for range 3 {
		in := fact(Good, 300)
		in.Party = true
		w.counted(in)
	}
	g := w.grade("")
	require.EqualValues(t, 400, g.Party, "900 entered")
	require.EqualValues(t, 300, g.Good)
	require.EqualValues(t, 8700, *g.Score)
	require.Equal(t, "AAA", g.Grade)
	require.Equal(t, &Apart{8300, "AA"}, g.WithoutParty, "what it would be without")
	w.counted(fact(Good, 3600))
	g = w.grade("")
	require.EqualValues(t, 3900, g.Good)
	require.EqualValues(t, 100, g.Party, "within the most that good items add")
}

func TestWhoMayAndWhatIsRefused(t *testing.T) {
	w, ctx := newWorld(t, dbtest.SQLite(t)), t.Context()
	for _, p := range []authz.Principal{w.elsewhere, w.stranger} {
		_, err := w.Enter(ctx, p, idem.Key{}, w.company, fact(Good, 100))
		code(t, "not_found", err)
		_, err = w.Items(ctx, p, w.company, page.Request{})
		code(t, "not_found", err)
		_, err = w.Credit(ctx, p, w.company, "yantai_2022", "")
		code(t, "not_found", err)
		_, err = w.Publish(ctx, p, idem.Key{}, w.company, "yantai_2022")
		code(t, "not_found", err)
	}
	for _, p := range []authz.Principal{w.manager, w.party} {
		_, err := w.Enter(ctx, p, idem.Key{}, w.company, fact(Good, 100))
		code(t, "auth.forbidden", err)
	}
	w.staff[w.company] = append(w.staff[w.company], w.third.Person)
	_, err := w.Enter(ctx, w.third, idem.Key{}, w.company, fact(Good, 100))
	code(t, "credit.involved", err)
	until := clock.Date("2026-01-01")
	for want, change := range map[string]func(*NewItem){
		"credit.points":       func(i *NewItem) { i.Points = 4001 },
		"credit.party":        func(i *NewItem) { i.Kind, i.Party = Bad, true },
		"credit.serious":      func(i *NewItem) { i.Serious = true },
		"credit.begins_later": func(i *NewItem) { i.ValidFrom = "2026-03-03" },
		"credit.until":        func(i *NewItem) { i.ValidUntil = &until },
		"credit.rule_set":     func(i *NewItem) { i.RuleSet = "nanning" },
		"text.length":         func(i *NewItem) { i.Evidence = " " },
	} {
		in := fact(Good, 100)
		change(&in)
		_, err := w.Enter(ctx, w.clerk, idem.Key{}, w.company, in)
		code(t, want, err)
	}
	zero := fact(Bad, 0)
	_, err = w.Enter(ctx, w.clerk, idem.Key{}, w.company, zero)
	code(t, "credit.points", err)
	listed := fact(Blacklist, 1)
	_, err = w.Enter(ctx, w.clerk, idem.Key{}, w.company, listed)
	code(t, "credit.points", err)
	page, err := w.Items(ctx, w.manager, w.company, page.Request{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

// Whatever comes at once, each document is entered once, and each item is decided once.
func TestRacesOnEntryAndDecision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		at := func(n int, do func(int) error) (won int) {
			var mu sync.Mutex
			var group sync.WaitGroup
			for k := range n {
				group.Go(func() {
					err := do(k)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
						return
					}
					require.Contains(t, []string{"credit.reference_taken", "version.stale", "credit.state"}, fault.Of(err).Code, err)
				})
			}
			group.Wait()
			return won
		}
		in := fact(Good, 100)
		require.Equal(t, 1, at(30, func(int) error { _, err := w.Enter(ctx, w.clerk, idem.Key{}, w.company, in); return err }))
		list, err := listItems(ctx, db, w.company, nil, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		deciders := []authz.Principal{w.second, w.third}
		require.Equal(t, 1, at(30, func(k int) error {
			_, err := w.Decide(ctx, deciders[k%2], w.company, list[0].ID, seen(list[0]), []Decision{yes, no}[k%2])
			return err
		}))
		var group sync.WaitGroup
		for range 20 { // enrolling twenty times at once is enrolling once
			group.Go(func() { require.NoError(t, w.Enrol(ctx, w.clerk, idem.Key{}, w.company, "yantai_2022", true)) })
		}
		group.Wait()
		var n int
		require.NoError(t, db.Get(ctx, &n, `SELECT COUNT(*) FROM credit_enrolment`))
		require.Equal(t, 1, n)
	})
}

func TestPublishedGradesNameTheirRulesAndComputeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		w.enrolled()
		w.counted(fact(Basic, 8000))
		in := fact(Good, 600)
		in.Party = true
		w.counted(in)
		none, err := w.PublicGrades(ctx, w.company)
		require.NoError(t, err)
		require.Empty(t, none)
		first, err := w.Publish(ctx, w.clerk, idem.Key{}, w.company, "yantai_2022")
		require.NoError(t, err)
		require.True(t, first.Recomputes)
		old := w.Rules.Hash(rules.CreditGrades)
		require.Equal(t, old, first.Rules)
		require.EqualValues(t, 8400, *first.Score)

		// Other rules, later: the grade that was published still computes by its own.
		w.clock.Advance(time.Hour)
		before := w.Service.Rules
		w.Service.Rules = changed(t, "party_max: 400", "party_max: 100")
		require.NoError(t, rules.Keep(ctx, db, w.Service.Rules, clock.Now(w.clock)))
		w.clock.Advance(time.Hour)
		second, err := w.Publish(ctx, w.clerk, idem.Key{}, w.company, "yantai_2022")
		require.NoError(t, err)
		require.EqualValues(t, 8100, *second.Score)
		require.NotEqual(t, old, second.Rules)
		list, err := w.Grades(ctx, w.manager, w.company, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 2)
		for _, g := range list.Items {
			require.True(t, g.Recomputes, "number %d", g.Number)
		}
		public, err := w.PublicGrades(ctx, w.company)
		require.NoError(t, err)
		require.Len(t, public, 1)
		require.EqualValues(t, 2, public[0].Number)
		require.EqualValues(t, 100, public[0].Party)
		require.Equal(t, "AA", public[0].Apart.Grade)

		// The rules from before are loaded again: from then on they are in force, and past grades stay.
		w.clock.Advance(time.Hour)
		w.Service.Rules = before
		require.NoError(t, rules.Keep(ctx, db, before, clock.Now(w.clock)))
		third, err := w.Publish(ctx, w.clerk, idem.Key{}, w.company, "yantai_2022")
		require.NoError(t, err)
		require.Equal(t, old, third.Rules)
		require.EqualValues(t, 8400, *third.Score)

		// What is decided in the same millisecond as a grade comes after it.
		w.counted(fact(Good, 200))
		list, err = w.Grades(ctx, w.manager, w.company, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 3)
		for _, g := range list.Items {
			require.True(t, g.Recomputes, "number %d", g.Number)
		}

		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE credit_item SET points = points + 1 WHERE kind = 'basic'`)
			return err
		}))
		list, err = w.Grades(ctx, w.manager, w.company, page.Request{})
		require.NoError(t, err)
		require.False(t, list.Items[0].Recomputes, "a record that was altered is noticed")
	})
}

func TestASurveyScoreFeedsTheGradeOnlyWhereTheRuleSaysSo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.enrolled()
	w.counted(fact(Basic, 8000))
	w.survey = &SurveyPart{Index: "79.999999", Answers: 72, Dwellings: 160, Waiting: 1, Results: []string{"x"}}
	require.Nil(t, w.grade("").Survey, "the authority's rule takes none")
	w.clock.Advance(time.Hour)
	w.Service.Rules = changed(t, "survey_max: 0", "survey_max: 625")
	require.NoError(t, rules.Keep(t.Context(), w.DB, w.Service.Rules, clock.Now(w.clock)))
	g := w.grade("")
	require.EqualValues(t, 499, g.Survey.Points, "cut off, never rounded up into a better band")
	require.Equal(t, "AA", g.Grade)
	require.EqualValues(t, 72, g.Survey.Answers)
	w.survey.Index = "80.000000"
	require.Equal(t, "AAA", w.grade("").Grade)
	w.survey = nil // all held up, or none
	require.Nil(t, w.grade("").Survey)
}

// changed is the shipped rules with a number of credit grades changed.
func changed(t *testing.T, was, now string) *rules.Set {
	t.Helper()
	raw, err := fs.ReadFile(configs.Files, "rules/credit_grades.yaml")
	require.NoError(t, err)
	require.Contains(t, string(raw), was)
	set, err := rules.Load(fstest.MapFS{"rules/credit_grades.yaml": {Data: []byte(strings.ReplaceAll(string(raw), was, now))}}, configs.Files)
	require.NoError(t, err)
	return set
}

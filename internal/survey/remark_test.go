package survey

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// spoken is a counted round of the area in which homes wrote these texts, and of the sibling with one text.
func (w *world) spoken(texts ...string) Round {
	w.t.Helper()
	r := w.open(w.area, w.sibling)
	for n := range 40 {
		remark := ""
		if n < len(texts) {
			remark = texts[n]
		}
		_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 3+n%3, remark)))
		require.NoError(w.t, err)
	}
	_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.sibling, 0), 1, w.rated(r, 2, "只有我一户说话")))
	require.NoError(w.t, err)
	return w.close(r)
}

// waiting are the remarks that a reviewer has before them.
func (w *world) waiting(p authz.Principal, r Round, state RemarkState) []Remark {
	w.t.Helper()
	list, err := w.Remarks(w.ctx(), p, r.ID, state, page.Request{})
	require.NoError(w.t, err)
	return list.Items
}

func releases(list ...Remark) (out []RemarkDecision) {
	for _, m := range list {
		out = append(out, RemarkDecision{Name: m.Name, From: m.State, To: RemarkReleased})
	}
	return out
}

func withholds(m Remark, reason RemarkReason) []RemarkDecision {
	return []RemarkDecision{{Name: m.Name, From: m.State, To: RemarkWithheld, Reason: reason}}
}

var sixRemarks = []string{"楼道灯坏了三个月没人修", "保洁很好，继续保持", "请联系我 13800138000 谈停车的事", "三号楼张老师总占车位", "电梯经常停", "绿化没人管"}

func TestRemarksAreReviewedBeforeAnybodyReadsThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		r := w.spoken(sixRemarks...)
		require.Equal(t, Scored, r.State)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_text`), "nothing is left under the key of a ballot")
		require.Equal(t, 7, count1(t, db, `SELECT COUNT(*) FROM survey_remark`))

		list := w.waiting(w.head, r, RemarkWaiting)
		require.Len(t, list, 6, "who is alone to have written in the sibling is read by nobody")
		var all []string
		for i, m := range list {
			require.Equal(t, w.area, m.ServiceAreaID)
			require.True(t, i == 0 || list[i-1].Name.Compare(m.Name) < 0)
			all = append(all, m.Content)
		}
		require.NotContains(t, strings.Join(all, ""), "13800138000", "numbers are masked")
		require.Equal(t, list, w.waiting(w.decider(), r, RemarkWaiting), "the street reads the same")

		out, err := w.ReviewRemarks(ctx, w.head, idem.Key{}, r.ID, releases(list[:4]...))
		require.NoError(t, err)
		require.Equal(t, RemarkReleased, out[3].State)
		require.Equal(t, list[3].Content, out[3].Shown)
		_, err = w.PublicRemarks(ctx, r.ID, id.Nil, page.Request{})
		code(t, "survey.no_score", err)
		r = w.must(w.Publish(ctx, w.office, r.ID, seen(r)))
		public, err := w.PublicRemarks(ctx, r.ID, id.Nil, page.Request{})
		require.NoError(t, err)
		require.Empty(t, public.Items, "four are fewer than the smallest group")

		shown := blacken(list[4].Content, 2)
		_, err = w.ReviewRemarks(ctx, w.head, idem.Key{}, r.ID, append(withholds(list[5], Insults), RemarkDecision{Name: list[4].Name, From: RemarkWaiting, To: RemarkReleased, Shown: shown}))
		require.NoError(t, err)
		public, err = w.PublicRemarks(ctx, r.ID, w.area, page.Request{Limit: 3})
		require.NoError(t, err)
		require.Len(t, public.Items, 3)
		rest, err := w.PublicRemarks(ctx, r.ID, w.area, page.Request{Limit: 3, Cursor: public.Next})
		require.NoError(t, err)
		require.Len(t, rest.Items, 2)
		require.Equal(t, shown, rest.Items[1].Text, "the last of five by name")
		groups, err := w.RemarkGroups(ctx, r.ID)
		require.NoError(t, err)
		require.Equal(t, []RemarkGroup{{ServiceAreaID: w.area, Item: "words", Given: 6, Released: 5, Withheld: 1}}, groups)
	})
}

// blacken hides the first n characters.
func blacken(s string, n int) string {
	runes := []rune(s)
	return strings.Repeat(string(blackout), n) + string(runes[n:])
}

func TestWhoReviewsRemarks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		open := w.open(w.area)
		_, err := w.Remarks(ctx, w.head, open.ID, RemarkWaiting, page.Request{})
		code(t, "survey.step_impossible", err)
		r := w.spoken(sixRemarks...)
		hired := w.post(authz.RoleCommunity, w.head.Grants[0].Org, w.community)
		w.staff[w.company] = append(w.staff[w.company], hired.Person)
		for name, c := range map[string]struct {
			p    authz.Principal
			want string
		}{
			"the rated company":              {w.manager, "auth.forbidden"},
			"who is also staff of it":        {hired, "survey.author_rated"},
			"the committee":                  {w.committee, "auth.forbidden"},
			"a resident":                     {w.resident(w.area, 1), "auth.forbidden"},
			"another street":                 {w.stranger, "not_found"},
			"a community beside":             {w.post(authz.RoleCommunity, id.New(), authz.ChildPath(w.street, id.New())), "not_found"},
			"the street's Party (it audits)": {w.auditor(), "auth.forbidden"},
		} {
			_, err := w.Remarks(ctx, c.p, r.ID, RemarkWaiting, page.Request{})
			require.Equal(t, c.want, fault.Of(err).Code, name)
			_, err = w.ReviewRemarks(ctx, c.p, idem.Key{}, r.ID, []RemarkDecision{{}})
			require.Equal(t, c.want, fault.Of(err).Code, name)
		}
		var alone ballot.Hash
		require.NoError(t, db.Get(ctx, &alone, `SELECT name FROM survey_remark WHERE service_area_id = ?`, w.sibling))
		_, err = w.ReviewRemarks(ctx, w.head, idem.Key{}, r.ID, []RemarkDecision{{Name: alone, From: RemarkWaiting, To: RemarkReleased}})
		code(t, "not_found", err)
	})
}

func TestAReviewerBlacksOutAndSomebodyElseReconsiders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, ctx := newWorld(t, db), t.Context()
		r := w.spoken(sixRemarks...)
		list := w.waiting(w.head, r, RemarkWaiting)
		m := list[0]
		decide := func(p authz.Principal, d RemarkDecision) error {
			_, err := w.ReviewRemarks(ctx, p, idem.Key{}, r.ID, []RemarkDecision{d})
			return err
		}
		code(t, "survey.remark_reason", decide(w.head, RemarkDecision{Name: m.Name, From: RemarkWaiting, To: RemarkWithheld}))
		code(t, "survey.remark_reason", decide(w.head, RemarkDecision{Name: m.Name, From: RemarkWaiting, To: RemarkWithheld, Reason: "critical"}))
		code(t, "survey.remark_reason", decide(w.head, RemarkDecision{Name: m.Name, From: RemarkWaiting, To: RemarkReleased, Reason: Insults}))
		for _, shown := range []string{m.Content + "！", "很好" + string([]rune(m.Content)[2:]), blacken(m.Content, 1) + "■"} {
			code(t, "survey.remark_shown", decide(w.head, RemarkDecision{Name: m.Name, From: RemarkWaiting, To: RemarkReleased, Shown: shown}))
		}
		code(t, "survey.remark_state", decide(w.head, RemarkDecision{Name: m.Name, From: RemarkReleased, To: RemarkWithheld, Reason: Insults}))
		code(t, "not_found", decide(w.head, RemarkDecision{Name: ballot.NewHash(), From: RemarkWaiting, To: RemarkReleased}))
		_, err := w.ReviewRemarks(ctx, w.head, idem.Key{}, r.ID, append(releases(list[1]), withholds(list[2], "")...))
		require.Error(t, err)
		require.Len(t, w.waiting(w.head, r, RemarkWaiting), 6, "all of a page or none")

		require.NoError(t, decide(w.head, withholds(m, Insults)[0]))
		m = w.waiting(w.head, r, RemarkWithheld)[0]
		require.Equal(t, Insults, m.Reason)
		code(t, "survey.remark_same_person", decide(w.head, releases(m)[0]))
		require.NoError(t, decide(w.decider(), releases(m)[0]))
		m = w.waiting(w.head, r, RemarkReleased)[0]
		require.Empty(t, m.Reason)
		require.NoError(t, decide(w.head, withholds(m, TellsWho)[0]), "what was overlooked is taken back")
		require.Empty(t, w.waiting(w.head, r, RemarkReleased))
		require.Equal(t, 3, count1(t, db, `SELECT COUNT(*) FROM audit_record WHERE action = 'survey.remarks_review'`))
	})
}

// Twenty decide about one remark at the same moment: one does, and its decision stands.
func TestOneOfManyDecidesAboutARemark(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.spoken(sixRemarks...)
		m := w.waiting(w.head, r, RemarkWaiting)[0]
		var done, refused int
		var mu sync.Mutex
		atOnce(20, func(i int) {
			list := releases(m)
			if i%2 == 1 {
				list = withholds(m, Unrelated)
			}
			_, err := w.ReviewRemarks(t.Context(), w.head, idem.Key{}, r.ID, list)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else if fault.Is(err, "survey.remark_state") || fault.Is(err, "version.stale") {
				refused++
			}
		})
		require.Equal(t, []int{1, 19}, []int{done, refused})
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_remark WHERE state <> 'waiting'`))
	})
}

// Names are made at the count: neither a key that a client knows nor what two texts of a ballot had in common is left, and a
// process that dies half-way leaves nothing twice.
func TestTextsAreMixedWhereTheyWereLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		for n := range 30 {
			_, err := w.CastBallot(t.Context(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 4, fmt.Sprintf("第%d户有话要说", n))))
			require.NoError(t, err)
		}
		var keys []ballot.Hash
		require.NoError(t, db.Select(t.Context(), &keys, `SELECT text_key FROM survey_text`))
		w.clock.Set(r.ClosesAt.Time())
		w.work()
		w.exec(`INSERT INTO survey_text (text_key, round_id, service_area_id, item, content) VALUES (?,?,?,'words','落在后面的话'), (?,?,?,'words','又一句落在后面的话')`,
			ballot.NewHash(), r.ID, w.area, ballot.NewHash(), r.ID, w.area)
		w.clock.Advance(time.Minute)
		w.work()
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
		require.Equal(t, 32, count1(t, db, `SELECT COUNT(*) FROM survey_remark`))
		require.Equal(t, 32, count1(t, db, `SELECT COUNT(DISTINCT content) FROM survey_remark`))
		for _, k := range keys {
			require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_remark WHERE name = ?`, k))
		}
	})
}

// Equal texts are counted over the round; a flag would need to know in which lot they came in.
func TestEqualTextsAreAFigure(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.spoken("楼道的灯坏了三个月。", "楼道的灯， 坏了三个月", "电梯经常停，无人修理", "没有", "没有", "绿化没有人来管理")
	w.clock.Advance(2 * time.Minute)
	w.work()
	found, err := examinationOf(t.Context(), w.db, r.ID, 0)
	require.NoError(t, err)
	require.EqualValues(t, 2, found.Report.Figures.EqualTexts)
}

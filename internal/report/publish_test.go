package report

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// ordinaryMonth is twelve rated orders of the company in area 0, three in area 1, eight of the rival in area 2.
func (w *world) ordinaryMonth() {
	w.rated(10, 0, w.company, "lift", 5, day(5, 9, 0))
	w.rated(2, 0, w.company, "lift", 1, day(6, 9, 0))
	w.rated(3, 1, w.company, "lift", 2, day(7, 9, 0))
	w.rated(8, 2, w.rival, "water", 3, day(8, 9, 0))
}

func (w *world) publish() Snapshot {
	w.t.Helper()
	sn, err := w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, october)
	require.NoError(w.t, err)
	return sn
}

func (w *world) cellsOf(sn Snapshot) map[Cell]content {
	w.t.Helper()
	rows, err := cellsOf(w.t.Context(), w.db, sn.ID)
	require.NoError(w.t, err)
	out := map[Cell]content{}
	for _, r := range rows {
		c, err := r.read()
		require.NoError(w.t, err)
		out[r.cell()] = c
	}
	return out
}

func TestPublishingAMonth(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		_, err := w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, "2026-11")
		require.ErrorContains(w.t, err, "report.month_not_over")
		_, err = w.s.Publish(w.t.Context(), w.stranger, idem.Key{}, w.street.ID, october)
		require.ErrorIs(w.t, err, fault.NotFound)
		_, err = w.s.Publish(w.t.Context(), w.clerk, idem.Key{}, w.street.ID, october)
		require.ErrorIs(w.t, err, fault.NotFound)
		_, err = w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.communities[0].ID, october)
		require.ErrorContains(w.t, err, "report.not_a_street")

		sn := w.publish()
		cells := w.cellsOf(sn)
		total := cells[Cell{Total, keyAll}]
		require.Equal(w.t, int64(23), total.Orders.Closed)
		require.Equal(w.t, Ratings{Asked: 23, Rated: 23, Answers: 23, Raters: 23, Yes: 18, No: 5, Scores: [5]int64{2, 3, 8, 0, 10}}, *total.Ratings.Ratings)
		small := cells[Cell{ServiceArea, w.areas[1].ID.String()}]
		require.Equal(w.t, int64(3), small.Orders.Closed, "orders are counted whatever their number")
		require.Equal(w.t, Judged{State: RatingsWithheld}, small.Ratings)
		require.Equal(w.t, RatingsWithheld, cells[Cell{ServiceArea, w.areas[0].ID.String()}].Ratings.State, "the company less this area would be three")
		require.Equal(w.t, RatingsShown, cells[Cell{Company, w.company.String()}].Ratings.State)

		_, err = w.s.Publish(w.t.Context(), w.party, idem.Key{}, w.street.ID, october)
		require.ErrorContains(w.t, err, "report.published_already")
	})
}

func TestAMonthEndsTwoMinutesBeforeItCanBePublished(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct {
			after time.Duration
			ok    bool
		}{{settled - time.Millisecond, false}, {settled, true}} {
			w.clock.Set(october.End().Add(c.after).Time())
			_, err := w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, october)
			require.Equal(w.t, c.ok, err == nil, "%v", err)
		}
	})
}

func TestOfSeveralWhoPublishOneDoes(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, october) })
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			require.True(w.t, fault.Is(err, "report.published_already"), "%v", err)
		}
		require.Equal(w.t, 1, done)
		var rows int
		require.NoError(w.t, w.db.Get(w.t.Context(), &rows, `SELECT COUNT(*) FROM rate_snapshot`))
		require.Equal(w.t, 1, rows)
	})
}

func TestARepeatedCallPublishesOnce(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		key := idem.New(w.office.Account, "publishRates", "key-00000001", "/x", nil, clock.Now(w.clock))
		first, err := w.s.Publish(w.t.Context(), w.office, key, w.street.ID, october)
		require.NoError(w.t, err)
		again, err := w.s.Publish(w.t.Context(), w.office, key, w.street.ID, october)
		require.NoError(w.t, err)
		require.Equal(w.t, first.ID, again.ID)
	})
}

func TestRevisions(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		late := w.report(2, day(20, 9, 0), w.rival, nil).closed(day(21, 9, 0))
		w.keep(late)
		first := w.publish()
		w.clock.Advance(time.Hour)
		_, err := w.s.Revise(w.t.Context(), w.office, idem.Key{}, first.ID, "数据更正")
		require.ErrorContains(w.t, err, "input.invalid")
		_, err = w.s.Revise(w.t.Context(), w.office, idem.Key{}, first.ID, "补录迟到的评价")
		require.ErrorContains(w.t, err, "report.nothing_differs")

		// One household's late answer must not be told by the difference of two revisions.
		w.rate(late, id.New(), "no", 1, clock.Now(w.clock))
		w.clock.Advance(time.Hour)
		_, err = w.s.Revise(w.t.Context(), w.office, idem.Key{}, first.ID, "补录迟到的评价")
		require.ErrorContains(w.t, err, "report.nothing_differs")
		unseen := w.cellsOf(first)[Cell{Total, keyAll}]

		// An order entered late is in the next revision; the answers stay those of the first.
		entered := w.report(2, day(22, 9, 0), w.rival, nil).closed(day(22, 10, 0))
		for i := range entered.events {
			entered.events[i].At = clock.Now(w.clock)
		}
		w.keep(entered)
		w.clock.Advance(time.Hour)
		second, err := w.s.Revise(w.t.Context(), w.office, idem.Key{}, first.ID, "补录漏登的工单")
		require.NoError(w.t, err)
		require.Equal(w.t, int64(2), second.Revision)
		now := w.cellsOf(second)[Cell{Total, keyAll}]
		require.Equal(w.t, unseen.Orders.Closed+1, now.Orders.Closed)
		require.Equal(w.t, 1, now.Ratings.Revision)
		require.Equal(w.t, *unseen.Ratings.Ratings, *now.Ratings.Ratings)
		_, err = w.s.Revise(w.t.Context(), w.office, idem.Key{}, first.ID, "在旧版本上修订")
		require.ErrorContains(w.t, err, "report.not_latest")

		// Five more come out together with the one that waited.
		for _, o := range w.rated(5, 2, w.rival, "water", 4, day(25, 9, 0)) {
			w.exec(`UPDATE work_order_event SET at = ? WHERE order_id = ?`, clock.Now(w.clock), o.id)
			w.exec(`UPDATE work_order_rating SET at = ? WHERE order_id = ?`, clock.Now(w.clock), o.id)
		}
		w.clock.Advance(time.Hour)
		third, err := w.s.Revise(w.t.Context(), w.office, idem.Key{}, second.ID, "补录漏登的工单")
		require.NoError(w.t, err)
		now = w.cellsOf(third)[Cell{Total, keyAll}]
		require.Equal(w.t, 1, now.Ratings.Revision, "the one household of the second layer is not told for good")
		require.Equal(w.t, *unseen.Ratings.Ratings, *now.Ratings.Ratings)
		w.seal()
		v, err := VerifyRates(w.t.Context(), w.db, w.s.Ledger, october, id.Nil)
		require.NoError(w.t, err)
		require.Empty(w.t, v.Problems)
		require.Equal(w.t, 3, v.Snapshots)
		require.Equal(w.t, int64(3), v.Entries)
	})
}

func TestVerifyingNamesWhatDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		tamper func(w *world, sn Snapshot)
		want   string
	}{
		"nothing": {func(*world, Snapshot) {}, ""},
		"a rating of the record": {func(w *world, _ Snapshot) {
			w.exec(`UPDATE work_order_rating SET satisfied = 5, solved = 'yes' WHERE satisfied = 1`)
		}, "cell total.all: ratings.figures.scores: published [2,3,8,0,10], the record gives [0,3,8,0,12]"},
		"an event of the record": {func(w *world, _ Snapshot) {
			w.exec(`UPDATE work_order_event SET detail = '{"set":{"state":"cancelled","waiting":"none"}}' WHERE kind = 'confirm'`)
		}, "cell total.all: accept.excluded.no_limit: published 23, the record gives null"},
		"an event that changes no figure": {func(w *world, _ Snapshot) {
			w.exec(`UPDATE work_order_event SET at = at + 1000 WHERE kind = 'confirm'`)
		}, "the figures agree, but the record of events is not the one they were published from"},
		"a published cell": {func(w *world, sn Snapshot) {
			w.exec(`UPDATE rate_snapshot_cell SET content = REPLACE(content, '"closed":23', '"closed":24') WHERE snapshot_id = ?`, sn.ID)
		}, "was altered"},
		"a published header": {func(w *world, sn Snapshot) {
			w.exec(`UPDATE rate_snapshot SET as_of = as_of - 1 WHERE id = ?`, sn.ID)
		}, "was altered"},
		"a publication dropped": {func(w *world, sn Snapshot) {
			w.exec(`DELETE FROM rate_snapshot_cell WHERE snapshot_id = ?`, sn.ID)
			w.exec(`DELETE FROM rate_snapshot WHERE id = ?`, sn.ID)
		}, "entry 0 was dropped"},
		"a publication added": {func(w *world, _ Snapshot) {
			w.clock.Advance(time.Minute)
			_, err := w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, "2026-09")
			require.NoError(w.t, err)
			w.exec(`UPDATE rate_snapshot SET entry = 1 WHERE month = '2026-09'`)
		}, "entry 1 (street"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.ordinaryMonth()
				sn := w.publish()
				w.seal()
				c.tamper(w, sn)
				v, err := VerifyRates(w.t.Context(), w.db, w.s.Ledger, october, w.street.ID)
				require.NoError(w.t, err)
				if c.want == "" {
					require.Empty(w.t, v.Problems)
					require.NotZero(w.t, v.Cells)
					require.Equal(w.t, 1, v.Checkpoints)
					return
				}
				require.NotEmpty(w.t, v.Problems)
				require.Contains(w.t, v.Problems[0], c.want)
			})
		})
	}
}

// What happens after a month is published, late ratings, closings and rules changed, leaves it as it was.
func TestPublishedMonthsAreRecomputable(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		open := w.report(0, day(28, 9, 0), w.company, nil)
		w.keep(open)
		sn := w.publish()
		w.clock.Advance(24 * time.Hour)
		now := clock.Now(w.clock)
		open.closed(now)
		w.exec(`INSERT INTO work_order_event (order_id, seq, at, kind, from_state, to_state, actor_role, detail) VALUES (?, 2, ?, 'confirm', '', '', '', ?)`, open.id, now, string(open.events[1].Detail))
		w.exec(`UPDATE work_order SET state = 'closed', waiting = 'none', updated_at = ?, version = 2 WHERE id = ?`, now, open.id)
		w.rate(open, id.New(), "yes", 5, now)
		v, err := VerifyRates(w.t.Context(), w.db, w.s.Ledger, october, id.Nil)
		require.NoError(w.t, err)
		require.Empty(w.t, v.Problems)
		require.Equal(w.t, 1, v.Unsealed)
		require.Equal(w.t, len(w.cellsOf(sn)), v.Cells)
	})
}

func TestWhoSeesWhichPublishedCells(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		sn := w.publish()
		dims := func(v SnapshotView) []string {
			out := []string{}
			for _, c := range v.Cells {
				out = append(out, string(c.Dimension)+" "+c.Name)
			}
			return out
		}
		show := func(p int) []string {
			v, err := w.s.Snapshot(w.t.Context(), []authz.Principal{w.manager, w.resident, w.committee, w.clerk}[p], sn.ID)
			require.NoError(w.t, err)
			return dims(v)
		}
		require.ElementsMatch(w.t, []string{"company 甲物业", "project 小区1一期 · 甲物业", "project 小区2一期 · 甲物业"}, show(0))
		require.ElementsMatch(w.t, []string{"project 小区1一期 · 甲物业", "service_area 小区1一期", "estate 小区1"}, show(1))
		require.ElementsMatch(w.t, []string{"project 小区1一期 · 甲物业", "service_area 小区1一期"}, show(2))
		require.ElementsMatch(w.t, []string{"community 社区1", "project 小区1一期 · 甲物业", "project 小区2一期 · 甲物业", "service_area 小区1一期", "service_area 小区2一期", "estate 小区1", "estate 小区2"}, show(3))
		all, err := w.s.Snapshot(w.t.Context(), w.party, sn.ID)
		require.NoError(w.t, err)
		require.Len(w.t, all.Cells, len(all.CellHashes))
		_, err = w.s.Snapshot(w.t.Context(), w.stranger, sn.ID)
		require.ErrorIs(w.t, err, fault.NotFound)
		list, err := w.s.Snapshots(w.t.Context(), w.stranger, snapshotFilter{}, page.Request{})
		require.NoError(w.t, err)
		require.Empty(w.t, list.Items)
	})
}

// Whoever sees a cell can check by it and the list of hashes that it is in the leaf of the ledger.
func TestACellProvesItself(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		sn := w.publish()
		w.seal()
		sn, err := snapshotByID(w.t.Context(), w.db, sn.ID)
		require.NoError(w.t, err)
		v, err := w.s.Snapshot(w.t.Context(), w.resident, sn.ID)
		require.NoError(w.t, err)
		for _, c := range v.Cells {
			h := cellHash(c.Salt, Cell{c.Dimension, c.Key}, c.Content)
			require.Equal(w.t, v.CellHashes[c.Pos], h[:])
		}
		leaf := sn.Leaf(v.CellHashes)
		var stored []byte
		require.NoError(w.t, w.db.Get(w.t.Context(), &stored, `SELECT leaf FROM ledger_leaf WHERE log = ? AND pos = ?`, Log, *sn.Entry))
		require.Equal(w.t, stored, leaf[:])
	})
}

func TestOpenRatesAndTheChangeSinceTheMonthBefore(t *testing.T) {
	each(t, func(w *world) {
		september := time.Date(2026, 9, 10, 2, 0, 0, 0, time.UTC)
		w.rated(40, 0, w.company, "lift", 1, clock.At(september))
		w.rated(40, 0, w.company, "lift", 5, day(10, 9, 0))
		_, err := w.s.Publish(w.t.Context(), w.office, idem.Key{}, w.street.ID, "2026-09")
		require.NoError(w.t, err)
		w.publish()
		got, err := w.s.Open(w.t.Context(), w.resident, page.Request{})
		require.NoError(w.t, err)
		require.Len(w.t, got.Items, 2)
		require.Equal(w.t, "2026-10", got.Items[0].Month)
		for _, c := range got.Items[0].Cells {
			require.Equal(w.t, &Change{"+100.00", true}, c.Ratings.Change)
			require.Equal(w.t, "100.00", c.Ratings.Satisfaction.Percent)
			require.Equal(w.t, "91.24", c.Ratings.Satisfaction.Low)
			require.Contains(w.t, c.Ratings.Words.EN, "Of 40 closings that could be rated, 40 were (coverage 100.00 %)")
			require.Contains(w.t, c.Ratings.Words.ZH, "95% 置信区间为 91.24% 至 100.00%")
		}
		first, err := w.s.Open(w.t.Context(), w.manager, page.Request{Limit: 1})
		require.NoError(w.t, err)
		next, err := w.s.Open(w.t.Context(), w.manager, page.Request{Limit: 1, Cursor: first.Next})
		require.NoError(w.t, err)
		require.Equal(w.t, "2026-09", next.Items[0].Month)
		require.Empty(w.t, next.Next)
	})
}

// Live ratings are for those who may see each of them; even they see no small groups.
func TestLiveRatings(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		v := w.mustLive(w.office, Query{Dimension: ServiceArea})
		require.Equal(w.t, RatingsShown, v.Total.Ratings.State)
		require.Equal(w.t, "43.48", v.Total.Ratings.Strict.Percent)
		require.Equal(w.t, "78.26", v.Total.Ratings.Satisfaction.Percent)
		require.Equal(w.t, RatingsWithheld, v.Cells[0].Ratings.State)
		require.Nil(w.t, v.Cells[1].Ratings.Coverage)
		require.Equal(w.t, RatingsReserved, w.mustLive(w.party, Query{}).Total.Ratings.State)
		require.Equal(w.t, RatingsFiltered, w.mustLive(w.office, Query{Only: filter{Category: "lift"}}).Total.Ratings.State)
		require.Equal(w.t, int64(15), w.mustLive(w.office, Query{Only: filter{Category: "lift"}}).Total.Orders.Closed)
		require.Equal(w.t, int64(15), w.mustLive(w.clerk, Query{}).Total.Orders.Closed)
		for _, p := range []authz.Principal{w.manager, w.resident, w.committee, w.stranger} {
			_, err := w.live(p, Query{AreaID: w.areas[0].ID})
			require.ErrorIs(w.t, err, fault.NotFound)
		}
		_, err := w.live(w.clerk, Query{AreaID: w.areas[2].ID})
		require.ErrorIs(w.t, err, fault.NotFound)
	})
}

// A case about the community itself is the street's alone.
func TestTheCommunityDoesNotSeeCasesAboutItself(t *testing.T) {
	each(t, func(w *world) {
		w.keep(w.report(0, day(5, 9, 0), id.Nil, map[string]any{"community_id": nil, "scope_path": w.street.Path}), w.report(0, day(5, 9, 0), w.company, nil))
		require.Equal(w.t, int64(2), w.mustLive(w.office, Query{}).Total.Orders.Reported)
		require.Equal(w.t, int64(1), w.mustLive(w.clerk, Query{}).Total.Orders.Reported)
		require.Equal(w.t, int64(1), w.mustLive(w.clerk, Query{AreaID: w.areas[0].ID}).Total.Orders.Reported)
		require.Len(w.t, w.mustLive(w.office, Query{Dimension: Community}).Cells, 1)
	})
}

func TestOrdersBehindAFigure(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		w.keep(w.report(0, day(9, 9, 0), w.company, nil).then("object", day(9, 10, 0), "state", "returned").closed(day(9, 9, 0)),
			w.report(0, day(9, 9, 0), w.company, nil).closed(day(9, 8, 0)))
		list := func(c Cell, m Measure, req page.Request) page.Page[OrderRow] {
			got, err := w.s.Orders(w.t.Context(), w.office, Query{Month: october}, c, m, req)
			require.NoError(w.t, err)
			return got
		}
		for _, c := range []struct {
			cell Cell
			m    Measure
			n    int
		}{{Cell{Total, keyAll}, MeasureReported, 25}, {Cell{Company, w.rival.String()}, MeasureClosed, 8}, {Cell{Total, keyAll}, MeasureNegative, 1},
			{Cell{Total, keyAll}, MeasureZero, 1}, {Cell{Category, "lift"}, MeasureBounced, 1}, {Cell{Category, "water"}, MeasureBounced, 0}, {Cell{Total, keyAll}, MeasureOpen, 0}} {
			require.Len(w.t, list(c.cell, c.m, page.Request{}).Items, c.n, "%s %s", c.cell, c.m)
		}
		seen := map[id.ID]bool{}
		for req := (page.Request{Limit: 7}); ; {
			got := list(Cell{Total, keyAll}, MeasureClosed, req)
			for _, r := range got.Items {
				require.False(w.t, seen[r.ID])
				seen[r.ID] = true
			}
			if req.Cursor = got.Next; got.Next == "" {
				break
			}
		}
		require.Len(w.t, seen, 25)
		f, err := w.s.Flags(w.t.Context(), w.office, Query{Month: october})
		require.NoError(w.t, err)
		require.Equal(w.t, int64(1), f.Negative.Count)
		require.Equal(w.t, []BouncedFlag{{"lift", 1, 17}}, f.Bounced)
		require.Len(w.t, f.Unrated, 2)
	})
}

func TestExportHoldsWhatTheViewShows(t *testing.T) {
	each(t, func(w *world) {
		w.ordinaryMonth()
		table, err := w.s.ExportRates(w.t.Context(), w.clerk, Query{Month: october, Dimension: Company})
		require.NoError(w.t, err)
		sn := w.publish()
		_, err = w.s.ExportSnapshot(w.t.Context(), w.manager, sn.ID)
		require.ErrorIs(w.t, err, fault.Forbidden)
		_, err = w.s.ExportSnapshot(w.t.Context(), w.stranger, sn.ID)
		require.ErrorIs(w.t, err, fault.NotFound)
		published, err := w.s.ExportSnapshot(w.t.Context(), w.office, sn.ID)
		require.NoError(w.t, err)
		for _, x := range []*Table{table, published} {
			var body bytes.Buffer
			require.NoError(w.t, x.Write(&body))
			f, err := excelize.OpenReader(&body)
			require.NoError(w.t, err)
			rows, err := f.GetRows("rates")
			require.NoError(w.t, err)
			require.Contains(w.t, rows[0][0], "exported")
			require.Len(w.t, rows, 3+len(x.rows))
			require.Contains(w.t, rows[2][0], "合计 total")
			require.Contains(w.t, rows[1][17], "hours")
			kind, err := f.GetCellType("rates", "N3")
			require.NoError(w.t, err)
			require.Equal(w.t, excelize.CellTypeUnset, kind, "a percentage is a number")
			for _, r := range rows {
				for _, v := range r {
					require.NotContains(w.t, []string{"=乙物业"}, v, "a name is no formula")
				}
			}
		}
	})
}

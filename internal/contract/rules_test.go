package contract

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
)

func TestStepsOfEveryState(t *testing.T) {
	want := map[State]string{
		Draft:      "replace record_decision sign withdraw attach",
		Signed:     "withdraw confirm_start bring_into_force attach file set_period",
		InForce:    "attach file set_period notice renew record_continuation terminate",
		Renewed:    "file",
		Indefinite: "attach file set_period notice renew terminate",
		Terminated: "attach file set_period deliver withhold take_over",
		Handover:   "attach file set_period deliver withhold receive take_over",
		Closed:     "",
	}
	for state, steps := range want {
		var got []string
		for _, s := range Steps(state) {
			got = append(got, string(s))
		}
		require.Equal(t, steps, strings.Join(got, " "), state)
		for _, r := range table {
			err := allow(state, r.step)
			require.Equal(t, slices.Contains(strings.Fields(steps), string(r.step)), err == nil, "%s %s", state, r.step)
			if err != nil {
				require.Equal(t, "contract.step_illegal", code(err))
				require.Len(t, fault.Of(err).Params["allowed"], len(got))
			}
		}
	}
	for _, r := range table {
		for _, s := range append(r.from, r.to...) {
			require.Contains(t, want, s)
		}
	}
}

func TestOwnersDecisionAtItsLimits(t *testing.T) {
	for name, c := range map[string]struct {
		tally  Tally
		failed string
	}{
		"two thirds exactly, one more than half":     {Tally{3, 3, 2, 2, 2, 2}, ""},
		"two thirds included":                        {Tally{30000, 300, 20000, 200, 10001, 101}, ""},
		"area one short of two thirds":               {Tally{30000, 300, 19999, 200, 19999, 200}, "quorum_area"},
		"heads one short of two thirds":              {Tally{30000, 300, 20000, 199, 20000, 199}, "quorum_heads"},
		"two thirds of a number that has none":       {Tally{100, 100, 67, 67, 34, 34}, ""},
		"one below":                                  {Tally{100, 100, 66, 66, 66, 66}, "quorum_area quorum_heads"},
		"half of the area is not more than half":     {Tally{30000, 300, 20000, 200, 10000, 101}, "favour_area"},
		"half of the heads is not more than half":    {Tally{30000, 300, 20000, 200, 10001, 100}, "favour_heads"},
		"of those who took part, not of all":         {Tally{30000, 300, 20001, 201, 10001, 101}, ""},
		"nobody came":                                {Tally{30000, 300, 0, 0, 0, 0}, "quorum_area quorum_heads favour_area favour_heads"},
		"all came and nobody agreed":                 {Tally{30000, 300, 30000, 300, 0, 0}, "favour_area favour_heads"},
		"large areas do not overflow":                {Tally{100_000_000_000, 9, 66_666_666_667, 6, 33_333_333_334, 4}, ""},
		"large areas, one hundredth short of quorum": {Tally{100_000_000_000, 9, 66_666_666_666, 6, 66_666_666_666, 6}, "quorum_area"},
	} {
		err := c.tally.Check()
		if c.failed == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, "contract.decision_failed", code(err), name)
		require.Equal(t, strings.Fields(c.failed), fault.Of(err).Params["tests"], name)
	}
	for _, impossible := range []Tally{{}, {3, 3, 4, 2, 2, 2}, {3, 3, 2, 4, 2, 2}, {3, 3, 2, 2, 3, 2}, {3, 3, 2, 2, 2, 3}, {3, 3, -1, 2, 2, 2}, {3, 0, 2, 0, 2, 0}} {
		require.Equal(t, "contract.tally", code(impossible.Check()), impossible)
	}
}

func TestDecisionTestsAgreeWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 100_000_000_000).Draw(t, "total")
		joined := rapid.Int64Range(0, total).Draw(t, "joined")
		favour := rapid.Int64Range(0, joined).Draw(t, "favour")
		got := Tally{total, 3, joined, 2, favour, 2}.Tests()
		require.Equal(t, big.NewRat(joined, total).Cmp(big.NewRat(2, 3)) >= 0, got.QuorumArea)
		require.Equal(t, joined > 0 && big.NewRat(favour, max(joined, 1)).Cmp(big.NewRat(1, 2)) > 0, got.FavourArea)
	})
}

var bands = []Band{{0, 6000, 8000}, {6000, 8500, 9500}, {8500, 10001, 10000}}

func TestFeeProposal(t *testing.T) {
	for score, share := range map[int64]int64{0: 8000, 5999: 8000, 6000: 9500, 8499: 9500, 8500: 10000, 10000: 10000} {
		p, err := Propose(bands, score, 10_000)
		require.NoError(t, err)
		require.Equal(t, share, p.DueFen, score)
		require.Equal(t, share-10_000, p.ChangeFen)
		require.True(t, p.NeedsBoth)
	}
	p, err := Propose(bands, 6000, 10) // 9.5 fen
	require.NoError(t, err)
	require.EqualValues(t, 10, p.DueFen)
	_, err = Propose(nil, 1, 1)
	require.Equal(t, "contract.no_fee_linkage", code(err))
	for _, score := range []int64{-1, 10001} {
		_, err = Propose(bands, score, 1)
		require.Equal(t, "contract.score", code(err))
	}
	_, err = Propose(bands, 1, -1)
	require.Equal(t, "contract.base_fee", code(err))
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1<<61).Draw(t, "amount")
		share := rapid.Int64Range(0, 20_000).Draw(t, "share")
		exact := new(big.Int).Mul(big.NewInt(amount), big.NewInt(share))
		exact.Add(exact, big.NewInt(5000)).Div(exact, big.NewInt(10_000))
		require.Equal(t, exact.Int64(), shareOf(amount, share))
	})
}

func TestBandsFollowEachOther(t *testing.T) {
	for name, list := range map[string][]Band{
		"gap": {{0, 6000, 1}, {6001, 10001, 1}}, "overlap": {{0, 6000, 1}, {5999, 10001, 1}}, "late": {{1, 10001, 1}}, "short": {{0, 10000, 1}},
		"long": {{0, 10002, 1}}, "empty": {{0, 0, 1}}, "too generous": {{0, 10001, 20001}},
	} {
		var c fault.Collect
		checkBands(&c, list)
		require.Equal(t, "contract.bands", code(c.Err()), name)
	}
	var c fault.Collect
	checkBands(&c, bands)
	checkBands(&c, nil)
	require.NoError(t, c.Err())
}

func TestNearestPromiseWins(t *testing.T) {
	rows := []SLARow{{Severity: "urgent", FixMin: 1}, {Category: "lift", FixMin: 2}, {Category: "lift.trapped", FixMin: 3}, {Category: "lift.trapped", Severity: "urgent", FixMin: 4}, {FixMin: 5}}
	for _, c := range []struct {
		lineage  []string
		severity string
		want     int64
	}{
		{[]string{"lift.trapped", "lift"}, "urgent", 4}, {[]string{"lift.trapped", "lift"}, "normal", 3}, {[]string{"lift.noise", "lift"}, "urgent", 2},
		{[]string{"water.leak", "water"}, "urgent", 1}, {[]string{"water.leak", "water"}, "normal", 5},
	} {
		row, ok := pickSLA(rows, c.lineage, c.severity)
		require.True(t, ok)
		require.Equal(t, c.want, row.FixMin, c)
	}
	_, ok := pickSLA(rows[:2], []string{"water.leak"}, "normal")
	require.False(t, ok)
}

func TestTermsAreChecked(t *testing.T) {
	w := newWorld(t, nil)
	set := w.Rules
	place, err := set.Localities.Find("muping")
	require.NoError(t, err)
	category := set.Categories.Groups()[0].Categories[0].Code
	for want, change := range map[string]func(*Terms){
		"":                           func(t *Terms) { t.SLA = append(t.SLA, SLARow{Category: category, FixMin: 5, Clock: "working"}) },
		"contract.kind":              func(t *Terms) { t.Kind = "x" },
		"contract.fee_method":        func(t *Terms) { t.FeeMethod = "" },
		"contract.term":              func(t *Terms) { t.EndsOn = dayPtr("2026-02-28") },
		"contract.fee":               func(t *Terms) { t.Fees = append(t.Fees, t.Fees[0]) },
		"contract.category":          func(t *Terms) { t.SLA[0].Category = "nonsense" },
		"contract.severity":          func(t *Terms) { t.SLA[0].Severity = "nonsense" },
		"contract.sla_twice":         func(t *Terms) { t.SLA = append(t.SLA, t.SLA[0]) },
		"contract.sla_times":         func(t *Terms) { t.SLA[0].ArriveMin = 5 },
		"contract.bands":             func(t *Terms) { t.Bands = t.Bands[1:] },
		"contract.subcontract_item":  func(t *Terms) { t.Subcontracts[0].Item = 3 },
		"contract.whole_subcontract": func(t *Terms) { t.Subcontracts = append(t.Subcontracts, Subcontract{1, "另一公司"}) },
		"contract.period_fixed": func(t *Terms) {
			t.Periods = []Period{{Param: rules.ContractFiling, Count: 1, Unit: "calendar_days", Clause: "x"}}
		},
		"contract.period": func(t *Terms) {
			t.Periods = []Period{{Param: rules.Handover, Count: 0, Unit: "calendar_days", Clause: "x"}}
		},
		"contract.period_shorter": func(t *Terms) {
			t.Periods = []Period{{Param: rules.IndefiniteEndNotice, Count: 59, Unit: "calendar_days", Clause: "x"}}
		},
		"contract.period_twice": func(t *Terms) {
			p := Period{Param: rules.Handover, Count: 9, Unit: "calendar_days", Clause: "x"}
			t.Periods = []Period{p, p}
		},
		"text.length":  func(t *Terms) { t.Number = " " },
		"text.control": func(t *Terms) { t.Promises[0] = "a\x00" },
	} {
		terms := w.terms(Ordinary, "N-1")
		change(&terms)
		_, err := terms.clean(set.Categories, place)
		require.Equal(t, want, code(err), want)
	}
	ok := w.terms(Ordinary, "N-1")
	ok.Periods = []Period{{Param: rules.IndefiniteEndNotice, Count: 60, Unit: "calendar_days", Clause: "x"}, {Param: rules.OwnersTerminationNotice, Count: 15, Unit: "calendar_days", Clause: "x"}}
	_, err = ok.clean(set.Categories, place)
	require.NoError(t, err, "the parties may shorten the notice of CC 946, never that of CC 948")
}

func TestHashIsOfPlaceCompanyAndTerms(t *testing.T) {
	w := newWorld(t, nil)
	a, b := w.terms(Ordinary, "N-1"), w.terms(Ordinary, "N-1")
	b.Periods = []Period{}
	require.Equal(t, a.hash(w.area, w.company.ID), b.hash(w.area, w.company.ID))
	require.NotEqual(t, a.hash(w.area, w.company.ID), b.hash(w.sibling, w.company.ID))
	require.NotEqual(t, a.hash(w.area, w.company.ID), b.hash(w.area, w.rival.ID))
	b.Fees[0].Fen++
	require.NotEqual(t, a.hash(w.area, w.company.ID), b.hash(w.area, w.company.ID))
}

// The holidays of 2026 lie on 15 to 23 February; 14 and 28 February are worked Saturdays.
func TestDeadlinesAcrossSpringFestival(t *testing.T) {
	cal := shippedRules(t).Calendar
	for name, c := range map[string]struct {
		d          Deadline
		due, actBy clock.Date
	}{
		"filing ends in the festival and gives way":    {Deadline{Count: 10, Unit: calendar.CalendarDays, BaseOn: "2026-02-06"}, "2026-02-24", "2026-02-24"},
		"filing ends on a worked Saturday and stays":   {Deadline{Count: 10, Unit: calendar.CalendarDays, BaseOn: "2026-02-04"}, "2026-02-14", "2026-02-14"},
		"counted back into the festival does not move": {Deadline{Count: 90, Unit: calendar.CalendarDays, Back: true, BaseOn: "2026-05-19"}, "2026-02-18", "2026-02-14"},
		"the last day itself":                          {Deadline{Unit: calendar.CalendarDays, BaseOn: "2026-02-20"}, "2026-02-20", "2026-02-14"},
	} {
		require.NoError(t, c.d.compute(cal))
		require.Equal(t, []clock.Date{c.due, c.actBy}, []clock.Date{c.d.DueOn, c.d.ActBy}, name)
		require.False(t, c.d.Provisional, name)
	}
	far := Deadline{Count: 10, Unit: calendar.CalendarDays, BaseOn: "2031-02-01"}
	require.NoError(t, far.compute(cal))
	require.True(t, far.Provisional)
}

func TestStagesOfDeadlines(t *testing.T) {
	filing := Deadline{Kind: DueFiling, Count: 10, Unit: calendar.CalendarDays, DueOn: "2026-03-12", ActBy: "2026-03-12"}
	require.Equal(t, []staged{{StageAhead, "2026-03-09"}, {StageDue, "2026-03-12"}, {StageMissed, "2026-03-13"}}, filing.stages())
	filing.wait("")
	_, ok := filing.reached("2026-03-08")
	require.False(t, ok)
	for day, want := range map[clock.Date]Stage{"2026-03-09": StageAhead, "2026-03-11": StageAhead, "2026-03-12": StageDue, "2026-03-13": StageMissed, "2027-01-01": StageMissed} {
		got, ok := filing.reached(day)
		require.True(t, ok)
		require.Equal(t, want, got.stage, day)
	}
	filing.wait(StageMissed)
	require.Nil(t, filing.NextStage)
	require.Len(t, Deadline{Kind: "renewal_180", DueOn: "2026-03-12", ActBy: "2026-03-12"}.stages(), 1)
	require.Len(t, Deadline{Kind: DueNotice, DueOn: "2026-03-12", ActBy: "2026-03-12"}.stages(), 2)
}

func TestPromptsAroundTheEnd(t *testing.T) {
	days := []int{-180, -90, -60, 0, 30}
	kinds := func(end, today clock.Date) (out []string) {
		for _, d := range prompts(days, end, today) {
			out = append(out, string(d.Kind))
		}
		return out
	}
	require.Equal(t, []string{"renewal_180", "renewal_90", "renewal_60", "expiry", "after_30"}, kinds("2027-02-28", "2026-03-02"))
	require.Equal(t, []string{"renewal_90", "renewal_60", "expiry", "after_30"}, kinds("2026-05-01", "2026-02-01"), "the last one passed is told, the one before is not")
	require.Equal(t, []string{"expiry", "after_30"}, kinds("2026-02-28", "2026-03-02"))
}

func TestLongestEmergencyDoesNotGiveWay(t *testing.T) {
	cal := shippedRules(t).Calendar
	six := calendar.Rule{Count: 6, Unit: calendar.Months}
	for since, want := range map[clock.Date]clock.Date{"2026-11-22": "2027-05-22", "2026-03-02": "2026-09-02", "2026-08-31": "2027-02-28"} {
		last, err := lastDay(cal, six, since)
		require.NoError(t, err)
		require.Equal(t, want, last, since)
	}
}

// Every code that this package can answer has its text, and every name that a text shows has a word.
func TestEveryCodeHasItsText(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "httpapi", "messages", "contract.yaml"))
	require.NoError(t, err)
	var texts map[string]struct{ En, Zh string }
	require.NoError(t, yaml.UnmarshalWithOptions(raw, &texts, yaml.Strict()))
	param := regexp.MustCompile(`\{\w+\}`)
	for c, text := range texts {
		require.NotEmpty(t, text.En, c)
		require.ElementsMatch(t, param.FindAllString(text.En, -1), param.FindAllString(text.Zh, -1), c)
	}
	used := regexp.MustCompile(`"(contract\.[a-z_]+)"`)
	notTexts := []string{"contract.signed", "contract.in_force", "contract.terminated", "contract.handed_over", "contract.deadline_due", "contract.import_file"}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range used.FindAllStringSubmatch(string(src), -1) {
			if !strings.HasSuffix(file, "_test.go") && !slices.Contains(notTexts, m[1]) {
				require.Contains(t, texts, m[1], file)
			}
		}
	}
	for _, r := range table {
		require.Contains(t, texts, "word."+string(r.step))
	}
	for _, k := range itemKinds {
		require.Contains(t, texts, "word."+string(k))
	}
	for _, name := range (tally.Tests{}).Failed() {
		require.Contains(t, texts, "word."+name)
	}
}

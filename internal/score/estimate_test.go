package score

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var policy = Policy{MinAnswers: 5, MinItem: 5, MinStratum: 2}

// answer is one line of testdata/round.csv.
type answer struct {
	stratum int
	values  []int8
	channel Channel
}

// fixture reads a drawn sample of three buildings with gaps of every sort; round.R holds its figures.
func fixture(t testing.TB) (Design, []answer) {
	file, err := os.Open("testdata/round.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	d := Design{Weights: map[string]int64{"order": 3500, "upkeep": 6500}, Items: []Item{
		{"clean", "order"}, {"guard", "order"}, {"repair", "upkeep"}, {"lift", "upkeep"}}}
	at := map[string]int{}
	var answers []answer
	for _, r := range rows[1:] {
		i, ok := at[r[0]]
		if !ok {
			i = len(d.Strata)
			at[r[0]] = i
			d.Strata = append(d.Strata, Stratum{Key: r[0], N: number(t, r[1])})
		}
		d.Strata[i].Sampled += 2 // every other dwelling answered
		a := answer{stratum: i, channel: Channel(number(t, r[2]))}
		for _, v := range r[3:] {
			a.values = append(a.values, int8(number(t, v)))
		}
		answers = append(answers, a)
	}
	return d, answers
}

func scored(t require.TestingT, d Design, p Policy, answers []answer) Result {
	a, err := NewAccumulator(d)
	require.NoError(t, err)
	for _, one := range answers {
		require.NoError(t, a.Add(one.stratum, one.values, one.channel))
	}
	r, err := a.Score(p)
	require.NoError(t, err)
	return r
}

// The figures are those that testdata/round.R printed: svyratio for items, svycontrast of svytotal for the
// dimensions and the whole, svyciprop(method = "logit") for the shares of 4 and 5.
func TestScoreAgreesWithSurveyPackage(t *testing.T) {
	d, answers := fixture(t)
	r := scored(t, d, policy, answers)
	means := map[string][]string{
		"clean":  {"3.473887", "0.093776", "3.290090", "3.657684"},
		"guard":  {"3.919258", "0.099722", "3.723807", "4.114709"},
		"repair": {"3.030044", "0.106475", "2.821357", "3.238731"},
		"lift":   {"3.522510", "0.128788", "3.270090", "3.774930"},
	}
	shares := map[string][]string{
		"clean":  {"51.230189", "4.671823", "41.983633", "60.393309"},
		"guard":  {"65.816697", "5.066405", "55.117023", "75.117195"},
		"repair": {"31.919453", "5.175267", "22.556332", "43.010648"},
		"lift":   {"55.762901", "5.778742", "44.079753", "66.841298"},
	}
	for _, item := range r.Items {
		require.Equal(t, means[item.Code], figures(*item.Mean), item.Code)
		require.Equal(t, shares[item.Code], figures(*item.Satisfied), item.Code)
	}
	require.Equal(t, []string{"67.414318", "1.909321", "63.672118", "71.156518"}, figures(*r.Dimensions[0].Index.Interval))
	require.Equal(t, []string{"56.906924", "2.426797", "52.150489", "61.663360"}, figures(*r.Dimensions[1].Index.Interval))
	require.Equal(t, []string{"60.584512", "1.973010", "56.717484", "64.451541"}, figures(*r.Overall.Interval))
}

// What is not an estimate is counted from the file here once more.
func TestCountsBesideTheScore(t *testing.T) {
	d, answers := fixture(t)
	r := scored(t, d, policy, answers)
	byChannel, dontKnow, hidden, empty, valid := map[Channel]int64{}, int64(0), int64(0), int64(0), int64(0)
	for _, a := range answers {
		byChannel[a.channel]++
		switch v := a.values[3]; v {
		case DontKnow:
			dontKnow++
		case NotAsked:
			hidden++
		case NoAnswer:
			empty++
		default:
			valid++
		}
	}
	lift := r.Items[3]
	require.Equal(t, []int64{dontKnow, hidden, empty, valid}, []int64{lift.DontKnow, lift.NotAsked, lift.NoAnswer, lift.Index.Valid})
	require.Equal(t, int64(17), lift.NotAsked, "the third building has no lift")
	require.Equal(t, percent(dontKnow, 81-17), lift.DontKnowShare)
	require.Equal(t, Counts{Dwellings: 556, Sampled: 162, Answers: 81, Valid: r.Counts.Valid,
		Web: byChannel[Web], Paper: byChannel[Paper], Assisted: byChannel[Assisted], ResponseRate: 50 * One,
		PaperShare: percent(byChannel[Paper], 81), AssistedShare: percent(byChannel[Assisted], 81)}, r.Counts)
	require.Equal(t, IfAlike, r.Label)
}

// plainDesign is one stratum and one item.
func plainDesign(n, sampled int64) Design {
	return Design{Strata: []Stratum{{"all", n, sampled}}, Items: []Item{{"q", "d"}}, Weights: map[string]int64{"d": WeightSum}}
}

func plain(values ...int8) []answer {
	var out []answer
	for _, v := range values {
		out = append(out, answer{values: []int8{v}})
	}
	return out
}

func TestCompleteCensusLeavesNothingToChance(t *testing.T) {
	r := scored(t, plainDesign(6, 6), policy, plain(1, 2, 4, 5, 5, 5))
	require.Equal(t, Complete, r.Label)
	want := []string{"66.666667", "0.000000", "66.666667", "66.666667"}
	require.Equal(t, want, figures(*r.Overall.Interval))
	require.Equal(t, want, figures(*r.Items[0].Satisfied), "four of six gave 4 or 5")
	require.Equal(t, Bounds{66_666_667, 66_666_667}, *r.Overall.Bounds)
	require.Empty(t, r.Overall.Reason)
}

// 8 of 10 answered with a mean of 3.5; the two silent ones could have given 1 or 5, and so could the empty answer.
func TestBoundsOfAnIncompleteCensus(t *testing.T) {
	r := scored(t, plainDesign(10, 10), policy, plain(3, 4, 3, 4, 3, 4, DontKnow, NoAnswer))
	require.Equal(t, IfAlike, r.Label)
	require.Equal(t, Micro(62_500_000), r.Overall.Interval.Value)
	// (21 + 3·1)/9 = 2.666667 and (21 + 3·5)/9 = 4.
	require.Equal(t, Bounds{41_666_667, 75_000_000}, *r.Overall.Bounds)
	require.Equal(t, Micro(80*One), r.Counts.ResponseRate)
	require.Equal(t, Micro(12_500_000), r.Items[0].DontKnowShare)
}

func TestMissingDataIsAState(t *testing.T) {
	for name, c := range map[string]struct {
		answers []answer
		item    State
		reason  Reason
		whole   Reason
	}{
		"nobody":         {nil, Insufficient, FewAnswers, FewAnswers},
		"four":           {plain(5, 4, 3, 2), Insufficient, FewAnswers, FewAnswers},
		"few know":       {plain(5, 4, 3, 2, DontKnow, DontKnow), Insufficient, FewRatings, DimensionEmpty},
		"never asked":    {plain(NotAsked, NotAsked, NotAsked, NotAsked, NotAsked), Unasked, "", DimensionEmpty},
		"enough":         {plain(5, 4, 3, 2, 1), Scored, "", ""},
		"all alike":      {plain(4, 4, 4, 4, 4), Scored, NoVariation, NoVariation},
		"enough of many": {plain(5, 4, 3, 2, 1, DontKnow, NotAsked, NoAnswer), Scored, "", ""},
	} {
		r := scored(t, plainDesign(100, 50), policy, c.answers)
		require.Equal(t, c.item, r.Items[0].Index.State, name)
		require.Equal(t, c.reason, r.Items[0].Index.Reason, name)
		require.Equal(t, c.whole, r.Overall.Reason, name)
		require.Equal(t, r.Overall.State == Scored, r.Overall.Interval != nil, name)
		require.Equal(t, r.Overall.State == Scored, r.Overall.Bounds != nil, name)
	}
}

// An item that an estate has no use for leaves its dimension; one that too few could rate takes the dimension
// and the whole with it, since its weight must not move to others.
func TestItemNobodyWasAsked(t *testing.T) {
	d := plainDesign(100, 50)
	d.Items = append(d.Items, Item{"lift", "d"})
	hidden := scored(t, d, policy, []answer{{0, []int8{5, -2}, 0}, {0, []int8{4, -2}, 0}, {0, []int8{3, -2}, 0}, {0, []int8{2, -2}, 0}, {0, []int8{2, -2}, 0}})
	require.Equal(t, []string{"q"}, hidden.Dimensions[0].Items)
	require.Equal(t, hidden.Items[0].Index.Interval, hidden.Overall.Interval)
	unknown := scored(t, d, policy, []answer{{0, []int8{5, -1}, 0}, {0, []int8{4, -1}, 0}, {0, []int8{3, -1}, 0}, {0, []int8{2, 4}, 0}, {0, []int8{2, 4}, 0}})
	require.Equal(t, ItemMissing, unknown.Dimensions[0].Index.Reason)
	require.Nil(t, unknown.Overall.Interval)
}

func TestRefusedDesignsAndAnswers(t *testing.T) {
	for name, spoil := range map[string]func(*Design){
		"score.strata":       func(d *Design) { d.Strata = nil },
		"score.strata ":      func(d *Design) { d.Strata[0].Sampled = d.Strata[0].N + 1 },
		"score.strata  ":     func(d *Design) { d.Strata[0].Sampled = 0 },
		"score.strata twice": func(d *Design) { d.Strata[1].Key = d.Strata[0].Key },
		"score.items":        func(d *Design) { d.Items = nil },
		"score.items twice":  func(d *Design) { d.Items[1].Code = d.Items[0].Code },
		"score.weights":      func(d *Design) { d.Weights["order"]++ },
		"score.weights ":     func(d *Design) { d.Weights = map[string]int64{"order": 10_000} },
		"score.weights  ":    func(d *Design) { d.Weights["else"], d.Weights["order"] = 1000, 2500 },
	} {
		d, _ := fixture(t)
		spoil(&d)
		_, err := NewAccumulator(d)
		require.ErrorContains(t, err, strings.Fields(name)[0], name)
	}
	a, err := NewAccumulator(plainDesign(10, 1))
	require.NoError(t, err)
	require.Error(t, a.Add(0, []int8{6}, Web))
	require.Error(t, a.Add(0, []int8{-3}, Web))
	require.Error(t, a.Add(1, []int8{1}, Web))
	require.Error(t, a.Add(0, []int8{1, 1}, Web))
	require.Error(t, a.Add(0, []int8{1}, channels))
	require.Zero(t, a.strata[0].answers)
	require.NoError(t, a.Add(0, []int8{1}, Web))
	require.NoError(t, a.Add(0, []int8{1}, Web))
	_, err = a.Score(policy)
	require.ErrorContains(t, err, "score.roll")
	_, err = a.Score(Policy{MinAnswers: 2, MinItem: 2, MinStratum: 1})
	require.ErrorContains(t, err, "score.policy")
}

func TestStrataWithTooFewAnswersJoinNeighbours(t *testing.T) {
	for _, c := range []struct {
		answers []int64
		least   int64
		want    [][]int
	}{
		{[]int64{9, 9, 9}, 2, [][]int{{0}, {1}, {2}}},
		{[]int64{9, 1, 9}, 2, [][]int{{0, 1}, {2}}},
		{[]int64{9, 1, 8}, 2, [][]int{{0}, {1, 2}}},
		{[]int64{0, 9, 9}, 2, [][]int{{0, 1}, {2}}},
		{[]int64{9, 9, 1}, 2, [][]int{{0}, {1, 2}}},
		{[]int64{1, 1, 9, 1}, 2, [][]int{{0, 1}, {2, 3}}},
		{[]int64{1, 0, 1}, 5, [][]int{{0, 1, 2}}},
		{[]int64{0}, 5, [][]int{{0}}},
		{[]int64{5, 4, 5}, 5, [][]int{{0, 1}, {2}}},
	} {
		require.Equal(t, c.want, Collapse(c.answers, c.least), "%v", c.answers)
	}
}

// A merged pair scores as one stratum of their dwellings.
func TestMergedStrataScoreAsOne(t *testing.T) {
	d := plainDesign(50, 20)
	d.Strata = []Stratum{{"a", 20, 10}, {"b", 30, 10}}
	answers := plain(5, 4, 3, 2, 2, 1)
	answers[5].stratum = 1
	two := scored(t, d, policy, answers)
	answers[5].stratum = 0
	one := scored(t, plainDesign(50, 20), policy, answers)
	require.Equal(t, []Group{{[]string{"a", "b"}, 50, 20, 6}}, two.Strata)
	require.Equal(t, one.Overall.Interval, two.Overall.Interval)
	require.NotEqual(t, one.Overall.Bounds, two.Overall.Bounds, "bounds keep the sampling of each stratum")
}

// The worked example of docs/statistics.md is what the fixture gives.
func TestWorkedExampleOfTheDocument(t *testing.T) {
	d, answers := fixture(t)
	r := scored(t, d, policy, answers)
	table := "| Figure | Valid | Index | SE | Interval | Bounds |\n|---|---|---|---|---|---|\n"
	row := func(name string, e Estimate) {
		table += fmt.Sprintf("| %s | %d | %s | %s | %s – %s | %s – %s |\n", name, e.Valid, e.Interval.Value, e.Interval.SE, e.Interval.Low, e.Interval.High, e.Bounds.Low, e.Bounds.High)
	}
	for _, i := range r.Items {
		row(i.Code, i.Index)
	}
	for _, i := range r.Dimensions {
		row("*"+i.Code+"*", i.Index)
	}
	row("**whole**", r.Overall)
	table += "\n| Satisfied | Share, % | SE | Interval |\n|---|---|---|---|\n"
	for _, i := range r.Items {
		table += fmt.Sprintf("| %s | %s | %s | %s – %s |\n", i.Code, i.Satisfied.Value, i.Satisfied.SE, i.Satisfied.Low, i.Satisfied.High)
	}
	document, err := os.ReadFile("../../docs/statistics.md")
	require.NoError(t, err)
	require.Contains(t, string(document), table)
}

package vote

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// answers are all choices that an owner can make for an item.
func answers(item Item) (out []teller.Choice) {
	q := form([]Item{item})[0]
	for c := range teller.Option(q.Options) {
		if q.Fits(c) {
			out = append(out, c)
		}
	}
	return append(out, teller.Against, teller.Abstain)
}

// published is what everybody reads of an outcome, as text.
func published(t require.TestingT, v Vote, item Item, d disclosure, out teller.Outcome) (showing, string) {
	show := d.of(item, out.Items[0])
	text := string(show)
	v.Shown = &text
	raw, err := json.Marshal(results(v, []Item{item}, out, tally.Weight{Area: 777, Heads: 1}, nil))
	require.NoError(t, err)
	return show, string(raw)
}

// Whoever knows every owner's area and whatever is published tries every way in which they can have voted: where totals are shown no owner
// chose the same in all that fit, unless all owners did.
func TestNoPublishedFigureForcesAChoice(t *testing.T) {
	shown := map[showing]int{}
	rapid.Check(t, func(t *rapid.T) {
		item := rapid.SampledFrom([]Item{{Matter: tally.Provider, Options: []Name{{"a"}}, Most: 1}, {Matter: tally.Rebuild, Options: []Name{{"a"}, {"b"}}, Most: 1}, {Matter: tally.Committee, Options: []Name{{"a"}, {"b"}}, Most: 2}}).Draw(t, "item")
		ways := answers(item)
		areas := rapid.SliceOfN(rapid.SampledFrom([]int64{8912, 8912, 8912, 8950, 8988, 12050}), 3, 13-len(ways)-len(item.Options)).Draw(t, "areas")
		v := Vote{RollArea: 2_000_000, RollHeads: 40, Silent: rapid.Bool().Draw(t, "silent")}
		d := disclosure{fewest: rapid.Int64Range(1, 3).Draw(t, "fewest")}
		at := map[int64]int{}
		for _, a := range areas {
			if _, ok := at[a]; !ok {
				at[a] = len(d.voters)
				d.voters = append(d.voters, tally.Voters{Area: a})
			}
			d.voters[at[a]].Heads++
			d.joined = d.joined.Add(tally.Weight{Area: a, Heads: 1})
		}
		count := func(chosen []int) teller.Outcome {
			out := teller.NewOutcome(form([]Item{item}))
			for i, c := range chosen {
				out.Add(form([]Item{item}), tally.Weight{Area: areas[i], Heads: 1}, []teller.Choice{ways[c]})
			}
			return out
		}
		chosen := rapid.SliceOfN(rapid.IntRange(0, len(ways)-1), len(areas), len(areas)).Draw(t, "chosen")
		show, want := published(t, v, item, d, count(chosen))
		shown[show]++
		group := func(c int) int { // what it is called where against and abstained are told together
			if show == showOptions {
				return min(c, len(ways)-2)
			}
			return c
		}
		alike := true
		for _, c := range chosen {
			alike = alike && group(c) == group(chosen[0])
		}
		if show == showTests || alike {
			return
		}
		fits, known := make([]map[int]bool, len(areas)), map[string]bool{}
		for i := range fits {
			fits[i] = map[int]bool{}
		}
		for try := make([]int, len(areas)); ; {
			out := count(try)
			name := fmt.Sprint(out)
			same, ok := known[name]
			if !ok {
				_, got := published(t, v, item, d, out)
				same = got == want
				known[name] = same
			}
			for i := 0; same && i < len(try); i++ {
				fits[i][group(try[i])] = true
			}
			i := 0
			for ; i < len(try) && try[i] == len(ways)-1; i++ {
				try[i] = 0
			}
			if i == len(try) {
				break
			}
			try[i]++
		}
		for i, f := range fits {
			require.Greater(t, len(f), 1, "the choice of the owner of %d follows from %s", areas[i], want)
		}
	})
	require.Positive(t, shown[showEach])
	require.Positive(t, shown[showOptions])
}

// A vote of many whose totals tell how the one dwelling of its area voted publishes tests alone; the bundle of everybody has no outcome, and who
// counted has.
func TestADwellingOfItsOwnAreaIsNotGivenAway(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(90, func(i int) int64 { return []int64{8912, 12050}[i%2] })
	w.units[89].Area = 20377
	v := w.open(w.draft(yesNo(tally.Provider)))
	require.False(t, v.Small())
	for i := range 90 {
		w.cast(v, i, []teller.Choice{yes, yes, teller.Against}[i%3])
	}
	v = w.published(w.counted(v))
	item := w.result(v).Items[0]
	require.True(t, item.Few)
	require.Nil(t, item.Options[0].Count)
	require.True(t, item.Options[0].Passed)
	w.work()
	b, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	require.Nil(t, b.Outcome)
	b, err = w.Bundle(w.ctx(), w.tellers[0], v.ID)
	require.NoError(t, err)
	require.Equal(t, int64(60), b.Outcome.Items[0].Options[0].Heads)
}

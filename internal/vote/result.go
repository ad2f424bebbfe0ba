package vote

import (
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// Added is a test that the place asks for beside the four of the law.
type Added struct {
	Num    int64  `json:"num"`
	Den    int64  `json:"den"`
	OfAll  bool   `json:"ofAll" doc:"Of everybody on the roll, not of those who took part"`
	Source string `json:"source"`
	Passed bool   `json:"passed"`
}

// OptionResult is what the law makes of one option.
type OptionResult struct {
	Text   string       `json:"text"`
	Count  *tally.Count `json:"count,omitempty" doc:"Absent where exact totals would give single votes away"`
	Tests  tally.Tests  `json:"tests"`
	Added  []Added      `json:"added" doc:"What the place asks beside"`
	Passed bool         `json:"passed"`

	exact tally.Count // what the tests were computed from; it leaves the package only to be tested again
}

// ItemResult is what became of an item.
type ItemResult struct {
	No      int            `json:"no"`
	Matter  tally.Item     `json:"matter"`
	Title   string         `json:"title"`
	Options []OptionResult `json:"options"`
	Against *tally.Weight  `json:"against,omitempty"`
	Abstain *tally.Weight  `json:"abstain,omitempty"`
	Void    *tally.Weight  `json:"void,omitempty"`
	Rest    *tally.Weight  `json:"rest,omitempty" doc:"Against, abstained and void together, where so few did one of these that each by itself would name them"`
	Few     bool           `json:"few,omitempty" doc:"So few chose an option, or none, or are of so few different areas, that totals would tell what somebody chose: tests alone are shown"`
}

// Result is a vote's, as the law has it. Where the owners' own rules speak for the silent it is computed both ways.
type Result struct {
	Items    []ItemResult  `json:"items" doc:"What counts: by those who voted, or with the silent where the owners' own rules say so"`
	Spoken   []ItemResult  `json:"withoutSilent,omitempty" doc:"By those who voted alone, where the rules speak for the silent"`
	Silent   *tally.Weight `json:"silent,omitempty" doc:"Given the ballot with the warning, and silent"`
	Official bool          `json:"official" doc:"The municipal system's result, entered here"`
	Shown    bool          `json:"exactTotals" doc:"Exact totals are shown; where they would give single votes away, tests alone are"`
}

// results applies the law to an outcome. silent is who was given the ballot, was warned and did not vote.
func results(v Vote, items []Item, out teller.Outcome, silent tally.Weight, added []rules.AddedTest) Result {
	r := Result{Official: v.OfficialSystem != "", Shown: !v.Small()}
	spoken := func(_ tally.Item, c tally.Count) tally.Count { return c }
	r.Items = itemResults(v, items, out, added, spoken)
	if v.Silent {
		r.Spoken = r.Items
		r.Items = itemResults(v, items, out, added, func(i tally.Item, c tally.Count) tally.Count { return c.WithSilent(i, silent) })
		if r.Shown {
			r.Silent = &silent
		}
	}
	return r
}

func itemResults(v Vote, items []Item, out teller.Outcome, added []rules.AddedTest, with func(tally.Item, tally.Count) tally.Count) []ItemResult {
	list := make([]ItemResult, len(items))
	for i, item := range items {
		at := out.Items[i]
		show := v.shows(i, at)
		list[i] = ItemResult{No: item.No, Matter: item.Matter, Title: item.Title, Few: show == showTests && !v.Small()}
		for n, option := range item.Options {
			c := with(item.Matter, tally.Count{Total: v.total(), Joined: out.Joined, Favour: at.Options[n]})
			o := optionResult(item, option.Text, c, added)
			if show != showTests {
				o.Count = &c
			}
			list[i].Options = append(list[i].Options, o)
		}
		switch show {
		case showEach:
			list[i].Against, list[i].Abstain, list[i].Void = &at.Against, &at.Abstain, &at.Void
		case showOptions:
			together := rest(at)
			list[i].Rest = &together
		}
	}
	return list
}

func optionResult(item Item, name string, c tally.Count, added []rules.AddedTest) OptionResult {
	o := OptionResult{Text: name, Tests: c.Tests(item.Matter), Added: []Added{}, exact: c}
	o.Passed = o.Tests.Passed()
	for _, t := range added {
		if tally.Item(t.Item) != item.Matter {
			continue
		}
		of := c.Joined
		if t.OfAll {
			of = c.Total
		}
		a := Added{Num: t.Num, Den: t.Den, OfAll: t.OfAll, Source: t.Source, Passed: t.Den*c.Favour.Area >= t.Num*of.Area && t.Den*c.Favour.Heads >= t.Num*of.Heads}
		o.Added, o.Passed = append(o.Added, a), o.Passed && a.Passed
	}
	return o
}

// balanced wants an outcome that can be of these ballots: everybody who took part is somewhere in every item.
func balanced(items []Item, out teller.Outcome, joined tally.Weight) error {
	wrong := fault.InvalidField("body.outcome", "vote.count_balance")
	if len(out.Items) != len(items) || out.Joined != joined {
		return wrong
	}
	for i, item := range items {
		at := out.Items[i]
		if len(at.Options) != len(item.Options) {
			return wrong
		}
		rest := rest(at)
		sum := rest
		for _, w := range append([]tally.Weight{at.Against, at.Abstain, at.Void}, at.Options...) {
			if w.Area < 0 || w.Heads < 0 {
				return wrong
			}
		}
		for _, w := range at.Options {
			if rest.Area+w.Area > joined.Area || rest.Heads+w.Heads > joined.Heads {
				return wrong
			}
			sum = sum.Add(w)
		}
		if sum.Heads < joined.Heads || sum.Area < joined.Area || (item.Most == 1 && sum != joined) {
			return wrong
		}
	}
	return nil
}

package questionnaire_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	q "github.com/redproperty/redproperty/internal/questionnaire"
)

// anyQuestionnaire draws questionnaires that Check accepts, with much branching.
var anyQuestionnaire = rapid.Custom(func(t *rapid.T) q.Questionnaire {
	out := q.Questionnaire{Title: both("title")}
	var earlier []q.Item
	for s := range rapid.IntRange(1, 4).Draw(t, "sections") {
		section := q.Section{Code: fmt.Sprintf("s%d", s), Title: both("section")}
		section.ShowIf = maybeCondition(t, earlier)
		for range rapid.IntRange(1, 4).Draw(t, "items") {
			item := drawItem(t, fmt.Sprintf("i%d", len(earlier)))
			item.ShowIf = maybeCondition(t, earlier)
			section.Items = append(section.Items, item)
			earlier = append(earlier, item)
		}
		out.Sections = append(out.Sections, section)
	}
	return out
})

func both(s string) q.Text { return q.Text{Zh: "题 " + s, En: s} }

func drawItem(t *rapid.T, code string) q.Item {
	i := q.Item{Code: code, Kind: rapid.SampledFrom(q.Kinds()).Draw(t, "kind"), Prompt: both(code), Required: rapid.Bool().Draw(t, "required")}
	switch i.Kind {
	case q.Rating, q.Scale10:
		i.DontKnow = rapid.Bool().Draw(t, "dontKnow")
		if i.Kind == q.Rating && rapid.Bool().Draw(t, "scored") {
			i.Dimension = rapid.SampledFrom([]string{"security", "repair"}).Draw(t, "dimension")
		}
	case q.Single, q.Multiple:
		for n := range rapid.IntRange(2, 5).Draw(t, "options") {
			i.Options = append(i.Options, q.Option{Code: fmt.Sprintf("o%d", n), Text: both("option")})
		}
		if i.Kind == q.Multiple {
			i.MinChoices = rapid.IntRange(0, len(i.Options)).Draw(t, "min")
			if rapid.Bool().Draw(t, "bounded") {
				i.MaxChoices = rapid.IntRange(max(1, i.MinChoices), len(i.Options)).Draw(t, "max")
			}
		}
	case q.FreeText:
		i.MaxRunes = rapid.IntRange(1, 6).Draw(t, "maxRunes")
	}
	return i
}

func maybeCondition(t *rapid.T, earlier []q.Item) *q.Condition {
	if len(earlier) == 0 || rapid.IntRange(0, 2).Draw(t, "condition") == 0 {
		return nil
	}
	c := drawCondition(t, earlier, 0)
	return &c
}

func drawCondition(t *rapid.T, earlier []q.Item, depth int) q.Condition {
	way := rapid.IntRange(0, 3).Draw(t, "way")
	if way < 2 || depth == 2 {
		return drawComparison(t, rapid.SampledFrom(earlier).Draw(t, "item"))
	}
	var parts []q.Condition
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		parts = append(parts, drawCondition(t, earlier, depth+1))
	}
	if way == 2 {
		return q.Condition{All: parts}
	}
	return q.Condition{Any: parts}
}

func drawComparison(t *rapid.T, i q.Item) q.Condition {
	c := q.Condition{Item: i.Code, Op: q.Answered}
	if rapid.IntRange(0, 4).Draw(t, "answered") == 0 {
		return c
	}
	switch i.Kind {
	case q.Rating, q.Scale10:
		least, most, _ := i.Kind.Range()
		n := rapid.IntRange(least, most).Draw(t, "number")
		c.Op, c.Number = rapid.SampledFrom([]q.Op{q.Is, q.IsNot, q.AtLeast, q.AtMost}).Draw(t, "op"), &n
		if i.DontKnow && rapid.Bool().Draw(t, "dontKnow") {
			c.Op, c.Number, c.Choice = rapid.SampledFrom([]q.Op{q.Is, q.IsNot}).Draw(t, "op"), nil, "dont_know"
		}
	case q.Single:
		c.Op, c.Choice = rapid.SampledFrom([]q.Op{q.Is, q.IsNot}).Draw(t, "op"), drawOption(t, i)
	case q.Multiple:
		c.Op, c.Choice = q.Includes, drawOption(t, i)
	}
	return c
}

func drawOption(t *rapid.T, i q.Item) string {
	return rapid.SampledFrom(i.Options).Draw(t, "option").Code
}

// drawAnswers fills a questionnaire in as people do, with a mistake now and then: something left out, out
// of range, too much, or answered though it is not asked.
func drawAnswers(t *rapid.T, form q.Questionnaire, mistakes bool) q.Answers {
	a := q.Answers{}
	for _, i := range form.Items() {
		rare := mistakes && rapid.IntRange(0, 11).Draw(t, "mistake") == 0
		shown := slices.Contains(form.Visible(a), i.Code)
		skip := !i.Required && rapid.IntRange(0, 2).Draw(t, "skip") == 0
		if shown == rare && (rare || !shown) || skip {
			continue
		}
		a[i.Code] = drawAnswer(t, i, mistakes && rapid.IntRange(0, 14).Draw(t, "wrong") == 0)
	}
	return a
}

func drawAnswer(t *rapid.T, i q.Item, wrong bool) q.Answer {
	switch i.Kind {
	case q.Rating, q.Scale10:
		least, most, _ := i.Kind.Range()
		switch {
		case wrong && least > 0 && rapid.Bool().Draw(t, "below"):
			return q.Number(least - 1)
		case wrong && !i.DontKnow && i.Kind == q.Rating && rapid.Bool().Draw(t, "dontKnow"):
			return q.DontKnow()
		case wrong:
			return q.Number(most + 1)
		case i.DontKnow && rapid.IntRange(0, 3).Draw(t, "dontKnow") == 0:
			return q.DontKnow()
		}
		return q.Number(rapid.IntRange(least, most).Draw(t, "number"))
	case q.Single:
		if wrong {
			return q.Choice("elsewhere")
		}
		return q.Choice(drawOption(t, i))
	case q.Multiple:
		return drawChoices(t, i, wrong)
	}
	n := rapid.IntRange(1, i.MaxRunes).Draw(t, "runes")
	if wrong {
		n = i.MaxRunes + 1
	}
	return q.Words(string(slices.Repeat([]rune{'好'}, n)))
}

func drawChoices(t *rapid.T, i q.Item, wrong bool) q.Answer {
	var codes []string
	for _, o := range i.Options {
		codes = append(codes, o.Code)
	}
	codes = rapid.Permutation(codes).Draw(t, "order")
	least, most := max(1, i.MinChoices), i.MaxChoices
	if most == 0 {
		most = len(codes)
	}
	switch {
	case wrong && least > 1 && rapid.Bool().Draw(t, "few"):
		return q.Choices(codes[:least-1]...)
	case wrong && most < len(codes) && rapid.Bool().Draw(t, "many"):
		return q.Choices(codes[:most+1]...)
	case wrong:
		return q.Choices(append(codes[:max(least-1, 1)], "elsewhere")...)
	}
	return q.Choices(codes[:rapid.IntRange(least, most).Draw(t, "count")]...)
}

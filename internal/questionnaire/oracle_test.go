package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/nodetest"
	q "github.com/redproperty/redproperty/internal/questionnaire"
)

const (
	oracleForms   = 60 // random questionnaires
	oracleAnswers = 20 // random answers to each
)

// TestAgreesWithSurveyCore gives random questionnaires and answers to npm's survey-core, an engine that
// shares nothing with ours, and compares which items are visible in the end and which answers are refused.
// Values of a wrong JSON form (a list for a rating) are left to our own tables: survey-core converts them.
// An unknown option it drops at once, so that later conditions see none where ours see another answer: there
// only the refusal itself is compared.
func TestAgreesWithSurveyCore(t *testing.T) {
	type round struct {
		Form    q.Questionnaire
		Answers []q.Answers
	}
	gen := rapid.Custom(func(t *rapid.T) round {
		r := round{Form: anyQuestionnaire.Draw(t, "form")}
		for range oracleAnswers {
			r.Answers = append(r.Answers, drawAnswers(t, r.Form, true))
		}
		return r
	})
	var rounds []round
	var input bytes.Buffer
	for seed := range oracleForms {
		r := gen.Example(seed)
		require.NoError(t, r.Form.Check())
		rounds = append(rounds, r)
		require.NoError(t, json.NewEncoder(&input).Encode(map[string]any{"survey": surveyCore(r.Form), "answers": r.Answers}))
	}
	lines := bytes.Split(bytes.TrimSpace(compare(t, &input)), []byte("\n"))
	require.Len(t, lines, oracleForms)

	var accepted, refused, hidden, strange int
	for n, line := range lines {
		var results []verdict
		require.NoError(t, json.Unmarshal(line, &results))
		for m, theirs := range results {
			ours := judge(t, rounds[n].Form, rounds[n].Answers[m])
			if ours.strange != "" {
				require.Contains(t, theirs.Refused, ours.strange, "form %s\nanswers %s", rounds[n].Form.Canonical(), rounds[n].Answers[m].Canonical())
				strange++
				continue
			}
			require.Equal(t, theirs, ours, "form %s\nanswers %s", rounds[n].Form.Canonical(), rounds[n].Answers[m].Canonical())
			if len(ours.Refused) == 0 {
				accepted++
			} else {
				refused++
			}
			if len(ours.Visible) < len(rounds[n].Form.Items()) {
				hidden++
			}
		}
	}
	t.Logf("%d accepted, %d refused, %d with items hidden, %d with unknown options", accepted, refused, hidden, strange)
	require.Greater(t, strange, oracleForms*oracleAnswers/50)
	for _, count := range []int{accepted, refused, hidden} {
		require.Greater(t, count, oracleForms*oracleAnswers/10, "the random answers must try both sides")
	}
}

type verdict struct {
	Visible []string `json:"visible"`
	Refused []string `json:"refused"`
	strange string   // the first item answered with an unknown option
}

func judge(t *testing.T, form q.Questionnaire, a q.Answers) verdict {
	v := verdict{Visible: slices.Concat([]string{}, form.Visible(a)), Refused: []string{}}
	if err := form.CheckAnswers(a); err != nil {
		for _, f := range fault.Of(err).Fields {
			code := strings.TrimPrefix(f.Path, "answers.")
			v.Refused = append(v.Refused, code)
			if v.strange == "" && (f.Code == "answer.option" || f.Code == "answer.options") {
				v.strange = code
			}
		}
	}
	slices.Sort(v.Refused)
	return v
}

// surveyCore writes a questionnaire as survey-core's definition: a section is a page.
func surveyCore(form q.Questionnaire) map[string]any {
	var pages []any
	for _, s := range form.Sections {
		var elements []any
		for _, i := range s.Items {
			elements = append(elements, surveyQuestion(i))
		}
		pages = append(pages, withCondition(map[string]any{"name": s.Code, "elements": elements}, s.ShowIf))
	}
	return map[string]any{"pages": pages}
}

func surveyQuestion(i q.Item) map[string]any {
	out := map[string]any{"name": i.Code, "isRequired": i.Required}
	var choices []any
	for _, o := range i.Options {
		choices = append(choices, o.Code)
	}
	least, most, number := i.Kind.Range()
	switch {
	case number && i.DontKnow:
		out["type"] = "text"
		within := fmt.Sprintf("{%[1]s} empty or {%[1]s} = 'dont_know' or ({%[1]s} >= %[2]d and {%[1]s} <= %[3]d)", i.Code, least, most)
		out["validators"] = []any{map[string]any{"type": "expression", "expression": within}}
	case number:
		out["type"], out["inputType"] = "text", "number"
		out["validators"] = []any{map[string]any{"type": "numeric", "minValue": least, "maxValue": most}}
	case i.Kind == q.Single:
		out["type"] = "radiogroup"
	case i.Kind == q.Multiple:
		out["type"] = "checkbox"
		count := map[string]any{"type": "answercount", "minCount": max(1, i.MinChoices)}
		if i.MaxChoices > 0 {
			count["maxCount"] = i.MaxChoices
		}
		out["validators"] = []any{count}
	default:
		out["type"] = "comment"
		out["validators"] = []any{map[string]any{"type": "text", "maxLength": i.MaxRunes}}
	}
	if choices != nil {
		out["choices"] = choices
	}
	return withCondition(out, i.ShowIf)
}

func withCondition(out map[string]any, c *q.Condition) map[string]any {
	if c != nil {
		out["visibleIf"] = expression(*c)
	}
	return out
}

func expression(c q.Condition) string {
	parts := func(list []q.Condition, by string) string {
		var out []string
		for _, sub := range list {
			out = append(out, expression(sub))
		}
		return "(" + strings.Join(out, by) + ")"
	}
	value := "'" + c.Choice + "'"
	if c.Number != nil {
		value = fmt.Sprint(*c.Number)
	}
	item := "{" + c.Item + "}"
	switch {
	case len(c.All) > 0:
		return parts(c.All, " and ")
	case len(c.Any) > 0:
		return parts(c.Any, " or ")
	case c.Op == q.Answered:
		return item + " notempty"
	case c.Op == q.IsNot:
		return "(" + item + " notempty and " + item + " <> " + value + ")"
	}
	sign := map[q.Op]string{q.Is: " = ", q.AtLeast: " >= ", q.AtMost: " <= ", q.Includes: " contains "}[c.Op]
	return item + sign + value
}

// compare runs the second implementation over the input, a round a line.
func compare(t *testing.T, input *bytes.Buffer) []byte {
	t.Helper()
	cmd := nodetest.Command(t, "testdata/oracle", "compare.js")
	cmd.Stdin = input
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	require.NoError(t, cmd.Run(), "%s", problems.String())
	return out.Bytes()
}

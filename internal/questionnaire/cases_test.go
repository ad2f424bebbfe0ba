package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
	q "github.com/redproperty/redproperty/internal/questionnaire"
)

var updateCases = flag.Bool("update", false, "write testdata/cases.json anew")

const caseFile = "testdata/cases.json"

// formCase is a random questionnaire with answers to it and what the rules make of them: the pages must say the same of each.
type formCase struct {
	Form    q.Questionnaire `json:"form"`
	Answers []answerCase    `json:"answers"`
}

type answerCase struct {
	Given     json.RawMessage `json:"given"`
	Visible   []string        `json:"visible"`
	Refused   []refusedCase   `json:"refused"`
	Canonical string          `json:"canonical"`
	Scored    string          `json:"scored"`
}

type refusedCase struct {
	Item string `json:"item"`
	Why  string `json:"why"`
}

// TestCases holds the shared cases to the rules. With -update they are drawn anew.
func TestCases(t *testing.T) {
	file, err := os.ReadFile(caseFile)
	if !*updateCases {
		require.NoError(t, err)
	}
	var cases []formCase
	if *updateCases {
		cases = drawCases(t)
	} else {
		require.NoError(t, json.Unmarshal(file, &cases))
	}
	for n := range cases {
		for m := range cases[n].Answers {
			cases[n].Answers[m] = solve(t, cases[n].Form, cases[n].Answers[m].Given)
		}
	}
	requireBothSides(t, cases)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(cases))
	if *updateCases {
		require.NoError(t, os.WriteFile(caseFile, out.Bytes(), 0o600))
		return
	}
	require.Equal(t, string(file), out.String(), "the rules have changed: that needs a change of the pages, then -update")
}

// requireBothSides wants cases of every kind of item, accepted and refused, with and without hidden items: others would hold no client to anything.
func requireBothSides(t *testing.T, cases []formCase) {
	kinds := map[q.Kind]bool{}
	var accepted, refused, hidden int
	for _, c := range cases {
		for _, i := range c.Form.Items() {
			kinds[i.Kind] = true
		}
		for _, a := range c.Answers {
			if len(a.Refused) == 0 {
				accepted++
			} else {
				refused++
			}
			if len(a.Visible) < len(c.Form.Items()) {
				hidden++
			}
		}
	}
	require.Len(t, kinds, len(q.Kinds()))
	for _, n := range []int{accepted, refused, hidden} {
		require.Greater(t, n, 50)
	}
}

func drawCases(t *testing.T) []formCase {
	const forms, answers = 40, 12
	gen := rapid.Custom(func(t *rapid.T) formCase {
		c := formCase{Form: anyQuestionnaire.Draw(t, "form")}
		for range answers {
			c.Answers = append(c.Answers, answerCase{Given: drawAnswers(t, c.Form, true).Canonical()})
		}
		return c
	})
	var out []formCase
	for seed := range forms {
		c := gen.Example(seed)
		require.NoError(t, c.Form.Check())
		out = append(out, c)
	}
	return out
}

func solve(t *testing.T, form q.Questionnaire, given []byte) answerCase {
	a, err := q.ParseAnswers(given)
	require.NoError(t, err)
	c := answerCase{Given: given, Visible: append([]string{}, form.Visible(a)...), Refused: []refusedCase{}, Canonical: string(a.Canonical()),
		Scored: string(form.Scored(a).Canonical())}
	if err := form.CheckAnswers(a); err != nil {
		for _, f := range fault.Of(err).Fields {
			c.Refused = append(c.Refused, refusedCase{strings.TrimPrefix(f.Path, "answers."), f.Code})
		}
	}
	return c
}

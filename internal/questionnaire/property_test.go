package questionnaire_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	q "github.com/redproperty/redproperty/internal/questionnaire"
)

func TestCanonicalFormsAreFixedPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := anyQuestionnaire.Draw(t, "form")
		require.NoError(t, form.Check())
		back, err := q.Parse(form.Canonical())
		require.NoError(t, err)
		require.Equal(t, form.Canonical(), back.Canonical())
		require.Equal(t, form.Hash(), back.Hash())

		a := drawAnswers(t, form, true)
		again, err := q.ParseAnswers(a.Canonical())
		require.NoError(t, err)
		require.Equal(t, a, again)
		require.True(t, json.Valid(a.Canonical()))
	})
}

// What a respondent who makes no mistake sends is accepted; every accepted answer is to a visible item;
// what is hidden does not depend on answers to hidden items; nothing is lost between scores and texts.
func TestBranchingHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := anyQuestionnaire.Draw(t, "form")
		a := drawAnswers(t, form, false)
		require.NoError(t, form.CheckAnswers(a))
		visible := form.Visible(a)
		for code := range a {
			require.Contains(t, visible, code)
		}

		more := maps.Clone(a)
		for _, i := range form.Items() {
			if !slices.Contains(visible, i.Code) {
				more[i.Code] = drawAnswer(t, i, false)
			}
		}
		require.Equal(t, visible, form.Visible(more))
		require.Equal(t, len(more) == len(a), form.CheckAnswers(more) == nil)

		scored, texts := form.Scored(a), form.Texts(a)
		require.Len(t, a, len(scored)+len(texts))
		for code := range texts {
			require.NotContains(t, scored, code)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"title":{"zh":"a","en":"b"},"sections":[{"code":"s","title":{"zh":"a","en":"b"},"items":[{"code":"i","kind":"text","maxRunes":1,"prompt":{"zh":"\u2028","en":"<"}}]}]}`))
	f.Add([]byte(`{"sections":[{"showIf":{"all":[{"any":[{}]}]}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		form, err := q.Parse(raw)
		if err != nil {
			return
		}
		require.NoError(t, form.Check())
		back, err := q.Parse(form.Canonical())
		require.NoError(t, err)
		require.Equal(t, form.Canonical(), back.Canonical())
		form.Visible(q.Answers{})
	})
}

func FuzzParseAnswers(f *testing.F) {
	form := parsed(f, sample)
	f.Add([]byte(`{"guards":4,"reported":"no","improve":["gate","lift"],"why":"a\nb"}`))
	f.Add([]byte(`{"guards":"dont_know","why":"\ud83d\ude00 e\u0301"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := q.ParseAnswers(raw)
		if err != nil {
			return
		}
		back, err := q.ParseAnswers(a.Canonical())
		require.NoError(t, err)
		require.Equal(t, a, back)
		var plain map[string]any
		require.NoError(t, json.Unmarshal(a.Canonical(), &plain))
		require.Len(t, plain, len(a))
		_ = form.CheckAnswers(a)
		require.Equal(t, form.Scored(a), form.Scored(form.Scored(a)))
	})
}

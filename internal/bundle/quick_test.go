package bundle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/questionnaire"
)

// What is read by hand is what the general way reads, and only in its one form.
func FuzzQuick(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, `{"a":10,"b":"dont_know","c":["x","y"]}`, `{"a":01}`, `{"b":1,"a":1}`, `{"a":["y","x"]}`, `{"a":[]}`, `{"a":-1}`,
		`{"a":12345}`, `{"a":1,}`, `{"A":1}`, `{"a":"x y"}`, `{"a":1}}`, `{"a":1`, `{`, ``, `{"a":["x","x"]}`, `{"9a":1}`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := questionnaire.Answers{"of the one before": questionnaire.Number(1)}
		if !quick(text, got) {
			return
		}
		want, err := questionnaire.ParseAnswers([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text, string(want.Canonical()))
	})
}

func TestQuickReadsWhatIsCommon(t *testing.T) {
	m := makeRound(t, false, piece{0, 60, 5})
	for n := range 60 {
		got := questionnaire.Answers{}
		require.True(t, quick(m.answer(n), got), m.answer(n))
		require.Equal(t, m.answer(n), string(got.Canonical()))
	}
}

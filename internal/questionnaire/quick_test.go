package questionnaire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is read by hand is what the general way reads, and what has one form only in it.
func FuzzQuick(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1}`, `{"a":10,"b":"dont_know","c":["x","y"]}`, `{"a":01}`, `{"b":1,"a":1}`, `{"a":["y","x"]}`, `{"a":[]}`, `{"a":-1}`,
		`{"a":12345}`, `{"a":1,}`, `{"A":1}`, `{"a":"x y"}`, `{"a":1}}`, `{"a":1`, `{`, ``, `{"a":["x","x"]}`, `{"9a":1}`, `{"a":1,"a":2}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Answers{"of_the_one_before": Number(1)}
		if !quick(text, got, false) {
			require.False(t, ReadCanonical(text, got))
			return
		}
		want, err := parseAnswers([]byte(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text == string(want.Canonical()), ReadCanonical(text, got))
	})
}

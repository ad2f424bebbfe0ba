package ledger

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse: a text that is read says what it was read as, and no text is read in two ways.
func FuzzParse(f *testing.F) {
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, s := range []string{"o/audit\n3\n" + root + "\n", "o\n-1\n" + root + "\n", "", "\n\n\n\n", "o\n+3\n" + root + "\n", "o\n03\n" + root + "\nextension\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, h, err := parse(text)
		if err != nil {
			return
		}
		require.GreaterOrEqual(t, h.Size, int64(0))
		again := fmt.Sprintf("%s\n%d\n%s\n", name, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]))
		require.True(t, strings.HasPrefix(text, again), "%q was read as %q", text, again)
	})
}

// FuzzSplitNotes: nothing is lost but what is cut off, and what is found stands in the file as it is.
func FuzzSplitNotes(f *testing.F) {
	const one = "o/audit\n3\nroot\n\n— o sig\n"
	for _, s := range []string{"", one, one + "\n", one + "\n" + one + "\n", one[:9] + "\n\n" + one + "\n", "— \n\n— \n\n", "\n\n\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, n := range splitNotes(body) {
			require.Contains(t, body, n)
			require.Contains(t, n, "\n\n— ")
		}
		require.Contains(t, splitNotes(body+"\n\n"+one+"\n"), one)
	})
}

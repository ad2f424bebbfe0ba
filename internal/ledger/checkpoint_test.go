package ledger_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/redproperty/redproperty/internal/ledger"
)

// signed is a note over any text, under the world's own key.
func (w *world) signed(text string) string {
	w.t.Helper()
	signer, err := note.NewSigner(w.key.Private)
	require.NoError(w.t, err)
	out, err := note.Sign(&note.Note{Text: text}, signer)
	require.NoError(w.t, err)
	return string(out)
}

func TestOpenRefusesWhatIsNoCheckpointOfOurs(t *testing.T) {
	each(t, func(w *world) {
		w.grow("audit", 3)
		whole := w.newest("audit").Note
		log, h, err := w.Open(whole)
		require.NoError(w.t, err)
		require.Equal(w.t, "audit", log)
		require.EqualValues(w.t, 3, h.Size)
		root := strings.Split(whole, "\n")[2]

		other, err := ledger.NewKey(origin)
		require.NoError(w.t, err)
		stranger, err := ledger.New(origin, other, w.clock)
		require.NoError(w.t, err)
		forged, err := stranger.Sign("audit", h)
		require.NoError(w.t, err)
		for name, bad := range map[string]string{
			"nothing":               "",
			"unsigned":              origin + "/audit\n3\n" + root + "\n",
			"another key":           forged.Note,
			"changed":               strings.Replace(whole, "\n3\n", "\n4\n", 1),
			"signed, another name":  w.signed("other.example/audit\n3\n" + root + "\n"),
			"signed, no log":        w.signed(origin + "\n3\n" + root + "\n"),
			"signed, one line":      w.signed(origin + "/audit\n"),
			"signed, negative size": w.signed(origin + "/audit\n-3\n" + root + "\n"),
			"signed, huge size":     w.signed(origin + "/audit\n99999999999999999999\n" + root + "\n"),
			"signed, short root":    w.signed(origin + "/audit\n3\nAAAA\n"),
			"signed, no base64":     w.signed(origin + "/audit\n3\n" + strings.Repeat("*", 44) + "\n"),
		} {
			_, _, err := w.Open(bad)
			require.Error(w.t, err, name)
			require.Error(w.t, w.Compare(w.t.Context(), w.db, bad), name)
		}
	})
}

func TestKeysThatDoNotFitAreRefused(t *testing.T) {
	key, err := ledger.NewKey(origin)
	require.NoError(t, err)
	other, err := ledger.NewKey("other.example")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		origin string
		key    ledger.Key
	}{
		"of another origin": {"other.example", key},
		"no private key":    {origin, ledger.Key{Private: "x", Public: key.Public}},
		"no public key":     {origin, ledger.Key{Private: key.Private, Public: "x"}},
		"halves of two":     {origin, ledger.Key{Private: key.Private, Public: other.Public}},
	} {
		_, err := ledger.New(c.origin, c.key, nil)
		require.Error(t, err, name)
	}
}

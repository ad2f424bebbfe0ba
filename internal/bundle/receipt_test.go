package bundle

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
)

func TestReceiptsAreCheckedAgainstABundle(t *testing.T) {
	m := makeRound(t, true, piece{0, 60, 20})
	file := m.file(t)
	honest := m.receipt(t, 3)
	sign := func(token, commitment ballot.Hash, revision int) ballot.Receipt {
		return m.receipts.Sign(honest.Round, honest.Key, token, commitment, revision)
	}
	forged := honest
	forged.Signature = bytes.Clone(honest.Signature)
	forged.Signature[0] ^= 1
	foreign := makeRound(t, false, piece{0, 60, 1}).receipt(t, 0)
	second := m.receipt(t, ofRevision(m, 2))
	for _, c := range []struct {
		name        string
		receipt     ballot.Receipt
		kept, later int
		want        string
	}{
		{"as promised", honest, 1, 0, ""},
		{"an earlier revision", m.receipts.Sign(second.Round, second.Key, second.Token, ballot.NewHash(), 1), 0, 1, ""},
		{"other answers", sign(honest.Token, ballot.NewHash(), honest.Revision), 0, 0, "the promise was broken"},
		{"a later revision was promised", sign(honest.Token, honest.Commitment, honest.Revision+1), 0, 0, "the promise was broken"},
		{"dropped", sign(ballot.NewHash(), honest.Commitment, 1), 0, 0, "it was dropped"},
		{"forged", forged, 0, 0, "not signed by this round's key"},
		{"another round's", foreign, 0, 0, "it is of round"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Verify(bytes.NewReader(file), Options{VerifierKey: m.public, Receipts: []ballot.Receipt{c.receipt}})
			require.NoError(t, err)
			require.Equal(t, []int{c.kept, c.later}, []int{r.Kept, r.Later})
			if c.want == "" {
				require.Empty(t, r.Problems)
				return
			}
			require.Contains(t, strings.Join(r.Problems, "\n"), c.want)
		})
	}
}

// ofRevision finds a response of a revision.
func ofRevision(m *made, revision int) int {
	for i, r := range m.responses {
		if r.Revision == revision {
			return i
		}
	}
	panic("no response of this revision")
}

// A bundle that was written once is verified by every later program.
func TestAKeptBundleStillVerifies(t *testing.T) {
	file, err := os.ReadFile("testdata/round.jsonl.gz")
	require.NoError(t, err)
	key, err := os.ReadFile("testdata/round.key")
	require.NoError(t, err)
	text, err := os.ReadFile("testdata/round.receipt")
	require.NoError(t, err)
	receipt, err := ballot.ParseReceipt(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	r, err := Verify(bytes.NewReader(file), Options{VerifierKey: strings.TrimSpace(string(key)), Receipts: []ballot.Receipt{receipt}})
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.Equal(t, []int{1, 1}, []int{r.Kept, r.Recomputed})
	require.True(t, r.NoRoll, "it was written before bundles had the roll")
}

// A bundle with a sample that was written once is verified by every later program, and cannot pass for one of the form before.
func TestAKeptSampleStillVerifies(t *testing.T) {
	file, err := os.ReadFile("testdata/sample.jsonl.gz")
	require.NoError(t, err)
	key, err := os.ReadFile("testdata/sample.key")
	require.NoError(t, err)
	o := Options{VerifierKey: strings.TrimSpace(string(key))}
	r, err := Verify(bytes.NewReader(file), o)
	require.NoError(t, err)
	require.Empty(t, r.Problems)
	require.EqualValues(t, 650, r.Dwellings)
	require.False(t, r.NoRoll)
	lines := unpack(t, file)
	lines[0] = strings.Replace(lines[0], `"v":2`, `"v":1`, 1)
	r, err = Verify(bytes.NewReader(pack(t, lines)), o)
	require.NoError(t, err)
	require.Contains(t, strings.Join(r.Problems, "\n"), "a file of this form has no roll")
}

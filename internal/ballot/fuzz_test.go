package ballot

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
)

func vectorsOf(f *testing.F) (v vectors) {
	file, err := os.ReadFile(vectorFile)
	require.NoError(f, err)
	require.NoError(f, json.Unmarshal(file, &v))
	return v
}

// said tells that a parser said no with a fault, and not otherwise.
func said(t *testing.T, err error) {
	var no *fault.Fault
	require.ErrorAs(t, err, &no)
	require.Equal(t, fault.Invalid, no.Kind)
}

func FuzzParseReceipt(f *testing.F) {
	f.Add(vectorsOf(f).Receipt.Receipt.String())
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseReceipt(text); err != nil {
			said(t, err)
		} else {
			require.Equal(t, text, r.String())
		}
	})
}

func FuzzParseKept(f *testing.F) {
	f.Add(vectorsOf(f).Ballot.Kept.String())
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseKept(text); err != nil {
			said(t, err)
		} else {
			require.Equal(t, text, k.String())
		}
	})
}

func FuzzParseHash(f *testing.F) {
	f.Add(fixed(1).String())
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := ParseHash(text); err != nil {
			said(t, err)
		} else {
			require.Equal(t, text, h.String())
		}
	})
}

func FuzzBallotJSON(f *testing.F) {
	body, err := json.Marshal(vectorsOf(f).Ballot.Ballot)
	require.NoError(f, err)
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		var b Ballot
		if b.UnmarshalJSON(body) != nil {
			return
		}
		again, err := json.Marshal(b)
		require.NoError(t, err)
		require.JSONEq(t, string(body), string(again))
	})
}

func FuzzParsePending(f *testing.F) {
	f.Add([]byte(vectorsOf(f).Ballot.Pending))
	f.Fuzz(func(t *testing.T, body []byte) {
		if p, err := ParsePending(body); err == nil {
			require.Len(t, p.Blinded(), p.public.Size())
		}
	})
}

func FuzzParsePublicKey(f *testing.F) {
	spki, err := base64.RawURLEncoding.DecodeString(vectorsOf(f).Key.SPKI)
	require.NoError(f, err)
	f.Add(spki)
	f.Fuzz(func(t *testing.T, der []byte) {
		if k, err := ParsePublicKey(der); err != nil {
			said(t, err)
		} else {
			require.Equal(t, der, k.SPKI())
		}
	})
}

func FuzzParseEntry(f *testing.F) {
	for _, l := range vectorsOf(f).Leaves {
		f.Add([]byte(l.Entry))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if e, err := ParseEntry(body); err != nil {
			said(t, err)
		} else {
			again, err := Encode(e)
			require.NoError(t, err)
			require.Equal(t, body, again)
		}
	})
}

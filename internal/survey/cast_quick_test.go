package survey

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
)

// FuzzReadQuick: whatever is read by hand reads the same in the general way, and is what its schema asks for.
func FuzzReadQuick(f *testing.F) {
	for _, body := range castBodies() {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var quick, general CastBallotRequest
		if !quick.ReadQuick(body) {
			require.Equal(t, CastBallotRequest{}, quick)
			return
		}
		strict := json.NewDecoder(bytes.NewReader(body))
		strict.DisallowUnknownFields()
		require.NoError(t, strict.Decode(&general))
		require.Equal(t, general, quick)
		require.False(t, strict.More())
		var fields, signed map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(body, &fields))
		require.NoError(t, json.Unmarshal(fields["ballot"], &signed))
		require.ElementsMatch(t, castFields, slices.Collect(maps.Keys(fields)))
		require.ElementsMatch(t, ballotFields, slices.Collect(maps.Keys(signed)))
		require.True(t, quick.Revision >= 1 && quick.Revision <= 64)
		require.True(t, len(quick.Ballot.Signature) >= 300 && len(quick.Ballot.Signature) <= 700)
	})
}

// castBodies are a cast as the web client writes it, and others that come close.
func castBodies() [][]byte {
	h := ballot.NewHash
	usual := `{"ballot":{"key":"` + h().String() + `","token":"` + h().String() + `","prefix":"` + h().String() + `","signature":"` + strings.Repeat("Ab_-", 86) + `"},"revision":1,"opening":"` + h().String() +
		`","answers":{"a":4,"b":"dont_know","c":["x","y"]},"salt":"` + h().String() + `","textSalt":"` + h().String() + `","textKey":"` + h().String() + `"}`
	out := [][]byte{[]byte(usual)}
	for from, to := range map[string]string{
		`"revision":1`: `"revision":65`, `"revision":`: `"revision":0`, `"revision":1,`: `"revision":1,"revision":2,`, `"salt"`: `"Salt"`, `"textSalt"`: `"salt"`, `{"a":4`: `{"a":"}","d":4`, `"a":4`: `"a":{}`,
		`:4`: `:4,"t":"水\"}"`, `{"key"`: `{"badge":"x","key"`, `"opening":"`: `"opening":"\u0041`, `["x","y"]}`: `["x","y"]`, `"}`: `"}}`, `Ab_-Ab_-"`: `Ab_-Ab_=\n"`, `,"revision"`: `,,"revision"`,
	} {
		out = append(out, []byte(strings.Replace(usual, from, to, 1)))
	}
	return out
}

// What nearly everybody sends is read by hand, and what comes close to it is not.
func TestUsualCastIsReadByHand(t *testing.T) {
	for i, body := range castBodies() {
		var c CastBallotRequest
		require.Equal(t, i == 0, c.ReadQuick(body), string(body))
	}
}

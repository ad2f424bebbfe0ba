package teller

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/nodetest"
	"github.com/redproperty/redproperty/internal/tally"
)

// TestASecondClientSeals seals with another implementation of HPKE, as the pages do, and opens with the parts of two tellers.
func TestASecondClientSeals(t *testing.T) {
	c := held(t)
	want := [][]Choice{{Option(0), Against}, {Abstain, Option(1) | Option(2)}}
	form := []Question{{1, 1}, {3, 2}}
	form7 := c.context(1, 2).Form
	ask, err := json.Marshal(map[string]any{"public": c.key.Public, "vote": c.vote[:], "form": form7[:], "choices": want, "code": "K7QX"})
	require.NoError(t, err)
	cmd := nodetest.Command(t, "testdata/interop", "client.mjs")
	cmd.Stdin = bytes.NewReader(ask)
	out, err := cmd.Output()
	require.NoError(t, err)
	var got struct {
		Sealed, Commitments, Marks [][]byte
	}
	require.NoError(t, json.Unmarshal(out, &got))
	var list []Ballot
	for i, sealed := range got.Sealed {
		at := c.context(i+1, len(form))
		require.NoError(t, CheckSealed(at, sealed))
		commitment, mark := Commitment(at, 1, "web", sealed), Mark(at, "K7QX", want[i])
		require.Equal(t, commitment[:], got.Commitments[i])
		require.Equal(t, mark[:], got.Marks[i])
		list = append(list, Ballot{Head: i + 1, Weight: tally.Weight{Area: 1, Heads: 1}, Sealed: sealed})
	}
	parts := c.parts(list)
	var opened [][]Choice
	require.NoError(t, Open(c.key, c.context(0, 2), list, parts[2], parts[0], func(_ Ballot, choices []Choice) { opened = append(opened, choices) }))
	require.Equal(t, want, opened)
}

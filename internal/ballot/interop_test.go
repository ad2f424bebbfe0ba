package ballot

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/nodetest"
)

// secondClient is testdata/interop/client.mjs, which was written against WebCrypto and another library.
type secondClient struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startSecondClient(t *testing.T) *secondClient {
	cmd := nodetest.Command(t, "testdata/interop", "client.mjs")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	return &secondClient{t, cmd, in, bufio.NewScanner(out)}
}

// stop closes its input, which is its end.
func (c *secondClient) stop() {
	require.NoError(c.t, c.in.Close())
	require.NoError(c.t, c.cmd.Wait())
}

func (c *secondClient) ask(request map[string]any, answer any) {
	c.t.Helper()
	require.NoError(c.t, json.NewEncoder(c.in).Encode(request))
	require.True(c.t, c.out.Scan(), "the second client ended")
	require.NoError(c.t, json.Unmarshal(c.out.Bytes(), answer))
}

func text64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// TestSecondClient draws in Node, signs here, finishes in Node and verifies here; then the other way round.
func TestSecondClient(t *testing.T) {
	c := startSecondClient(t)
	defer c.stop()
	for _, bits := range Sizes {
		key, err := GenerateKey(bits)
		require.NoError(t, err)
		round, spki := id.New(), text64(key.Public().SPKI())

		var drawing struct{ Blinded string }
		c.ask(map[string]any{"do": "draw", "round": round, "spki": spki}, &drawing)
		blinded, err := unbase64(drawing.Blinded, bits/8)
		require.NoError(t, err)
		signature, err := NewSigner(1).BlindSign(context.Background(), key, blinded)
		require.NoError(t, err)
		var finished struct {
			Ballot  Ballot
			Opening Hash
		}
		c.ask(map[string]any{"do": "finish", "signature": text64(signature), "revision": 3}, &finished)
		require.NoError(t, key.Public().Verify(round, finished.Ballot))
		require.NoError(t, finished.Ballot.Token.CheckOpening(3, finished.Opening))
		refused(t, finished.Ballot.Token.CheckOpening(4, finished.Opening), "ballot.revision")

		own := drawn(t, key, round).Ballot()
		var verified struct{ OK bool }
		c.ask(map[string]any{"do": "verify", "round": round, "spki": spki, "ballot": own}, &verified)
		require.True(t, verified.OK)
		own.Signature[0] ^= 1
		c.ask(map[string]any{"do": "verify", "round": round, "spki": spki, "ballot": own}, &verified)
		require.False(t, verified.OK)
	}
}

// TestSecondClientHashesAlike compares names and commitments, with text in Chinese and beyond the BMP.
func TestSecondClientHashesAlike(t *testing.T) {
	c := startSecondClient(t)
	defer c.stop()
	round, token, salt, textSalt := id.New(), NewSecret().Token(), NewHash(), NewHash()
	for _, words := range []string{"", "电梯又坏了 𠮷 🛗", "a\nb"} {
		var got struct{ Name, Commitment Hash }
		scored := `{"q1":5}`
		c.ask(map[string]any{"do": "hash", "round": round, "token": token, "salt": salt, "textSalt": textSalt, "scored": scored, "words": words}, &got)
		require.Equal(t, token.Hash(round), got.Name)
		require.Equal(t, Commitment(round, got.Name, salt, []byte(scored), TextHash(textSalt, words)), got.Commitment)
	}
}

// TestSecondClientComputesTheVectors is what the web client must be able to do.
func TestSecondClientComputesTheVectors(t *testing.T) {
	file, err := os.ReadFile(vectorFile)
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(file, &v))
	c := startSecondClient(t)
	defer c.stop()
	var got struct {
		Token          Token
		Openings       map[int]Hash
		Message        string
		KeyID          Hash
		AttributesHash Hash
		ReceiptHolds   bool
		ReceiptSays    []Hash
		Commitments    []Hash
		Sheet          struct {
			Secret, Name, Opening, Batch, List, Taken Hash
			Token                                     Token
			Badge                                     string
		}
		Leaves []Hash
		Alike  bool
	}
	c.ask(map[string]any{"do": "vectors"}, &got)
	require.Equal(t, v.Ballot.Token, got.Token)
	require.Equal(t, v.Ballot.Openings, got.Openings)
	require.Equal(t, v.Ballot.Message, got.Message)
	require.Equal(t, v.Key.ID, got.KeyID)
	require.Equal(t, v.Answers.AttributesHash, got.AttributesHash)
	require.True(t, got.ReceiptHolds)
	require.Equal(t, []Hash{v.Key.ID, v.Ballot.Name, v.Answers.Commitment}, got.ReceiptSays)
	require.Equal(t, v.Draws.Commitments, got.Commitments)
	s := v.Sheet
	require.Equal(t, []Hash{s.Secret, s.Name, s.Opening, s.Batch, s.List, s.Taken}, []Hash{got.Sheet.Secret, got.Sheet.Name, got.Sheet.Opening, got.Sheet.Batch, got.Sheet.List, got.Sheet.Taken})
	require.Equal(t, s.Token, got.Sheet.Token)
	require.Equal(t, s.Badge, got.Sheet.Badge)
	require.True(t, got.Alike)
	for i, l := range v.Leaves {
		require.Equal(t, l.Leaf, got.Leaves[i])
	}
}

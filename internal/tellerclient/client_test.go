package tellerclient

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// server answers as the API does, for one vote.
type server struct {
	vote    id.ID
	state   string
	seats   []seat
	ballots []teller.Ballot
	parts   map[int][]sent
	counts  []string
	lose    string // the path whose next answer is lost
	opened  int
	scans   [][]byte // of the ballot that is opened
	named   []byte   // hash of its picture in the ledger
}

// caller is one teller at the server.
type caller struct {
	*server
	no int
}

var form = hex.EncodeToString(bytes.Repeat([]byte{5}, 32))

func (c caller) Call(_ context.Context, method, path string, in, out any) error {
	answer, err := c.answer(method, strings.TrimPrefix(path, "/votes/"+c.vote.String()), in)
	if err != nil {
		return err
	}
	if c.lose != "" && c.lose == path[len("/votes/"+c.vote.String()):] {
		c.lose = ""
		return errors.New("the answer was lost")
	}
	raw, err := json.Marshal(answer)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(raw, out)
}

func (c caller) answer(method, path string, in any) (any, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	switch method + " " + path {
	case "GET ":
		return map[string]any{"title": "业主大会", "state": c.state, "items": []any{map[string]any{"title": "电梯", "options": []any{map[string]any{"text": "同意"}}}}}, nil
	case "GET /tellers":
	case "POST /tellers":
		c.seats = append(c.seats, seat{No: c.no, Side: fmt.Sprint("side ", c.no)})
		err := json.Unmarshal(raw, &c.seats[len(c.seats)-1])
		return c.list(), err
	case "PUT /teller/dealing":
		d := teller.Dealing{}
		err := json.Unmarshal(raw, &d)
		c.seats[c.no-1].Dealing = &d
		return c.list(), err
	case "POST /teller/confirm":
		return nil, json.Unmarshal(raw, &struct {
			KeyHash *string `json:"keyHash"`
		}{&c.seats[c.no-1].Confirmed})
	case "GET /box":
		key, err := c.key()
		return map[string]any{"form": form, "questions": []teller.Question{{Options: 1, Most: 1}}, "key": key, "ballots": c.ballots, "seats": c.seats, "parts": c.parts[c.no]}, err
	case "PUT /teller/parts":
		var p struct {
			Purpose id.ID  `json:"purpose"`
			To      int    `json:"to"`
			Sealed  []byte `json:"sealed"`
		}
		err := json.Unmarshal(raw, &p)
		c.parts[p.To] = append(c.parts[p.To], sent{p.Purpose, c.no, p.Sealed})
		return nil, err
	case "PUT /teller/count":
		c.server.counts = append(c.counts, string(raw))
		return map[string]any{"state": "counted"}, nil
	case "GET /openings":
		return map[string]any{"items": []any{map[string]any{"id": c.vote, "head": 2, "basis": "court", "reason": "调查令"}}}, nil
	case "GET /openings/" + c.vote.String() + "/scans":
		return map[string]any{"scans": c.scans}, nil
	case "GET /leaves":
		leaf := func(head int, hash []byte) any {
			return map[string]any{"kind": "ballot", "body": fmt.Sprintf(`{"head":%d,"scans":["%x"]}`, head, hash)}
		}
		return map[string]any{"items": []any{map[string]any{"kind": "open", "body": "{}"}, leaf(1, make([]byte, 32)), leaf(2, c.named)}}, nil
	default:
		c.server.opened++
	}
	return c.list(), nil
}

func (c caller) list() seats {
	out := seats{}
	for _, s := range c.seats {
		s.Mine = s.No == c.no
		out.Items = append(out.Items, s)
	}
	return out
}

func (c caller) key() (teller.Key, error) {
	var dealt [teller.Tellers]teller.Dealing
	for _, s := range c.seats {
		dealt[s.No-1] = *s.Dealing
	}
	return teller.Combine(c.vote, c.list().reach(), dealt)
}

// Three tellers run the same command until the vote is counted; a lost answer and a process that dies in between change nothing.
func TestThreeTellersMakeTheKeyAndCount(t *testing.T) {
	s := &server{vote: id.New(), state: "roll_posted", parts: map[int][]sent{}, lose: "/teller/dealing"}
	dir := t.TempDir()
	step := func(no int) (string, error) {
		var out bytes.Buffer
		d, err := Open(filepath.Join(dir, fmt.Sprint(no)), s.vote, caller{s, no}, &out) // anew each time, from the file alone
		require.NoError(t, err)
		err = d.Step(t.Context())
		return out.String(), err
	}
	for no := 1; no <= 2; no++ {
		said, err := step(no)
		require.NoError(t, err)
		require.Contains(t, said, "run this again")
	}
	_, err := step(3)
	require.ErrorContains(t, err, "lost")
	for range 2 {
		for no := 1; no <= 3; no++ {
			_, err := step(no)
			require.NoError(t, err)
		}
	}
	for _, seat := range s.seats {
		require.Equal(t, s.seats[0].Confirmed, seat.Confirmed)
		require.NotEmpty(t, seat.Confirmed)
	}
	info, err := os.Stat(filepath.Join(dir, "1"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	key, err := caller{s, 1}.key()
	require.NoError(t, err)
	raw, err := hex.DecodeString(form)
	require.NoError(t, err)
	for head, choice := range map[int]teller.Choice{1: teller.Option(0), 2: teller.Against} {
		sealed, err := teller.Seal(key.Public, teller.Context{Vote: s.vote, Form: [32]byte(raw), Head: head, Items: 1}, []teller.Choice{choice})
		require.NoError(t, err)
		s.ballots = append(s.ballots, teller.Ballot{Head: head, Weight: tally.Weight{Area: 8950, Heads: 1}, Sealed: sealed})
	}
	s.state = "open"
	said, err := step(2)
	require.NoError(t, err)
	require.Contains(t, said, "Keep")
	s.state = "closed"
	said, err = step(1)
	require.NoError(t, err)
	require.Contains(t, said, "Your part is sent")
	require.Empty(t, s.counts, "one teller alone counts nothing")
	said, err = step(3)
	require.NoError(t, err)
	require.Contains(t, said, "1 owners           89.50 m²  同意")
	_, err = step(1)
	require.NoError(t, err)
	require.Len(t, s.counts, 2)
	require.Equal(t, s.counts[0], s.counts[1])
	require.NotContains(t, fmt.Sprint(s.parts), "points", "parts travel sealed")

	// Teller 1's part is none: 2 and 3 count without them, and teller 2 alone with it is told whose it is.
	good := s.parts[2]
	s.parts = map[int][]sent{2: {{s.vote, 1, good[0].Sealed[1:]}}}
	_, err = step(2)
	require.ErrorContains(t, err, "part of teller 1")
	_, err = step(3)
	require.NoError(t, err)
	said, err = step(2)
	require.NoError(t, err)
	require.Contains(t, said, "Handed in")

	s.parts = map[int][]sent{}
	open := func(no int) (string, error) {
		var out bytes.Buffer
		d, err := Open(filepath.Join(dir, fmt.Sprint(no)), id.Nil, caller{s, no}, &out)
		require.NoError(t, err)
		err = d.Opening(t.Context(), s.vote, dir)
		return out.String(), err
	}
	picture := []byte("\x89PNG\r\n\x1a\n of the paper")
	scan, err := teller.SealScan(key.Public, teller.Context{Vote: s.vote, Form: [32]byte(raw), Head: 2, Items: 1}, picture)
	require.NoError(t, err)
	hash := sha256.Sum256(scan)
	s.scans, s.named = [][]byte{append(bytes.Clone(scan), 0)}, hash[:]
	_, err = open(2)
	require.ErrorIs(t, err, teller.ErrScan, "another picture than the ledger names is not opened")
	s.scans = [][]byte{scan}
	said, err = open(2)
	require.NoError(t, err)
	require.NotContains(t, said, "item 1", "one alone opens nothing")
	s.lose = "/openings/" + s.vote.String() + "/opened"
	said, err = open(1)
	require.ErrorContains(t, err, "lost")
	require.NotContains(t, said, "item 1", "nothing is shown that is not on record")
	said, err = open(1)
	require.NoError(t, err)
	require.Contains(t, said, "item 1: against")
	shown, err := os.ReadFile(filepath.Join(dir, "ballot-2-1.png"))
	require.NoError(t, err)
	require.Equal(t, picture, shown, "the very picture")
	require.Equal(t, 2, s.opened)
	_, err = Open(filepath.Join(dir, "1"), id.New(), caller{s, 1}, &bytes.Buffer{})
	require.ErrorContains(t, err, "is of the vote")
	_, err = Open(filepath.Join(dir, "new"), id.Nil, caller{s, 1}, &bytes.Buffer{})
	require.ErrorContains(t, err, "name the vote")
}

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
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
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
	leaves  []votebundle.Posting
	log     [][32]byte // the public ledger
}

// post adds a leaf to what the server lists and to the ledger.
func (s *server) post(t *testing.T, kind string, what map[string]any) {
	t.Helper()
	what["vote"], what["kind"] = s.vote, kind
	body, err := json.Marshal(what)
	require.NoError(t, err)
	entry := int64(len(s.log))
	s.leaves = append(s.leaves, votebundle.Posting{Kind: kind, Body: string(body), Entry: &entry})
	if s.log = append(s.log, votebundle.StepLeaf(s.vote, string(body))); kind == "ballot" {
		s.log[entry] = votebundle.BallotLeaf(salt, string(body))
	}
}

var salt = votebundle.Hash{9}

// Newest and Leaves take the ledger for what it is; ballotclient's test has the proofs.
func (s *server) Newest(_ context.Context, log string, _ *teller.Known) (*teller.Known, ledger.Head, error) {
	if log != votebundle.Log {
		return nil, ledger.Head{}, errors.New("another log")
	}
	return &teller.Known{Key: "key", Note: fmt.Sprint(len(s.log))}, ledger.Head{Size: int64(len(s.log))}, nil
}

func (s *server) Leaves(_ context.Context, _ string, from int64, head ledger.Head) ([][32]byte, error) {
	return s.log[from:head.Size], nil
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
		return map[string]any{"items": c.leaves}, nil
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
	s := &server{vote: id.New(), state: "roll_posted", parts: map[int][]sent{}, lose: "/teller/dealing", log: [][32]byte{{1}}} // another vote's leaf is there
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
	about := teller.Context{Vote: s.vote, Form: [32]byte(raw), Items: 1}
	picture := []byte("\x89PNG\r\n\x1a\n of the paper")
	about.Head = 2
	scan, err := teller.SealScan(key.Public, about, picture)
	require.NoError(t, err)
	s.post(t, "make_key", map[string]any{"key": votebundle.Hash(key.Hash), "public": key.Public, "parts": key.Parts})
	s.post(t, "open", map[string]any{"key": votebundle.Hash(key.Hash), "form": form, "salt": votebundle.SaltHash(salt)})
	var box []votebundle.Hash
	for i, choice := range []teller.Choice{teller.Option(0), teller.Against} {
		about.Head = i + 1
		sealed, err := teller.Seal(key.Public, about, []teller.Choice{choice})
		require.NoError(t, err)
		s.ballots = append(s.ballots, teller.Ballot{Head: i + 1, Weight: tally.Weight{Area: 8950, Heads: 1}, Sealed: sealed})
		box = append(box, votebundle.Hash(teller.Commitment(about, 1, []string{"proxy", "paper"}[i], sealed)))
		leaf := map[string]any{"head": i + 1, "revision": 1, "commitment": box[i]}
		if i == 1 {
			leaf["scans"] = []votebundle.Hash{sha256.Sum256(scan)}
		}
		s.post(t, "ballot", leaf)
	}
	closing := func(first votebundle.Hash) map[string]any {
		return map[string]any{"ballotSalt": salt, "ballots": 2, "box": votebundle.BoxHash(s.vote, []votebundle.Hash{first, box[1]}), "joined": tally.Weight{Area: 17900, Heads: 2}}
	}
	s.post(t, "close", closing(box[0]))
	s.state = "open"
	said, err := step(2)
	require.NoError(t, err)
	require.Contains(t, said, "Keep")
	s.state = "closed"
	about.Head = 1
	other, err := teller.Seal(key.Public, about, []teller.Choice{teller.Against})
	require.NoError(t, err)
	swapped := votebundle.Hash(teller.Commitment(about, 1, "web", other))
	for want, change := range map[string]func(){
		"the ballot of head 1 is not the one that was cast": func() { s.ballots[0].Sealed = other },
		"there are other ballots":                           func() { s.ballots = s.ballots[:1] },
		"or of other areas":                                 func() { s.ballots[0].Weight.Area++ },
		"entry 3 of the ledger is another one": func() { // a leaf for another ballot, and a closing with it, that the ledger has not
			s.ballots[0].Sealed = other
			s.leaves[2].Body = strings.Replace(s.leaves[2].Body, box[0].String(), swapped.String(), 1)
			s.leaves[4].Body = strings.Replace(s.leaves[4].Body, votebundle.BoxHash(s.vote, box).String(), votebundle.BoxHash(s.vote, []votebundle.Hash{swapped, box[1]}).String(), 1)
		},
		"entry 5 of the ledger is a leaf of this vote": func() { // a ballot more and a second closing are in the ledger, and the first one is not listed
			s.ballots[0].Sealed, s.leaves = other, slices.Delete(s.leaves, 4, 5)
			s.post(t, "ballot", map[string]any{"head": 1, "revision": 2, "commitment": votebundle.Hash(teller.Commitment(about, 2, "web", other))})
			s.post(t, "close", closing(votebundle.Hash(teller.Commitment(about, 2, "web", other))))
		},
		"entry 4 of the ledger is a leaf of this vote": func() { // a ballot is not listed
			s.ballots, s.leaves = s.ballots[:1], slices.Delete(s.leaves, 3, 5)
			s.log[5] = [32]byte{2}
			s.post(t, "close", map[string]any{"ballotSalt": salt, "ballots": 1, "box": votebundle.BoxHash(s.vote, box[:1]), "joined": tally.Weight{Area: 8950, Heads: 1}})
		},
		"entry 1 of the ledger is a leaf of this vote": func() { // all of it is told a second time, a little different, and the first time is not listed
			s.leaves = nil
			s.post(t, "make_key", map[string]any{"key": votebundle.Hash(key.Hash), "public": key.Public, "parts": key.Parts, "again": true})
			s.post(t, "open", map[string]any{"key": votebundle.Hash(key.Hash), "form": form, "salt": votebundle.SaltHash(salt), "again": true})
			s.ballots = s.ballots[:0]
			s.post(t, "close", map[string]any{"ballotSalt": salt, "ballots": 0, "box": votebundle.BoxHash(s.vote, nil), "joined": tally.Weight{}})
		},
		`there are two leaves "close"`: func() { s.post(t, "close", closing(box[0])) },
		"another salt": func() {
			s.leaves[4].Body = strings.Replace(s.leaves[4].Body, salt.String(), strings.Repeat("3", 64), 1)
		},
	} {
		ballots, leaves, log := slices.Clone(s.ballots), slices.Clone(s.leaves), slices.Clone(s.log)
		change()
		_, err = step(1)
		require.ErrorContains(t, err, want)
		require.Empty(t, s.parts, "nothing is handed over for a box that the ledger has not: %s", want)
		s.ballots, s.leaves, s.log = ballots, leaves, log
	}
	// A server that names other keys for the two others gets no part that it can open: two would open every ballot.
	thief, err := teller.Start(s.vote, 3)
	require.NoError(t, err)
	s.seats[1].Reach, err = thief.Reach()
	require.NoError(t, err)
	s.seats[2].Reach = s.seats[1].Reach
	said, err = step(1)
	require.NoError(t, err)
	require.Contains(t, said, "Your part is sent")
	_, err = thief.ReceivePart(s.parts[3][0].Sealed, s.vote, 1)
	require.ErrorIs(t, err, teller.ErrOpen)
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
	s.scans = [][]byte{append(bytes.Clone(scan), 0)}
	_, err = open(2)
	require.ErrorContains(t, err, "names no such opening", "what nobody asked for is not opened")
	s.post(t, "opening", map[string]any{"opening": s.vote, "head": 2, "basis": "court"})
	_, err = open(2)
	require.ErrorIs(t, err, teller.ErrScan, "another picture than the ledger names is not opened")
	mine := s.leaves[3].Body
	s.leaves[3].Body = strings.Replace(mine, fmt.Sprintf("%x", sha256.Sum256(scan)), fmt.Sprintf("%x", sha256.Sum256(s.scans[0])), 1)
	_, err = open(2)
	require.ErrorContains(t, err, "entry 4 of the ledger is another one", "nor one that the server lists and the ledger has not")
	require.Empty(t, s.parts)
	s.leaves[3].Body, s.scans = mine, [][]byte{scan}
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

// A device waits for what was posted just now, and not for ever.
func TestADeviceWaitsForTheLedger(t *testing.T) {
	for taken, want := range map[time.Duration]error{3 * time.Second: nil, time.Minute: ErrWaits} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{vote: id.New()}
			s.post(t, "opening", map[string]any{"opening": s.vote, "head": 2})
			entry, begun := s.leaves[0].Entry, time.Now()
			s.leaves[0].Entry = nil
			var out bytes.Buffer
			d, err := Open(filepath.Join(t.TempDir(), "1"), s.vote, caller{s, 1}, &out)
			require.NoError(t, err)
			err = d.relied(t.Context(), func(r *votebundle.Record) error {
				if time.Since(begun) >= taken {
					s.leaves[0].Entry = entry // as the server lists it the next time
				}
				return r.Asked(s.vote, 2)
			})
			require.ErrorIs(t, err, want)
			require.Equal(t, 1, strings.Count(out.String(), "Waiting for the ledger"))
			require.Equal(t, want == nil, d.Secret.Ledger != nil, "the device keeps what it saw of the ledger")
		})
	}
}

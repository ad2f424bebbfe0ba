package votebundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// ErrRecord says that a server hands a teller something else than the ledger has of the vote.
var ErrRecord = errors.New("the server's box is not what the ledger has of the vote")

// Posting is a leaf of a vote as a server lists it; Entry is nil while it waits for its place in the ledger.
type Posting struct {
	Kind  string `json:"kind"`
	Body  string `json:"body"`
	Entry *int64 `json:"entry"`
}

// Record is what the ledger has of a closed vote, as a server lists it. All of it is the server's word until the postings that were relied on
// are shown to be in the ledger.
type Record struct {
	vote     id.ID
	postings []Posting
	entries  []entry
	relied   []Posting
}

// NewRecord reads a server's list of the leaves of a vote, oldest first. Fault: ErrRecord for a leaf of another vote and for a step that a vote
// takes once and that is there twice.
func NewRecord(vote id.ID, list []Posting) (*Record, error) {
	r := &Record{vote: vote, postings: list, entries: make([]entry, len(list))}
	for i, p := range list {
		if err := json.Unmarshal([]byte(p.Body), &r.entries[i]); err != nil || r.entries[i].Kind != p.Kind || r.entries[i].Vote != vote.String() {
			return nil, fmt.Errorf("%w: a leaf %q is of another vote", ErrRecord, p.Kind)
		}
	}
	if kind := twice(r.entries); kind != "" {
		return nil, fmt.Errorf("%w: there are two leaves %q", ErrRecord, kind)
	}
	return r, nil
}

// In tells whether a log of this size holds every posting on which what was checked rests.
func (r *Record) In(size int64) bool {
	return !slices.ContainsFunc(r.relied, func(p Posting) bool { return p.Entry == nil || *p.Entry >= size })
}

// First is the first place of a log, no later than a given one, from which on everything of the vote is.
func (r *Record) First(no int64) int64 {
	for _, p := range r.postings {
		if p.Entry != nil {
			no = min(no, *p.Entry)
		}
	}
	return max(no, 0)
}

// Whole wants the log, of which these are all leaves from a place on, to hold each posting where the server says, and nothing of the vote
// that the server does not list. The list is to be younger than the leaves.
func (r *Record) Whole(from int64, leaves [][32]byte) error {
	m, err := marksOf(r.vote, r.entries)
	if err != nil {
		return err
	}
	known := map[[32]byte]bool{}
	for _, p := range r.postings {
		leaf := m.leaf(p.Kind, p.Body)
		known[leaf] = true
		if p.Entry == nil || *p.Entry >= from+int64(len(leaves)) {
			continue
		}
		if *p.Entry < from || leaves[*p.Entry-from] != leaf {
			return fmt.Errorf("%w: entry %d of the ledger is another one", ErrRecord, *p.Entry)
		}
	}
	if hidden := m.unlisted(from, leaves, known); len(hidden) > 0 {
		return fmt.Errorf("%w: entry %d of the ledger is a leaf of this vote that the server does not list", ErrRecord, hidden[0])
	}
	return nil
}

// rely takes the newest leaf that fits and notes that something rests on it.
func (r *Record) rely(what string, fits func(entry) bool) (entry, error) {
	for i := len(r.entries) - 1; i >= 0; i-- {
		if fits(r.entries[i]) {
			r.relied = append(r.relied, r.postings[i])
			return r.entries[i], nil
		}
	}
	return entry{}, fmt.Errorf("%w: it names no %s", ErrRecord, what)
}

func (r *Record) step(kind string) (entry, error) {
	return r.rely(kind, func(e entry) bool { return e.Kind == kind })
}

// Box wants a box to be the one with which the vote was closed, opened with the key and the items with which the vote was opened. A ballot that
// is another one than was cast is named by its head.
func (r *Record) Box(form Hash, key teller.Key, items int, ballots []teller.Ballot) error {
	made, err := r.step("make_key")
	if err != nil {
		return err
	}
	opened, err := r.step("open")
	if err != nil {
		return err
	}
	closed, err := r.step("close")
	if err != nil {
		return err
	}
	switch {
	case made.Key == nil || opened.Key == nil || *made.Key != *opened.Key || !made.isOf(key):
		return fmt.Errorf("%w: the key is another one", ErrRecord)
	case opened.Form == nil || *opened.Form != form:
		return fmt.Errorf("%w: the items are others", ErrRecord)
	}
	box, joined, err := r.ballots(teller.Context{Vote: r.vote, Form: form, Items: items}, ballots)
	if err != nil {
		return err
	}
	if closed.Box == nil || *closed.Box != BoxHash(r.vote, box) || closed.Ballots != len(ballots) || closed.Joined == nil || *closed.Joined != joined {
		return fmt.Errorf("%w: there are other ballots, or of other areas, than when the vote was closed", ErrRecord)
	}
	return nil
}

// isOf tells whether the leaf of a key is the leaf of this one.
func (e entry) isOf(key teller.Key) bool {
	same := len(e.Parts) == len(key.Parts) && bytes.Equal(e.Public, key.Public)
	for i := range e.Parts {
		same = same && bytes.Equal(e.Parts[i], key.Parts[i])
	}
	return same
}

// ballots compares each ballot with the newest leaf of its head, and gives the commitments for the hash of the box.
func (r *Record) ballots(c teller.Context, list []teller.Ballot) (box []Hash, joined tally.Weight, err error) {
	newest := r.newest()
	for _, b := range list {
		c.Head = b.Head
		e, ok := newest[b.Head]
		if !ok || e.Commitment == nil || !committed(c, e, b.Kept()) {
			return nil, joined, fmt.Errorf("%w: the ballot of head %d is not the one that was cast", ErrRecord, b.Head)
		}
		box, joined = append(box, *e.Commitment), joined.Add(b.Weight)
	}
	return box, joined, nil
}

// newest has the leaf of each head's last ballot.
func (r *Record) newest() map[int]entry {
	out := map[int]entry{}
	for _, e := range r.entries {
		if e.Kind == "ballot" && e.Revision > out[e.Head].Revision {
			out[e.Head] = e
		}
	}
	return out
}

// committed tells whether a leaf commits to a sealed choice, by whichever channel it came.
func committed(c teller.Context, e entry, sealed []byte) bool {
	for _, channel := range []string{"web", "paper", "proxy"} {
		if teller.Commitment(c, e.Revision, channel, sealed) == *e.Commitment {
			return true
		}
	}
	return false
}

// Scans are the hashes of the pictures that the newest leaf of a head names, in the order of the two entries; none of a ballot that was not on
// paper.
func (r *Record) Scans(head int) ([][32]byte, error) {
	last := r.newest()[head].Revision
	e, err := r.rely(fmt.Sprintf("ballot of head %d", head), func(e entry) bool { return e.Kind == "ballot" && e.Head == head && e.Revision == last })
	out := make([][32]byte, len(e.Scans))
	for i, h := range e.Scans {
		out[i] = h
	}
	return out, err
}

// Asked wants the ledger to have that somebody asked for the opening of a head's ballot.
func (r *Record) Asked(opening id.ID, head int) error {
	_, err := r.rely("such opening", func(e entry) bool { return e.Kind == "opening" && e.Opening == opening.String() && e.Head == head })
	return err
}

package votebundle

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/redproperty/redproperty/internal/id"
)

// A leaf of a vote is a mark of eight bytes and 192 bits of the hash of what it says. By the marks whoever may know finds every leaf of the vote
// in the ledger, listed or not.
const markLength = 8

// StepLeaf is the ledger's leaf of what happened to a vote, save its ballots. Its mark is the vote's.
func StepLeaf(vote id.ID, body string) [32]byte {
	return marked(stepMark(vote), digest(body))
}

// BallotLeaf is the ledger's leaf of a ballot. Its mark is known as one by the salt alone, which is told when the vote is closed: until then
// nobody can count in the ledger who has voted.
func BallotLeaf(salt Hash, body string) [32]byte {
	d := digest(body)
	return marked(ballotMark(salt, d[:]), d)
}

// SaltHash is what the opening says of the salt, so that there is one alone.
func SaltHash(salt Hash) Hash { return sum("redproperty vote salt 1\x00", salt[:]) }

type digested [32 - markLength]byte

func digest(body string) digested {
	h := sum("redproperty vote leaf 2\x00", []byte(body))
	return digested(h[:])
}

func marked(mark [markLength]byte, d digested) [32]byte { return [32]byte(append(mark[:], d[:]...)) }

func stepMark(vote id.ID) [markLength]byte {
	h := sum("redproperty vote steps 1\x00", vote[:])
	return [markLength]byte(h[:])
}

func ballotMark(salt Hash, d []byte) [markLength]byte {
	h := sum("redproperty vote ballots 1\x00", append(salt[:], d...))
	return [markLength]byte(h[:])
}

// firstLeafHash is the leaf of a body in bundles of the first form.
func firstLeafHash(body string) [32]byte {
	return sum("redproperty vote leaf 1\x00", []byte(body))
}

func sum(what string, of []byte) Hash { return sha256.Sum256(append([]byte(what), of...)) }

// marks tell which leaves are of a vote.
type marks struct {
	vote id.ID
	salt *Hash // of its ballots
}

// marksOf reads the marks from what a vote has in the ledger. Ballots of a vote that was opened before there were salts are marked as its steps
// are.
func marksOf(vote id.ID, entries []entry) (marks, error) {
	m := marks{vote: vote}
	opened, _ := last(entries, "open")
	closed, over := last(entries, "close")
	if opened.Salt == nil || !over {
		return m, nil
	}
	if closed.BallotSalt == nil || SaltHash(*closed.BallotSalt) != *opened.Salt {
		return m, fmt.Errorf("%w: the closing names another salt than the opening", ErrRecord)
	}
	m.salt = closed.BallotSalt
	return m, nil
}

func (m marks) leaf(kind, body string) [32]byte {
	if kind == "ballot" && m.salt != nil {
		return BallotLeaf(*m.salt, body)
	}
	return StepLeaf(m.vote, body)
}

// unlisted are the places, from one on, at which the ledger has a leaf of the vote that is not among those that are known.
func (m marks) unlisted(from int64, leaves [][32]byte, known map[[32]byte]bool) (out []int64) {
	step := stepMark(m.vote)
	for i, leaf := range leaves {
		mark, d := leaf[:markLength], leaf[markLength:]
		ours := bytes.Equal(mark, step[:])
		if m.salt != nil && !ours {
			ballot := ballotMark(*m.salt, d)
			ours = bytes.Equal(mark, ballot[:])
		}
		if ours && !known[leaf] {
			out = append(out, from+int64(i))
		}
	}
	return out
}

// once are the steps that a vote takes once: a second one is another's story.
var once = []string{"announce", "make_key", "open", "close", "count", "publish"}

// twice names a step that stands there twice; empty where none does.
func twice(entries []entry) string {
	for _, kind := range once {
		n := 0
		for _, e := range entries {
			if e.Kind == kind {
				n++
			}
		}
		if n > 1 {
			return kind
		}
	}
	return ""
}

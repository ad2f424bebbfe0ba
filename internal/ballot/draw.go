package ballot

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Each day is sealed as one commitment per dwelling of the stratum, whether it has drawn a ballot or not. A commitment
// hides the dwelling behind a nonce that only its household is shown, and the day is in it: the public list tells
// neither who drew, nor how many, nor what changed since yesterday. A household computes its two possible commitments
// and finds exactly one of them in the list.
//
// At closing one more list shows tags instead, each with whether a ballot was drawn: from it everybody counts the
// draws, and a household finds its own tag again. A ballot that was never drawn by anybody would have to stand beside
// somebody's tag, who would see it.

// DrawNonce is an elector's nonce in a round, from a secret of the round that is kept sealed.
func DrawNonce(secret Hash, round, elector id.ID) Hash {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write(encode(labelNonce, round[:], elector[:]))
	return Hash(mac.Sum(nil))
}

// DrawCommitment hides whether the elector had drawn a ballot at the end of the day.
func DrawCommitment(round id.ID, day clock.Date, elector id.ID, nonce Hash, drawn bool) Hash {
	return digest(labelDraw, round[:], []byte(day), elector[:], nonce[:], oneByte(drawn))
}

func oneByte(b bool) []byte {
	if b {
		return []byte{1}
	}
	return []byte{0}
}

// DrawTag stands for the elector in the final list.
func DrawTag(round, elector id.ID, nonce Hash) Hash {
	return digest(labelDrawTag, round[:], elector[:], nonce[:])
}

// SealDay is the Merkle root (RFC 6962) of a day's commitments, which it takes in ascending order without repetition:
// any other order could tell something. An empty or unsorted list is an error.
func SealDay(commitments []Hash) (Hash, error) {
	for i := 1; i < len(commitments); i++ {
		if commitments[i-1].Compare(commitments[i]) >= 0 {
			return Hash{}, errors.New("draw seal: the commitments do not ascend")
		}
	}
	return merkleRoot(len(commitments), func(i int) []byte { return commitments[i][:] })
}

// Drew tells from a day's list whether a ballot was drawn for the elector. That neither or both commitments are there
// is a fault "ballot.seal": the list leaves the dwelling out, or was made for another nonce.
func Drew(list []Hash, round id.ID, day clock.Date, elector id.ID, nonce Hash) (bool, error) {
	yes := slices.Contains(list, DrawCommitment(round, day, elector, nonce, true))
	no := slices.Contains(list, DrawCommitment(round, day, elector, nonce, false))
	if yes == no {
		return false, fault.New(fault.Conflict, "ballot.seal")
	}
	return yes, nil
}

// CheckDay checks a list that was published for a day against its leaf; a fault "ballot.seal" otherwise.
func CheckDay(seal DrawSeal, list []Hash) error {
	root, err := SealDay(list)
	if err != nil || len(list) != seal.Count || root != seal.Root {
		return fault.New(fault.Conflict, "ballot.seal").Because(err)
	}
	return nil
}

// FinalDraw is one dwelling in the final list.
type FinalDraw struct {
	Tag   Hash `json:"tag"`
	Drawn bool `json:"drawn"`
}

// FinalRoot is the Merkle root of the final list, ascending by tag, and the number of ballots drawn.
func FinalRoot(list []FinalDraw) (root Hash, drawn int, err error) {
	for i, d := range list {
		if i > 0 && list[i-1].Tag.Compare(d.Tag) >= 0 {
			return Hash{}, 0, errors.New("final draws: the tags do not ascend")
		}
		if d.Drawn {
			drawn++
		}
	}
	root, err = merkleRoot(len(list), func(i int) []byte { return append(list[i].Tag[:], oneByte(list[i].Drawn)...) })
	return root, drawn, err
}

// CheckFinal checks the published final list of a stratum against the leaf that closed the round; a fault "ballot.seal"
// otherwise.
func CheckFinal(closed ClosedStratum, list []FinalDraw) error {
	root, drawn, err := FinalRoot(list)
	if err != nil || root != closed.Draws || drawn != closed.Drawn || len(list) != closed.Dwellings {
		return fault.New(fault.Conflict, "ballot.seal").Because(err)
	}
	return nil
}

// merkleRoot computes the root of a tree in memory that grows with the logarithm of n.
func merkleRoot(n int, leaf func(i int) []byte) (Hash, error) {
	if n == 0 {
		return Hash{}, errors.New("a seal of nothing")
	}
	// complete holds the roots of the complete trees that the leaves so far fall into, largest first: a binary counter.
	var complete []tlog.Hash
	for i := range n {
		complete = append(complete, tlog.RecordHash(leaf(i)))
		for size := i + 1; size%2 == 0; size /= 2 {
			complete = append(complete[:len(complete)-2], tlog.NodeHash(complete[len(complete)-2], complete[len(complete)-1]))
		}
	}
	root := complete[len(complete)-1]
	for _, left := range slices.Backward(complete[:len(complete)-1]) {
		root = tlog.NodeHash(left, root)
	}
	return Hash(root), nil
}

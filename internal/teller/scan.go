package teller

import (
	"crypto/hpke"
	"crypto/sha256"
	"fmt"
)

// scanInfo binds the sealed picture of a paper ballot to its line of the roll, apart from the choice.
func (c Context) scanInfo() []byte {
	return append([]byte("redproperty vote scan 1\x00"), c.info()...)
}

// SealScan seals the picture of a paper ballot to the vote's key, as the person who enters it does.
func SealScan(public []byte, c Context, picture []byte) ([]byte, error) {
	key, err := kem.NewPublicKey(public)
	if err != nil {
		return nil, ErrSecret
	}
	return hpke.Seal(key, kdf, aead, c.scanInfo(), picture)
}

// CheckScan tells whether a sealed picture has the form of one; whether it opens is known when two tellers open it.
func CheckScan(sealed []byte) error {
	if len(sealed) <= encLen+16 {
		return ErrOpen
	}
	return CheckReach(sealed[:encLen])
}

// Single is one ballot with the pictures of its paper, as it is opened for a court or for statutory verification.
type Single struct {
	Ballot
	Scans [][]byte // sealed; none of a ballot that was not on paper
}

// CheckScans wants the pictures to be those that the leaf of the ballot names, in their order. That the leaf is in the ledger is for the
// teller's device to show.
func (s Single) CheckScans(hashes [][32]byte) error {
	if len(hashes) != len(s.Scans) {
		return fmt.Errorf("%w: of %d pictures in the ledger there are %d", ErrScan, len(hashes), len(s.Scans))
	}
	for i, scan := range s.Scans {
		if sha256.Sum256(scan) != hashes[i] {
			return fmt.Errorf("%w: picture %d", ErrScan, i+1)
		}
	}
	return nil
}

// List is what a teller's part for the opening is made for: the choice, then the pictures. What cannot hold a picture is left out: whoever
// entered it spoiled it, and it must not hold up the opening.
func (s Single) List() []Ballot {
	out := []Ballot{s.Ballot}
	for _, scan := range s.Scans {
		if CheckScan(scan) == nil {
			out = append(out, Ballot{Head: s.Head, Sealed: scan})
		}
	}
	return out
}

// Opened is what a single ballot says. Nil choices are a ballot that holds none; a nil picture is one that does not open.
type Opened struct {
	Choices  []Choice
	Pictures [][]byte
}

// OpenSingle opens one ballot with its pictures by the parts that two tellers made for its List.
func OpenSingle(key Key, c Context, s Single, a, b Part) (Opened, error) {
	c.Head = s.Head
	var out Opened
	list, choices := pieces(s.List()), len(pieces([]Ballot{s.Ballot}))
	err := openEach(key, s.List(), a, b, func(i int, private hpke.PrivateKey) {
		about := c.scanInfo()
		if i < choices {
			about = c.info()
		}
		plain, err := hpke.Open(private, kdf, aead, about, list[i].Sealed)
		if err != nil {
			plain = nil
		}
		switch {
		case i == 0:
			out.Choices = read(plain, c.Items)
		case i < choices:
			out.Choices = agreed(out.Choices, read(plain, c.Items))
		default:
			out.Pictures = append(out.Pictures, plain)
		}
	})
	return out, err
}

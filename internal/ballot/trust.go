package ballot

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/fault"
)

// TrustedKey is a stratum's key whose leaf was found in the ledger: everybody who verified the same log sees the same
// key. Only Trust makes one.
type TrustedKey struct {
	public  *PublicKey
	opened  RoundOpened
	stratum StratumKey
}

// Public is the key.
func (k TrustedKey) Public() *PublicKey { return k.public }

// Opened is the verified entry that opened the round.
func (k TrustedKey) Opened() RoundOpened { return k.opened }

// Stratum is the stratum the key is of.
func (k TrustedKey) Stratum() StratumKey { return k.stratum }

// Proof shows that a leaf is in a tree whose checkpoint is signed.
type Proof struct {
	Note   string // signed checkpoint (C2SP tlog-checkpoint)
	Index  int64  // of the leaf
	Hashes []tlog.Hash
}

// Trust is what a client trusts: the ledger's key and the name of its log.
type Trust struct {
	verifier note.Verifier
	log      string
}

// NewTrust takes the ledger's public key in the text form of signed notes, as it was learned before and elsewhere.
// The key's name is the ledger's origin.
func NewTrust(verifierKey string) (Trust, error) {
	v, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Trust{}, malformed(err)
	}
	return Trust{verifier: v, log: v.Name() + "/" + Log}, nil
}

// Key accepts the key of a stratum: its hash is in the entry that opened the round, the entry is a leaf of the tree,
// and the tree's root is signed. Anything else is a fault "ballot.untrusted_key", or "ballot.malformed".
func (t Trust) Key(spki, opened []byte, proof Proof) (TrustedKey, error) {
	public, err := ParsePublicKey(spki)
	if err != nil {
		return TrustedKey{}, err
	}
	entry, err := ParseEntry(opened)
	if err != nil {
		return TrustedKey{}, err
	}
	round, ok := entry.(RoundOpened)
	if !ok {
		return TrustedKey{}, untrusted(errors.New("the entry opens no round"))
	}
	stratum, ok := round.Key(public.id)
	if !ok {
		return TrustedKey{}, untrusted(errors.New("the round has no such key"))
	}
	if err := t.Included(opened, proof); err != nil {
		return TrustedKey{}, err
	}
	return TrustedKey{public, round, stratum}, nil
}

// Included checks that an encoded entry is in the log of surveys; a fault "ballot.untrusted_key" otherwise.
func (t Trust) Included(encoded []byte, proof Proof) error {
	size, root, err := t.open(proof.Note)
	if err != nil {
		return untrusted(err)
	}
	leaf := Leaf(encoded)
	if err := tlog.CheckRecord(proof.Hashes, size, root, proof.Index, tlog.RecordHash(leaf[:])); err != nil {
		return untrusted(err)
	}
	return nil
}

// Extends checks that the tree of a newer checkpoint begins with that of an older one, which the client has kept or has
// from a place outside the operator's reach: a ledger that shows different trees to different people cannot do that. A
// fault "ballot.untrusted_key" otherwise.
func (t Trust) Extends(older, newer string, proof tlog.TreeProof) error {
	from, oldRoot, err := t.open(older)
	if err != nil {
		return untrusted(err)
	}
	to, newRoot, err := t.open(newer)
	if err != nil {
		return untrusted(err)
	}
	if err := tlog.CheckTree(proof, to, newRoot, from, oldRoot); err != nil {
		return untrusted(err)
	}
	return nil
}

func untrusted(cause error) error {
	return fault.New(fault.Invalid, "ballot.untrusted_key").Because(cause)
}

// Open checks a checkpoint of the log of surveys and reads what it signs: the log's name, how many entries it has, and their
// root. A fault "ballot.untrusted_key" otherwise.
func (t Trust) Open(signed string) (log string, size int64, root tlog.Hash, err error) {
	if size, root, err = t.open(signed); err != nil {
		return "", 0, root, untrusted(err)
	}
	return t.log, size, root, nil
}

// open reads a checkpoint of the log of surveys.
func (t Trust) open(signed string) (size int64, root tlog.Hash, err error) {
	n, err := note.Open([]byte(signed), note.VerifierList(t.verifier))
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != t.log {
		return 0, root, fmt.Errorf("the checkpoint is not one of %s", t.log)
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return 0, root, errors.New("the checkpoint has no size")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(b) != tlog.HashSize {
		return 0, root, errors.New("the checkpoint has no root")
	}
	return size, tlog.Hash(b), nil
}

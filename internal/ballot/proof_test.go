package ballot

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func TestReceiptsProveWhatWasPromised(t *testing.T) {
	key := NewReceiptKey()
	require.Equal(t, key, ReceiptKeyFrom(key.Seed()))
	r := key.Sign(id.New(), NewHash(), NewHash(), NewHash(), 3)
	require.Equal(t, r, key.Sign(r.Round, r.Key, r.Token, r.Commitment, 3))
	require.Len(t, r.String(), 245)
	read, err := ParseReceipt(r.String())
	require.NoError(t, err)
	require.Equal(t, r, read)
	require.NoError(t, read.Verify(key.Public()))
	refused(t, read.Verify(NewReceiptKey().Public()), "ballot.receipt")
	refused(t, read.Verify(Hash{}), "ballot.receipt")
	for _, revision := range []int{0, MaxRevision + 1} {
		_, err := ParseReceipt(key.Sign(r.Round, r.Key, r.Token, r.Commitment, revision).String())
		refused(t, err, "ballot.malformed")
	}
	b := append(r.body(), r.Signature...)
	for bit := range 8 * len(b) {
		b[bit/8] ^= 1 << (bit % 8)
		altered, err := ParseReceipt(receiptMark + text64(b))
		if err == nil {
			err = altered.Verify(key.Public())
		}
		require.Error(t, err, "bit %d", bit)
		b[bit/8] ^= 1 << (bit % 8)
	}
}

func TestAReceiptDisprovesAnAlteredLeaf(t *testing.T) {
	r := NewReceiptKey().Sign(id.New(), NewHash(), NewHash(), NewHash(), 3)
	leaf := Response{Round: r.Round, Key: r.Key, Token: r.Token, Revision: 3, Commitment: r.Commitment}
	require.True(t, r.Kept(leaf))
	for name, c := range map[string]struct {
		kept   bool
		change func(*Response)
	}{
		"another answer":   {false, func(e *Response) { e.Commitment[0] ^= 1 }},
		"an older one":     {false, func(e *Response) { e.Revision = 2 }},
		"a later one":      {true, func(e *Response) { e.Revision, e.Commitment = 4, Hash{} }},
		"another key":      {false, func(e *Response) { e.Key[0] ^= 1 }},
		"another response": {false, func(e *Response) { e.Token[0] ^= 1 }},
		"another round":    {false, func(e *Response) { e.Round[0] ^= 1 }},
	} {
		e := leaf
		c.change(&e)
		require.Equal(t, c.kept, r.Kept(e), name)
	}
}

func TestCommitmentsBindEachPart(t *testing.T) {
	round, token, salt, textHash := id.New(), NewHash(), NewHash(), NewHash()
	seen := map[Hash]bool{}
	for _, h := range []Hash{
		Commitment(round, token, salt, []byte("{}"), textHash), Commitment(id.New(), token, salt, []byte("{}"), textHash),
		Commitment(round, salt, token, []byte("{}"), textHash), Commitment(round, token, NewHash(), []byte("{}"), textHash),
		Commitment(round, token, salt, []byte("{ }"), textHash), Commitment(round, token, salt, nil, textHash), Commitment(round, token, salt, []byte("{}"), Hash{}),
		TextHash(salt, ""), TextHash(salt, "a"), TextHash(token, "a"),
		AttributesHash(salt, "a", ""), AttributesHash(salt, "", "a"), AttributesHash(token, "a", ""),
		Token(token).Hash(round), Token(salt).Hash(round), Token(token).Hash(id.Nil),
	} {
		require.False(t, seen[h])
		seen[h] = true
	}
}

// stratum is a world of electors with their nonces.
type stratum struct {
	round    id.ID
	day      clock.Date
	electors []id.ID
	nonces   []Hash
}

func newStratum(n int) stratum {
	s, secret := stratum{round: id.New(), day: "2026-11-22"}, NewHash()
	for range n {
		e := id.New()
		s.electors, s.nonces = append(s.electors, e), append(s.nonces, DrawNonce(secret, s.round, e))
	}
	return s
}

func (s stratum) list(day clock.Date, drawn func(i int) bool) []Hash {
	var out []Hash
	for i, e := range s.electors {
		out = append(out, DrawCommitment(s.round, day, e, s.nonces[i], drawn(i)))
	}
	slices.SortFunc(out, Hash.Compare)
	return out
}

func TestAHouseholdChecksItsDraw(t *testing.T) {
	s := newStratum(40)
	drew := func(i int) bool { return i%3 == 0 }
	list := s.list(s.day, drew)
	root, err := SealDay(list)
	require.NoError(t, err)
	seal := DrawSeal{Round: s.round, Day: s.day, Count: len(list), Root: root}
	require.NoError(t, CheckDay(seal, list))
	for i, e := range s.electors {
		got, err := Drew(list, s.round, s.day, e, s.nonces[i])
		require.NoError(t, err)
		require.Equal(t, drew(i), got)
		_, err = Drew(list, s.round, s.day, e, s.nonces[(i+1)%len(s.nonces)])
		refused(t, err, "ballot.seal") // nobody learns it without the household's nonce
	}
	_, err = Drew(list, s.round, "2026-11-23", s.electors[0], s.nonces[0])
	refused(t, err, "ballot.seal")

	next := s.list("2026-11-23", drew)
	for _, c := range next {
		require.NotContains(t, list, c, "an unchanged dwelling could be followed from day to day")
	}
	refused(t, CheckDay(seal, next), "ballot.seal")
	refused(t, CheckDay(seal, list[1:]), "ballot.seal")
	shuffled := slices.Clone(list)
	slices.Reverse(shuffled)
	refused(t, CheckDay(seal, shuffled), "ballot.seal")
	for _, bad := range [][]Hash{nil, shuffled, {list[0], list[0]}} {
		_, err := SealDay(bad)
		require.Error(t, err)
	}
}

func TestTheFinalListCountsDraws(t *testing.T) {
	s := newStratum(21)
	var list []FinalDraw
	for i, e := range s.electors {
		list = append(list, FinalDraw{DrawTag(s.round, e, s.nonces[i]), i < 8})
	}
	slices.SortFunc(list, func(a, b FinalDraw) int { return a.Tag.Compare(b.Tag) })
	root, drawn, err := FinalRoot(list)
	require.NoError(t, err)
	require.Equal(t, 8, drawn)
	closed := ClosedStratum{Dwellings: 21, Drawn: 8, Draws: root}
	require.NoError(t, CheckFinal(closed, list))
	for i := range list {
		list[i].Drawn = !list[i].Drawn
		refused(t, CheckFinal(closed, list), "ballot.seal")
		list[i].Drawn = !list[i].Drawn
	}
	refused(t, CheckFinal(closed, list[:20]), "ballot.seal")
	slices.Reverse(list)
	refused(t, CheckFinal(closed, list), "ballot.seal")
	closed.Drawn = 9
	slices.Reverse(list)
	refused(t, CheckFinal(closed, list), "ballot.seal")
}

// hashes is a tree in memory for tlog.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, h[i])
	}
	return out, nil
}

func treeOf(t require.TestingT, leaves [][]byte) (hashes, tlog.Hash) {
	var tree hashes
	for i, l := range leaves {
		more, err := tlog.StoredHashes(int64(i), l, tree)
		require.NoError(t, err)
		tree = append(tree, more...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), tree)
	require.NoError(t, err)
	return tree, root
}

// TestRootsAreThoseOfTheLedger compares with the library that the ledger uses.
func TestRootsAreThoseOfTheLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 40), 1, 70).Draw(t, "leaves")
		got, err := merkleRoot(len(leaves), func(i int) []byte { return leaves[i] })
		require.NoError(t, err)
		_, want := treeOf(t, leaves)
		require.Equal(t, Hash(want), got)
	})
}

func TestAClientTrustsOnlyKeysOfTheLedger(t *testing.T) {
	key, other := keys(t)
	opened := RoundOpened{Round: id.New(), Dwellings: 5, OpensOn: "2026-11-22", ClosesOn: "2026-11-30", Keys: []StratumKey{{"a", key.Public().ID(), 5}}}
	encoded, err := Encode(opened)
	require.NoError(t, err)
	leaf := Leaf(encoded)
	tree, root := treeOf(t, [][]byte{{1}, leaf[:], {3}})
	private, public, err := note.GenerateKey(nil, "redproperty.example")
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	sign := func(log string, size int) string {
		n, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", log, size, root)}, signer)
		require.NoError(t, err)
		return string(n)
	}
	path, err := tlog.ProveRecord(3, 1, tree)
	require.NoError(t, err)
	proof := Proof{Note: sign("redproperty.example/surveys", 3), Index: 1, Hashes: path}
	trust, err := NewTrust(public)
	require.NoError(t, err)

	k, err := trust.Key(key.Public().SPKI(), encoded, proof)
	require.NoError(t, err)
	require.Equal(t, opened, k.Opened())
	require.Equal(t, opened.Keys[0], k.Stratum())
	p, err := Prepare(k)
	require.NoError(t, err)
	require.Equal(t, opened.Round, p.round)
	require.Equal(t, key.Public().ID(), k.Public().ID())

	_, err = trust.Key(other.Public().SPKI(), encoded, proof)
	refused(t, err, "ballot.untrusted_key")
	opened.Keys[0].Key = other.Public().ID()
	forged, err := Encode(opened)
	require.NoError(t, err)
	_, err = trust.Key(other.Public().SPKI(), forged, proof)
	refused(t, err, "ballot.untrusted_key") // the key of an entry that is no leaf
	voided, err := Encode(Voided{})
	require.NoError(t, err)
	_, err = trust.Key(key.Public().SPKI(), voided, proof)
	refused(t, err, "ballot.untrusted_key")
	_, strange, err := note.GenerateKey(nil, "redproperty.example")
	require.NoError(t, err)
	stranger, err := NewTrust(strange)
	require.NoError(t, err)
	_, err = stranger.Key(key.Public().SPKI(), encoded, proof)
	refused(t, err, "ballot.untrusted_key")
	for name, change := range map[string]func(*Proof){
		"another log":  func(p *Proof) { p.Note = sign("redproperty.example/audit", 3) },
		"another size": func(p *Proof) { p.Note = sign("redproperty.example/surveys", 2) },
		"index":        func(p *Proof) { p.Index = 0 },
		"beyond":       func(p *Proof) { p.Index = 3 },
		"negative":     func(p *Proof) { p.Index = -1 },
		"no path":      func(p *Proof) { p.Hashes = nil },
		"no note":      func(p *Proof) { p.Note = "" },
	} {
		bad := proof
		change(&bad)
		_, err := trust.Key(key.Public().SPKI(), encoded, bad)
		require.True(t, fault.Is(err, "ballot.untrusted_key"), "%s: %v", name, err)
	}
}

func TestALedgerThatForksIsNotTrusted(t *testing.T) {
	private, public, err := note.GenerateKey(nil, "redproperty.example")
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	trust, err := NewTrust(public)
	require.NoError(t, err)
	sign := func(size int, root tlog.Hash) string {
		n, err := note.Sign(&note.Note{Text: fmt.Sprintf("redproperty.example/surveys\n%d\n%s\n", size, root)}, signer)
		require.NoError(t, err)
		return string(n)
	}
	leaves := [][]byte{{1}, {2}, {3}, {4}, {5}}
	_, oldRoot := treeOf(t, leaves[:3])
	tree, newRoot := treeOf(t, leaves)
	proof, err := tlog.ProveTree(5, 3, tree)
	require.NoError(t, err)
	require.NoError(t, trust.Extends(sign(3, oldRoot), sign(5, newRoot), proof))

	forked, forkedRoot := treeOf(t, [][]byte{{1}, {9}, {3}, {4}, {5}})
	other, err := tlog.ProveTree(5, 3, forked)
	require.NoError(t, err)
	for name, err := range map[string]error{
		"forked":          trust.Extends(sign(3, oldRoot), sign(5, forkedRoot), other),
		"another's proof": trust.Extends(sign(3, oldRoot), sign(5, newRoot), other),
		"shorter":         trust.Extends(sign(5, newRoot), sign(3, oldRoot), proof),
		"of nothing":      trust.Extends(sign(0, oldRoot), sign(5, newRoot), proof),
		"unsigned":        trust.Extends("", sign(5, newRoot), proof),
		"unsigned, newer": trust.Extends(sign(3, oldRoot), "", proof),
	} {
		require.True(t, fault.Is(err, "ballot.untrusted_key"), "%s: %v", name, err)
	}
}

func TestEntriesThatCannotBeTrueAreRefused(t *testing.T) {
	day := clock.Date("2026-11-22")
	good := RoundOpened{Dwellings: 5, OpensOn: day, ClosesOn: day, Keys: []StratumKey{{"a", Hash{1}, 2}, {"b", Hash{2}, 3}}}
	_, err := Encode(good)
	require.NoError(t, err)
	with := func(change func(*RoundOpened)) RoundOpened {
		e := good
		e.Keys = slices.Clone(good.Keys)
		change(&e)
		return e
	}
	for name, e := range map[string]Entry{
		"no keys":               with(func(e *RoundOpened) { e.Keys, e.Dwellings = nil, 0 }),
		"strata in disorder":    with(func(e *RoundOpened) { slices.Reverse(e.Keys) }),
		"a stratum twice":       with(func(e *RoundOpened) { e.Keys[1].Stratum = "a" }),
		"wrong sum":             with(func(e *RoundOpened) { e.Dwellings = 6 }),
		"ends before it begins": with(func(e *RoundOpened) { e.ClosesOn = "2026-11-21" }),
		"no such day":           with(func(e *RoundOpened) { e.ClosesOn = "2026-11-31" }),
		"a code with spaces":    with(func(e *RoundOpened) { e.Keys[1].Stratum = "b c" }),
		"an empty seal":         DrawSeal{Day: day},
		"revision 0":            Response{},
		"revision 65":           Response{Revision: 65},
		"more counted":          Closed{Day: day, Counted: 3, Strata: []ClosedStratum{{Dwellings: 5, Drawn: 2, Counted: 3}}},
		"more drawn":            Closed{Day: day, Counted: 1, Strata: []ClosedStratum{{Dwellings: 5, Drawn: 6, Counted: 1}}},
		"closed, wrong sum":     Closed{Day: day, Counted: 2, Strata: []ClosedStratum{{Dwellings: 5, Drawn: 5, Counted: 1}}},
		"by content":            Exclusion{Number: 1, By: "answer", Value: "1", Count: 1, First: Hash{1}, Day: day},
		"one person twice":      Exclusion{Number: 1, By: "lot", Value: "1", Count: 1, First: Hash{1}, Second: Hash{1}, Day: day},
		"negative score":        Score{Revision: -1},
		"objection of nobody":   Objection{Number: 1, By: "nobody", Status: "filed", Day: day},
		"objection, no status":  Objection{Number: 1, By: "company", Day: day},
		"revised to the same":   Revision{Number: 1, Outcome: "revise", Day: day},
		"upheld but changed":    Revision{Number: 1, Outcome: "uphold", After: Hash{1}, Day: day},
	} {
		_, err := Encode(e)
		require.Error(t, err, name)
	}
}

// TestTheFastWayIsTheGeneralWay compares the two ways in which leaves of responses are written and read.
func TestTheFastWayIsTheGeneralWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := rapid.Custom(func(t *rapid.T) Hash { return Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash")) })
		e := Response{
			Round: id.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "round")), Key: hash.Draw(t, "key"), Token: hash.Draw(t, "token"),
			Revision: rapid.IntRange(1, MaxRevision).Draw(t, "revision"), Opening: hash.Draw(t, "opening"), Commitment: hash.Draw(t, "commitment"), Attributes: hash.Draw(t, "attributes"),
		}
		fast, err := Encode(e)
		require.NoError(t, err)
		slow, err := encodeAny(e)
		require.NoError(t, err)
		require.Equal(t, string(slow), string(fast))
		read, ok := scanResponse(fast)
		require.True(t, ok)
		require.Equal(t, e, read)
		at := rapid.IntRange(0, len(fast)-1).Draw(t, "at")
		fast[at] = rapid.Byte().Draw(t, "byte")
		quick, quickErr := ParseEntry(fast)
		general, generalErr := parseAny(fast)
		require.Equal(t, generalErr == nil, quickErr == nil, "%s", fast)
		require.Equal(t, general, quick)
	})
}

package ballot

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func TestForgedBallotsAreRefused(t *testing.T) {
	key, other := keys(t)
	round := id.New()
	good := drawn(t, key, round).Ballot()
	second := drawn(t, key, round).Ballot()
	require.NoError(t, key.Public().Verify(round, good))

	refused(t, key.Public().Verify(id.New(), good), "ballot.forged") // a foreign round
	refused(t, other.Public().Verify(round, good), "ballot.foreign_key")
	renamed := good
	renamed.Key = other.Public().ID()
	refused(t, other.Public().Verify(round, renamed), "ballot.forged") // a foreign key that says it is the right one
	for name, change := range map[string]func(*Ballot){
		"a prefix of another ballot":    func(b *Ballot) { b.Prefix = second.Prefix },
		"a token of another ballot":     func(b *Ballot) { b.Token = second.Token },
		"a signature of another ballot": func(b *Ballot) { b.Signature = second.Signature },
		"no signature":                  func(b *Ballot) { b.Signature = nil },
		"a short signature":             func(b *Ballot) { b.Signature = b.Signature[1:] },
		"a long signature":              func(b *Ballot) { b.Signature = append([]byte{0}, b.Signature...) },
		"the signature 1":               func(b *Ballot) { b.Signature = big.NewInt(1).FillBytes(make([]byte, 256)) },
		"the signature plus N": func(b *Ballot) {
			s := new(big.Int).SetBytes(b.Signature)
			b.Signature = s.Add(s, key.public.key.N).Bytes()
		},
	} {
		b := good
		change(&b)
		err := key.Public().Verify(round, b)
		require.True(t, fault.Is(err, "ballot.forged"), "%s: %v", name, err)
	}
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	key, _ := keys(t)
	round := id.New()
	good := drawn(t, key, round).Ballot()
	flip := func(b []byte, bit int) { b[bit/8] ^= 1 << (bit % 8) }
	for bit := range 256 {
		b := good
		flip(b.Token[:], bit)
		require.Error(t, key.Public().Verify(round, b), "token bit %d", bit)
		b = good
		flip(b.Prefix[:], bit)
		require.Error(t, key.Public().Verify(round, b), "prefix bit %d", bit)
		b = good
		flip(b.Key[:], bit)
		require.Error(t, key.Public().Verify(round, b), "key bit %d", bit)
	}
	for bit := range 8 * len(good.Signature) {
		b := good
		b.Signature = slices.Clone(good.Signature)
		flip(b.Signature, bit)
		require.Error(t, key.Public().Verify(round, b), "signature bit %d", bit)
	}
}

func TestTheSameBlindedTokenGetsTheSameSignature(t *testing.T) {
	key, _ := keys(t)
	p, err := prepare(key.Public(), id.New(), NewSecret())
	require.NoError(t, err)
	s := NewSigner(2)
	first, err := s.BlindSign(context.Background(), key, p.Blinded())
	require.NoError(t, err)
	der, err := key.DER()
	require.NoError(t, err)
	restarted, err := ParsePrivateKey(der)
	require.NoError(t, err)
	for _, k := range []*PrivateKey{key, restarted} {
		again, err := s.BlindSign(context.Background(), k, p.Blinded())
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

func TestBlindedMessagesOutOfRangeAreRefused(t *testing.T) {
	key, _ := keys(t)
	n, size := key.public.key.N, key.Public().Size()
	number := func(v *big.Int) []byte { return v.FillBytes(make([]byte, size)) }
	for name, m := range map[string][]byte{
		"empty": nil, "short": make([]byte, size-1), "long": append([]byte{0}, number(big.NewInt(2))...),
		"0": number(new(big.Int)), "1": number(big.NewInt(1)), "N-1": number(new(big.Int).Sub(n, big.NewInt(1))),
		"N": number(n), "N+2": number(new(big.Int).Add(n, big.NewInt(2))), "all ones": bytes.Repeat([]byte{255}, size),
	} {
		_, err := NewSigner(1).BlindSign(context.Background(), key, m)
		require.True(t, fault.Is(err, "ballot.blinded"), "%s: %v", name, err)
	}
	for _, m := range [][]byte{number(big.NewInt(2)), number(new(big.Int).Sub(n, big.NewInt(2)))} {
		_, err := NewSigner(1).BlindSign(context.Background(), key, m)
		require.NoError(t, err)
	}
}

func TestWaitingForAPlaceEndsWithTheContext(t *testing.T) {
	key, _ := keys(t)
	p, err := prepare(key.Public(), id.New(), NewSecret())
	require.NoError(t, err)
	kept := drawn(t, key, p.round)
	s, v := NewSigner(1), NewVerifier(1)
	require.NoError(t, s.gate.enter(context.Background()))
	require.NoError(t, v.gate.enter(context.Background()))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	_, err = s.BlindSign(ctx, key, p.Blinded())
	refused(t, err, "ballot.busy")
	require.ErrorIs(t, err, fault.Unavailable)
	require.Equal(t, retryAfter, fault.Of(err).RetryAfter)
	refused(t, v.Verify(ctx, key.Public(), kept.Round, kept.Ballot()), "ballot.busy")
	s.gate.leave()
	v.gate.leave()
	_, err = s.BlindSign(context.Background(), key, p.Blinded())
	require.NoError(t, err)
	require.NoError(t, v.Verify(context.Background(), key.Public(), kept.Round, kept.Ballot()))
	require.Empty(t, s.gate, "a place was not given back")
	require.Empty(t, v.gate, "a place was not given back")
}

// TestManyDrawAtOnce has forty households draw through two places while the key is destroyed: each gets a good ballot or
// is told that the key is gone.
func TestManyDrawAtOnce(t *testing.T) {
	key, err := GenerateKey(2048)
	require.NoError(t, err)
	round, s, v := id.New(), NewSigner(2), NewVerifier(2)
	var wg sync.WaitGroup
	var drew atomic.Int32
	for range 40 {
		wg.Go(func() {
			p, err := prepare(key.Public(), round, NewSecret())
			assert.NoError(t, err)
			signature, err := s.BlindSign(context.Background(), key, p.Blinded())
			if err != nil {
				assert.True(t, fault.Is(err, "ballot.key_destroyed"), err)
				return
			}
			kept, err := p.Finish(signature)
			assert.NoError(t, err)
			assert.NoError(t, v.Verify(context.Background(), key.Public(), round, kept.Ballot()))
			if drew.Add(1) == 10 {
				key.Destroy()
			}
		})
	}
	wg.Wait()
	require.GreaterOrEqual(t, drew.Load(), int32(10))
	require.Less(t, drew.Load(), int32(40))
}

func TestADestroyedKeySignsNothing(t *testing.T) {
	key, err := GenerateKey(2048)
	require.NoError(t, err)
	kept := drawn(t, key, id.New())
	d, p, q := key.key.D, key.key.Primes[0], key.key.Primes[1]
	key.Destroy()
	key.Destroy()
	for _, n := range []*big.Int{d, p, q} {
		for _, w := range n.Bits() {
			require.Zero(t, w)
		}
	}
	_, err = key.DER()
	refused(t, err, "ballot.key_destroyed")
	_, err = NewSigner(1).BlindSign(context.Background(), key, bytes.Repeat([]byte{1}, 256))
	refused(t, err, "ballot.key_destroyed")
	require.NoError(t, key.Public().Verify(kept.Round, kept.Ballot()))
}

func TestWeakAndOddKeysAreRefused(t *testing.T) {
	_, err := GenerateKey(1024)
	require.Error(t, err)
	key, _ := keys(t)
	n := key.public.key.N
	spki := func(n *big.Int, e int) []byte {
		b, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: n, E: e})
		require.NoError(t, err)
		return b
	}
	prime, err := rand.Prime(rand.Reader, 2048)
	require.NoError(t, err)
	sevenfold := new(big.Int).Sub(n, new(big.Int).Mod(n, big.NewInt(7)))
	sevenfold.SetBit(sevenfold, 0, 1)
	for new(big.Int).Mod(sevenfold, big.NewInt(7)).Sign() != 0 {
		sevenfold.Sub(sevenfold, big.NewInt(2))
	}
	for name, weak := range map[string][]byte{
		"2040 bits": spki(new(big.Int).Rsh(n, 8), 65537), "4096 bits": spki(new(big.Int).Mul(n, n), 65537),
		"exponent 3": spki(n, 3), "exponent 65539": spki(n, 65539),
		"even": spki(new(big.Int).Sub(n, big.NewInt(1)), 65537), "a multiple of 7": spki(sevenfold, 65537), "a prime": spki(prime, 65537),
	} {
		_, err := ParsePublicKey(weak)
		require.True(t, fault.Is(err, "ballot.key_weak"), "%s: %v", name, err)
	}
	good := key.Public().SPKI()
	for name, odd := range map[string][]byte{"empty": nil, "cut": good[:len(good)-1], "longer": append(slices.Clone(good), 0)} {
		_, err := ParsePublicKey(odd)
		require.True(t, fault.Is(err, "ballot.malformed"), "%s: %v", name, err)
	}
}

func TestAPendingBallotOutlivesALostConnection(t *testing.T) {
	key, other := keys(t)
	p, err := prepare(key.Public(), id.New(), NewSecret())
	require.NoError(t, err)
	stored, err := json.Marshal(p)
	require.NoError(t, err)
	resumed, err := ParsePending(stored)
	require.NoError(t, err)
	require.Equal(t, p.Blinded(), resumed.Blinded())
	signature, err := NewSigner(1).BlindSign(context.Background(), key, resumed.Blinded())
	require.NoError(t, err)
	kept, err := resumed.Finish(signature)
	require.NoError(t, err)
	require.NoError(t, key.Public().Verify(p.round, kept.Ballot()))

	wrong, err := NewSigner(1).BlindSign(context.Background(), other, append([]byte{0}, resumed.Blinded()[1:]...))
	require.NoError(t, err)
	_, err = resumed.Finish(wrong)
	refused(t, err, "ballot.forged")
	_, err = resumed.Finish(signature[1:])
	refused(t, err, "ballot.forged")
}

func TestOnlyTheClientCanRevise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Secret(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "secret"))
		r := rapid.IntRange(1, MaxRevision).Draw(t, "revision")
		opening, err := s.Opening(r)
		require.NoError(t, err)
		token := s.Token()
		require.NoError(t, token.CheckOpening(r, opening))
		for other := -1; other <= MaxRevision+1; other++ {
			if other != r {
				require.Error(t, token.CheckOpening(other, opening), "revision %d", other)
			}
		}
	})
	for _, r := range []int{-1, 0, MaxRevision + 1} {
		_, err := NewSecret().Opening(r)
		refused(t, err, "ballot.revision")
	}
	last, err := (Secret{1}).Opening(MaxRevision)
	require.NoError(t, err)
	require.Equal(t, Hash{1}, last)
}

func TestBallotsHaveOneForm(t *testing.T) {
	key, _ := keys(t)
	b := drawn(t, key, id.New()).Ballot()
	body, err := json.Marshal(b)
	require.NoError(t, err)
	var again Ballot
	require.NoError(t, json.Unmarshal(body, &again))
	require.Equal(t, b, again)
	text := string(body)
	for name, odd := range map[string]string{
		"another order":    strings.Replace(text, `"key":"`+b.Key.String()+`",`, "", 1),
		"twice":            strings.Replace(text, `{"key"`, `{"token":"`+Hash(b.Token).String()+`","key"`, 1),
		"capital letters":  strings.Replace(text, `"token"`, `"Token"`, 1),
		"a strange field":  strings.Replace(text, `{"key"`, `{"x":1,"key"`, 1),
		"padding":          strings.Replace(text, Hash(b.Token).String(), Hash(b.Token).String()+"=", 1),
		"a line break":     strings.Replace(text, Hash(b.Token).String(), `\n`+Hash(b.Token).String()[1:], 1),
		"an escape":        strings.Replace(text, `"token"`, `"\u0074oken"`, 1),
		"a cut signature":  strings.Replace(text, text64(b.Signature), text64(b.Signature[1:]), 1),
		"a long signature": strings.Replace(text, text64(b.Signature), text64(append(slices.Clone(b.Signature), 0)), 1),
		"null":             "null",
	} {
		require.NotEqual(t, text, odd, name)
		require.Error(t, json.Unmarshal([]byte(odd), &again), name)
	}
	require.NoError(t, json.Unmarshal([]byte(" "+strings.ReplaceAll(text, ",", ", ")+"\n"), &again), "white space is nobody's business")
}

func TestPaperBallotsComeShuffled(t *testing.T) {
	key, _ := keys(t)
	round, s := id.New(), NewSigner(2)
	b, err := printBatch(key.Public(), round, 12)
	require.NoError(t, err)
	stored, err := b.MarshalJSON()
	require.NoError(t, err)
	again, err := ParseBatch(stored)
	require.NoError(t, err)
	require.Equal(t, b.Blinded(), again.Blinded(), "what was written down asks for the same signatures")
	_, err = ParseBatch([]byte(`{"round":"` + round.String() + `","key":"","sheets":[]}`))
	require.Error(t, err)
	var signatures [][]byte
	var order []Hash
	for i, m := range b.Blinded() {
		signature, err := s.BlindSign(context.Background(), key, m)
		require.NoError(t, err)
		signatures = append(signatures, signature)
		order = append(order, b.waits[i].secret.Token().Hash(round))
	}
	_, err = again.Finish(signatures[1:])
	refused(t, err, "ballot.malformed")
	sheets, err := again.Finish(signatures)
	require.NoError(t, err)
	var names []Hash
	for _, sheet := range sheets {
		require.NoError(t, key.Public().Verify(round, sheet.Kept.Ballot()))
		names = append(names, sheet.Kept.Name())
		typed, err := ParseSheetCode(" " + strings.ToLower(sheet.Code.String()) + "\n")
		require.NoError(t, err)
		opening, err := typed.Secret(round).Opening(1)
		require.NoError(t, err)
		token, err := TokenAt(1, opening)
		require.NoError(t, err)
		require.Equal(t, sheet.Kept.Ballot().Token, token, "the code on the sheet is the ballot's")
	}
	require.ElementsMatch(t, order, names)
	require.NotEqual(t, order, names) // wrong once in 479 million runs
	manifest, tokens := Manifest(sheets), []Hash{}
	for _, b := range manifest {
		tokens = append(tokens, Hash(b.Token))
	}
	require.Len(t, manifest, 12)
	require.True(t, slices.IsSortedFunc(tokens, Hash.Compare))
	slices.Reverse(sheets)
	require.Equal(t, ListHash(manifest), ListHash(Manifest(sheets)), "the manifest does not know the order of printing")
}

func TestSheetCodesAreReadAsTheyAreTyped(t *testing.T) {
	code, err := NewSheetCode()
	require.NoError(t, err)
	for _, typed := range []string{string(code), code.String(), code.Scanned(), strings.ToLower(code.Scanned()), strings.ReplaceAll(code.String(), "-", " ")} {
		got, err := ParseSheetCode(typed)
		require.NoError(t, err)
		require.Equal(t, code, got)
	}
	got, err := ParseSheetCode("oOiI-lL11-2222-3333-4444")
	require.NoError(t, err)
	require.Equal(t, SheetCode("00111111222233334444"), got)
	for _, odd := range []string{"", string(code[1:]), string(code) + "0", "U" + string(code[1:]), "二" + string(code[3:]), "'; DROP TABLE x; --"} {
		_, err := ParseSheetCode(odd)
		refused(t, err, "ballot.sheet_code")
	}
	require.NotEqual(t, code.Secret(id.New()), code.Secret(id.New()), "a code is of one round")
}

func TestBadgesAreOfOneRoundAndNumber(t *testing.T) {
	secret, round := NewHash(), id.New()
	b := NewBadge(secret, round, 7)
	require.Regexp(t, `^i07\.`, b.String())
	read, err := ParseBadge(b.String())
	require.NoError(t, err)
	require.Equal(t, b, read)
	require.True(t, read.Valid(secret, round))
	require.False(t, read.Valid(secret, id.New()))
	require.False(t, read.Valid(NewHash(), round))
	read.Number = 8
	require.False(t, read.Valid(secret, round))
	for _, odd := range []string{"", "i07", "i7." + b.Mark.String(), "p07." + b.Mark.String(), "i00." + b.Mark.String(), "i-1." + b.Mark.String(), "i07." + b.Mark.String()[1:]} {
		_, err := ParseBadge(odd)
		refused(t, err, "ballot.malformed")
	}
}

// TestShuffleIsFair counts where the first of four ends: each place once in four, within five standard deviations.
func TestShuffleIsFair(t *testing.T) {
	const n = 8000
	var at [4]int
	for range n {
		list := []int{0, 1, 2, 3}
		require.NoError(t, shuffle(list))
		at[slices.Index(list, 0)]++
	}
	for _, c := range at {
		require.InDelta(t, n/4, c, 5*39) // sqrt(8000 × 1/4 × 3/4) = 38.7
	}
}

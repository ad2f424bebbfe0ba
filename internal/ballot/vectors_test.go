package ballot

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew from its inputs")

const vectorFile = "testdata/vectors.json"

// vectors is what the web client must compute alike. Everything in it is public or a secret for tests.
type vectors struct {
	RFC9474 map[string]string `json:"rfc9474"`
	Key     struct {
		Source string `json:"source"`
		PKCS8  string `json:"pkcs8"`
		SPKI   string `json:"spki"`
		ID     Hash   `json:"id"`
	} `json:"key"`
	Ballot  ballotVector  `json:"ballot"`
	Answers answersVector `json:"answers"`
	Receipt receiptVector `json:"receipt"`
	Draws   drawsVector   `json:"draws"`
	Sheet   sheetVector   `json:"sheet"`
	Leaves  []leafVector  `json:"leaves"`
}

type ballotVector struct {
	Round          id.ID           `json:"round"`
	Secret         Hash            `json:"secret"`
	Prefix         Hash            `json:"prefix"`
	Salt           string          `json:"salt"`
	Factor         string          `json:"factor"`
	Token          Token           `json:"token"`
	Name           Hash            `json:"name"`
	Openings       map[int]Hash    `json:"openings"`
	Message        string          `json:"message"`
	Blinded        string          `json:"blinded"`
	BlindSignature string          `json:"blindSignature"`
	Ballot         Ballot          `json:"ballot"`
	Kept           Kept            `json:"kept"`
	Pending        json.RawMessage `json:"pending"`
}

type answersVector struct {
	Salt           Hash   `json:"salt"`
	TextSalt       Hash   `json:"textSalt"`
	Scored         string `json:"scored"`
	Text           string `json:"text"`
	TextHash       Hash   `json:"textHash"`
	Commitment     Hash   `json:"commitment"`
	Channel        string `json:"channel"`
	Lot            string `json:"lot"`
	AttributesHash Hash   `json:"attributesHash"` // under salt
}

type receiptVector struct {
	Seed     Hash    `json:"seed"`
	Public   Hash    `json:"public"`
	Revision int     `json:"revision"`
	Receipt  Receipt `json:"receipt"`
}

type drawsVector struct {
	Secret      Hash        `json:"secret"`
	Day         clock.Date  `json:"day"`
	Electors    []id.ID     `json:"electors"` // the first one has drawn
	Nonces      []Hash      `json:"nonces"`
	Commitments []Hash      `json:"commitments"` // ascending
	Root        Hash        `json:"root"`
	Final       []FinalDraw `json:"final"`
	FinalRoot   Hash        `json:"finalRoot"`
}

// sheetVector is a paper ballot, and what a lot, a taken envelope and an interviewer's badge are known by.
type sheetVector struct {
	Code        SheetCode `json:"code"`
	Printed     string    `json:"printed"`
	Scanned     string    `json:"scanned"`
	Typed       []string  `json:"typed"` // the same code
	Wrong       []string  `json:"wrong"` // no code
	Secret      Hash      `json:"secret"`
	Token       Token     `json:"token"`
	Name        Hash      `json:"name"`
	Opening     Hash      `json:"opening"` // of the first revision: what is sent to enter or to void it
	Batch       Hash      `json:"batch"`   // of a lot of the one blinded message above
	List        Hash      `json:"list"`    // of a manifest of the one ballot above
	Slip        Hash      `json:"slip"`
	Taken       Hash      `json:"taken"` // what the draw has of the slip
	BadgeSecret Hash      `json:"badgeSecret"`
	Badge       string    `json:"badge"` // of interviewer 7
}

type leafVector struct {
	Entry string `json:"entry"`
	Leaf  Hash   `json:"leaf"`
}

// fixed is a value that anybody can tell was not chosen for a purpose.
func fixed(n byte) Hash { return digest("vector", []byte{n}) }

func fixedID(n byte) id.ID {
	h := fixed(n)
	h[6], h[8] = h[6]&0x0f|0x70, h[8]&0x3f|0x80
	return id.ID(h[:16])
}

func TestVectors(t *testing.T) {
	file, err := os.ReadFile(vectorFile)
	require.NoError(t, err)
	var v vectors
	if *update {
		v = inputs(t, file)
	} else {
		require.NoError(t, json.Unmarshal(file, &v))
	}
	checkRFC(t, v.RFC9474)
	key := keyVector(t, &v)
	v.Ballot = ballotVectorOf(t, key)
	v.Answers = answersVectorOf(v.Ballot)
	v.Receipt = receiptVectorOf(v)
	v.Draws = drawsVectorOf(t, v.Ballot.Round)
	v.Sheet = sheetVectorOf(t, v.Ballot)
	v.Leaves = leafVectors(t, v)
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(v))
	if *update {
		require.NoError(t, os.WriteFile(vectorFile, out.Bytes(), 0o600))
		return
	}
	require.Equal(t, string(file), out.String(), "the forms have changed: that needs new versions of their labels, then -update")
}

// inputs keeps what the vectors are computed from.
func inputs(t *testing.T, file []byte) (v vectors) {
	var kept struct {
		RFC9474 map[string]string `json:"rfc9474"`
		Key     struct {
			Source string `json:"source"`
			PKCS8  string `json:"pkcs8"`
		} `json:"key"`
	}
	require.NoError(t, json.Unmarshal(file, &kept))
	v.RFC9474, v.Key.Source, v.Key.PKCS8 = kept.RFC9474, kept.Key.Source, kept.Key.PKCS8
	return v
}

// checkRFC runs the official vector, of a key of 4096 bits, through the functions that ballots go through.
func checkRFC(t *testing.T, rfc map[string]string) {
	number := func(name string) *big.Int {
		n, ok := new(big.Int).SetString(rfc[name], 16)
		require.True(t, ok, name)
		return n
	}
	octets := func(name string) []byte {
		b, err := hex.DecodeString(rfc[name])
		require.NoError(t, err, name)
		return b
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: number("n"), E: int(number("e").Int64())},
		D:         number("d"), Primes: []*big.Int{number("p"), number("q")},
	}
	key.Precompute()
	require.NoError(t, key.Validate())
	message := prepared(Hash(octets("prefix")), octets("message"))
	factor := new(big.Int).ModInverse(number("inverse"), key.N).FillBytes(make([]byte, key.Size()))
	blinded, state, err := blindWith(&key.PublicKey, message, octets("salt"), factor)
	require.NoError(t, err)
	require.Equal(t, octets("blinded"), blinded)
	blindSignature, err := (&PrivateKey{key: key}).blindSign(blinded)
	require.NoError(t, err)
	require.Equal(t, octets("blindSignature"), blindSignature)
	signature, err := unblind(&key.PublicKey, state, blindSignature)
	require.NoError(t, err)
	require.Equal(t, octets("signature"), signature)
	require.NoError(t, verifyPSS(&key.PublicKey, message, signature))
}

func keyVector(t *testing.T, v *vectors) *PrivateKey {
	der, err := base64.RawURLEncoding.DecodeString(v.Key.PKCS8)
	require.NoError(t, err)
	key, err := ParsePrivateKey(der)
	require.NoError(t, err)
	again, err := key.DER()
	require.NoError(t, err)
	require.Equal(t, der, again)
	v.Key.SPKI, v.Key.ID = text64(key.Public().SPKI()), key.Public().ID()
	return key
}

func ballotVectorOf(t *testing.T, key *PrivateKey) ballotVector {
	p := &Pending{public: key.Public(), round: fixedID(1), secret: Secret(fixed(2)), prefix: fixed(3)}
	salt, top := fixed(4), fixed(5)
	copy(p.salt[:], append(salt[:], salt[:]...))
	p.factor = append(make([]byte, p.public.Size()-len(top)), top[:]...)
	require.NoError(t, p.blind())
	signature, err := NewSigner(1).BlindSign(context.Background(), key, p.Blinded())
	require.NoError(t, err)
	kept, err := p.Finish(signature)
	require.NoError(t, err)
	stored, err := json.Marshal(p)
	require.NoError(t, err)
	token := p.secret.Token()
	v := ballotVector{
		Round: p.round, Secret: Hash(p.secret), Prefix: p.prefix, Salt: text64(p.salt[:]), Factor: text64(p.factor),
		Token: token, Name: kept.Name(), Openings: map[int]Hash{}, Message: text64(Message(p.round, p.public.ID(), token)),
		Blinded: text64(p.Blinded()), BlindSignature: text64(signature), Ballot: kept.Ballot(), Kept: kept, Pending: stored,
	}
	for _, r := range []int{1, 2, MaxRevision} {
		v.Openings[r], err = p.secret.Opening(r)
		require.NoError(t, err)
	}
	return v
}

func answersVectorOf(b ballotVector) answersVector {
	v := answersVector{Salt: fixed(6), TextSalt: fixed(7), Scored: `{"cleaning":4,"security":5}`, Text: "电梯又坏了 𠮷 🛗 <b>&\u2028", Channel: "assisted", Lot: "L-7"}
	v.TextHash = TextHash(v.TextSalt, v.Text)
	v.Commitment = Commitment(b.Round, b.Name, v.Salt, []byte(v.Scored), v.TextHash)
	v.AttributesHash = AttributesHash(v.Salt, v.Channel, v.Lot)
	return v
}

func receiptVectorOf(v vectors) receiptVector {
	key := ReceiptKeyFrom(fixed(8))
	return receiptVector{key.Seed(), key.Public(), 2, key.Sign(v.Ballot.Round, v.Key.ID, v.Ballot.Name, v.Answers.Commitment, 2)}
}

func drawsVectorOf(t *testing.T, round id.ID) drawsVector {
	v := drawsVector{Secret: fixed(9), Day: "2026-11-22"}
	for i := byte(20); i < 25; i++ {
		elector := fixedID(i)
		nonce := DrawNonce(v.Secret, round, elector)
		v.Electors, v.Nonces = append(v.Electors, elector), append(v.Nonces, nonce)
		v.Commitments = append(v.Commitments, DrawCommitment(round, v.Day, elector, nonce, i == 20))
		v.Final = append(v.Final, FinalDraw{DrawTag(round, elector, nonce), i == 20})
	}
	slices.SortFunc(v.Commitments, Hash.Compare)
	slices.SortFunc(v.Final, func(a, b FinalDraw) int { return a.Tag.Compare(b.Tag) })
	var err error
	v.Root, err = SealDay(v.Commitments)
	require.NoError(t, err)
	var drawn int
	v.FinalRoot, drawn, err = FinalRoot(v.Final)
	require.NoError(t, err)
	require.Equal(t, 1, drawn)
	return v
}

func sheetVectorOf(t *testing.T, b ballotVector) sheetVector {
	random := fixed(26) // it has a 0 and a 1
	code := make([]byte, sheetLength)
	for i := range code {
		code[i] = sheetAlphabet[random[i]%32]
	}
	v := sheetVector{Code: SheetCode(code), Slip: fixed(11), BadgeSecret: fixed(12)}
	v.Printed, v.Scanned = v.Code.String(), v.Code.Scanned()
	v.Typed = []string{v.Printed, v.Scanned, strings.ToLower(v.Printed), " " + strings.ReplaceAll(v.Printed, "-", " ") + "\n",
		strings.NewReplacer("0", "o", "1", "l").Replace(v.Printed), strings.NewReplacer("0", "O", "1", "I").Replace(v.Printed)}
	v.Wrong = []string{"", v.Printed[1:], v.Printed + "0", "U" + v.Printed[1:], "RPS2." + string(v.Code), "RPS1." + v.Scanned}
	for _, typed := range v.Typed {
		parsed, err := ParseSheetCode(typed)
		require.NoError(t, err, typed)
		require.Equal(t, v.Code, parsed, typed)
	}
	for _, wrong := range v.Wrong {
		_, err := ParseSheetCode(wrong)
		require.Error(t, err, wrong)
	}
	secret := v.Code.Secret(b.Round)
	v.Secret, v.Token = Hash(secret), secret.Token()
	v.Name = v.Token.Hash(b.Round)
	var err error
	v.Opening, err = secret.Opening(1)
	require.NoError(t, err)
	blinded, err := base64.RawURLEncoding.DecodeString(b.Blinded)
	require.NoError(t, err)
	v.Batch, v.List, v.Taken = BatchHash([][]byte{blinded}), ListHash([]Ballot{b.Ballot}), SlipHash(v.Slip)
	v.Badge = NewBadge(v.BadgeSecret, b.Round, 7).String()
	badge, err := ParseBadge(v.Badge)
	require.NoError(t, err)
	require.True(t, badge.Valid(v.BadgeSecret, b.Round))
	require.False(t, badge.Valid(v.BadgeSecret, fixedID(2)))
	return v
}

// everyEntry has an entry of each kind.
func everyEntry(v vectors) []Entry {
	round, key, day := v.Ballot.Round, v.Key.ID, clock.Date("2026-11-22")
	return []Entry{
		RoundOpened{Round: round, Questionnaire: fixed(30), Rules: fixed(31), Roll: fixed(32), Dwellings: 5, OpensOn: day, ClosesOn: "2026-12-06",
			ReceiptKey: v.Receipt.Public, Keys: []StratumKey{{"estate-1", key, 5}}, Pledges: []Hash{fixed(33), fixed(34)}},
		RoundOpened{Round: round, Questionnaire: fixed(30), Rules: fixed(31), Roll: fixed(32), Dwellings: 5, OpensOn: day, ClosesOn: day,
			ReceiptKey: v.Receipt.Public, Keys: []StratumKey{{"a", key, 2}, {"b", fixed(35), 3}}},
		Lot{Round: round, Key: key, Lot: "p0001", Issued: 20, Batch: v.Sheet.Batch, Day: day},
		DrawSeal{round, key, day, len(v.Draws.Commitments), v.Draws.Root},
		Response{round, key, v.Ballot.Name, 2, v.Ballot.Openings[2], v.Answers.Commitment, v.Answers.AttributesHash},
		Voided{round, key, fixed(36)},
		Closed{round, day, 1, []ClosedStratum{{key, 5, 1, 1, v.Draws.FinalRoot}}},
		Exclusion{round, 1, "channel", "assisted", 1, fixed(37), fixed(38), fixed(39), day},
		Score{round, 0, fixed(31), fixed(40), 1},
		Objection{round, 1, "committee", "filed", day},
		Revision{round, 1, "revise", fixed(40), fixed(41), fixed(42), day},
	}
}

func leafVectors(t *testing.T, v vectors) []leafVector {
	var out []leafVector
	for _, e := range everyEntry(v) {
		encoded, err := Encode(e)
		require.NoError(t, err)
		again, err := ParseEntry(encoded)
		require.NoError(t, err)
		require.Equal(t, e, again)
		out = append(out, leafVector{string(encoded), Leaf(encoded)})
	}
	return out
}

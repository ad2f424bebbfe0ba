package bundle

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// aKey is made once for all strata of all tests: keys are told apart by strata only where a test needs it.
var aKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := ballot.GenerateKey(ballot.DefaultBits)
	if err != nil {
		panic(err)
	}
	der, err := key.DER()
	if err != nil {
		panic(err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		panic(err)
	}
	return parsed.(*rsa.PrivateKey)
})

var otherKeys = sync.OnceValue(func() (out []*rsa.PrivateKey) {
	for range 3 {
		key, err := rsa.GenerateKey(rand.Reader, ballot.DefaultBits)
		if err != nil {
			panic(err)
		}
		out = append(out, key)
	}
	return append([]*rsa.PrivateKey{aKey()}, out...)
})

// piece is a stratum of a made-up round.
type piece struct {
	area     int // of which service area
	asked    int
	answered int
}

// made is a made-up round, complete with a ledger that other rounds write to as well. It is a Source.
type made struct {
	pre       Preamble
	leaves    []Leaf
	responses []Response
	draws     [][]ballot.FinalDraw
	roll      []Dwelling
	rolled    ballot.Hash
	frame     *scorecard.Frame
	size      int64
	stored    []tlog.Hash
	public    string
	signed    bool
	receipts  ballot.ReceiptKey
	paper     func(m *made, keys []ballot.Hash) []ballot.Entry
}

func (m *made) Responses(_ context.Context, yield func(*Response) error) error {
	for i := range m.responses {
		if err := yield(&m.responses[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *made) Hashes(_ context.Context, indexes []int64) ([]tlog.Hash, error) {
	return m.ReadHashes(indexes)
}

func (m *made) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at >= int64(len(m.stored)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		out[i] = m.stored[at]
	}
	return out, nil
}

func (m *made) Draws(_ context.Context, stratum int) ([]ballot.FinalDraw, error) {
	return m.draws[stratum], nil
}

func (m *made) Roll(_ context.Context, yield func(Dwelling) error) error {
	for _, d := range m.roll {
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

func (m *made) Answers(_ context.Context, strata []int, yield func(string, int) error) error {
	var all []string
	for _, r := range m.responses {
		if slices.Contains(strata, r.Stratum) {
			all = append(all, r.Answers)
		}
	}
	slices.Sort(all)
	for _, a := range all {
		if err := yield(a, 0); err != nil {
			return err
		}
	}
	return nil
}

// append puts an entry into the ledger and returns its position.
func (m *made) append(t testing.TB, leaf [32]byte) int64 {
	more, err := tlog.StoredHashesForRecordHash(m.size, recordHash(leaf), m)
	require.NoError(t, err)
	m.stored = append(m.stored, more...)
	m.size++
	return m.size - 1
}

func (m *made) root() (tlog.Hash, error) { return tlog.TreeHash(m.size, m) }

// others appends entries of other rounds.
func (m *made) others(t testing.TB, n int) {
	for range n {
		m.append(t, ballot.NewHash())
	}
}

// enter appends an entry of the round.
func (m *made) enter(t testing.TB, e ballot.Entry) {
	body, err := ballot.Encode(e)
	require.NoError(t, err)
	m.leaves = append(m.leaves, Leaf{Pos: m.append(t, ballot.Leaf(body)), Body: string(body)})
}

// makeRound makes a round over strata. signed tells whether the ballots are really signed, which takes a millisecond each.
func makeRound(t testing.TB, signed bool, pieces ...piece) *made {
	t.Helper()
	return makeOver(t, signed, 0, nil, pieces...)
}

// makeSample makes a round that asks a sample of one service area's dwellings, by stratum; half of those asked answer, and were expected to.
func makeSample(t testing.TB, marginBp int64, dwellings ...int64) *made {
	t.Helper()
	asked, err := score.Draws(dwellings, marginBp, 50)
	require.NoError(t, err)
	var pieces []piece
	for _, n := range asked {
		pieces = append(pieces, piece{0, int(n), int(n) / 2})
	}
	return makeOver(t, true, marginBp, dwellings, pieces...)
}

// makeOver makes a round over a roll; dwellings are those of each stratum, nil where all are asked.
func makeOver(t testing.TB, signed bool, marginBp int64, dwellings []int64, pieces ...piece) *made {
	t.Helper()
	return makeWith(t, signed, nil, marginBp, dwellings, pieces...)
}

// makePaperRound is makeRound with entries of paper, which stand before the responses.
func makePaperRound(t testing.TB, signed bool, paper func(m *made, keys []ballot.Hash) []ballot.Entry, pieces ...piece) *made {
	t.Helper()
	return makeWith(t, signed, paper, 0, nil, pieces...)
}

func makeWith(t testing.TB, signed bool, paper func(m *made, keys []ballot.Hash) []ballot.Entry, marginBp int64, dwellings []int64, pieces ...piece) *made {
	t.Helper()
	m := &made{signed: signed, receipts: ballot.NewReceiptKey(), paper: paper}
	set, err := rules.Load(configs.Files)
	require.NoError(t, err)
	tpl, err := set.Surveys.Template("property_service")
	require.NoError(t, err)
	file, err := configs.Files.ReadFile("rules/surveys.yaml")
	if err != nil {
		file, err = configs.Files.ReadFile("surveys.yaml")
	}
	require.NoError(t, err)
	private, public, err := note.GenerateKey(rand.Reader, "test.example/rp")
	require.NoError(t, err)
	m.public = public
	m.pre = Preamble{Header: Header{Round: id.New(), Method: "census", Template: "property_service", VerifierKey: public},
		Questionnaire: string(tpl.Questionnaire.Canonical()), Rules: string(file)}
	m.strata(t, pieces)
	if dwellings != nil {
		m.pre.Header.Method, m.pre.Header.MarginBp, m.pre.Header.Response = "sample", marginBp, 50
		for i, n := range dwellings {
			m.pre.Strata[i].Dwellings = n
		}
	}
	m.enrol(t)
	m.vote(t, pieces)
	m.seal(t, tpl.Questionnaire.Hash())
	head, err := tlog.TreeHash(m.size, m)
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	signature, err := note.Sign(&note.Note{Text: fmt.Sprintf("test.example/rp/%s\n%d\n%s\n", ballot.Log, m.size, base64.StdEncoding.EncodeToString(head[:]))}, signer)
	require.NoError(t, err)
	m.pre.Header.Checkpoint = string(signature)
	return m
}

func (m *made) strata(t testing.TB, pieces []piece) {
	for i, p := range pieces {
		for len(m.pre.Projects) <= p.area {
			company := id.New()
			m.pre.Projects = append(m.pre.Projects, Project{ServiceArea: id.New(), Name: fmt.Sprintf("小区%d", len(m.pre.Projects)+1), Company: &company})
		}
		spki, err := x509.MarshalPKIXPublicKey(&otherKeys()[i].PublicKey)
		require.NoError(t, err)
		m.pre.Strata = append(m.pre.Strata, Stratum{Stratum: fmt.Sprintf("s%04d", i+1), ServiceArea: m.pre.Projects[p.area].ServiceArea, Key: spki,
			Dwellings: int64(p.asked), Sampled: int64(p.asked), Drawn: int64(p.answered), Counted: int64(p.answered)})
	}
}

// enrol makes the roll and, of a sample, the draw.
func (m *made) enrol(t testing.TB) {
	of := make([][]string, len(m.pre.Strata))
	for i, st := range m.pre.Strata {
		for range st.Dwellings {
			d := Dwelling{Line: ballot.NewHash(), Stratum: st.Stratum, Asked: m.pre.Header.Method == "census"}
			m.roll, of[i] = append(m.roll, d), append(of[i], d.Line.String())
		}
	}
	slices.SortFunc(m.roll, func(a, b Dwelling) int { return a.Line.Compare(b.Line) })
	h := ballot.NewRollHasher(m.pre.Header.Round)
	for _, d := range m.roll {
		require.NoError(t, h.Add(d.Line))
	}
	m.rolled = h.Sum()
	if m.pre.Header.Method == "census" {
		return
	}
	var openings []score.Opening
	for range 3 {
		p := Pledge{Party: id.New(), Secret: ballot.NewHash()}
		p.Commitment = score.Commit(m.pre.Header.Round.String(), p.Party.String(), p.Secret[:])
		m.pre.Pledges = append(m.pre.Pledges, p)
		openings = append(openings, score.Opening{Party: p.Party.String(), Commitment: p.Commitment, Secret: p.Secret[:]})
	}
	seed, err := score.Seed(m.pre.Header.Round.String(), m.rolled, openings)
	require.NoError(t, err)
	asked := map[string]bool{}
	for i, st := range m.pre.Strata {
		chosen, err := score.Sample(seed, of[i], int(st.Sampled))
		require.NoError(t, err)
		for _, n := range chosen {
			asked[of[i][n]] = true
		}
	}
	for i := range m.roll {
		m.roll[i].Asked = asked[m.roll[i].Line.String()]
	}
}

// cast is a ballot of the made-up round before it is one of its responses.
type cast struct {
	name, opening     ballot.Hash
	token             ballot.Token
	stratum, revision int
}

// vote makes the responses, ascending, and the lists of draws.
func (m *made) vote(t testing.TB, pieces []piece) {
	var err error
	m.frame, err = m.pre.frame()
	require.NoError(t, err)
	round := m.pre.Header.Round
	var all []cast
	for i, p := range pieces {
		for n := range p.answered {
			secret := ballot.NewSecret()
			opening, err := secret.Opening(1 + n%3)
			require.NoError(t, err)
			all = append(all, cast{secret.Token().Hash(round), opening, secret.Token(), i, 1 + n%3})
		}
		list := make([]ballot.FinalDraw, p.asked)
		for n := range list {
			list[n] = ballot.FinalDraw{Tag: ballot.NewHash(), Drawn: n < p.answered}
		}
		slices.SortFunc(list, func(a, b ballot.FinalDraw) int { return a.Tag.Compare(b.Tag) })
		m.draws = append(m.draws, list)
	}
	slices.SortFunc(all, func(a, b cast) int { return a.name.Compare(b.name) })
	m.responses = make([]Response, len(all))
	answers := make([]string, 60)
	for n := range answers {
		answers[n] = m.answer(n)
	}
	for i, c := range all {
		m.responses[i] = m.response(t, c, answers[i%len(answers)])
	}
}

var noSignature = make([]byte, 256)

func (m *made) response(t testing.TB, c cast, answers string) Response {
	r := Response{Stratum: c.stratum, Token: c.token, Prefix: ballot.NewHash(), Signature: noSignature, Revision: c.revision, Opening: c.opening,
		Attributes: ballot.NewHash(), Answers: answers, Salt: ballot.NewHash(), Text: ballot.NewHash()}
	r.Commitment = ballot.Commitment(m.pre.Header.Round, c.name, r.Salt, []byte(r.Answers), r.Text)
	if m.signed {
		key := ballot.Hash(sha256.Sum256(m.pre.Strata[c.stratum].Key))
		sum := sha512.Sum384(append(r.Prefix[:], ballot.Message(m.pre.Header.Round, key, r.Token)...))
		var err error
		r.Signature, err = rsa.SignPSS(rand.Reader, otherKeys()[c.stratum], crypto.SHA384, sum[:], &rsa.PSSOptions{SaltLength: 48})
		require.NoError(t, err)
	}
	return r
}

// answer is the n-th way to answer.
func (m *made) answer(n int) string {
	given := questionnaire.Answers{}
	for k, i := range m.frame.Form.Items() {
		switch i.Kind {
		case questionnaire.Rating:
			given[i.Code] = questionnaire.Number(1 + (n+k)%5)
		case questionnaire.Scale10:
			given[i.Code] = questionnaire.Number((n + k) % 11)
		case questionnaire.Single:
			given[i.Code] = questionnaire.Choice(i.Options[n%len(i.Options)].Code)
		case questionnaire.Multiple:
			given[i.Code] = questionnaire.Choices(i.Options[n%len(i.Options)].Code)
		}
	}
	for {
		visible := m.frame.Form.Visible(given)
		hidden := ""
		for code := range given {
			if !slices.Contains(visible, code) {
				hidden = code
			}
		}
		if hidden == "" {
			return string(given.Canonical())
		}
		delete(given, hidden)
	}
}

// seal writes the round's history into the ledger.
func (m *made) seal(t testing.TB, form ballot.Hash) {
	round, day := m.pre.Header.Round, clock.Date("2026-03-02")
	opened := ballot.RoundOpened{Round: round, Questionnaire: form, Rules: ballot.Hash(m.frame.Rules.Hash), Roll: m.rolled,
		OpensOn: day, ClosesOn: day, ReceiptKey: m.receipts.Public()}
	closed := ballot.Closed{Round: round, Day: day, Counted: len(m.responses)}
	for _, p := range m.pre.Pledges {
		opened.Pledges = append(opened.Pledges, p.Secret)
	}
	keys := make([]ballot.Hash, len(m.pre.Strata))
	for i, st := range m.pre.Strata {
		key, err := ballot.ParsePublicKey(st.Key)
		require.NoError(t, err)
		keys[i] = key.ID()
		root, drawn, err := ballot.FinalRoot(m.draws[i])
		require.NoError(t, err)
		opened.Keys = append(opened.Keys, ballot.StratumKey{Stratum: st.Stratum, Key: keys[i], Dwellings: int(st.Sampled)})
		opened.Dwellings += int(st.Sampled)
		closed.Strata = append(closed.Strata, ballot.ClosedStratum{Key: keys[i], Dwellings: int(st.Sampled), Drawn: drawn, Counted: int(st.Counted), Draws: root})
	}
	m.others(t, 5)
	m.enter(t, opened)
	m.others(t, 3)
	for i, st := range m.pre.Strata {
		m.enter(t, ballot.DrawSeal{Round: round, Key: keys[i], Day: day, Count: int(st.Sampled), Root: ballot.NewHash()})
	}
	if m.paper != nil {
		for _, e := range m.paper(m, keys) {
			m.enter(t, e)
		}
	}
	counter, err := scorecard.New(m.frame)
	require.NoError(t, err)
	for i := range m.responses {
		r := &m.responses[i]
		if i == 7 {
			m.others(t, 2)
		}
		body, err := ballot.Encode(r.entry(round, keys[r.Stratum]))
		require.NoError(t, err)
		r.Pos = m.append(t, ballot.Leaf(body))
		given, err := questionnaire.ParseAnswers([]byte(r.Answers))
		require.NoError(t, err)
		var values scorecard.Values
		counter.Read(given, &values)
		require.NoError(t, counter.Add(r.Stratum, &values, []score.Channel{score.Web, score.Paper, score.Web, score.Assisted}[i%4]))
	}
	m.enter(t, closed)
	card, err := counter.Card(0)
	require.NoError(t, err)
	body, hash, err := card.Canonical()
	require.NoError(t, err)
	m.pre.Cards = []Card{{Revision: 0, Text: body}}
	m.enter(t, ballot.Score{Round: round, Rules: ballot.Hash(m.frame.Rules.Hash), Result: hash, Counted: len(m.responses)})
	m.others(t, 6)
}

// receipt is that of the n-th response.
func (m *made) receipt(t testing.TB, n int) ballot.Receipt {
	t.Helper()
	r := m.responses[n]
	key, err := ballot.ParsePublicKey(m.pre.Strata[r.Stratum].Key)
	require.NoError(t, err)
	return m.receipts.Sign(m.pre.Header.Round, key.ID(), r.Token.Hash(m.pre.Header.Round), r.Commitment, r.Revision)
}

// file is the round's bundle.
func (m *made) file(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Write(context.Background(), &out, m.pre, m.leaves, m.size, m))
	return out.Bytes()
}

// unpack gives the lines of a bundle, pack makes a bundle of lines.
func unpack(t testing.TB, file []byte) []string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	body, err := io.ReadAll(r)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(body), "\n"), "\n")
}

func pack(t testing.TB, lines []string) []byte {
	t.Helper()
	var out bytes.Buffer
	g := gzip.NewWriter(&out)
	w := bufio.NewWriter(g)
	for _, l := range lines {
		_, err := w.WriteString(l + "\n")
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, g.Close())
	return out.Bytes()
}

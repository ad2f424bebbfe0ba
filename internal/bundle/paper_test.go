package bundle

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
)

// Lots of paper envelopes and void ballots are checked: what was issued, what is void, and that nothing void was counted.
func TestPaperIsChecked(t *testing.T) {
	const day = clock.Date("2026-03-02")
	lot := func(m *made, key ballot.Hash, code string, issued int) ballot.Entry {
		return ballot.Lot{Round: m.pre.Header.Round, Key: key, Lot: code, Issued: issued, Batch: ballot.NewHash(), Day: day}
	}
	void := func(m *made, key, token ballot.Hash) ballot.Entry {
		return ballot.Voided{Round: m.pre.Header.Round, Key: key, Token: token}
	}
	counted := func(m *made) ballot.Hash { return m.responses[3].Token.Hash(m.pre.Header.Round) }
	for name, c := range map[string]struct {
		paper func(m *made, keys []ballot.Hash) []ballot.Entry
		found string // empty: nothing is wrong
	}{
		"honest": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, k[0], "p0001", 20), lot(m, k[0], "p0002", 25), void(m, k[0], ballot.NewHash()), void(m, k[0], ballot.NewHash())}
		}, ""},
		"a counted ballot is void": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, k[0], "p0001", 20), void(m, k[0], counted(m))}
		}, "was cast with a ballot that is void"},
		"void twice": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, k[0], "p0001", 20), void(m, k[0], ballot.Hash{7}), void(m, k[0], ballot.Hash{7})}
		}, "void twice"},
		"more void than issued": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, k[0], "p0001", 1), void(m, k[0], ballot.NewHash()), void(m, k[0], ballot.NewHash())}
		}, "more envelopes are void than were issued"},
		"void without a lot": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{void(m, k[0], ballot.NewHash())}
		}, "more envelopes are void than were issued"},
		"a lot twice": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, k[0], "p0001", 20), lot(m, k[0], "p0001", 20)}
		}, "lot p0001 was issued before"},
		"a lot of no stratum": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{lot(m, ballot.NewHash(), "p0001", 20)}
		}, "lot: of another round"},
		"an exclusion of a lot that was never issued": {func(m *made, k []ballot.Hash) []ballot.Entry {
			return []ballot.Entry{ballot.Exclusion{Round: m.pre.Header.Round, Number: 1, By: "lot", Value: "p0009", Count: 5, Reason: ballot.NewHash(),
				First: ballot.NewHash(), Second: ballot.NewHash(), Day: day}}
		}, "a lot that was never issued"},
	} {
		t.Run(name, func(t *testing.T) {
			m := makePaperRound(t, false, c.paper, piece{0, 60, 45})
			r, err := Verify(bytes.NewReader(m.file(t)), Options{VerifierKey: m.public, unsigned: true})
			require.NoError(t, err)
			if c.found == "" {
				require.Empty(t, r.Problems)
				require.EqualValues(t, 45, r.Envelopes)
				require.EqualValues(t, 2, r.Void)
				return
			}
			require.Contains(t, strings.Join(r.Problems, "\n"), c.found)
		})
	}
}

// Each piece of a lot of paper that is changed in a file is named by its line, and one that is missing is found.
func TestChangedPaperIsNamed(t *testing.T) {
	const day = clock.Date("2026-03-02")
	batch, token := ballot.Hash{5}, ballot.Hash{6}
	m := makePaperRound(t, false, func(m *made, k []ballot.Hash) []ballot.Entry {
		return []ballot.Entry{ballot.Lot{Round: m.pre.Header.Round, Key: k[0], Lot: "p0001", Issued: 20, Batch: batch, Day: day}, ballot.Voided{Round: m.pre.Header.Round, Key: k[0], Token: token}}
	}, piece{0, 60, 45})
	honest := unpack(t, m.file(t))
	at := func(kind string) int {
		for i, l := range honest {
			if kindOf([]byte(l)) == kindLeaf && strings.Contains(l, `\"type\":\"`+kind+`\"`) {
				return i
			}
		}
		t.Fatal(kind)
		return 0
	}
	other := ballot.Hash{7}.String()
	lot, void := at("lot"), at("voided")
	for name, c := range map[string]struct {
		line     int
		old, new string
	}{
		"the lot's code":       {lot, "p0001", "p0002"},
		"how many were issued": {lot, `\"issued\":20`, `\"issued\":21`},
		"the batch":            {lot, batch.String(), other},
		"the lot's day":        {lot, string(day), "2026-03-03"},
		"the void ballot":      {void, token.String(), other},
	} {
		t.Run(name, func(t *testing.T) {
			l := slices.Clone(honest)
			require.Contains(t, l[c.line], c.old)
			l[c.line] = strings.Replace(l[c.line], c.old, c.new, 1)
			r, err := Verify(bytes.NewReader(pack(t, l)), Options{VerifierKey: m.public, unsigned: true})
			require.NoError(t, err)
			require.Contains(t, strings.Join(r.Problems, "\n"), fmt.Sprintf("line %d: ", c.line+1))
		})
	}
	for name, line := range map[string]int{"a lot is dropped": lot, "a void ballot is dropped": void} {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(bytes.NewReader(pack(t, slices.Delete(slices.Clone(honest), line, line+1))), Options{VerifierKey: m.public, unsigned: true})
			require.NoError(t, err)
			require.Contains(t, strings.Join(r.Problems, "\n"), "entries were dropped")
		})
	}
}

// What stands behind the first response cannot make it void afterwards.
func TestNothingIsVoidAfterwards(t *testing.T) {
	m := makeRound(t, false, piece{0, 60, 45})
	h := history{v: &verifier{}, sealed: map[ballot.Hash]string{}, voided: map[ballot.Hash]bool{}, lots: map[string]bool{}, issued: map[ballot.Hash]int{}, void: map[ballot.Hash]int{}}
	opened, err := ballot.ParseEntry([]byte(m.leaves[0].Body))
	require.NoError(t, err)
	e := opened.(ballot.RoundOpened)
	h.opened = &e
	h.v.report.Responses = 1
	require.Contains(t, strings.Join(h.take(ballot.Voided{Round: e.Round, Key: e.Keys[0].Key, Token: ballot.NewHash()}), " "), "it stands behind responses")
	require.Contains(t, strings.Join(h.take(ballot.Lot{Round: e.Round, Key: e.Keys[0].Key, Lot: "p0001", Issued: 3, Day: e.OpensOn}), " "), "it stands behind the end of the casting")
}

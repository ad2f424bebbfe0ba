package bundle

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
)

// twoAreas is a round of two service areas: one of two strata, and one of one.
func twoAreas(t testing.TB) *made {
	return makeRound(t, true, piece{0, 60, 40}, piece{0, 40, 20}, piece{1, 50, 30})
}

func verified(t testing.TB, m *made, file []byte) Report {
	t.Helper()
	r, err := Verify(bytes.NewReader(file), Options{VerifierKey: m.public})
	require.NoError(t, err)
	return r
}

func TestAnHonestBundleVerifies(t *testing.T) {
	m := twoAreas(t)
	r := verified(t, m, m.file(t))
	require.Empty(t, r.Problems)
	require.Equal(t, 1, r.Recomputed)
	require.EqualValues(t, 90, r.Responses)
	require.EqualValues(t, 90, r.Draws)
	require.Zero(t, r.Together+r.Hidden)
	r, err := Verify(bytes.NewReader(m.file(t)), Options{})
	require.NoError(t, err)
	require.True(t, r.OK() && r.KeyFromFile)
}

// Nothing that is shown of a small stratum tells who said what, and the score is still computed from it.
func TestSmallStrataShowTheirAnswersTogetherOrNotAtAll(t *testing.T) {
	for _, c := range []struct {
		name             string
		pieces           []piece
		together, hidden int64
	}{
		{"four answers beside forty", []piece{{0, 60, 40}, {0, 40, 4}}, 44, 0},
		{"five answers beside forty", []piece{{0, 60, 40}, {0, 40, 5}}, 0, 0},
		{"none beside forty", []piece{{0, 60, 40}, {0, 40, 0}}, 0, 0},
		{"four in all", []piece{{0, 60, 4}}, 0, 4},
		{"three and one in all", []piece{{0, 60, 3}, {0, 40, 1}}, 0, 4},
		{"a service area of four beside others", []piece{{0, 60, 40}, {1, 40, 4}, {2, 50, 35}}, 0, 4},
		{"nobody", []piece{{0, 60, 0}}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := makeRound(t, true, c.pieces...)
			file := m.file(t)
			r := verified(t, m, file)
			require.Empty(t, r.Problems)
			require.Equal(t, c.together, r.Together)
			require.Equal(t, c.hidden, r.Hidden)
			require.Equal(t, 1, r.Recomputed)
			lines := unpack(t, file)
			var apart int64
			for _, l := range lines {
				if kindOf([]byte(l)) == kindResponse && !strings.Contains(l, `"answers"`) {
					require.NotContains(t, l, `"salt"`)
					apart++
				}
			}
			require.Equal(t, c.together+c.hidden, apart)
		})
	}
}

// field replaces a character in the middle of a field by another.
func field(line, name string) string {
	at := strings.Index(line, `"`+name+`":"`)
	if at < 0 {
		panic(name + " is not in " + line)
	}
	at += len(name) + 4 + 20
	for _, c := range "AB" {
		if byte(c) != line[at] {
			return line[:at] + string(c) + line[at+1:]
		}
	}
	return line
}

// Each kind of change is named by the line, the response or the stratum that it is in.
func TestWhatWasChangedIsNamed(t *testing.T) {
	m := twoAreas(t)
	honest := unpack(t, m.file(t))
	first := func(kind string) int {
		for i, l := range honest {
			if kindOf([]byte(l)) == kind {
				return i
			}
		}
		t.Fatal(kind)
		return 0
	}
	response := first(kindResponse) + 20
	name := func(i int) string {
		var s scanned
		require.True(t, s.scan([]byte(honest[i])))
		return s.Token.Hash(m.pre.Header.Round).String()
	}
	in := func(i int) string { return fmt.Sprintf("line %d: ", i+1) }
	change := func(i int, f func(string) string) func([]string) []string {
		return func(l []string) []string { l[i] = f(l[i]); return l }
	}
	flip := func(i int, name string) func([]string) []string {
		return change(i, func(s string) string { return field(s, name) })
	}
	drop := func(i int) func([]string) []string {
		return func(l []string) []string { return append(l[:i], l[i+1:]...) }
	}
	replace := func(i int, old, new string) func([]string) []string {
		return change(i, func(s string) string {
			require.Contains(t, s, old)
			return strings.Replace(s, old, new, 1)
		})
	}
	leafOf := func(kind string) int {
		for i, l := range honest {
			if kindOf([]byte(l)) == kindLeaf && strings.Contains(l, `\"type\":\"`+kind+`\"`) {
				return i
			}
		}
		t.Fatal(kind)
		return 0
	}
	for _, c := range []struct {
		name string
		do   func([]string) []string
		want string
	}{
		{"a signature", flip(response, "signature"), in(response) + "response " + name(response) + ": the ballot was not signed"},
		{"a prefix", flip(response, "prefix"), name(response) + ": the ballot was not signed"},
		{"a token", flip(response, "token"), in(response)},
		{"an opening", flip(response, "opening"), name(response) + ": the proof of the right"},
		{"a commitment", flip(response, "commitment"), name(response) + ": the answers are not those"},
		{"an attribute", flip(response, "attributes"), name(response) + ": the entry of the ledger"},
		{"a leaf", flip(response, "leaf"), name(response) + ": the entry of the ledger"},
		{"a salt", flip(response, "salt"), name(response) + ": the answers are not those"},
		{"a text's hash", flip(response, "text"), name(response) + ": the answers are not those"},
		{"an answer", change(response, func(s string) string {
			at := strings.Index(s, `"answers":`)
			for d := '1'; d <= '5'; d++ {
				if n := strings.Index(s[at:], `\":`+string(d)); n >= 0 {
					to := string('1' + (d-'1'+1)%5)
					return s[:at+n] + `\":` + to + s[at+n+4:]
				}
			}
			panic("no answer")
		}), name(response) + ": the answers are not those"},
		{"a position", replace(response, `"pos":`, `"pos":1`), in(response)},
		{"a revision", change(response, func(s string) string {
			at := strings.Index(s, `"revision":`) + 11
			return s[:at] + "9" + s[at+1:]
		}), name(response) + ": the proof of the right"},
		{"a stratum", change(response, func(s string) string {
			if strings.Contains(s, "s0001") {
				return strings.Replace(s, "s0001", "s0003", 1)
			}
			return strings.Replace(strings.Replace(s, "s0002", "s0001", 1), "s0003", "s0001", 1)
		}), name(response) + ": the ballot was not signed"},
		{"a response is dropped", drop(response), "line " + fmt.Sprint(response+1) + ": entry"},
		{"a response is there twice", func(l []string) []string {
			return append(l[:response+1], append([]string{l[response]}, l[response+1:]...)...)
		}, "response " + name(response) + " is there twice"},
		{"two responses change places", func(l []string) []string {
			l[response], l[response+1] = l[response+1], l[response]
			return l
		}, "ascending order"},
		{"a response is added behind the end", func(l []string) []string {
			at := leafOf("closed") + 1
			return append(l[:at], append([]string{l[response]}, l[at:]...)...)
		}, "response " + name(response) + " was added behind the end"},
		{"the opening's entry", replace(leafOf("round_opened"), `2026-03-02`, `2026-03-01`), in(leafOf("round_opened"))},
		{"the closing's entry", replace(leafOf("closed"), `\"counted\":90`, `\"counted\":91`), in(leafOf("closed"))},
		{"a seal of draws", replace(leafOf("draw_seal"), `\"count\":60`, `\"count\":61`), in(leafOf("draw_seal"))},
		{"a seal is dropped", drop(leafOf("draw_seal")), "entries were dropped"},
		{"the score's entry is dropped", drop(leafOf("score")), "the entry of the score is missing"},
		{"the closing's entry is dropped", drop(leafOf("closed")), "the entry that ends the round is missing"},
		{"the opening's entry is dropped", drop(leafOf("round_opened")), "the entry that opens the round is missing"},
		{"a gap", change(first(kindGap), func(s string) string {
			at := strings.Index(s, `"hashes":["`) + 11
			if s[at] == 'A' {
				return s[:at] + "B" + s[at+1:]
			}
			return s[:at] + "A" + s[at+1:]
		}), "the entries do not make the root"},
		{"a draw's tag", flip(first(kindDraw), "tag"), "stratum s0001: the list of draws is not"},
		{"a draw that was not", change(first(kindDraw), func(s string) string {
			if strings.Contains(s, "true") {
				return strings.Replace(s, "true", "false", 1)
			}
			return strings.Replace(s, "false", "true", 1)
		}), "stratum s0001: the list shows"},
		{"a draw is dropped", drop(first(kindDraw)), "stratum s0001: the list of draws has 59 dwellings"},
		{"a line of the roll", flip(first(kindDwelling), "line"), "the roll is not the one that was sealed"},
		{"a line of the roll is dropped", drop(first(kindDwelling) + 3), "the roll is not the one that was sealed"},
		{"a line of the roll moves to another stratum", change(first(kindDwelling), func(s string) string {
			if strings.Contains(s, "s0001") {
				return strings.Replace(s, "s0001", "s0003", 1)
			}
			return strings.Replace(strings.Replace(s, "s0002", "s0001", 1), "s0003", "s0001", 1)
		}), ": the roll has"},
		{"a dwelling is not asked in a census", replace(first(kindDwelling), "true", "false"), "dwellings of the roll are asked"},
		{"the card's index", change(first(kindCard), func(s string) string {
			at := strings.Index(s, `\"overall\":`)
			at += strings.Index(s[at:], `\"value\":`) + 10
			for s[at] < '0' || s[at] > '9' {
				at++
			}
			return s[:at] + string('0'+(s[at]-'0'+1)%10) + s[at+1:]
		}), "the score: the overall index of 小区1"},
		{"the card's text", replace(first(kindCard), `\"leftOut\":0`, `\"leftOut\":1`), "the score: a count of 小区1"},
		{"the number left out", replace(first(kindProject), `"leftOut":0`, `"leftOut":2`), "the score: a count of 小区1"},
		{"the checkpoint", replace(0, "— test.example", "— fake.example"), "the checkpoint"},
		{"the checkpoint's size", replace(0, fmt.Sprintf(`\n%d\n`, m.size), fmt.Sprintf(`\n%d\n`, m.size+1)), "the checkpoint"},
		{"the verifier key", flip(0, "verifierKey"), "another verifier key"},
		{"the questionnaire", replace(1, `满意`, `中意`), "the questionnaire of the file is not the one"},
		{"the rules", replace(2, `#`, `##`), "the rules of the file are not those"},
		{"a number of dwellings", replace(first(kindStratum), `"dwellings":60`, `"dwellings":61`), "a census asks every dwelling of stratum s0001"},
		{"a number of draws", replace(first(kindStratum), `"drawn":40`, `"drawn":41`), "stratum s0001: another number of ballots was drawn"},
		{"a number of responses", replace(first(kindStratum), `"counted":40`, `"counted":39`), "stratum s0001: another number of responses"},
		{"a line behind the end", func(l []string) []string { return append(l, l[len(l)-2]) }, "stands behind the end"},
		{"the end is missing", func(l []string) []string { return l[:len(l)-1] }, "it was cut"},
		{"a strange line", func(l []string) []string { return append(l[:40], append([]string{`{"type":"note"}`}, l[40:]...)...) }, "line 41: no line of a bundle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Verify(bytes.NewReader(pack(t, c.do(append([]string{}, honest...)))), Options{VerifierKey: m.public})
			require.NoError(t, err)
			require.Contains(t, strings.Join(r.Problems, "\n"), c.want)
		})
	}
}

// Whichever byte of the file is altered or cut off, it is found.
func TestDamageIsFound(t *testing.T) {
	m := makeRound(t, true, piece{0, 60, 20})
	file := m.file(t)
	for at := 0; at < len(file); at += 211 {
		bad := bytes.Clone(file)
		bad[at] ^= 4
		r, err := Verify(bytes.NewReader(bad), Options{VerifierKey: m.public})
		if at >= 10 || bad[0] != file[0] || bad[1] != file[1] { // the first bytes hold a time and a system, which say nothing
			require.True(t, err != nil || !r.OK(), "byte %d", at)
		}
		r, err = Verify(bytes.NewReader(file[:at]), Options{VerifierKey: m.public})
		require.True(t, err != nil || !r.OK(), "cut at %d", at)
	}
	r := verified(t, m, append(bytes.Clone(file), 'x'))
	require.Contains(t, r.Problems[0], "behind the end of the file")
	r = verified(t, m, append(bytes.Clone(file), file...))
	require.NotEmpty(t, r.Problems)
}

// A forged round that is right in itself is not that of the ledger's key.
func TestAnotherLedgersBundleIsRefused(t *testing.T) {
	m, other := makeRound(t, false, piece{0, 60, 5}), makeRound(t, false, piece{0, 60, 5})
	r, err := Verify(bytes.NewReader(m.file(t)), Options{VerifierKey: other.public})
	require.NoError(t, err)
	require.Contains(t, r.Problems[0], "the checkpoint")
}

func TestHostileFilesAreBounded(t *testing.T) {
	long := pack(t, []string{strings.Repeat("x", maxLine+10)})
	_, err := Verify(bytes.NewReader(long), Options{})
	require.ErrorIs(t, err, errLong)
	m := makeRound(t, false, piece{0, 60, 1})
	lines := unpack(t, m.file(t))
	var many []string
	many = append(many, lines[:4]...)
	for range maxStrata + 10 {
		many = append(many, lines[3])
	}
	_, err = Verify(bytes.NewReader(pack(t, many)), Options{})
	require.ErrorContains(t, err, "this is no bundle")
	for _, text := range []string{"", "x", "\x1f\x8b"} {
		_, err = Verify(strings.NewReader(text), Options{})
		require.Error(t, err)
	}
}

// The tree from leaves and gaps is that of the ledger, wherever the gaps are.
func TestCoversMakeTheSameTree(t *testing.T) {
	m := &made{}
	for range 300 {
		m.append(t, ballot.NewHash())
	}
	want, err := m.root()
	require.NoError(t, err)
	for from := int64(0); from < 300; from += 7 {
		for to := from; to <= 300; to += 13 {
			got := tree{}
			for _, span := range [][2]int64{{0, from}, {from, to}, {to, 300}} {
				for _, s := range cover(span[0], span[1]) {
					got.add(s.level, m.stored[s.index()])
				}
			}
			require.Equal(t, want, got.root())
			require.EqualValues(t, 300, got.next)
		}
	}
}

func FuzzVerify(f *testing.F) {
	m := makeRound(f, false, piece{0, 60, 6}, piece{0, 40, 20})
	for _, l := range unpack(f, m.file(f)) {
		f.Add([]byte(l))
	}
	lines := unpack(f, m.file(f))
	f.Fuzz(func(t *testing.T, line []byte) {
		var s scanned
		if s.scan(line) {
			again, err := appendResponse(nil, &s.Response, string(s.code), s.leaf, s.open)
			require.NoError(t, err)
			require.Equal(t, string(line), string(again), "a line has one form")
		}
		at := len(line) % len(lines)
		changed := append(append(append([]string{}, lines[:at]...), string(line)), lines[at:]...)
		r, err := Verify(bytes.NewReader(pack(t, changed)), Options{VerifierKey: m.public, unsigned: true})
		require.True(t, err != nil || !r.OK(), "a line was added")
	})
}

func TestAFileCannotWriteOverWhatIsSaidOfIt(t *testing.T) {
	var r Report
	r.add("stratum %s: the key", "\x1b[2J小区\r\xff\u202e")
	require.Equal(t, []string{"stratum \ufffd[2J小区\ufffd\ufffd\ufffd: the key"}, r.Problems)
}

package personal

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func exported(t require.TestingT) (Ring, [Holders]string) {
	ring, err := NewRing()
	require.NoError(t, err)
	shares, err := ExportShares(ring, "2026-11-22")
	require.NoError(t, err)
	return ring, shares
}

func TestBothSharesGiveTheRingBack(t *testing.T) {
	ring, s := exported(t)
	for _, pair := range [][2]string{{s[0], s[1]}, {s[1], s[0]}} {
		back, err := ImportShares(pair[0], pair[1])
		require.NoError(t, err)
		require.Equal(t, ring, back)
	}
	kek, err := newKey()
	require.NoError(t, err)
	two := ring.with(kek) // exported while a rotation is under way
	shares, err := ExportShares(two, "2026-11-22")
	require.NoError(t, err)
	back, err := ImportShares(shares[0], shares[1])
	require.NoError(t, err)
	require.Equal(t, two, back)
}

func TestSharesSurvivePaper(t *testing.T) {
	ring, s := exported(t)
	sloppy := strings.ToLower(s[0])
	sloppy = strings.Replace(sloppy, "redproperty key share", "RedProperty key share", 1)
	sloppy = "\n  " + strings.ReplaceAll(sloppy, "\n", " \r\n") + "\n"
	back, err := ImportShares(sloppy, s[1])
	require.NoError(t, err)
	require.Equal(t, ring, back)
	require.NotRegexp(t, regexp.MustCompile(`(?m)^\d\d .*[ILOU]`), s[0]+s[1])
}

func TestOneShareAloneIsUseless(t *testing.T) {
	ring, s := exported(t)
	_, err := ImportShares(s[0], s[0])
	require.ErrorContains(t, err, "both holders")
	for _, text := range s {
		one, err := parseShare(text)
		require.NoError(t, err)
		for _, key := range [][]byte{ring.index, ring.current()} {
			require.NotContains(t, string(one.data), string(key[:4]))
			require.NotContains(t, text, base64.StdEncoding.EncodeToString(key)[:8])
		}
		_, err = openPayload(one.data)
		require.Error(t, err)
	}
	again, err := ExportShares(ring, "2026-11-22")
	require.NoError(t, err)
	_, err = ImportShares(s[0], again[1])
	require.ErrorContains(t, err, "different exports")
}

// The second share is as random as the first: over many exports of one ring each bit of it is set about
// half of the times, whatever the key's bit is.
func TestEachShareLooksRandom(t *testing.T) {
	ring, _ := exported(t)
	const rounds = 400
	for number := range Holders {
		var ones [2*KeySize + 8][8]int
		for range rounds {
			shares, err := ExportShares(ring, "2026-11-22")
			require.NoError(t, err)
			s, err := parseShare(shares[number])
			require.NoError(t, err)
			for i, b := range s.data {
				for bit := range 8 {
					ones[i][bit] += int(b >> bit & 1)
				}
			}
		}
		for i := range ones {
			for bit := range 8 {
				require.InDelta(t, rounds/2, ones[i][bit], 70, "share %d byte %d", number+1, i) // 7 sigma
			}
		}
	}
}

func TestAMistypedShareNamesItsLine(t *testing.T) {
	_, s := exported(t)
	rapid.Check(t, func(t *rapid.T) {
		lines := strings.Split(s[0], "\n")
		body := rapid.IntRange(4, 7).Draw(t, "line")
		at := rapid.IntRange(3, len(lines[body])-1).Draw(t, "at")
		was := lines[body][at]
		now := rapid.SampledFrom([]byte(shareAlphabet)).Draw(t, "char")
		if was == now || was == ' ' {
			return
		}
		lines[body] = lines[body][:at] + string(now) + lines[body][at+1:]
		_, err := ImportShares(strings.Join(lines, "\n"), s[1])
		require.ErrorContains(t, err, "first share given: line "+lines[body][:2]+" is mistyped")
	})
}

func TestSharesWithMissingOrSwappedLines(t *testing.T) {
	_, s := exported(t)
	lines := strings.Split(s[1], "\n")
	_, err := ImportShares(s[0], strings.Join(append(append([]string{}, lines[:5]...), lines[6:]...), "\n"))
	require.ErrorContains(t, err, "second share given: lines are missing")
	lines[4], lines[5] = lines[5], lines[4]
	_, err = ImportShares(s[0], strings.Join(lines, "\n"))
	require.ErrorContains(t, err, "line 01 is mistyped")
	_, err = ImportShares("", "")
	require.ErrorContains(t, err, "not a key share")
}

func FuzzShare(f *testing.F) {
	_, s := exported(f)
	f.Add(s[0], s[1])
	f.Add("RedProperty key share 1 of 2\nset x\n01 A B\nlines 1", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		if r, err := ImportShares(a, b); err == nil {
			require.Len(t, r.current(), KeySize)
		}
	})
}

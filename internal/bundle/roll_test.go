package bundle

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/ballot"
)

// Of a sample anybody draws again, and finds whatever was changed about it.
func TestASampleIsDrawnAgain(t *testing.T) {
	m := makeSample(t, 1000, 400, 250)
	honest := unpack(t, m.file(t))
	r := verified(t, m, pack(t, honest))
	require.Empty(t, r.Problems)
	require.EqualValues(t, 650, r.Dwellings)
	lineOf := func(kind string, with string) int {
		for i, l := range honest {
			if kindOf([]byte(l)) == kind && strings.Contains(l, with) {
				return i
			}
		}
		t.Fatal(kind, with)
		return 0
	}
	in := func(at int, old, new string) func([]string) {
		return func(l []string) {
			require.Contains(t, l[at], old)
			l[at] = strings.Replace(l[at], old, new, 1)
		}
	}
	chosen, other := lineOf(kindDwelling, `"s0001","asked":true`), lineOf(kindDwelling, `"s0001","asked":false`)
	first := lineOf(kindPledge, "")
	for name, c := range map[string]struct {
		do   func([]string)
		want string
	}{
		"somebody else is asked": {func(l []string) {
			in(chosen, "true", "false")(l)
			in(other, "false", "true")(l)
		}, "stratum s0001: the dwellings that are asked are not those that the draw chooses"},
		"one more is asked":     {in(other, "false", "true"), "dwellings of the roll are asked"},
		"a secret":              {func(l []string) { l[first] = field(l[first], "secret") }, "the secrets of the draw are not those of the file"},
		"a commitment":          {func(l []string) { l[first] = field(l[first], "commitment") }, "a secret of the draw is not what its party committed to"},
		"two parties' order":    {func(l []string) { l[first], l[first+1] = l[first+1], l[first] }, "the secrets of the draw are not those of the file"},
		"the margin":            {in(0, `"marginBp":1000`, `"marginBp":900`), "dwellings are asked, the margin needs"},
		"no margin":             {in(0, `"marginBp":1000,`, ""), "the planned margin or the expected response is none"},
		"the response":          {in(0, `"responsePercent":50`, `"responsePercent":60`), "dwellings are asked, the margin needs"},
		"no response":           {in(0, `"responsePercent":50,`, ""), "the planned margin or the expected response is none"},
		"the form before":       {in(0, `"v":3`, `"v":2`), "a file of this form has no expected response"},
		"a line of the roll":    {func(l []string) { l[other] = field(l[other], "line") }, "the roll is not the one that was sealed"},
		"a stratum's number":    {in(lineOf(kindStratum, "s0002"), `"dwellings":250`, `"dwellings":251`), "stratum s0002: the roll has 250 dwellings, the file says 251"},
		"a dwelling left out":   {in(other, `"s0001"`, `""`), "the roll leaves 1 dwellings out, the service areas say 0"},
		"asked though left out": {in(chosen, `"s0001"`, `""`), "a dwelling that was left out is asked"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := append([]string{}, honest...)
			c.do(lines)
			r, err := Verify(bytes.NewReader(pack(t, lines)), Options{VerifierKey: m.public})
			require.NoError(t, err)
			require.Contains(t, strings.Join(r.Problems, "\n"), c.want)
		})
	}
}

func TestALineOfTheRollHasOneForm(t *testing.T) {
	for _, d := range []Dwelling{{kindDwelling, ballot.NewHash(), "s0012", true}, {kindDwelling, ballot.NewHash(), "", false}} {
		line := appendDwelling(nil, d)
		general, err := encode(d)
		require.NoError(t, err)
		require.Equal(t, string(general), string(line))
		got, err := scanDwelling(line)
		require.NoError(t, err)
		require.Equal(t, d, got)
		for cut := range line {
			_, err := scanDwelling(line[:cut])
			require.Error(t, err)
		}
	}
}

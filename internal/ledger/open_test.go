package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/ledger"
)

// FuzzOpen: what opens is a checkpoint that this ledger signed, whatever else is put around it: signing what was read gives
// a note with the same text.
func FuzzOpen(f *testing.F) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	log := func(origin string) *ledger.Ledger {
		key, err := ledger.NewKey(origin)
		require.NoError(f, err)
		l, err := ledger.New(origin, key, clk)
		require.NoError(f, err)
		return l
	}
	mine, other := log("test.example/rp"), log("test.example/rp")
	for _, l := range []*ledger.Ledger{mine, other} {
		c, err := l.Sign("audit", ledger.Head{Size: 7})
		require.NoError(f, err)
		for _, seed := range []string{c.Note, c.Note[1:], c.Note + c.Note, strings.Replace(c.Note, "7", "07", 1), strings.Replace(c.Note, "\n\n", "\nx\n\n", 1)} {
			f.Add(seed)
		}
	}
	f.Add("")
	f.Add("\n\n— test.example/rp AAAA\n")
	f.Fuzz(func(t *testing.T, signed string) {
		name, h, err := mine.Open(signed)
		if err != nil {
			return
		}
		again, err := mine.Sign(name, h)
		require.NoError(t, err)
		text, _, _ := strings.Cut(again.Note, "\n\n")
		require.True(t, strings.HasPrefix(signed, text+"\n"), "%q was read as %q", signed, text)
		require.Equal(t, "audit", name, "nothing else was ever signed")
		require.EqualValues(t, 7, h.Size)
	})
}

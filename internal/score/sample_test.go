package score

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func openings(round string) []Opening {
	var out []Opening
	for i, party := range []string{"street", "committee", "company"} {
		secret := bytes.Repeat([]byte{byte(i + 1)}, MinSecret)
		out = append(out, Opening{party, Commit(round, party, secret), secret})
	}
	return out
}

// Anyone can draw again: this follows the description in docs/statistics.md with nothing of the package.
func TestSampleByHand(t *testing.T) {
	hash := func(parts ...string) string {
		h := sha256.New()
		for _, p := range parts {
			_ = binary.Write(h, binary.BigEndian, uint64(len(p)))
			h.Write([]byte(p))
		}
		return string(h.Sum(nil))
	}
	roll := Hash{7}
	seed, err := Seed("round-1", roll, openings("round-1"))
	require.NoError(t, err)
	secret := func(b byte) string { return string(bytes.Repeat([]byte{b}, 16)) }
	require.Equal(t, hash("redproperty/sample/seed/v1", "round-1", string(roll[:]), "street", secret(1), "committee", secret(2), "company", secret(3)), string(seed[:]))

	var keys []string
	for i := range 20 {
		keys = append(keys, fmt.Sprintf("3-%d-%d01", i/4, i%4))
	}
	got, err := Sample(seed, keys, 5)
	require.NoError(t, err)
	order := slices.Clone(keys)
	sort.Slice(order, func(i, j int) bool {
		return hash("redproperty/sample/order/v1", string(seed[:]), order[i]) < hash("redproperty/sample/order/v1", string(seed[:]), order[j])
	})
	var names []string
	for _, i := range got {
		names = append(names, keys[i])
	}
	require.ElementsMatch(t, order[:5], names)
	require.Equal(t, "9a0f643c28f7f8d13b06d6268873c0a6ea5f5a713e6f3d39b41a3d4ad24e2ac5", hex.EncodeToString(seed[:]))
	require.Equal(t, []string{"3-0-101", "3-1-201", "3-2-001", "3-2-201", "3-2-301"}, names)
}

func TestSeedWantsEverySecretAsCommitted(t *testing.T) {
	good := openings("r")
	first, err := Seed("r", Hash{}, good)
	require.NoError(t, err)
	for name, spoil := range map[string]func([]Opening) []Opening{
		"another secret": func(o []Opening) []Opening { o[1].Secret = bytes.Repeat([]byte{9}, 16); return o },
		"short": func(o []Opening) []Opening {
			o[1] = Opening{"committee", Commit("r", "committee", []byte("x")), []byte("x")}
			return o
		},
		"copied":           func(o []Opening) []Opening { o[2].Commitment, o[2].Secret = o[1].Commitment, o[1].Secret; return o },
		"party twice":      func(o []Opening) []Opening { o[2] = o[1]; return o },
		"of another round": func([]Opening) []Opening { return openings("other") },
		"none":             func([]Opening) []Opening { return nil },
	} {
		_, err := Seed("r", Hash{}, spoil(openings("r")))
		require.ErrorContains(t, err, "score.commitments", name)
	}
	second, err := Seed("r", Hash{1}, good)
	require.NoError(t, err)
	require.NotEqual(t, first, second, "the roll is part of the seed")
}

func TestSampleDependsOnTheSetOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringN(1, 8, -1), 1, 40, rapid.ID[string]).Draw(t, "keys")
		n := rapid.IntRange(0, len(keys)).Draw(t, "n")
		seed := Hash{rapid.Byte().Draw(t, "seed")}
		got, err := Sample(seed, keys, n)
		require.NoError(t, err)
		require.Len(t, got, n)
		require.True(t, slices.IsSorted(got))
		shuffled := rapid.Permutation(keys).Draw(t, "shuffled")
		again, err := Sample(seed, shuffled, n)
		require.NoError(t, err)
		name := func(from []string, at []int) (out []string) {
			for _, i := range at {
				out = append(out, from[i])
			}
			return out
		}
		require.ElementsMatch(t, name(keys, got), name(shuffled, again))
		if n > 0 {
			fewer, err := Sample(seed, keys, n-1)
			require.NoError(t, err)
			require.Subset(t, got, fewer, "a larger sample holds the smaller")
		}
	})
	for _, keys := range [][]string{{"a", "a"}, {"a", ""}, {"a"}} {
		_, err := Sample(Hash{}, keys, 2)
		require.ErrorContains(t, err, "score.draw")
	}
}

// Over 4,000 seeds each of 30 dwellings is drawn as often as chance has it: within the central 99.999 %
// of the binomial, which 30 dwellings together leave once in 3,000 choices of the seeds. They are fixed.
func TestSampleIsFair(t *testing.T) {
	r := rand.New(rand.NewChaCha8([32]byte{1}))
	keys := make([]string, 30)
	for i := range keys {
		keys[i] = fmt.Sprint(i)
	}
	const seeds, n = 4000, 10
	drawn := make([]float64, len(keys))
	for range seeds {
		var seed Hash
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		got, err := Sample(seed, keys, n)
		require.NoError(t, err)
		for _, i := range got {
			drawn[i]++
		}
	}
	chance := distuv.Binomial{N: seeds, P: float64(n) / float64(len(keys))}
	for i, times := range drawn {
		require.Greater(t, chance.CDF(times), 5e-6, "dwelling %d: %v", i, times)
		require.Less(t, chance.CDF(times-1), 1-5e-6, "dwelling %d: %v", i, times)
	}
}

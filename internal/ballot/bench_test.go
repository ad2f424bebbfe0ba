package ballot

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

// BenchmarkSign is what one drawing costs in a core, by size of key.
func BenchmarkSign(b *testing.B) {
	for _, bits := range Sizes {
		key, err := GenerateKey(bits)
		require.NoError(b, err)
		p, err := prepare(key.Public(), id.New(), NewSecret())
		require.NoError(b, err)
		s, ctx := NewSigner(2), context.Background()
		b.Run(fmt.Sprint(bits), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.BlindSign(ctx, key, p.blinded); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify is what one casting costs in a core, by size of key.
func BenchmarkVerify(b *testing.B) {
	for _, bits := range Sizes {
		key, err := GenerateKey(bits)
		require.NoError(b, err)
		kept := drawn(b, key, id.New())
		ballot, v, ctx := kept.Ballot(), NewVerifier(2), context.Background()
		b.Run(fmt.Sprint(bits), func(b *testing.B) {
			for b.Loop() {
				if err := v.Verify(ctx, key.Public(), kept.Round, ballot); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpening is what checking the right to a revision costs: 64 hashes at most.
func BenchmarkOpening(b *testing.B) {
	s := NewSecret()
	token := s.Token()
	opening, err := s.Opening(MaxRevision)
	require.NoError(b, err)
	for b.Loop() {
		if err := token.CheckOpening(MaxRevision, opening); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLeaf is what a counted response costs at closing (write) and in the verifier (read).
func BenchmarkLeaf(b *testing.B) {
	e := Response{Round: id.New(), Key: NewHash(), Token: NewHash(), Revision: 1, Opening: NewHash(), Commitment: NewHash(), Attributes: NewHash()}
	encoded, err := Encode(e)
	require.NoError(b, err)
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			body, err := Encode(e)
			if err != nil {
				b.Fatal(err)
			}
			_ = Leaf(body)
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := ParseEntry(encoded); err != nil {
				b.Fatal(err)
			}
		}
	})
}

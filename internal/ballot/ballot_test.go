package ballot

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

func TestBallotIsDrawnAndCast(t *testing.T) {
	for _, bits := range Sizes {
		key, err := GenerateKey(bits)
		require.NoError(t, err)
		round := id.New()
		p, err := prepare(key.Public(), round)
		require.NoError(t, err)
		s, err := NewSigner(1).BlindSign(context.Background(), key, p.Blinded())
		require.NoError(t, err)
		kept, err := p.Finish(s)
		require.NoError(t, err)
		require.NoError(t, NewVerifier(1).Verify(context.Background(), key.Public(), round, kept.Ballot()))
	}
}

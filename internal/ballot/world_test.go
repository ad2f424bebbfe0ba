package ballot

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// aKey and anotherKey are made once: what is tested with them does not depend on which they are.
var (
	aKey       = sync.OnceValues(func() (*PrivateKey, error) { return GenerateKey(DefaultBits) })
	anotherKey = sync.OnceValues(func() (*PrivateKey, error) { return GenerateKey(DefaultBits) })
)

func keys(t testing.TB) (key, other *PrivateKey) {
	t.Helper()
	key, err := aKey()
	require.NoError(t, err)
	other, err = anotherKey()
	require.NoError(t, err)
	return key, other
}

// drawn is a ballot as a client gets it.
func drawn(t testing.TB, key *PrivateKey, round id.ID) Kept {
	t.Helper()
	p, err := prepare(key.Public(), round, NewSecret())
	require.NoError(t, err)
	signature, err := NewSigner(1).BlindSign(context.Background(), key, p.Blinded())
	require.NoError(t, err)
	kept, err := p.Finish(signature)
	require.NoError(t, err)
	return kept
}

func refused(t testing.TB, err error, code string) {
	t.Helper()
	require.True(t, fault.Is(err, code), "want %s, got %v", code, err)
}

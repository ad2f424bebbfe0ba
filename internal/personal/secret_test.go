package personal

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestASecretNeedsBothShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOf(rapid.Byte()).Draw(t, "secret")
		shares, err := SplitSecret(secret, "2026-11-22")
		require.NoError(t, err)
		got, err := JoinSecret(shares[1], shares[0])
		require.NoError(t, err)
		require.Equal(t, string(secret), string(got))
		for _, alone := range shares {
			_, err := JoinSecret(alone, alone)
			require.Error(t, err)
		}
		other, err := SplitSecret(secret, "2026-11-22")
		require.NoError(t, err)
		_, err = JoinSecret(shares[0], other[1])
		require.Error(t, err)
		_, err = ImportShares(shares[0], shares[1])
		require.Error(t, err, "a secret is never taken for a ring")
	})
	ring, err := NewRing()
	require.NoError(t, err)
	shares, err := ExportShares(ring, "2026-11-22")
	require.NoError(t, err)
	_, err = JoinSecret(shares[0], shares[1])
	require.Error(t, err, "nor a ring for a secret")
}

package rules_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestKeepStoresEachTextOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		first := shipped(t)
		require.NoError(t, rules.Keep(ctx, db, first, 1000))
		require.NoError(t, rules.Keep(ctx, db, first, 2000))
		changed, err := rules.Load(edited(t, rules.Report, "k: 5", "k: 6"), configs.Files)
		require.NoError(t, err)
		require.NoError(t, rules.Keep(ctx, db, changed, 3000))

		var n int
		require.NoError(t, db.Get(ctx, &n, `SELECT COUNT(*) FROM rule_version`))
		require.Equal(t, len(rules.Names())+1, n)
		versions, err := rules.Versions(ctx, db, rules.Report)
		require.NoError(t, err)
		require.Equal(t, []rules.Version{
			{Hash: changed.Hash(rules.Report), Name: rules.Report, LoadedAt: 3000},
			{Hash: first.Hash(rules.Report), Name: rules.Report, LoadedAt: 1000},
		}, versions)

		// The first one again: it is in force from then on.
		require.NoError(t, rules.Keep(ctx, db, first, 4000))
		require.NoError(t, rules.Keep(ctx, db, first, 5000))
		for at, want := range map[clock.Instant]rules.Hash{1000: first.Hash(rules.Report), 2999: first.Hash(rules.Report), 3000: changed.Hash(rules.Report), 3999: changed.Hash(rules.Report), 4000: first.Hash(rules.Report)} {
			got, err := rules.InForce(ctx, db, rules.Report, at)
			require.NoError(t, err)
			require.Equal(t, want, got, at)
		}
		_, err = rules.InForce(ctx, db, rules.Report, 999)
		require.True(t, fault.Is(err, "rules.version_unknown"))
		require.NoError(t, db.Get(ctx, &n, `SELECT COUNT(*) FROM rule_load`))
		require.Equal(t, len(rules.Names())+2, n)

		for _, f := range first.Files() {
			got, err := rules.ByHash(ctx, db, f.Hash)
			require.NoError(t, err)
			require.Equal(t, f, got)
		}
		old, err := rules.ByHash(ctx, db, first.Hash(rules.Report))
		require.NoError(t, err)
		report, err := rules.ParseReport(old)
		require.NoError(t, err)
		require.Equal(t, 5, report.Suppression.K, "a past result is computed by its own rules")
	})
}

func TestByHashRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		set := shipped(t)
		require.NoError(t, rules.Keep(ctx, db, set, 1000))
		_, err := rules.ByHash(ctx, db, rules.Hash{1})
		require.True(t, fault.Is(err, "rules.version_unknown"))
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			return tx.ExecOne(ctx, `UPDATE rule_version SET content = ? WHERE hash = ?`, "suppression: {k: 1}\n", set.Hash(rules.Report))
		}))
		_, err = rules.ByHash(ctx, db, set.Hash(rules.Report))
		require.ErrorIs(t, err, fault.Internal)
		require.ErrorContains(t, err, "altered")
	})
}

// Replicas that start together all succeed, and each text is kept once.
func TestKeepTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx, set := context.Background(), shipped(t)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = rules.Keep(ctx, db, set, clock.Instant(i)) })
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		var n int
		require.NoError(t, db.Get(ctx, &n, `SELECT COUNT(*) FROM rule_version`))
		require.Equal(t, len(rules.Names()), n)
	})
}

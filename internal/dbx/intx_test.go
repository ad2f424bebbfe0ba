package dbx

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
)

// database/sql rolls back by itself when the context ends: whoever left before COMMIT is told that they left, and not
// that the outcome is unknown, whether the rollback has been done already or not.
func TestWhoLeavesBeforeTheCommitKnowsThatNothingWasDone(t *testing.T) {
	db, err := sqlx.Open("sqlite", ":memory:")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	ctx, leave := context.WithCancel(t.Context())
	tx, err := db.BeginTxx(ctx, nil)
	require.NoError(t, err)
	leave()
	require.Eventually(t, func() bool {
		_, err := tx.ExecContext(t.Context(), "SELECT 1")
		return errors.Is(err, sql.ErrTxDone)
	}, 10*time.Second, time.Millisecond)
	err = commit(ctx, tx)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrCommitUnknown)
}

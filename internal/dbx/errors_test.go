package dbx_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"log/slog"
	"net"
	"syscall"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbx"
)

// Whatever the loss of the server looks like, it is away; nothing else is.
func TestALostServerIsAway(t *testing.T) {
	for _, err := range []error{
		driver.ErrBadConn, mysql.ErrInvalidConn, sql.ErrConnDone, &mysql.MySQLError{Number: 1053, Message: "Server shutdown in progress"},
		&mysql.MySQLError{Number: 1927}, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}, &net.OpError{Op: "read", Net: "tcp", Err: io.EOF},
	} {
		err = fmt.Errorf("begin: %w", err)
		require.Equal(t, dbx.Away, dbx.Classify(err), err)
		require.Equal(t, slog.LevelWarn, dbx.Severity(err), err)
	}
	for _, err := range []error{
		io.EOF, sql.ErrTxDone, &mysql.MySQLError{Number: 1064}, context.Canceled, &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
	} {
		require.NotEqual(t, dbx.Away, dbx.Classify(fmt.Errorf("read: %w", err)), err)
		require.Equal(t, slog.LevelError, dbx.Severity(err), err)
	}
	require.Equal(t, slog.LevelWarn, dbx.Severity(dbx.ErrCommitUnknown))
}

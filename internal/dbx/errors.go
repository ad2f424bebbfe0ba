package dbx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"net"
	"strings"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNoMatch is returned by ExecOne when the condition matched no row: the state or the version is no
// longer what the caller thought, or somebody was faster.
var ErrNoMatch = errors.New("dbx: no row matched")

// ErrNested is returned by InTx inside a transaction's body.
var ErrNested = errors.New("dbx: InTx inside a transaction")

// ErrCommitUnknown wraps the loss of a COMMIT's answer: the transaction may or may not have taken
// effect. It is never retried here; the client repeats its call with the same idempotency key.
var ErrCommitUnknown = errors.New("dbx: the answer to COMMIT was lost")

// Class is what a database error means to the caller.
type Class int

// The classes of database errors.
const (
	Other Class = iota
	NoRow
	Duplicate
	ForeignKey
	Check
	Retryable // deadlock, lock wait, busy: the transaction may be run again
	Away      // the server, or the way to it, is gone: the same call may work later
)

var mysqlClasses = map[uint16]Class{
	1062: Duplicate, 1586: Duplicate,
	1451: ForeignKey, 1452: ForeignKey, 1216: ForeignKey, 1217: ForeignKey,
	3819: Check, 4025: Check, 1048: Check, 1406: Check, 1264: Check,
	1213: Retryable, 1205: Retryable, 1020: Retryable, // 1020: MariaDB, "record has changed since last read"
	8022: Retryable, 9007: Retryable, // TiDB: write conflicts
	1053: Away, 1040: Away, 1203: Away, 1927: Away, 4031: Away, // shutdown, too many connections, killed, cut for idling
}

// Classify tells by the driver's error number what err means.
func Classify(err error) Class {
	if errors.Is(err, sql.ErrNoRows) {
		return NoRow
	}
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		return mysqlClasses[my.Number]
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return classifySQLite(lite.Code())
	}
	if away(err) {
		return Away
	}
	return Other
}

// away tells whether err is the loss of a connection, or that none could be made. The driver gives the cause of a
// broken connection as ErrInvalidConn, of one that was not made as the network's own error. The end of a context
// looks like a time-out of the network too, and is none.
func away(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return false
	}
	var network *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, mysql.ErrInvalidConn) || errors.As(err, &network)
}

// Severity is the level at which work is logged that failed with err and is tried again: a database that is away is a
// warning, since readiness tells of it and nothing in the program is wrong.
func Severity(err error) slog.Level {
	if Classify(err) == Away || errors.Is(err, ErrCommitUnknown) {
		return slog.LevelWarn
	}
	return slog.LevelError
}

func classifySQLite(code int) Class {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return Duplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ForeignKey
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_DATATYPE:
		return Check
	}
	if code&0xff == sqlite3.SQLITE_BUSY {
		return Retryable
	}
	return Other
}

// IsNoRow tells whether a Get found nothing.
func IsNoRow(err error) bool { return Classify(err) == NoRow }

// IsDuplicate tells whether a UNIQUE or PRIMARY KEY constraint refused a row.
func IsDuplicate(err error) bool { return Classify(err) == Duplicate }

// DuplicateOf tells whether err is a refusal by the unique index that holds column: on MySQL the
// index must be named uq_TABLE_COLUMN…, on SQLite the columns are in the message. It serves tables with
// more than one unique key.
func DuplicateOf(err error, column string) bool {
	return IsDuplicate(err) && strings.Contains(err.Error(), column)
}

// lostConnection tells whether err may have hidden the answer of a COMMIT.
func lostConnection(err error) bool {
	var my *mysql.MySQLError
	return !errors.As(err, &my)
}

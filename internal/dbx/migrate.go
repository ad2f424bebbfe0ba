package dbx

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the files of the schema, in a folder for each engine.
func Migrations() fs.FS { return migrations }

// ErrNewer is returned by Migrate when the database was written by a newer program.
var ErrNewer = errors.New("the database is newer than this program: install the newer program, or restore a backup made by this one")

// Migrate brings the schema up to date. It refuses a database newer than the program. On a server
// several replicas may start together: one migrates, the others wait.
func (db *DB) Migrate(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return err
	}
	// The version is read only afterwards: reading takes no lock and makes the table of versions where there is none, which on a server
	// a replica that holds the lock would find without its first row. In a newer database Up finds nothing to do.
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return checkVersion(ctx, p)
}

func checkVersion(ctx context.Context, p *goose.Provider) error {
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if current > newest {
		return fmt.Errorf("%w (database %d, program %d)", ErrNewer, current, newest)
	}
	return nil
}

func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(db.dialect))
	if err != nil {
		return nil, err
	}
	if db.dialect == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, db.write.DB, files)
	}
	locker, err := lock.NewMySQLTableLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectMySQL, db.write.DB, files, goose.WithLocker(locker))
}

package dbx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"
)

// mysqlConfig turns mysql://user:password@host:port/name?tls=true into the driver's settings and sets
// those that the code relies on.
func mysqlConfig(raw string) (*mysql.Config, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return nil, fmt.Errorf("database url: want mysql://user:password@host:port/name")
	}
	cfg, err := mysql.ParseDSN("/" + "?" + u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("database url: option not understood by the MySQL driver")
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.Trim(u.Path, "/")
	if u.Port() == "" {
		cfg.Addr += ":3306"
	}
	cfg.ClientFoundRows = true   // rows matched, not rows changed: a conditional UPDATE counts matches
	cfg.InterpolateParams = true // one round trip a statement
	cfg.ParseTime = true
	cfg.Loc = time.UTC
	cfg.Collation = "utf8mb4_bin"
	cfg.Params = map[string]string{"sql_mode": "'STRICT_ALL_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'", "group_concat_max_len": "1048576"}
	cfg.Logger = &mysql.NopLogger{} // it would write a line with the second for each connection that breaks; callers get the error, and some of them cast
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	return cfg, nil
}

// readCommitted sets the isolation of each new connection: conditional updates carry every rule, so
// gap locks would only cause deadlocks. The variable has different names in MySQL and MariaDB; the
// statement is the same.
type readCommitted struct{ driver.Connector }

func (c readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.(driver.ExecerContext).ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil); err != nil {
		return nil, errors.Join(fmt.Errorf("set isolation: %w", err), conn.Close())
	}
	return conn, nil
}

func openMySQL(ctx context.Context, cfg Config) (*DB, error) {
	my, err := mysqlConfig(cfg.URL)
	if err != nil {
		return nil, err
	}
	conn, err := mysql.NewConnector(my)
	if err != nil {
		return nil, fmt.Errorf("database url: %w", err)
	}
	pool := sql.OpenDB(readCommitted{conn})
	if cfg.MaxOpen == 0 {
		cfg.MaxOpen = 40
	}
	pool.SetMaxOpenConns(cfg.MaxOpen)
	pool.SetMaxIdleConns(cfg.MaxOpen)
	pool.SetConnMaxLifetime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("connect to %s: %w", my.Addr, err)
	}
	x := sqlx.NewDb(pool, "mysql")
	return &DB{reader: reader{x, slowLog{cfg.Log, cfg.SlowQuery}}, dialect: MySQL, write: x, read: x, log: cfg.Log}, nil
}

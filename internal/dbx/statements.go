package dbx

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// How many statements a connection to the embedded database keeps prepared, and up to which length. A request asks the same few
// dozen; what is built by the number of its rows is long, seldom the same, and prepared each time.
const (
	keptStatements  = 200
	keptQueryLength = 4096
)

// preparing opens connections that keep their prepared statements: parsing and planning a query anew was a fifth of
// what a request costs.
type preparing struct{ driver.Connector }

func (c preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	own, ok := conn.(embeddedConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("dbx: the driver's %T lacks what a connection needs", conn), conn.Close())
	}
	return &preparedConn{embeddedConn: own, kept: map[string]statement{}}, nil
}

// embeddedConn is what the driver's connection does, so that database/sql finds all of it through a preparedConn.
type embeddedConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is used by one goroutine at a time, as every driver.Conn. A statement that is in use is not among the
// kept ones, so that the same query can be asked while its rows are read. The engine prepares one anew by itself when the schema changed.
type preparedConn struct {
	embeddedConn
	kept map[string]statement // nil once closed
}

// take returns a statement for query, which the caller gives back or closes.
func (c *preparedConn) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.kept[query]; ok {
		delete(c.kept, query)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(statement), nil
}

// give keeps a statement that was carried out without an error, in place of any other where there are too many.
func (c *preparedConn) give(query string, s statement) error {
	if _, twice := c.kept[query]; twice || c.kept == nil || len(query) > keptQueryLength {
		return s.Close()
	}
	var err error
	if len(c.kept) >= keptStatements {
		for other, out := range c.kept {
			delete(c.kept, other)
			err = out.Close()
			break
		}
	}
	c.kept[query] = s
	return err
}

// ExecContext carries out a statement that returns no rows.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := s.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return res, c.give(query, s)
}

// QueryContext asks a query, whose statement is given back with its rows.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &preparedRows{rows, c, query, s}, nil
}

// Close closes the kept statements and the connection.
func (c *preparedConn) Close() (err error) {
	for _, s := range c.kept {
		err = errors.Join(err, s.Close())
	}
	c.kept = nil
	return errors.Join(err, c.embeddedConn.Close())
}

// preparedRows gives its statement back when it is closed.
type preparedRows struct {
	driver.Rows
	conn  *preparedConn
	query string
	own   statement
}

func (r *preparedRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		return errors.Join(err, r.own.Close())
	}
	return r.conn.give(r.query, r.own)
}

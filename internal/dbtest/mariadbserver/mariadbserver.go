// Package mariadbserver gives a test a MariaDB of its own, which it may kill and start again on the same data and port. It runs where
// scripts/services runs, whose packages and account it uses.
package mariadbserver

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
)

const (
	account  = "redproperty-test" // of scripts/services: the server refuses to run as root
	patience = 60 * time.Second
	attempts = 5 // a free port may be taken by another process before the server binds it
)

// Server is a private MariaDB. What it has committed outlives its being killed.
type Server struct {
	Addr string // host:port
	dir  string
	as   []string // the option that names its account
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	log  *bytes.Buffer // to be read after done only
}

// Start makes the data and starts the server; it ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "redproperty-mariadb-") // not the test's own folder, which the server's account may not enter
	require.NoError(t, err)
	s := &Server{dir: dir}
	t.Cleanup(func() {
		if s.cmd != nil {
			s.Kill()
		}
		require.NoError(t, os.RemoveAll(dir))
	})
	if os.Getuid() == 0 {
		s.as = []string{"--user=" + account}
		s.give(t)
	}
	install := exec.Command("mariadb-install-db", append([]string{"--no-defaults", "--datadir=" + s.path("data"), "--tmpdir=" + dir,
		"--auth-root-authentication-method=normal", "--skip-test-db"}, s.as...)...)
	out, err := install.CombinedOutput()
	require.NoError(t, err, string(out))
	for range attempts {
		s.Addr = freeAddress(t)
		if s.launch(t) {
			return s
		}
		t.Logf("mariadbd did not start: %s", s.log)
	}
	t.Fatalf("mariadbd did not start in %d attempts", attempts)
	return nil
}

// give hands the folder to the server's account.
func (s *Server) give(t testing.TB) {
	t.Helper()
	u, err := user.Lookup(account)
	require.NoError(t, err, "run it through scripts/services")
	uid, err := strconv.Atoi(u.Uid)
	require.NoError(t, err)
	gid, err := strconv.Atoi(u.Gid)
	require.NoError(t, err)
	require.NoError(t, os.Chown(s.dir, uid, gid))
}

func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

// launch starts the process and waits until it answers; false when it ended or did not in time.
func (s *Server) launch(t testing.TB) bool {
	t.Helper()
	_, port, err := net.SplitHostPort(s.Addr)
	require.NoError(t, err)
	s.done, s.log = make(chan struct{}), &bytes.Buffer{}
	s.cmd = exec.Command("mariadbd", append([]string{"--no-defaults", "--datadir=" + s.path("data"), "--tmpdir=" + s.dir, "--socket=" + s.path("socket"),
		"--pid-file=" + s.path("pid"), "--port=" + port, "--bind-address=127.0.0.1", "--skip-name-resolve", "--character-set-server=utf8mb4", "--innodb-log-file-size=32M"}, s.as...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	require.NoError(t, s.cmd.Start())
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // how it ended shows in the log
		close(done)
	}(s.cmd, s.done)
	pool, err := sqlx.Open("mysql", s.address(""))
	require.NoError(t, err)
	defer pool.Close()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		select {
		case <-s.done:
			return false
		default:
		}
		if pool.PingContext(context.Background()) == nil {
			return true
		}
	}
	return false
}

func (s *Server) address(database string) string {
	return fmt.Sprintf("root@tcp(%s)/%s", s.Addr, database)
}

// NewURL makes an empty database and returns its URL for the program.
func (s *Server) NewURL(t testing.TB, name string) string {
	t.Helper()
	pool, err := sqlx.Open("mysql", s.address(""))
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.ExecContext(context.Background(), "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
	require.NoError(t, err)
	return "mysql://root@" + s.Addr + "/" + name
}

// Kill ends the server at once, as a power cut would, and waits until it is gone.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// Restart starts a killed server again on its data and port.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	for range attempts { // the port may be busy for a moment still
		if s.launch(t) {
			return
		}
	}
	t.Fatalf("mariadbd did not start again: %s", s.log)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

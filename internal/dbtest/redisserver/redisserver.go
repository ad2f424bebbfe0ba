// Package redisserver gives tests a Redis. Where REDPROPERTY_TEST_REDIS (host:port) or
// REDPROPERTY_TEST_REDIS_CLUSTER (host:port,host:port,…) is set, tests share that one and must use keys of
// their own; otherwise each test gets private servers on free loopback ports, with their data in a temporary
// folder, ended with the test.
package redisserver

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	singleVariable  = "REDPROPERTY_TEST_REDIS"
	clusterVariable = "REDPROPERTY_TEST_REDIS_CLUSTER"
	startAttempts   = 5 // a free port may be taken by another process before the server binds it
	startPatience   = 20 * time.Second
	clusterPatience = 60 * time.Second
	slots           = 16384
)

// Start returns the host:port of a Redis server: the shared one, or a private one of this test.
func Start(t testing.TB) string {
	t.Helper()
	if shared := os.Getenv(singleVariable); shared != "" {
		return shared
	}
	return StartPrivate(t).Addr
}

// StartCluster returns the addresses of a Redis Cluster: the shared one, or a private one of n masters
// without replicas.
func StartCluster(t testing.TB, n int) []string {
	t.Helper()
	if shared := os.Getenv(clusterVariable); shared != "" {
		return strings.Split(shared, ",")
	}
	nodes := make([]*Server, n)
	addrs := make([]string, n)
	for i := range nodes {
		nodes[i] = start(t, true)
		addrs[i] = nodes[i].Addr
	}
	for i, node := range nodes {
		node.must(t, fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", i*slots/n, (i+1)*slots/n-1))
		host, port, _ := net.SplitHostPort(nodes[0].Addr)
		if i > 0 {
			node.must(t, fmt.Sprintf("CLUSTER MEET %s %s %d", host, port, nodes[0].bus))
		}
	}
	for _, node := range nodes {
		node.awaitCluster(t, n)
	}
	return addrs
}

// Server is a private server that a test may hang or kill.
type Server struct {
	Addr string // host:port
	bus  int    // port of the cluster bus
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	log  bytes.Buffer  // to be read after done only
}

// StartPrivate starts a server of this test alone, whatever the environment says.
func StartPrivate(t testing.TB) *Server {
	t.Helper()
	return start(t, false)
}

// Kill ends the server at once, as a power cut would, and waits until it is gone.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// Pause stops the server without closing its connections: clients wait for answers.
func (s *Server) Pause(t testing.TB) { s.signal(t, syscall.SIGSTOP) }

// Resume lets a paused server go on.
func (s *Server) Resume(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Server) signal(t testing.TB, sig os.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatalf("signal redis: %v", err)
	}
}

func start(t testing.TB, cluster bool) *Server {
	t.Helper()
	dir := t.TempDir()
	binary, err := serverBinary(dir)
	if err != nil {
		t.Fatal(err)
	}
	for range startAttempts {
		s, err := launch(binary, dir, cluster)
		if err != nil {
			t.Fatalf("start redis: %v", err)
		}
		t.Cleanup(s.Kill)
		if s.awaitPing() {
			return s
		}
		s.Kill()
		t.Logf("redis did not start: %s", s.log.String())
	}
	t.Fatalf("redis did not start in %d attempts", startAttempts)
	return nil
}

// serverBinary finds the server. Debian's redis-tools has it without its name: redis-check-rdb is the same
// program, which acts by the name it is called.
func serverBinary(dir string) (string, error) {
	if path, err := exec.LookPath("redis-server"); err == nil {
		return path, nil
	}
	path, err := exec.LookPath("redis-check-rdb")
	if err != nil {
		return "", fmt.Errorf("no redis-server: install redis-tools or set %s and %s: %w", singleVariable, clusterVariable, err)
	}
	link := filepath.Join(dir, "redis-server")
	if err := os.Symlink(path, link); err != nil {
		return "", err
	}
	return link, nil
}

func launch(binary, dir string, cluster bool) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	bus, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), bus: bus, done: make(chan struct{})}
	args := []string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir, "--save", "", "--appendonly", "no", "--daemonize", "no"}
	if cluster {
		args = append(args, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus),
			"--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000")
	}
	s.cmd = exec.Command(binary, args...)
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // how it ended shows in the log
		close(s.done)
	}()
	return s, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// awaitPing returns false when the process ended or did not answer in time.
func (s *Server) awaitPing() bool {
	return s.await(startPatience, func() bool {
		reply, err := s.command("PING")
		return err == nil && reply == "+PONG"
	})
}

func (s *Server) awaitCluster(t testing.TB, nodes int) {
	t.Helper()
	known := fmt.Sprintf("cluster_known_nodes:%d", nodes)
	ready := s.await(clusterPatience, func() bool {
		info, err := s.command("CLUSTER INFO")
		return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, known)
	})
	if !ready {
		t.Fatalf("redis cluster node %s did not get ready", s.Addr)
	}
}

// await asks every 20 ms until ok, the end of the process, or the end of patience.
func (s *Server) await(patience time.Duration, ok func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for {
		if ok() {
			return true
		}
		select {
		case <-s.done:
			return false
		case <-end:
			return false
		case <-tick.C:
		}
	}
}

func (s *Server) must(t testing.TB, command string) {
	t.Helper()
	reply, err := s.command(command)
	if err != nil || reply != "+OK" {
		t.Fatalf("redis: %s: %q, %v", command, reply, err)
	}
}

// command sends one inline command on a connection of its own and returns the reply: a line with its type
// mark, or the content of a bulk string.
func (s *Server) command(command string) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Addr, time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, command+"\r\n"); err != nil {
		return "", err
	}
	in := bufio.NewReader(conn)
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	size, bulk := strings.CutPrefix(line, "$")
	if !bulk {
		return line, nil
	}
	n, err := strconv.Atoi(size)
	if err != nil || n < 0 {
		return "", fmt.Errorf("bulk reply %q", line)
	}
	content := make([]byte, n)
	_, err = io.ReadFull(in, content)
	return string(content), err
}

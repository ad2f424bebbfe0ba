package e2e

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbx"
)

const (
	startPatience = 60 * time.Second
	stopPatience  = 20 * time.Second
)

// installation is one configured program: its folder, its settings, and the process when it runs.
type installation struct {
	t    *testing.T
	dir  string
	env  []string
	addr string

	cmd    *exec.Cmd
	ended  chan error
	output *buffer // of the running process
	logs   []*buffer
	login  map[string]string // user name to password, as the program printed them

	talk *http.Client
}

// install configures a program of its own in an empty folder; more are further settings, which win.
func install(t *testing.T, e engine, more ...string) *installation {
	t.Helper()
	in := &installation{t: t, dir: t.TempDir(), login: map[string]string{}}
	in.env = append(bare(),
		"REDPROPERTY_DATABASE__URL=sqlite:"+filepath.Join(in.dir, "redproperty.db"),
		"REDPROPERTY_BLOB__DIR="+filepath.Join(in.dir, "attachments"),
		"REDPROPERTY_KEYS__FILE="+filepath.Join(in.dir, "keys", "redproperty.keys"),
		"REDPROPERTY_LEDGER__FILES="+filepath.Join(in.dir, "checkpoints"),
		"REDPROPERTY_METRICS__LISTEN=")
	in.env = append(append(in.env, e.settings(t)...), more...)
	in.move()
	in.talk = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(func() {
		in.stop()
		in.talk.CloseIdleConnections()
	})
	return in
}

// move gives the installation a free port.
func (in *installation) move() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(in.t, err)
	in.addr = l.Addr().String()
	require.NoError(in.t, l.Close())
	in.env = append(in.env, "REDPROPERTY_HTTP__LISTEN="+in.addr, "REDPROPERTY_HTTP__PUBLIC_URL=http://"+in.addr)
}

// replica is a second process on the same database, keys and attachments.
func (in *installation) replica() *installation {
	r := &installation{t: in.t, dir: in.dir, env: append([]string{}, in.env...), login: in.login, talk: in.talk}
	r.move()
	in.t.Cleanup(r.stop)
	return r
}

func (in *installation) url() string { return "http://" + in.addr }

// setting is a value of the environment the program runs with.
func (in *installation) setting(name string) (value string) {
	for _, v := range in.env {
		if s, ok := strings.CutPrefix(v, name+"="); ok {
			value = s
		}
	}
	return value
}

// start runs the program without waiting for it to be ready.
func (in *installation) start(args ...string) {
	in.t.Helper()
	in.output, in.ended = &buffer{}, make(chan error, 1)
	in.logs = append(in.logs, in.output)
	in.cmd = exec.Command(binary, args...)
	in.cmd.Env, in.cmd.Dir = in.env, in.dir
	in.cmd.Stdout, in.cmd.Stderr = in.output, in.output
	require.NoError(in.t, in.cmd.Start())
	go func(cmd *exec.Cmd, ended chan error) { ended <- cmd.Wait() }(in.cmd, in.ended)
}

// up runs the program until it answers that it is ready.
func (in *installation) up(args ...string) *installation {
	in.t.Helper()
	if args[0] == "demo" {
		args = append(args, "--bare") // what a test counts, it makes itself
	}
	in.start(args...)
	in.ready()
	if args[0] == "demo" {
		in.readAccounts()
	}
	return in
}

func (in *installation) ready() {
	in.t.Helper()
	for end := time.Now().Add(startPatience); ; time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-in.ended:
			in.ended <- err
			in.t.Fatalf("the program ended at its start: %v\n%s", err, in.output)
		default:
		}
		if in.isReady() {
			return
		}
		if time.Now().After(end) {
			in.t.Fatalf("the program is not ready after %s\n%s", startPatience, in.output)
		}
	}
}

func (in *installation) isReady() bool {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, in.url()+"/readyz", nil)
	require.NoError(in.t, err)
	resp, err := in.talk.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// stop ends the program as an administrator does, and wants it to end well.
func (in *installation) stop() {
	in.t.Helper()
	if in.cmd == nil {
		return
	}
	_ = in.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case err := <-in.ended:
		if err != nil {
			in.t.Errorf("the program ended with %v\n%s", err, in.tail())
		}
	case <-time.After(stopPatience):
		_ = in.cmd.Process.Kill()
		require.Error(in.t, <-in.ended, "it was killed")
		in.t.Errorf("the program did not stop within %s\n%s", stopPatience, in.tail())
	}
	in.cmd = nil
	in.checkLog()
}

// kill ends the program as a power cut does.
func (in *installation) kill() {
	in.t.Helper()
	require.NoError(in.t, in.cmd.Process.Kill())
	in.killed()
}

// killed waits for the end of a program that is being killed.
func (in *installation) killed() {
	in.t.Helper()
	require.Error(in.t, <-in.ended, "it was killed")
	in.cmd = nil
	in.talk.CloseIdleConnections()
	in.checkLog()
}

// checkLog wants no error and no panic in what the process wrote, and no name or phone of the demonstration
// but in text messages, which are not sent but logged.
func (in *installation) checkLog() {
	in.t.Helper()
	for line := range strings.Lines(in.output.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") || strings.Contains(line, "goroutine ") {
			in.t.Errorf("in the log: %s", line)
		}
		if strings.HasPrefix(line, "time=") && !strings.Contains(line, "text message") {
			for _, personal := range []string{"沈女士", "韩先生", "陈师傅", "1990000"} {
				if strings.Contains(line, personal) {
					in.t.Errorf("personal data in the log: %s", line)
				}
			}
		}
	}
}

func (in *installation) tail() string {
	s := in.output.String()
	return s[max(0, len(s)-4000):]
}

// row of the printed table of accounts: user name, password, who.
var accountRow = regexp.MustCompile(`(?m)^([a-z][a-z-]+) {2,}(\S+) {2,}(\S.*)$`)

// readAccounts reads the table of credentials that the demonstration printed.
func (in *installation) readAccounts() {
	in.t.Helper()
	for _, m := range accountRow.FindAllStringSubmatch(in.output.String(), -1) {
		in.login[m[1]] = m[2]
	}
	require.GreaterOrEqual(in.t, len(in.login), 13, "accounts printed:\n%s", in.output)
}

// database opens the installation's database beside the program, to read back what it stored.
func (in *installation) database() *dbx.DB {
	in.t.Helper()
	db, err := dbx.Open(context.Background(), dbx.Config{URL: in.setting("REDPROPERTY_DATABASE__URL"), MaxOpen: 4})
	require.NoError(in.t, err)
	in.t.Cleanup(func() { _ = db.Close() }) // a second closing is harmless
	return db
}

// count reads one number from the installation's database.
func count(t *testing.T, db *dbx.DB, query string, args ...any) (n int64) {
	t.Helper()
	require.NoError(t, db.Get(context.Background(), &n, query, args...), query)
	return n
}

// verify runs `redproperty verify audit` on the installation until nothing waits to be sealed, and wants it
// to find everything in order.
func (in *installation) verify() {
	in.t.Helper()
	out, code := command(in.t, in.env, "verify", "audit")
	require.Zero(in.t, code, "verify audit: %s", out)
}

// buffer is what a process writes, readable while it runs.
type buffer struct {
	mu sync.Mutex
	b  []byte
}

// Write appends.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b = append(b.b, p...)
	return len(p), nil
}

// String is everything so far.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.b)
}

// waitFor finds the newest match of re after offset in what the process writes.
func (b *buffer) waitFor(t *testing.T, re *regexp.Regexp, offset int) []string {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if m := re.FindStringSubmatch(b.String()[offset:]); m != nil {
			return m
		}
	}
	t.Fatalf("%s was not written", re)
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

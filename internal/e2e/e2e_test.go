// Package e2e drives the built program from outside, as a stranger would: over HTTP, by its commands, by
// signals. Nothing here calls the program's packages to do what a user does.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
)

// The environment of the tests' own servers; scripts/services sets it.
const (
	mysqlEnv = "REDPROPERTY_TEST_MYSQL"
	redisEnv = "REDPROPERTY_TEST_REDIS"
)

// binary is the program, built once per run.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "redproperty-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "redproperty")
	// As make build does: what is compiled for one serves both.
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-trimpath", "-o", binary, "../../cmd/redproperty")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// engine is a database, and with it where limits are kept, that the program is configured for.
type engine struct {
	name     string
	settings func(t *testing.T) []string // of the environment
}

var (
	embedded = engine{"sqlite", func(*testing.T) []string { return nil }} // the defaults
	servers  = engine{"mysql", func(t *testing.T) []string {
		return []string{"REDPROPERTY_DATABASE__URL=" + dbtest.NewMySQLURL(t), "REDPROPERTY_REDIS__URL=redis://" + os.Getenv(redisEnv) + "/0"}
	}}
)

// eachEngine runs body on SQLite, and on MariaDB or MySQL with Redis where they are.
func eachEngine(t *testing.T, body func(t *testing.T, e engine)) {
	t.Run(embedded.name, func(t *testing.T) {
		t.Parallel()
		body(t, embedded)
	})
	if haveServers(t) {
		t.Run(servers.name, func(t *testing.T) {
			t.Parallel()
			body(t, servers)
		})
	}
}

func haveServers(t *testing.T) bool {
	t.Helper()
	have := os.Getenv(mysqlEnv) != "" && os.Getenv(redisEnv) != ""
	if !have {
		require.Empty(t, os.Getenv("CI"), "%s and %s are not set: the program must be tested on both engines", mysqlEnv, redisEnv)
	}
	return have
}

// command runs the program with args to its end and returns its output and exit code.
func command(t *testing.T, env []string, args ...string) (output string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // one that should have ended is killed
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env, cmd.Dir = env, t.TempDir()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited { //nolint:errorlint // Run returns it unwrapped
		require.NoError(t, err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// bare is this process's environment without settings of the program.
func bare() []string {
	var out []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "REDPROPERTY_") {
			out = append(out, v)
		}
	}
	return out
}

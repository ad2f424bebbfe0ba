// Package nodetest lets tests compare the program with a second implementation that runs in Node.
package nodetest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Command prepares `node args...` in dir, which has a package.json and a lock file; the packages are installed when
// they are not there yet. Where there is no Node the test is skipped, except in CI, where it fails.
func Command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "node must be there: the second implementation runs in it")
		t.Skip("no node: the comparison with the second implementation is left to CI")
	}
	install(t, dir)
	cmd := exec.CommandContext(t.Context(), node, args...) // #nosec G204 -- node, with the arguments of a test
	cmd.Dir = dir
	return cmd
}

// install runs npm ci unless it has run here since the lock file was changed: npm writes its own copy of the lock file
// last.
func install(t testing.TB, dir string) {
	t.Helper()
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	require.NoError(t, err)
	done, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !done.ModTime().Before(lock.ModTime()) {
		return
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "npm ci: %s", out)
}

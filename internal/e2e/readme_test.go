package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tested are the shell blocks of the README that are marked as such.
var tested = regexp.MustCompile("(?s)<!-- tested -->\\s*```sh\\n(.*?)```")

// logins are the accounts that the blocks log in, in their order.
var logins = regexp.MustCompile(`\blogin ([a-z-]+)`)

// What the README tells a newcomer to type works: its marked blocks run in order, in one shell, against a demonstration. The
// address written there stands for the one of the test; the passwords are typed as the newcomer copies them from the terminal.
func TestREADME(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile("../../" + name)
		require.NoError(t, err)
		blocks := tested.FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, blocks, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := install(t, embedded).up("demo")
			script := "set -euo pipefail\n"
			for _, b := range blocks {
				script += strings.ReplaceAll(b[1], "http://127.0.0.1:8080", in.url())
			}
			cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
			cmd.Dir, cmd.Env = t.TempDir(), bare()
			var typed strings.Builder
			for _, l := range logins.FindAllStringSubmatch(script, -1) {
				typed.WriteString(in.login[l[1]] + "\n")
			}
			cmd.Stdin = strings.NewReader(typed.String())
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			require.NoError(t, cmd.Run(), "%s\n%s", script, out.String())
			require.NotRegexp(t, `"status":\s*[45]\d\d`, out.String(), "a step was refused")
		})
	}
}

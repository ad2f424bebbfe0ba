package sheet

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// Every code that this package can answer has its text in both languages, with the same parameters.
func TestEveryCodeHasItsText(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "httpapi", "messages", "sheet.yaml"))
	require.NoError(t, err)
	var texts map[string]struct{ En, Zh string }
	require.NoError(t, yaml.UnmarshalWithOptions(raw, &texts, yaml.Strict()))
	param := regexp.MustCompile(`\{\w+\}`)
	for code, text := range texts {
		require.NotEmpty(t, text.En, code)
		require.NotEmpty(t, text.Zh, code)
		require.ElementsMatch(t, param.FindAllString(text.En, -1), param.FindAllString(text.Zh, -1), code)
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	used := regexp.MustCompile(`"(sheet\.[a-z_.]+[a-z_])"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range used.FindAllStringSubmatch(string(src), -1) {
			require.Contains(t, texts, m[1], file)
		}
	}
	for _, o := range []Outcome{Created, Updated, Unchanged, rejected, skipped} {
		require.Contains(t, texts, "sheet.outcome."+string(o))
	}
	for _, why := range []string{SkipBlank, SkipTotal, SkipNote, SkipHeader, SkipEnd} {
		require.Contains(t, texts, "sheet.skipped."+why)
	}
}

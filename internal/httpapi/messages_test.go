package httpapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
)

// codesIn lists the codes that a source file gives to faults and fields, or returns as reasons.
func codesIn(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var codes []string
	take := func(e ast.Expr) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		s, err := strconv.Unquote(lit.Value)
		require.NoError(t, err)
		if isCode.MatchString(s) {
			codes = append(codes, s)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if ok && (sel.Sel.Name == "InvalidField" || sel.Sel.Name == "At" || sel.Sel.Name == "Add" || (sel.Sel.Name == "New" && isFault(sel.X))) && len(n.Args) >= 2 {
				take(n.Args[1])
			}
		case *ast.ReturnStmt:
			if len(n.Results) == 1 && strings.Contains(path, "workorder") {
				take(n.Results[0])
			}
		}
		return true
	})
	return codes
}

var isCode = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)

func isFault(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "fault"
}

func TestEveryCodeHasATextInBothLanguages(t *testing.T) {
	texts, err := loadCatalogue()
	require.NoError(t, err)
	var checked int
	var missing []string
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, code := range codesIn(t, path) {
			checked++
			if _, ok := texts[code]; !ok {
				missing = append(missing, path+": "+code)
			}
		}
		return nil
	}))
	require.Empty(t, missing, "codes without a text in messages/")
	require.Greater(t, checked, 100)
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestBothLanguagesNameTheSameParameters(t *testing.T) {
	texts, err := loadCatalogue()
	require.NoError(t, err)
	set := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, p := range placeholder.FindAllString(s, -1) {
			out[p] = true
		}
		return out
	}
	for code, m := range texts {
		require.Equal(t, set(m.English), set(m.Chinese), code)
	}
}

func TestTextsAreRenderedByLanguage(t *testing.T) {
	c := catalogue{
		"x.y":        {English: "from {state} to {allowed}", Chinese: "从{state}到{allowed}"},
		"word.ready": {English: "ready", Chinese: "就绪"},
	}
	params := fault.Params{"state": "ready", "allowed": []string{"ready", "b"}}
	require.Equal(t, "从就绪到就绪、b", c.text(chinese, "x.y", params))
	require.Equal(t, "from ready to ready, b", c.text(english, "x.y", params))
	c["word.x.y.ready"] = message{English: "open", Chinese: "开放"}
	require.Equal(t, "从开放到开放、b", c.text(chinese, "x.y", params), "a word of the code itself goes first")
	c["x.sum"] = message{English: "{budgetFen}, {fen}", Chinese: "{budgetFen}、{fen}"}
	require.Equal(t, "¥60,000.01、-¥0.05", c.text(chinese, "x.sum", fault.Params{"budgetFen": int64(6_000_001), "fen": int64(-5)}))
}

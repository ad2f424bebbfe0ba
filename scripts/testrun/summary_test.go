package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Events as go 1.26 writes them, shortened.
const (
	passing = `{"Action":"start","Package":"p"}
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":1.5}
{"Action":"output","Package":"p","Output":"ok  \tp\t1.6s\n"}
{"Action":"pass","Package":"p","Elapsed":1.6}
`
	failing = `{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: loud\n"}
{"Action":"fail","Package":"p","Test":"TestB","Elapsed":0}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p","Elapsed":0.1}
`
	racing = `{"Action":"output","Package":"p","Test":"TestR","Output":"WARNING: DATA RACE\n"}
{"Action":"output","Package":"p","Test":"TestR","Output":"  r.go:7 +0x1\n"}
{"Action":"pass","Package":"p","Test":"TestR","Elapsed":0}
`
	skipping = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:4: no server\n"}
{"Action":"skip","Package":"p","Test":"TestC","Elapsed":0}
`
	buildFailing = `{"ImportPath":"q [q.test]","Action":"build-output","Output":"q.go:1: undefined: x\n"}
{"ImportPath":"q [q.test]","Action":"build-fail"}
{"Action":"output","Package":"q","Output":"FAIL\tq [build failed]\n"}
{"Action":"fail","Package":"q","Elapsed":0}
`
	outsideFailing = `{"Action":"output","Package":"r","Output":"TestMain could not start\n"}
{"Action":"fail","Package":"r","Elapsed":0}
`
	unfinished = `{"Action":"run","Package":"p","Test":"TestD"}
{"Action":"output","Package":"p","Test":"TestD","Output":"panic: test timed out\n"}
`
)

func TestReportAndVerdict(t *testing.T) {
	goFailed := errors.New("exit status 1")
	for _, c := range []struct {
		name    string
		events  string
		waitErr error
		ci      bool
		failure string   // part of the error, empty for success
		has     []string // in this order
		lacks   string
	}{
		{"all pass", passing, nil, true, "", []string{"ok  \tp\t1.6s", "slow:    1.5 s  p.TestA", "1 passed, 0 failed, 0 skipped"}, "quiet"},
		{"a failure is shown in full", passing + failing, goFailed, false, "exit status 1",
			[]string{"loud", "FAIL\tp", "failed package: p", "testrun: go test: exit status 1", "1 passed, 1 failed, 0 skipped"}, "quiet"},
		{"a race is shown in full though the test that met it passed", racing + failing, goFailed, false, "exit status 1",
			[]string{"WARNING: DATA RACE", "r.go:7", "loud"}, "quiet"},
		{"a failure counts whatever go test exits with", passing + failing, nil, false, "reported success", nil, ""},
		{"nothing ran", "", nil, false, "no test ran", []string{"0 passed, 0 failed, 0 skipped"}, ""},
		{"only skips", skipping, nil, false, "no test ran", []string{"0 passed, 0 failed, 1 skipped"}, ""},
		{"a skip is reported with its reason", passing + skipping, nil, false, "", []string{"skipped: p.TestC", "no server", "1 passed, 0 failed, 1 skipped"}, ""},
		{"a skip fails in CI", passing + skipping, nil, true, "skipped", []string{"skipped: p.TestC"}, ""},
		{"a package that does not build", passing + buildFailing, goFailed, false, "exit status 1", []string{"undefined: x", "failed package: q"}, ""},
		{"output outside of tests", passing + outsideFailing, goFailed, false, "exit status 1", []string{"TestMain could not start", "failed package: r"}, ""},
		{"a test cut off", passing + unfinished, goFailed, false, "exit status 1", []string{"unfinished: p.TestD", "test timed out"}, ""},
		{"lines of go itself", passing + "go: downloading x v1\n", nil, false, "", []string{"go: downloading x v1"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			s := newSummary(&out)
			require.NoError(t, s.read(strings.NewReader(c.events)))
			failure := s.verdict(c.waitErr, c.ci)
			s.close(10, failure)
			if c.failure == "" {
				require.NoError(t, failure)
			} else {
				require.ErrorContains(t, failure, c.failure)
			}
			rest := out.String()
			for _, part := range c.has {
				_, after, found := strings.Cut(rest, part)
				require.True(t, found, "%q in order in:\n%s", part, out.String())
				rest = after
			}
			if c.lacks != "" {
				require.NotContains(t, out.String(), c.lacks)
			}
			require.Regexp(t, `\n?\d+ passed, \d+ failed, \d+ skipped\n$`, out.String())
		})
	}
}

// TestRunsTheRealCommand starts go test on a module of its own, so that a change of go's format is noticed.
func TestRunsTheRealCommand(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("go.mod", "module sample\n\ngo 1.26\n")
	write("sample_test.go", "package sample\n\nimport \"testing\"\n\nfunc TestOne(t *testing.T) {}\n\nfunc TestTwo(t *testing.T) { t.Skip(\"why\") }\n")
	t.Chdir(dir)
	t.Setenv("GOFLAGS", "")

	var out bytes.Buffer
	require.NoError(t, run(context.Background(), []string{"./..."}, false, &out))
	require.Contains(t, out.String(), "ok  \tsample\t")
	require.Contains(t, out.String(), "1 passed, 0 failed, 1 skipped\n")
	require.ErrorContains(t, run(context.Background(), []string{"./..."}, true, &out), "skipped")
	require.ErrorContains(t, run(context.Background(), []string{"-run", "^None$", "./..."}, false, &out), "no test ran")
}

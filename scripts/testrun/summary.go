package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// event is one line of "go test -json", as "go doc test2json" describes it.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build event, in place of Package
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

// timed is a finished test with its duration.
type timed struct {
	name string
	took time.Duration
}

// summary adds up the events of a run. Output is kept per test until its result is known.
type summary struct {
	w       io.Writer
	output  map[string]*bytes.Buffer
	passed  int
	failed  int
	skipped []string
	broken  []string // packages that failed, with or without a failed test
	times   []timed
}

func newSummary(w io.Writer) *summary {
	return &summary{w: w, output: map[string]*bytes.Buffer{}}
}

// read takes events until the stream ends. A line that is no event (go's own messages) is passed on as it is.
func (s *summary) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			s.line(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the events of go test: %w", err)
		}
	}
}

func (s *summary) line(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		s.printf("%s", line)
		return
	}
	switch {
	case strings.HasPrefix(e.Action, "build-"):
		s.printf("%s", e.Output)
	case e.Test == "":
		s.packageEvent(e)
	default:
		s.testEvent(e)
	}
}

// packageEvent handles what go test says about a package as a whole. Its closing line is printed at once;
// what was printed outside any test (TestMain, a panic, a race report) only if the package fails.
func (s *summary) packageEvent(e event) {
	switch e.Action {
	case "output":
		if closing(e.Output) {
			s.printf("%s", e.Output)
			return
		}
		s.keep(e.Package, e.Output)
	case "fail":
		s.broken = append(s.broken, e.Package)
		s.printf("%s", s.take(e.Package))
	case "pass", "skip":
		s.take(e.Package)
	}
}

// closing tells the line that go test ends a package with.
func closing(line string) bool {
	return slices.ContainsFunc([]string{"ok  \t", "FAIL\t", "?   \t"}, func(prefix string) bool {
		return strings.HasPrefix(line, prefix)
	})
}

func (s *summary) testEvent(e event) {
	name := e.Package + "." + e.Test
	switch e.Action {
	case "output":
		s.keep(name, e.Output)
	case "pass":
		s.passed++
		s.printRace(name)
		s.finish(name, e)
	case "fail":
		s.failed++
		s.printf("%s", s.take(name))
		s.finish(name, e)
	case "skip":
		s.skipped = append(s.skipped, name+"\n"+s.take(name))
		s.finish(name, e)
	}
}

// printRace shows a report of the race detector. It is written into the output of whichever test was running,
// and the tests that fail for it are others: without it a race that is seldom met could not be found again.
func (s *summary) printRace(name string) {
	if b := s.output[name]; b != nil && bytes.Contains(b.Bytes(), []byte("WARNING: DATA RACE")) {
		s.printf("%s", s.take(name))
	}
}

func (s *summary) finish(name string, e event) {
	s.take(name)
	if !strings.Contains(e.Test, "/") {
		s.times = append(s.times, timed{name, time.Duration(e.Elapsed * float64(time.Second))})
	}
}

func (s *summary) keep(name, output string) {
	b := s.output[name]
	if b == nil {
		b = &bytes.Buffer{}
		s.output[name] = b
	}
	b.WriteString(output)
}

// take returns what was kept under name, and forgets it.
func (s *summary) take(name string) string {
	b := s.output[name]
	delete(s.output, name)
	if b == nil {
		return ""
	}
	return b.String()
}

// close prints what is left: the output of tests that never ended (a panic or the time limit struck),
// the slowest tests, the skipped ones with their reasons, why the run failed, and the count as the last line.
func (s *summary) close(slowest int, failure error) {
	for _, name := range sortedKeys(s.output) {
		s.printf("unfinished: %s\n%s", name, s.take(name))
	}
	s.printSlowest(slowest)
	for _, text := range s.skipped {
		s.printf("skipped: %s", text)
	}
	for _, name := range s.broken {
		s.printf("failed package: %s\n", name)
	}
	if failure != nil {
		s.printf("testrun: %v\n", failure)
	}
	s.printf("%d passed, %d failed, %d skipped\n", s.passed, s.failed, len(s.skipped))
}

func (s *summary) printSlowest(most int) {
	slices.SortFunc(s.times, func(a, b timed) int { return int(b.took - a.took) })
	for i, t := range s.times {
		if i == most || t.took < time.Second {
			return
		}
		s.printf("slow: %6.1f s  %s\n", t.took.Seconds(), t.name)
	}
}

// verdict decides on the whole run. waitErr is go test's own, nil when it exited with 0.
func (s *summary) verdict(waitErr error, ci bool) error {
	switch {
	case waitErr != nil:
		return fmt.Errorf("go test: %w", waitErr)
	case s.failed > 0 || len(s.broken) > 0:
		return errors.New("tests failed, though go test reported success")
	case s.passed == 0:
		return errors.New("no test ran")
	case ci && len(s.skipped) > 0:
		return errors.New("tests were skipped; with CI set every test must run")
	}
	return nil
}

func (s *summary) printf(format string, args ...any) { _, _ = fmt.Fprintf(s.w, format, args...) }

func sortedKeys(m map[string]*bytes.Buffer) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

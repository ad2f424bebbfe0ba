package bundle

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/redproperty/redproperty/internal/id"
)

// mostProblems bounds the list of a file in which everything is wrong.
const mostProblems = 100

// Report is what a verification found.
type Report struct {
	Round       id.ID
	Log         string // of the ledger
	Size        int64  // entries that the checkpoint covers
	VerifierKey string // by which the checkpoint was checked
	KeyFromFile bool   // the key is the file's own: it is to be compared with a copy from elsewhere
	Responses   int64  // counted
	Together    int64  // of them those whose answers are shown together only
	Hidden      int64  // of them those whose answers are not shown
	Leaves      int64  // other entries of the round
	Strata      int
	Draws       int64 // ballots drawn
	Dwellings   int64 // lines of the frozen roll
	NoRoll      bool  // the file is of the form before, without the roll: neither it nor the draw of a sample is checked
	Envelopes   int64 // of paper that were issued
	Void        int64 // of them void ones
	Recomputed  int   // cards that came out the same, to the digit
	Kept        int   // receipts whose response is counted as promised
	Later       int   // receipts of whose ballot a later revision is counted, which only its voter can have made
	Problems    []string
	More        int64 // problems that are not in the list
}

// add notes what is wrong.
func (r *Report) add(format string, args ...any) {
	if len(r.Problems) >= mostProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, plain(fmt.Sprintf(format, args...)))
}

// plain replaces what is no printable character: a file that names a stratum by commands to a terminal cannot write over what is said of it.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, s)
}

// at notes what is wrong in a line.
func (r *Report) at(line int64, format string, args ...any) {
	r.add("line %d: %s", line, fmt.Sprintf(format, args...))
}

// OK tells whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

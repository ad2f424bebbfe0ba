package sheet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// Outcome is what became of an accepted row.
type Outcome string

// The outcomes. An import run twice has only Unchanged the second time.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	rejected  Outcome = "rejected"
	skipped   Outcome = "skipped"
)

// Counts sum a report up. Accepted is Created + Updated + Unchanged.
type Counts struct {
	Accepted  int `json:"accepted"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Rejected  int `json:"rejected"`
	Skipped   int `json:"skipped"`
}

// Line is a run of rows of the file with one outcome. Rejected rows stand alone, and so do accepted ones
// with a problem in a soft column.
type Line struct {
	From     int       `json:"from"`
	To       int       `json:"to"`
	Outcome  Outcome   `json:"outcome"`
	Why      string    `json:"why,omitempty"` // of a skipped run
	Problems []Problem `json:"problems,omitempty"`
}

// Report tells what became of every row of a file. It holds row numbers, columns and reasons, never a cell's text.
type Report struct {
	Sheet   string   `json:"sheet,omitempty"`
	Unknown []string `json:"unknown_columns,omitempty"`
	Known   []Known  `json:"known_columns,omitempty"`
	Counts  Counts   `json:"counts"`
	Lines   []Line   `json:"lines"`
	hash    hash.Hash
	table   *Table
}

// NewReport starts the report on a table. The salt goes before the rows into Hash: with one that is erased
// later, the hash in the audit log tells nothing about persons any more. It may be nil.
func NewReport(t *Table, salt []byte) *Report {
	r := &Report{Sheet: t.Sheet, Unknown: t.Unknown, Known: t.Known, Lines: []Line{}, hash: sha256.New(), table: t}
	r.hash.Write(salt)
	return r
}

// Accept records a row with its outcome. The canonical fields are what the row means, in a fixed order and
// form, so that the hash does not depend on the file's encoding or layout.
func (r *Report) Accept(row *Row, outcome Outcome, canonical ...string) {
	r.Counts.Accepted++
	switch outcome {
	case Created:
		r.Counts.Created++
	case Updated:
		r.Counts.Updated++
	case Unchanged:
		r.Counts.Unchanged++
	}
	r.absorb(canonical)
	if n := len(r.Lines); n > 0 && len(row.warnings) == 0 && r.Lines[n-1].continues(row.Number, outcome) {
		r.Lines[n-1].To = row.Number
		return
	}
	r.Lines = append(r.Lines, Line{From: row.Number, To: row.Number, Outcome: outcome, Problems: row.Problems()})
}

// continues tells whether a row without remarks can join the run.
func (l Line) continues(row int, outcome Outcome) bool {
	return l.Outcome == outcome && l.To+1 == row && len(l.Problems) == 0
}

// absorb writes the fields so that no two lists of fields look alike.
func (r *Report) absorb(fields []string) {
	b := binary.AppendUvarint(nil, uint64(len(fields)))
	for _, f := range fields {
		b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
	}
	r.hash.Write(b)
}

// Reject records a row with the problems noted on it.
func (r *Report) Reject(row *Row) {
	r.Counts.Rejected++
	r.Lines = append(r.Lines, Line{From: row.Number, To: row.Number, Outcome: rejected, Problems: row.Problems()})
}

// Finish adds the skipped rows, once the table has been read to its end, and puts the lines in the file's order.
func (r *Report) Finish() {
	for _, s := range r.table.Skipped() {
		r.Counts.Skipped += s.To - s.From + 1
		r.Lines = append(r.Lines, Line{From: s.From, To: s.To, Outcome: skipped, Why: s.Why})
	}
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return a.From - b.From })
}

// Hash is the SHA-256 over the accepted rows so far, in hexadecimal.
func (r *Report) Hash() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// Speak turns a code of the message catalogue into a sentence.
type Speak func(code string, params fault.Params) string

// WriteReport writes the report as XLSX: one row per run of accepted or skipped rows, one per problem of
// any other.
func (r *Report) WriteReport(w io.Writer, say Speak, watermark string) error {
	title := func(name string, kind Kind, width int) OutColumn {
		return OutColumn{Title: say("sheet.report."+name, nil), Kind: kind, Width: width}
	}
	out, err := NewWriter(w, WriterOptions{Sheet: "report", Watermark: watermark, Columns: []OutColumn{
		title("from", Whole, 8), title("to", Whole, 8), title("outcome", Text, 10),
		title("column", Text, 20), title("why", Text, 50), title("expected", Text, 50),
	}})
	if err != nil {
		return err
	}
	for _, l := range r.Lines {
		if err := l.write(out, say); err != nil {
			return err
		}
	}
	return out.Close()
}

func (l Line) write(out *Writer, say Speak) error {
	outcome := say("sheet.outcome."+string(l.Outcome), nil)
	if len(l.Problems) == 0 {
		var why any
		if l.Why != "" {
			why = say("sheet.skipped."+l.Why, nil)
		}
		return out.Write(int64(l.From), int64(l.To), outcome, nil, why, nil)
	}
	for _, p := range l.Problems {
		var expected any
		if p.Expected != "" {
			expected = say(p.Expected, p.Params)
		}
		column := p.Title
		if column == "" {
			column = p.Column
		}
		if err := out.Write(int64(l.From), int64(l.To), outcome, strings.TrimSpace(column), say(p.Code, p.Params), expected); err != nil {
			return err
		}
	}
	return nil
}

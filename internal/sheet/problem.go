package sheet

import (
	"fmt"

	"github.com/redproperty/redproperty/internal/fault"
)

// Problem is why a cell or a row was not accepted. Code and Expected are codes of the message catalogue.
type Problem struct {
	Row      int          `json:"row"`
	Column   string       `json:"column,omitempty"` // key of the schema; empty for a problem of the whole row
	Title    string       `json:"title,omitempty"`  // the header as the file has it
	Code     string       `json:"code"`
	Expected string       `json:"expected,omitempty"`
	Params   fault.Params `json:"params,omitempty"`
}

// Error is for logs and tests: it never shows the cell's text.
func (p *Problem) Error() string {
	return fmt.Sprintf("row %d column %q: %s (expected %s)", p.Row, p.Column, p.Code, p.Expected)
}

// problem makes one without a place; the Row adds it.
func problem(code, expected string, pairs ...any) *Problem {
	return &Problem{Code: code, Expected: expected, Params: fault.New(0, code, pairs...).Params}
}

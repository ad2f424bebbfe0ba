package sheet

import (
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

// Row is one data row. Its readers return the parsed value of a column, or the zero value after noting
// a Problem; a blank cell of a column that is not required is the zero value without a problem.
type Row struct {
	Number   int // as a spreadsheet program shows it
	cells    []string
	table    *Table
	problems []Problem
	warnings []Problem // of soft columns
}

// Raw is the cell as the file has it; empty when the file lacks the column.
func (r *Row) Raw(key string) string {
	f, ok := r.table.header.columns[key]
	if !ok || f.index >= len(r.cells) {
		return ""
	}
	return r.cells[f.index]
}

// Blank tells whether the cell holds nothing visible.
func (r *Row) Blank(key string) bool { return isBlank(r.Raw(key)) }

// OK tells whether the row can be taken: no problem has been noted outside soft columns.
func (r *Row) OK() bool { return len(r.problems) == 0 }

// Problems are those noted so far, in order; those of soft columns come last.
func (r *Row) Problems() []Problem {
	return append(r.problems[:len(r.problems):len(r.problems)], r.warnings...)
}

// Reject notes a problem that only the importer can see, such as a duplicate. An empty key speaks of the whole row.
func (r *Row) Reject(key, code, expected string, pairs ...any) {
	r.note(key, problem(code, expected, pairs...))
}

func (r *Row) note(key string, p *Problem) {
	p.Row, p.Column = r.Number, key
	p.Title = r.table.header.columns[key].title
	if r.column(key).Soft {
		r.warnings = append(r.warnings, *p)
		return
	}
	r.problems = append(r.problems, *p)
}

// column is the schema's; the zero Column for a key it does not have.
func (r *Row) column(key string) Column {
	for _, c := range r.table.schema {
		if c.Key == key {
			return c
		}
	}
	return Column{}
}

// spreadsheetErrors are the results of failed formulas.
var spreadsheetErrors = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NULL!": true,
	"#NUM!": true, "#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true, "#BLOCKED!": true,
}

// read is the way every reader goes: blank, error value, then parse.
func read[T any](r *Row, key, expected string, parse func(string) (T, *Problem)) T {
	var zero T
	raw := r.Raw(key)
	switch {
	case isBlank(raw):
		if r.column(key).Required {
			r.note(key, problem("sheet.cell_required", expected))
		}
		return zero
	case raw[0] == '#' && spreadsheetErrors[strings.TrimSpace(raw)]:
		r.note(key, problem("sheet.cell_error", expected))
		return zero
	}
	v, p := parse(raw)
	if p != nil {
		r.note(key, p)
		return zero
	}
	return v
}

// Text is one line of at most max runes; see CleanText.
func (r *Row) Text(key string, max int) string {
	return read(r, key, expectText, func(s string) (string, *Problem) { return CleanText(s, max) })
}

// Note is text of several lines; see CleanNote.
func (r *Row) Note(key string, max int) string {
	return read(r, key, expectText, func(s string) (string, *Problem) { return CleanNote(s, max) })
}

// Code is an identifier; see CleanCode.
func (r *Row) Code(key string, max int) string {
	return read(r, key, expectCode, func(s string) (string, *Problem) { return CleanCode(s, max) })
}

// Area is in 0.01 m²; see ParseArea.
func (r *Row) Area(key string) int64 { return read(r, key, expectArea, ParseArea) }

// Money is in fen; see ParseMoney.
func (r *Row) Money(key string) int64 { return read(r, key, expectMoney, ParseMoney) }

// Int is a whole number from least to most.
func (r *Row) Int(key string, least, most int64) int64 {
	return read(r, key, expectInt, func(s string) (int64, *Problem) { return ParseInt(s, least, most) })
}

// Date is a day; see ParseDate. Serial numbers are counted as the workbook counts them.
func (r *Row) Date(key string) clock.Date {
	return read(r, key, expectDate, func(s string) (clock.Date, *Problem) {
		return parseDate(s, r.table.book.date1904)
	})
}

// DateTime is a moment; see ParseDateTime.
func (r *Row) DateTime(key string, zone *time.Location) clock.Instant {
	return read(r, key, expectDateTime, func(s string) (clock.Instant, *Problem) {
		return parseDateTime(s, zone, r.table.book.date1904)
	})
}

// Bool is yes or no; see ParseBool.
func (r *Row) Bool(key string) bool { return read(r, key, expectBool, ParseBool) }

// Phone is a telephone number; see ParsePhone.
func (r *Row) Phone(key string) string { return read(r, key, expectPhone, ParsePhone) }

// Choice looks the cell up among names (written plainly; width, case and blanks do not matter) and returns
// its value. The names are shown as what was expected.
func (r *Row) Choice(key string, names map[string]string) string {
	return read(r, key, expectChoice, func(s string) (string, *Problem) {
		folded := foldWord(s)
		for name, value := range names {
			if foldWord(name) == folded {
				return value, nil
			}
		}
		return "", &Problem{Code: "sheet.choice_unknown", Expected: expectChoice, Params: fault.Params{"choices": joinKeys(names)}}
	})
}

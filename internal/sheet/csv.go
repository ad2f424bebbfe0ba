package sheet

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/fault"
)

// sampleRows is how many records the separator is guessed from.
const sampleRows = 50

// openCSV decodes the text and guesses the separator.
func openCSV(data []byte, limits Limits) (*Book, error) {
	text, encoding, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	sep, body := separator(text)
	open := func() (rowSource, error) {
		return &csvRows{text: body, sep: sep, limits: limits}, nil
	}
	return &Book{Format: CSV, Encoding: encoding, sheets: []page{{open: open}}}, nil
}

// separator is the one that a first line "sep=;" names, or the one that cuts the most records into the
// same number of cells, more than one.
func separator(text string) (byte, string) {
	if rest, ok := strings.CutPrefix(text, "sep="); ok && rest != "" && strings.IndexByte(",;\t|", rest[0]) >= 0 {
		line := &csvRows{text: rest[1:], sep: rest[0], limits: Limits{Cell: 1, Columns: 1}}
		if cells, err := line.next(); err == nil && len(cells) == 0 {
			return rest[0], rest[1:] // the line itself stays as a blank row, so numbers agree
		}
	}
	best, bestScore := byte(','), 0
	for _, sep := range []byte(",;\t") {
		if score := evenness(text, sep); score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best, text
}

// evenness is the number of sampled records that have the commonest number of cells, which must be
// more than one; zero when quotes do not fit the separator.
func evenness(text string, sep byte) int {
	r := &csvRows{text: text, sep: sep, limits: Limits{Cell: 1 << 30, Columns: 1 << 30}}
	widths := make(map[int]int)
	for range sampleRows {
		cells, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0
		}
		if r.width > 1 && len(cells) > 0 {
			widths[r.width]++
		}
	}
	best := 0
	for _, n := range widths {
		best = max(best, n)
	}
	return best
}

// csvRows reads records separated by LF, CRLF or CR. A quote counts only at the start of a cell; inside
// quotes every character stands for itself, line ends included.
type csvRows struct {
	text   string
	sep    byte
	pos    int
	row    int
	width  int // cells of the last record, blank ones at its end included
	limits Limits
}

func (c *csvRows) progress() (int64, int64) { return int64(c.pos), int64(len(c.text)) }
func (c *csvRows) close() error             { return nil }

func (c *csvRows) next() ([]string, error) {
	if c.pos >= len(c.text) {
		return nil, io.EOF
	}
	c.row++
	c.width = 0
	var cells []string
	for {
		cell, more, err := c.cell()
		if err != nil {
			return nil, err
		}
		c.width++
		if cell != "" {
			if c.width > c.limits.Columns {
				return nil, tooManyColumns(c.limits, c.row)
			}
			for len(cells) < c.width-1 {
				cells = append(cells, "")
			}
			cells = append(cells, cell)
		}
		if !more {
			return cells, nil
		}
	}
}

// cell reads one cell and what ends it; more tells that a separator did.
func (c *csvRows) cell() (cell string, more bool, err error) {
	if c.pos < len(c.text) && c.text[c.pos] == '"' {
		if cell, err = c.quoted(); err != nil {
			return "", false, err
		}
	} else {
		start := c.pos
		for c.pos < len(c.text) && !c.atEnd() {
			c.pos++
		}
		cell = c.text[start:c.pos]
	}
	if len(cell) > c.limits.Cell && utf8.RuneCountInString(cell) > c.limits.Cell {
		return "", false, fault.New(fault.Invalid, "sheet.cell_too_long", "row", c.row, "max", c.limits.Cell)
	}
	more, err = c.ending()
	return cell, more, err
}

func (c *csvRows) atEnd() bool {
	b := c.text[c.pos]
	return b == c.sep || b == '\n' || b == '\r'
}

// ending consumes the separator or the line end.
func (c *csvRows) ending() (bool, error) {
	if c.pos >= len(c.text) {
		return false, nil
	}
	if !c.atEnd() {
		return false, c.badQuote()
	}
	b := c.text[c.pos]
	c.pos++
	if b == '\r' && c.pos < len(c.text) && c.text[c.pos] == '\n' {
		c.pos++
	}
	return b == c.sep, nil
}

func (c *csvRows) quoted() (string, error) {
	var b strings.Builder
	c.pos++
	for {
		i := strings.IndexByte(c.text[c.pos:], '"')
		if i < 0 {
			return "", c.badQuote()
		}
		b.WriteString(c.text[c.pos : c.pos+i])
		c.pos += i + 1
		if c.pos >= len(c.text) || c.text[c.pos] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
		c.pos++
	}
}

func (c *csvRows) badQuote() error {
	return fault.New(fault.Invalid, "sheet.csv_quote", "row", c.row)
}

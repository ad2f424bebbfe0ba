package sheet

import (
	"errors"
	"io"
	"slices"
)

// Skip is a run of rows that are not data, with the reason.
type Skip struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Why  string `json:"why"`
}

// Table streams the data rows of the sheet that has the schema's header. It is not safe for concurrent
// use; its rows stay valid.
type Table struct {
	Sheet    string   // name of the sheet; empty for CSV
	Unknown  []string // headers that the schema does not know
	Known    []Known  // headers that it does, in the file's order
	schema   Schema
	header   *header
	book     *Book
	src      rowSource
	at       int // number of the last physical row read
	ahead    [][]string
	fill     *filler
	ready    []*Row
	held     []*Row
	blank    Skip
	skipped  []Skip
	totals   []*Row
	row      *Row
	err      error
	finished bool
}

// Table finds the first visible sheet with all required columns. Faults: sheet.header_not_found,
// sheet.column_missing (one field per column), sheet.header_ambiguous, sheet.formula_without_value.
// Rows are read as Next asks for them.
func (b *Book) Table(schema Schema) (*Table, error) {
	names, err := schema.names()
	if err != nil {
		return nil, err
	}
	var best error
	bestScore := -1
	for _, p := range b.sheets {
		t, score, err := b.tryPage(p, schema, names)
		if err == nil {
			return t, nil
		}
		if score > bestScore {
			best, bestScore = err, score
		}
	}
	return nil, best
}

func (b *Book) tryPage(p page, schema Schema, names map[string]string) (*Table, int, error) {
	src, err := p.open()
	if err != nil {
		return nil, 0, err
	}
	t := &Table{Sheet: p.name, schema: schema, book: b, src: src, fill: newFiller(p.merges, b.limits.Columns)}
	if err := t.findHeader(names, p.merges); err != nil {
		_ = src.close()
		return nil, t.score(), err
	}
	t.Unknown, t.Known = t.header.unknown, schema.known(t.header)
	return t, t.score(), nil
}

func (t *Table) score() int {
	if t.header == nil {
		return 0
	}
	return t.header.score
}

// findHeader reads the first rows, takes the one that names the most columns and gives back those below it.
func (t *Table) findHeader(names map[string]string, merges []merge) error {
	probe := newFiller(merges, t.book.limits.Columns)
	var rows [][]string
	var fault error
	for len(rows) < headerRows {
		own, err := t.src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		rows = append(rows, own)
		h, err := t.schema.match(names, probe.apply(len(rows), own))
		if h.score > t.score() {
			h.row, t.header, fault = len(rows), h, err
		}
	}
	if t.score() == 0 || (t.score() == 1 && len(t.schema) > 1 && t.schema.missing(t.header) != nil) {
		return t.schema.noHeader()
	}
	if fault != nil {
		return fault
	}
	if err := t.schema.missing(t.header); err != nil {
		return err
	}
	t.header.settle()
	t.header.row = headEnd(t.header, merges)
	t.ahead = rows
	for t.at < min(t.header.row, len(rows)) {
		t.fill.apply(t.at+1, t.ahead[0])
		t.ahead = t.ahead[1:]
		t.at++
	}
	return nil
}

// headEnd is the last row of a head whose cells are merged downwards.
func headEnd(h *header, merges []merge) int {
	end := h.row
	for _, m := range merges {
		_, titled := h.titled[m.left-1]
		if titled && m.top <= h.row && m.bottom > end && m.bottom <= h.row+3 {
			end = m.bottom
		}
	}
	return end
}

// Next goes to the next data row; false at the end or on an error, which Err tells.
func (t *Table) Next() bool {
	for len(t.ready) == 0 {
		if t.finished || t.err != nil {
			return false
		}
		t.advance()
	}
	t.row, t.ready = t.ready[0], t.ready[1:]
	return true
}

// Row is the row that Next went to.
func (t *Table) Row() *Row { return t.row }

// Err is the error that ended the rows early: a fault of the file; nil at its true end.
func (t *Table) Err() error { return t.err }

// Close ends the reading; the Book stays open.
func (t *Table) Close() error { return t.src.close() }

// Skipped lists, after the last row, the rows that were not data. Blank rows below the last content do not count.
func (t *Table) Skipped() []Skip {
	slices.SortFunc(t.skipped, func(a, b Skip) int { return a.From - b.From })
	return t.skipped
}

// Has tells whether the file has the column.
func (t *Table) Has(key string) bool {
	_, ok := t.header.columns[key]
	return ok
}

// Progress tells how much is read of how much, in rows or bytes.
func (t *Table) Progress() (done, total int64) { return t.src.progress() }

// physical returns the next row as it stands in the file.
func (t *Table) physical() ([]string, error) {
	if len(t.ahead) > 0 {
		own := t.ahead[0]
		t.ahead = t.ahead[1:]
		return own, nil
	}
	return t.src.next()
}

func (t *Table) advance() {
	own, err := t.physical()
	if errors.Is(err, io.EOF) {
		t.finish()
		return
	}
	if err != nil {
		t.err = err
		return
	}
	t.at++
	v := t.classify(own)
	cells := t.fill.apply(t.at, own)
	if v == SkipBlank {
		t.addBlank()
		return
	}
	t.settleBlank()
	if t.at > t.book.limits.Rows {
		t.err = tooManyRows(t.book.limits)
		return
	}
	t.take(v, &Row{Number: t.at, cells: cells, table: t})
}

func (t *Table) take(v verdict, row *Row) {
	switch v {
	case isData:
		t.ready = append(append(t.ready, t.held...), row)
		t.held = nil
	case isSingle:
		if t.held = append(t.held, row); len(t.held) > maxHeldRows {
			t.ready, t.held = append(t.ready, t.held...), nil
		}
	default:
		if v == SkipTotal && len(t.totals) < mostTotals {
			t.totals = append(t.totals, row)
		}
		t.skip(Skip{row.Number, row.Number, string(v)})
	}
}

// mostTotals bounds how many rows of totals are kept.
const mostTotals = 200

// Totals lists the rows of totals that were skipped so far, for an importer that adds them up again.
func (t *Table) Totals() []*Row { return t.totals }

func (t *Table) finish() {
	t.finished = true
	for _, r := range t.held {
		t.skip(Skip{r.Number, r.Number, SkipNote})
	}
	t.held = nil
}

func (t *Table) addBlank() {
	if t.blank.From == 0 {
		t.blank = Skip{t.at, t.at, SkipBlank}
	}
	t.blank.To = t.at
}

func (t *Table) settleBlank() {
	if t.blank.From != 0 {
		t.skip(t.blank)
		t.blank = Skip{}
	}
}

// skip adds a run, joining it to the one before where they touch.
func (t *Table) skip(s Skip) {
	if n := len(t.skipped); n > 0 {
		last := &t.skipped[n-1]
		if last.Why == s.Why && last.To+1 == s.From {
			last.To = s.To
			return
		}
	}
	t.skipped = append(t.skipped, s)
}

// filler writes the value of a cell merged downwards into the rows it covers: one building's name in
// front of all its flats. Ranges of one column never overlap in a sound file; in a forged one the later wins.
type filler struct {
	merges []merge // sorted by top, only those higher than one row
	active map[int]activeMerge
}

type activeMerge struct {
	bottom int
	value  string
}

func newFiller(merges []merge, columns int) *filler {
	f := &filler{active: make(map[int]activeMerge)}
	for _, m := range merges {
		if m.bottom > m.top && m.left <= columns {
			f.merges = append(f.merges, m)
		}
	}
	slices.SortStableFunc(f.merges, func(a, b merge) int { return a.top - b.top })
	return f
}

// apply returns the row with the cells filled; rows come in order, each once.
func (f *filler) apply(row int, own []string) []string {
	cells := own
	for col, a := range f.active {
		if row > a.bottom {
			delete(f.active, col)
			continue
		}
		if col < len(own) && own[col] != "" {
			continue
		}
		if len(cells) <= col {
			cells = append(slices.Clone(cells), make([]string, col+1-len(cells))...)
		} else if &cells[0] == &own[0] {
			cells = slices.Clone(cells)
		}
		cells[col] = a.value
	}
	for len(f.merges) > 0 && f.merges[0].top <= row {
		m := f.merges[0]
		f.merges = f.merges[1:]
		if col := m.left - 1; m.top == row && col < len(own) && own[col] != "" {
			f.active[col] = activeMerge{m.bottom, own[col]}
		}
	}
	return cells
}

package sheet

import (
	"strconv"

	"github.com/redproperty/redproperty/internal/fault"
)

// maxMerges bounds the merged ranges of one sheet.
const maxMerges = 200_000

// merge is a merged range, all four edges included, counted from 1. Only its first column is filled down.
type merge struct{ top, bottom, left, right int }

// sheetScan is what is known of a worksheet before its cells are read: where its content really ends
// (whatever its declared dimension says) and which ranges are merged.
type sheetScan struct {
	limits    Limits
	lastRow   int // the last row that holds a value: formatted empty rows beyond it are never read
	merges    []merge
	maxShared int // highest index into the shared strings; -1 for none

	row, col        int
	inCell, inValue bool
	shared, formula bool
	value           bool
	index           []byte
	bareFormula     string
}

func newSheetScan(limits Limits) *sheetScan { return &sheetScan{limits: limits, maxShared: -1} }

func (s *sheetScan) open(name, attrs []byte) error {
	switch string(name) {
	case "row":
		return s.startRow(attrs)
	case "c":
		return s.startCell(attrs)
	case "v", "t":
		s.inValue = s.inCell
	case "f":
		s.formula = s.inCell
	case "mergeCell":
		return s.addMerge(string(attr(attrs, "ref")))
	}
	return nil
}

func (s *sheetScan) startRow(attrs []byte) error {
	n := s.row + 1
	if r := attr(attrs, "r"); r != nil {
		var err error
		if n, err = strconv.Atoi(string(r)); err != nil || n <= s.row {
			return malformed("row numbers")
		}
	}
	s.row, s.col = n, 0
	return nil
}

func (s *sheetScan) startCell(attrs []byte) error {
	col := s.col + 1
	if r := attr(attrs, "r"); r != nil {
		c, row, ok := parseRef(string(r))
		if !ok || row != s.row || c <= s.col {
			return malformed("cell references")
		}
		col = c
	}
	s.col, s.inCell, s.value, s.formula = col, true, false, false
	s.shared, s.index = string(attr(attrs, "t")) == "s", s.index[:0]
	return nil
}

func (s *sheetScan) chars(t []byte) error {
	if !s.inValue {
		return nil
	}
	if len(t) > s.limits.Cell && len([]rune(string(t))) > s.limits.Cell {
		return fault.New(fault.Invalid, "sheet.cell_too_long", "row", s.row, "max", s.limits.Cell)
	}
	s.value = true
	if s.shared && len(s.index) < 20 {
		s.index = append(s.index, t[:min(len(t), 20)]...)
	}
	return nil
}

func (s *sheetScan) close(name []byte) error {
	switch string(name) {
	case "v", "t":
		s.inValue = false
	case "c":
		s.inCell = false
		return s.endCell()
	}
	return nil
}

// endCell checks the place of a cell that holds something. Empty formatted cells may lie anywhere.
func (s *sheetScan) endCell() error {
	if s.formula && !s.value && s.bareFormula == "" {
		s.bareFormula = cellName(s.col, s.row)
	}
	if !s.value {
		return nil
	}
	if s.row > s.limits.Rows {
		return tooManyRows(s.limits)
	}
	if s.col > s.limits.Columns {
		return tooManyColumns(s.limits, s.row)
	}
	s.lastRow = s.row
	if s.shared {
		n, err := strconv.Atoi(string(s.index))
		if err != nil || n < 0 {
			return malformed("index of a shared string")
		}
		s.maxShared = max(s.maxShared, n)
	}
	return nil
}

func tooManyRows(l Limits) error {
	return fault.New(fault.Invalid, "sheet.too_many_rows", "max", l.Rows)
}

func tooManyColumns(l Limits, row int) error {
	return fault.New(fault.Invalid, "sheet.too_many_columns", "max", l.Columns, "row", row)
}

func (s *sheetScan) addMerge(ref string) error {
	if len(s.merges) >= maxMerges {
		return malformed("too many merged ranges")
	}
	m, ok := parseRange(ref)
	if !ok {
		return malformed("merged range")
	}
	s.merges = append(s.merges, m)
	return nil
}

// parseRange reads "A2:B3", or "A2" for a single cell.
func parseRange(ref string) (merge, bool) {
	for i := range len(ref) {
		if ref[i] != ':' {
			continue
		}
		c1, r1, ok1 := parseRef(ref[:i])
		c2, r2, ok2 := parseRef(ref[i+1:])
		return merge{top: r1, bottom: r2, left: c1, right: c2}, ok1 && ok2 && r1 <= r2 && c1 <= c2
	}
	c, r, ok := parseRef(ref)
	return merge{top: r, bottom: r, left: c, right: c}, ok
}

// parseRef reads a cell reference such as "XFD1048576" within the format's own bounds.
func parseRef(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	if i == 0 || i > 3 || col > 16384 || i == len(ref) || ref[i] == '0' {
		return 0, 0, false
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' || row > 1_048_576 {
			return 0, 0, false
		}
		row = row*10 + int(ref[i]-'0')
	}
	return col, row, row <= 1_048_576
}

// columnName turns 28 into "AB".
func columnName(col int) string {
	var name []byte
	for ; col > 0; col = (col - 1) / 26 {
		name = append([]byte{byte('A' + (col-1)%26)}, name...)
	}
	return string(name)
}

func cellName(col, row int) string { return columnName(col) + strconv.Itoa(row) }

package sheet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
)

// Kind is the type of an exported column; each takes one Go type.
type Kind int

// The kinds of columns. A nil value is a blank cell in all of them.
const (
	Text     Kind = iota // string
	Whole                // int64
	Area                 // int64 in 0.01 m²
	Money                // int64 in fen
	Day                  // clock.Date
	DateTime             // clock.Instant, shown in China's time
	Hours                // int64 in milliseconds, shown in hours with two decimals
	Decimal              // string as FormatHundredths writes it; a number for who calculates on, blank where it is empty
)

// InWords are the words of a code in a column of Text; a code that has none stays as it is.
func InWords[C ~string](words map[C]string, code C) string {
	if w, ok := words[code]; ok {
		return w
	}
	return string(code)
}

// OutColumn is one column of an export.
type OutColumn struct {
	Title string
	Kind  Kind
	Width int // in characters; 0 leaves it to the program
}

// WriterOptions describe an export.
type WriterOptions struct {
	Format    Format // XLSX when empty
	Sheet     string // name of the tab
	Columns   []OutColumn
	Watermark string // who exported it and when; a line above the header
}

// endMark begins the last row of every export of ours.
const endMark = "【结束 END】"

// maxExport is the last row of a worksheet, less the marker's own.
const maxExport = 1_048_575

// Writer streams an export. Every text goes through Guard. The caller must Close it: the marker row that
// Close adds is how a reader knows that nothing is missing.
type Writer struct {
	columns   []OutColumn
	watermark string
	out       rowWriter
	row       int
	written   int
	closed    bool
}

// rowWriter is one format.
type rowWriter interface {
	begin(columns []OutColumn, above int) error // above: rows of the watermark and the titles, which stay in sight
	tab(name string) error                      // ends a table and begins another
	line(row int, cells []any, head bool) error // int64 of Area and Money are still hundredths
	end() error
}

// NewWriter starts an export. An XLSX file reaches w only at Close, whole or not at all; a CSV file is
// UTF-8 with its mark and flows as it is written.
func NewWriter(w io.Writer, o WriterOptions) (*Writer, error) {
	wr := &Writer{columns: o.Columns}
	switch o.Format {
	case CSV:
		wr.out = &csvWriter{w: bufio.NewWriter(w)}
	default:
		x, err := newXLSXWriter(w, o.Sheet)
		if err != nil {
			return nil, err
		}
		wr.out = x
	}
	wr.watermark = o.Watermark
	return wr, wr.head()
}

// head writes what stands above the rows of a table.
func (w *Writer) head() error {
	above := 1
	if w.watermark != "" {
		above++
	}
	if err := w.out.begin(w.columns, above); err != nil {
		return err
	}
	if w.watermark != "" {
		if err := w.put([]any{clean(w.watermark)}, false); err != nil {
			return err
		}
	}
	titles := make([]any, len(w.columns))
	for i, c := range w.columns {
		titles[i] = clean(c.Title)
	}
	return w.put(titles, true)
}

// Tab ends the table with its marker row and begins another one on a tab of its own. XLSX alone has tabs.
func (w *Writer) Tab(name string, columns []OutColumn) error {
	if err := w.mark(); err != nil {
		return err
	}
	if err := w.out.tab(name); err != nil {
		return err
	}
	w.columns, w.row, w.written = columns, 0, 0
	return w.head()
}

// Write adds one row; values stand in the order of the columns. Faults: sheet.cell_too_long,
// sheet.too_many_rows; a value of the wrong type is a defect of the caller.
func (w *Writer) Write(values ...any) error {
	if len(values) != len(w.columns) {
		return fault.New(fault.Internal, "internal").Because(fmt.Errorf("%d values for %d columns", len(values), len(w.columns)))
	}
	cells := make([]any, len(values))
	for i, v := range values {
		cell, err := w.columns[i].Kind.check(v)
		if err != nil {
			return err
		}
		cells[i] = cell
	}
	if err := w.put(cells, false); err != nil {
		return err
	}
	w.written++
	return nil
}

// Close adds the end marker and finishes the file.
func (w *Writer) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	if err := w.mark(); err != nil {
		return err
	}
	return w.out.end()
}

// mark adds the row by which a reader knows that no row of the table is missing.
func (w *Writer) mark() error {
	return w.put([]any{fmt.Sprintf("%s 共 %d 行 / %d rows", endMark, w.written, w.written)}, false)
}

func (w *Writer) put(cells []any, head bool) error {
	if w.row >= maxExport && !w.closed {
		return fault.New(fault.Invalid, "sheet.too_many_rows", "max", maxExport)
	}
	w.row++
	return w.out.line(w.row, cells, head)
}

// check makes v what the formats write: guarded text, or the value itself.
func (k Kind) check(v any) (any, error) {
	ok := v == nil
	switch t := v.(type) {
	case string:
		if k == Decimal {
			return fromDecimal(t)
		}
		if k != Text {
			break
		}
		s := clean(t)
		if len(s) > 32_767 && len(utf16.Encode([]rune(s))) > 32_767 {
			return nil, fault.New(fault.Invalid, "sheet.cell_too_long", "max", 32_766)
		}
		return s, nil
	case int64:
		ok = k == Whole || k == Area || k == Money || k == Hours
		switch k {
		case Whole:
		case Hours:
			v = hundredths((t + msPerHundredth/2) / msPerHundredth)
		default:
			v = hundredths(t)
		}
	case clock.Date:
		ok = k == Day
		if t == "" {
			v = nil
		}
	case clock.Instant:
		ok = k == DateTime
	}
	if !ok {
		return nil, fault.New(fault.Internal, "internal").Because(fmt.Errorf("%T in a column of kind %d", v, k))
	}
	return v, nil
}

// hundredths is an integer to be shown with two decimals.
type hundredths int64

// msPerHundredth are the milliseconds of a hundredth of an hour.
const msPerHundredth = 36_000

// fromDecimal reads what FormatHundredths has written.
func fromDecimal(text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	whole, part, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil || len(part) > 2 {
		return nil, fault.New(fault.Internal, "internal").Because(fmt.Errorf("%q in a column of decimals", text))
	}
	return hundredths(n), nil
}

// clean replaces what XML cannot carry and guards the rest.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\t' && r != '\n' && r != '\r') || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return Guard(s)
}

// csvWriter writes RFC 4180 with CRLF, quoting whatever any program could cut at.
type csvWriter struct{ w *bufio.Writer }

func (c *csvWriter) tab(string) error {
	return fault.New(fault.Internal, "internal").Because(errors.New("CSV has no tabs"))
}

func (c *csvWriter) begin([]OutColumn, int) error {
	_, err := c.w.WriteString(bomUTF8)
	return err
}

func (c *csvWriter) line(_ int, cells []any, _ bool) error {
	for i, v := range cells {
		if i > 0 {
			_ = c.w.WriteByte(',')
		}
		_, _ = c.w.WriteString(csvCell(v))
	}
	_, err := c.w.WriteString("\r\n")
	return err
}

func csvCell(v any) string {
	switch t := v.(type) {
	case string:
		if strings.ContainsAny(t, "\",;|\t\r\n'") || strings.TrimSpace(t) != t {
			return `"` + strings.ReplaceAll(t, `"`, `""`) + `"`
		}
		return t
	case int64:
		return strconv.FormatInt(t, 10)
	case hundredths:
		return FormatHundredths(int64(t))
	case clock.Date:
		return string(t)
	case clock.Instant:
		return t.Time().In(clock.Shanghai).Format(time.DateTime)
	}
	return ""
}

func (c *csvWriter) end() error { return c.w.Flush() }

// xlsxWriter streams through the XLSX library, which spills large sheets to a temporary file.
type xlsxWriter struct {
	w      io.Writer
	f      *excelize.File
	s      *excelize.StreamWriter
	styles []int
	head   int
}

func newXLSXWriter(w io.Writer, sheet string) (*xlsxWriter, error) {
	f := excelize.NewFile()
	if sheet == "" {
		sheet = "Sheet1"
	}
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fmt.Errorf("name of the sheet: %w", err)
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, fmt.Errorf("start a sheet: %w", err)
	}
	return &xlsxWriter{w: w, f: f, s: s}, nil
}

// formats are the number formats by kind; text has the format "@", so that a program which lets the user
// edit the cell keeps it text.
var formats = map[Kind]string{Text: "@", Whole: "0", Area: "0.00", Money: "#,##0.00", Day: "yyyy-mm-dd", DateTime: "yyyy-mm-dd hh:mm:ss", Hours: "0.00", Decimal: "0.00"}

func (x *xlsxWriter) tab(name string) error {
	if err := x.s.Flush(); err != nil {
		return fmt.Errorf("finish the sheet: %w", err)
	}
	if _, err := x.f.NewSheet(name); err != nil {
		return fmt.Errorf("name of the sheet: %w", err)
	}
	s, err := x.f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("start a sheet: %w", err)
	}
	x.s = s
	return nil
}

func (x *xlsxWriter) begin(columns []OutColumn, above int) error {
	below := "A" + strconv.Itoa(above+1)
	err := x.s.SetPanes(&excelize.Panes{Freeze: true, YSplit: above, TopLeftCell: below, ActivePane: "bottomLeft", Selection: []excelize.Selection{{SQRef: below, ActiveCell: below, Pane: "bottomLeft"}}})
	if err != nil {
		return fmt.Errorf("titles that stay: %w", err)
	}
	x.styles = nil
	if x.head, err = x.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return fmt.Errorf("style: %w", err)
	}
	for i, c := range columns {
		format := formats[c.Kind]
		style, err := x.f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return fmt.Errorf("style: %w", err)
		}
		x.styles = append(x.styles, style)
		if c.Width > 0 {
			if err := x.s.SetColWidth(i+1, i+1, float64(min(c.Width, 255))); err != nil {
				return fmt.Errorf("width: %w", err)
			}
		}
	}
	return nil
}

func (x *xlsxWriter) line(row int, cells []any, head bool) error {
	out := make([]any, len(cells))
	for i, v := range cells {
		if v == nil {
			continue
		}
		style := x.head
		if !head && i < len(x.styles) {
			style = x.styles[i]
		}
		out[i] = excelize.Cell{StyleID: style, Value: xlsxValue(v)}
	}
	if err := x.s.SetRow("A"+strconv.Itoa(row), out); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// xlsxValue is what the library writes into <v>. A workbook stores numbers as binary floating point; the
// shortest decimal of n/100 is exact up to 15 digits, far beyond any area or amount here.
func xlsxValue(v any) any {
	switch t := v.(type) {
	case hundredths:
		return float64(t) / 100
	case clock.Date:
		return dayNumber(t.Start())
	case clock.Instant:
		local := t.Time().In(clock.Shanghai)
		midnight := clock.DateOf(local).Start()
		return float64(dayNumber(midnight)) + float64(local.Sub(midnight).Milliseconds())/86_400_000
	}
	return v
}

// dayNumber counts a day as workbooks do; midnight is its start in China.
func dayNumber(midnight time.Time) int64 {
	const zero = 25_569 // the serial number of 1970-01-01
	_, east := midnight.Zone()
	return (midnight.Unix()+int64(east))/86_400 + zero
}

func (x *xlsxWriter) end() error {
	defer x.f.Close()
	if err := x.s.Flush(); err != nil {
		return fmt.Errorf("finish the sheet: %w", err)
	}
	if err := x.f.Write(x.w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

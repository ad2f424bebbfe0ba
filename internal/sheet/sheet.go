// Package sheet reads foreign tables safely and writes ours. It knows rows and cells, never what they
// mean: importers bring a Schema and parse each Row, exporters bring columns and values.
//
// Reading. Open looks at the bytes, never at the name: a zip is an XLSX workbook, everything else is
// text. A workbook is walked once by a small scanner of our own before the XLSX library unpacks it, so
// that bombs, document types, links to other files and absurd cell references are refused while they
// are still cheap. Text is UTF-8 (with or without mark) when it is valid UTF-8, UTF-16 when it carries
// that mark, and otherwise GB18030 without a single bad byte.
//
// Row numbers are the ones a spreadsheet program shows, also for CSV, where a quoted cell may span
// several lines.
//
// Writing. No cell of ours becomes a formula, neither in the file nor after the next person saves it
// as CSV; see Guard. Every export ends with a marker row that tells the number of rows, so a file cut
// short is noticed.
package sheet

import (
	"bytes"
	"errors"
	"io"

	"github.com/redproperty/redproperty/internal/fault"
)

// Limits bound what a file may cost. All are inclusive.
type Limits struct {
	Bytes    int64 // of the file as it arrives
	Unpacked int64 // of all parts of a workbook, as really unpacked
	Ratio    int64 // unpacked to packed, of any part over 1 MiB
	Parts    int   // entries of the zip directory
	Rows     int   // number of the last row with content
	Columns  int   // number of the last column with content
	Cell     int   // runes in one cell
}

// DefaultLimits suit an upload over the API: a city quarter in one file, on a small machine.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Unpacked: 192 << 20, Ratio: 200, Parts: 2000, Rows: 200_000, Columns: 256, Cell: 32_767}
}

// Format is the kind of file that Open found.
type Format string

// The formats that can be read.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// Book is an opened file: one or more sheets of rows. It is not safe for concurrent use.
type Book struct {
	Name     string // as given, for reports; nothing is derived from it
	Format   Format
	Encoding string // of a CSV: "utf-8", "utf-8-bom", "utf-16" or "gb18030"; empty for a workbook
	sheets   []page
	date1904 bool
	limits   Limits
	close    func() error
}

// page is one sheet: its name and a way to stream its rows from the start.
type page struct {
	name   string
	merges []merge
	open   func() (rowSource, error)
}

// rowSource streams physical rows in order.
type rowSource interface {
	// next returns the next row's cells, blank ones included; io.EOF after the last.
	next() ([]string, error)
	// progress tells how much is done of how much, in one unit.
	progress() (done, total int64)
	close() error
}

// Open reads at most limits.Bytes from r and finds out what it is. Faults: sheet.empty,
// sheet.too_large, sheet.old_or_encrypted, sheet.unsupported, sheet.encoding, sheet.nul,
// sheet.malformed, and those of the limits. The caller closes the Book.
func Open(name string, r io.Reader, limits Limits) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limits.Bytes {
		return nil, fault.New(fault.TooLarge, "sheet.too_large", "megabytes", limits.Bytes>>20)
	}
	var book *Book
	switch kind := sniff(data); kind {
	case "":
		book, err = openCSV(data, limits)
	case "xlsx":
		book, err = openXLSX(data, limits)
	case "empty":
		err = fault.New(fault.Invalid, "sheet.empty")
	case "ole":
		err = fault.New(fault.Unsupported, "sheet.old_or_encrypted")
	default:
		err = unsupported(kind)
	}
	if err != nil {
		return nil, err
	}
	book.Name, book.limits = name, limits
	return book, nil
}

// OpenBytes is Open for a file that is already in memory.
func OpenBytes(name string, data []byte, limits Limits) (*Book, error) {
	return Open(name, bytes.NewReader(data), limits)
}

// Sheets are the names of the visible sheets; a CSV has one without a name.
func (b *Book) Sheets() []string {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names
}

// Close frees what the reading library holds.
func (b *Book) Close() error {
	if b.close == nil {
		return nil
	}
	return b.close()
}

// magics are the beginnings of files that people send instead of a table.
var magics = []struct{ prefix, kind string }{
	{"PK\x03\x04", "xlsx"}, {"PK\x05\x06", "xlsx"}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"},
	{"%PDF", "pdf"}, {"\x89PNG", "image"}, {"\xff\xd8\xff", "image"}, {"GIF8", "image"},
	{"Rar!", "archive"}, {"7z\xbc\xaf\x27\x1c", "archive"}, {"\x1f\x8b", "archive"},
	{"{\\rtf", "rtf"},
}

// sniff names what the bytes are; empty means text.
func sniff(data []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(bomUTF8)), " \t\r\n")
	if len(text) == 0 {
		return "empty"
	}
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return m.kind
		}
	}
	head := bytes.ToLower(text[:min(len(text), 64)])
	for _, p := range []string{"<!doctype", "<html", "<?xml", "<table", "<meta", "<head"} {
		if bytes.HasPrefix(head, []byte(p)) {
			return "html"
		}
	}
	return ""
}

func unsupported(kind string) error {
	return fault.New(fault.Unsupported, "sheet.unsupported", "found", kind)
}

// malformed is a file that claims to be a workbook and is not one. The cause is for the log only.
func malformed(cause string) *fault.Fault {
	return fault.New(fault.Invalid, "sheet.malformed").Because(errors.New(cause))
}

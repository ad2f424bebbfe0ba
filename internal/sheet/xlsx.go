package sheet

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/redproperty/redproperty/internal/fault"
)

// openXLSX surveys the archive and only then lets the XLSX library unpack it, in memory: the survey has
// bounded what that can cost.
func openXLSX(data []byte, limits Limits) (book *Book, err error) {
	defer recovered(&err)
	s, err := surveyZip(data, limits)
	if err != nil {
		return nil, err
	}
	wb, err := s.readWorkbook()
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: limits.Unpacked, UnzipXMLSizeLimit: limits.Unpacked,
	})
	if err != nil {
		return nil, malformed("workbook").Because(err)
	}
	book = &Book{Format: XLSX, date1904: wb.date1904, close: f.Close}
	for _, ws := range wb.sheets {
		book.sheets = append(book.sheets, xlsxPage(f, ws, limits))
	}
	return book, nil
}

func xlsxPage(f *excelize.File, ws visibleSheet, limits Limits) page {
	return page{name: ws.name, merges: ws.scan.merges, open: func() (src rowSource, err error) {
		defer recovered(&err)
		if ws.scan.bareFormula != "" {
			return nil, fault.New(fault.Invalid, "sheet.formula_without_value", "cell", ws.scan.bareFormula)
		}
		rows, err := f.Rows(ws.name)
		if err != nil {
			return nil, malformed("worksheet").Because(err)
		}
		return &xlsxRows{rows: rows, last: ws.scan.lastRow, limits: limits}, nil
	}}
}

// recovered turns a panic of the XLSX library over a forged file into a fault: a file never ends the process.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = malformed("the XLSX library panicked").Because(fmt.Errorf("%v", p))
	}
}

// xlsxRows streams a worksheet, up to its last row with content.
type xlsxRows struct {
	rows   *excelize.Rows
	at     int
	last   int
	limits Limits
}

func (x *xlsxRows) next() (cells []string, err error) {
	defer recovered(&err)
	if x.at >= x.last {
		return nil, io.EOF
	}
	if !x.rows.Next() {
		return nil, malformed("worksheet ends early")
	}
	x.at++
	cells, err = x.rows.Columns()
	if err != nil {
		return nil, malformed("row").Because(err)
	}
	if len(cells) > x.limits.Columns {
		return nil, tooManyColumns(x.limits, x.at)
	}
	return cells, nil
}

func (x *xlsxRows) progress() (int64, int64) { return int64(x.at), int64(x.last) }
func (x *xlsxRows) close() error             { return x.rows.Close() }

// visibleSheet is a worksheet that a person opening the file would see.
type visibleSheet struct {
	name string
	scan *sheetScan
}

type workbook struct {
	sheets   []visibleSheet
	date1904 bool
}

// The few elements needed from the workbook's own parts.
type (
	relsXML struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	workbookXML struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
)

func (s *survey) decode(name string, into any) error {
	f := s.parts[partName(name)]
	if f == nil {
		return malformed("part is missing")
	}
	rc, err := f.Open()
	if err != nil {
		return malformed("part").Because(err)
	}
	defer rc.Close()
	if err := xml.NewDecoder(rc).Decode(into); err != nil {
		return malformed("part").Because(err)
	}
	return nil
}

// readWorkbook finds the visible worksheets, in the order of their tabs.
func (s *survey) readWorkbook() (*workbook, error) {
	main, err := s.mainPart()
	if err != nil {
		return nil, err
	}
	var rels relsXML
	var doc workbookXML
	if err := s.decode(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &rels); err != nil {
		return nil, err
	}
	if err := s.decode(main, &doc); err != nil {
		return nil, err
	}
	targets := make(map[string]string)
	for _, r := range rels.Relationship {
		targets[r.ID] = resolve(main, r.Target)
	}
	wb := &workbook{date1904: doc.Properties.Date1904 == "1" || doc.Properties.Date1904 == "true"}
	for _, sh := range doc.Sheets {
		scan := s.scans[partName(targets[relationID(sh.Attrs)])]
		if scan != nil && (sh.State == "" || sh.State == "visible") {
			wb.sheets = append(wb.sheets, visibleSheet{sh.Name, scan})
		}
	}
	if len(wb.sheets) == 0 {
		return nil, fault.New(fault.Invalid, "sheet.empty")
	}
	return wb, nil
}

// mainPart is the workbook's part, "xl/workbook.xml" nearly everywhere.
func (s *survey) mainPart() (string, error) {
	var rels relsXML
	if err := s.decode("_rels/.rels", &rels); err != nil {
		return "", err
	}
	for _, r := range rels.Relationship {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			return resolve("", r.Target), nil
		}
	}
	return "", malformed("no workbook part")
}

// resolve turns a relation's target into a part's name.
func resolve(from, target string) string {
	if abs, ok := strings.CutPrefix(target, "/"); ok {
		return path.Clean(abs)
	}
	return path.Join(path.Dir(from), target)
}

func relationID(attrs []xml.Attr) string {
	for _, a := range attrs {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

package sheet

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/fault"
)

// headerRows is how far down the header may stand: below titles, subtitles and instructions.
const headerRows = 30

// Column is one column that an importer understands.
type Column struct {
	Key      string   // name in code and in reports
	Names    []string // what people call it, Chinese and English; the first is used to speak of it
	Required bool     // the file must have it, and every data row must fill it
	Soft     bool     // a cell that cannot be read is reported and left out, but the row stands: a mistyped phone
}

// Schema is the columns of one kind of table.
type Schema []Column

// found is one column of the file as mapped to the schema.
type found struct {
	index int
	title string // the header's own text, for the report
}

// header is where the table's head is and what it maps.
type header struct {
	row     int // last row of the head: data begins below
	columns map[string]found
	titled  map[int]string // every column of the file that has a header text
	unknown []string
	raw     []string
	score   int
}

// names maps each normalised name to its column's key. A name that two columns claim is a defect of the schema.
func (s Schema) names() (map[string]string, error) {
	m := make(map[string]string)
	for _, c := range s {
		if len(c.Names) == 0 {
			return nil, fault.New(fault.Internal, "internal")
		}
		for _, n := range append([]string{c.Key}, c.Names...) {
			n = plainName(n)
			if k, ok := m[n]; ok && k != c.Key {
				return nil, fault.New(fault.Internal, "internal")
			}
			m[n] = c.Key
		}
	}
	return m, nil
}

// dropped are characters without meaning in a header: joints of English names, marks of required
// columns, blanks that Unicode does not count as blanks.
const dropped = "_-.*·:;,、\u200b\u200c\u200d\u2060\ufeff'\"“”"

// plainName folds width, case, blanks and joints: "Unit Code", "unit_code" and "ＵＮＩＴ－ＣＯＤＥ" are one name.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) || strings.ContainsRune(dropped, r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(s)))
}

// bareName is plainName without remarks in brackets and without a unit: 建筑面积(㎡) is 建筑面积. A remark that
// changes the magnitude (万㎡, 千元, 亩) stays: read as plain square metres it would falsify every row.
func bareName(s string) string {
	plain := plainName(s)
	if strings.ContainsAny(plain, "万千百亿亩顷") {
		return plain
	}
	for {
		open := strings.IndexAny(plain, "([{【〔「")
		if open < 0 {
			break
		}
		end := strings.IndexAny(plain[open:], ")]}】〕」")
		if end < 0 {
			plain = plain[:open]
			break
		}
		rest := strings.TrimLeft(plain[open+end:], ")]}】〕」")
		plain = plain[:open] + rest
	}
	for _, unit := range []string{"平方米", "m2", "m²", "元", "sqm"} {
		if cut, ok := strings.CutSuffix(plain, unit); ok && cut != "" {
			return strings.TrimRight(cut, "/")
		}
	}
	return plain
}

// match finds the schema's columns in one row. A header that equals a name wins over one that does so
// only without its remark; two of the same rank are ambiguous.
func (s Schema) match(names map[string]string, cells []string) (*header, error) {
	h := &header{columns: make(map[string]found), titled: make(map[int]string), raw: cells}
	exact, loose := make(map[string][]int), make(map[string][]int)
	for i, c := range cells {
		if isBlank(c) {
			continue
		}
		h.titled[i] = clip(c, 64)
		if key, ok := names[plainName(c)]; ok {
			exact[key] = append(exact[key], i)
		} else if key, ok := names[bareName(c)]; ok {
			loose[key] = append(loose[key], i)
		}
	}
	var err error
	for _, col := range s {
		at := exact[col.Key]
		if len(at) == 0 {
			at = loose[col.Key]
		}
		if len(at) == 0 {
			continue
		}
		if len(at) > 1 && err == nil {
			err = fault.New(fault.Invalid, "sheet.header_ambiguous", "column", col.Names[0],
				"first", columnName(at[0]+1), "second", columnName(at[1]+1))
		}
		h.columns[col.Key] = found{at[0], h.titled[at[0]]}
	}
	h.score = len(h.columns)
	return h, err
}

// missing is the fault that names the required columns a header lacks; nil when it has all.
func (s Schema) missing(h *header) error {
	f := fault.New(fault.Invalid, "sheet.column_missing")
	var names []string
	for _, c := range s {
		if _, ok := h.columns[c.Key]; c.Required && !ok {
			f.At("columns."+c.Key, "sheet.column_missing", "columns", c.Names[0])
			names = append(names, c.Names[0])
		}
	}
	if len(names) == 0 {
		return nil
	}
	f.Params = fault.Params{"columns": strings.Join(names, "、")}
	return f
}

// noHeader says which columns a header should have.
func (s Schema) noHeader() error {
	var names []string
	for _, c := range s {
		if c.Required {
			names = append(names, c.Names[0])
		}
	}
	return fault.New(fault.Invalid, "sheet.header_not_found", "columns", strings.Join(names, "、"), "rows", headerRows)
}

// settle lists the columns that the schema does not know.
func (h *header) settle() {
	used := make(map[int]bool)
	for _, f := range h.columns {
		used[f.index] = true
	}
	var at []int
	for i := range h.titled {
		if !used[i] {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	for _, i := range at {
		h.unknown = append(h.unknown, h.titled[i])
	}
}

// Known is a header of the file with the column that it was taken for.
type Known struct {
	Title string `json:"title"` // as the file has it
	Key   string `json:"key"`
	Name  string `json:"name"` // the column's usual name
}

// known lists what the file's headers were taken for, from left to right.
func (s Schema) known(h *header) []Known {
	var cols []Column
	for _, c := range s {
		if _, ok := h.columns[c.Key]; ok {
			cols = append(cols, c)
		}
	}
	slices.SortFunc(cols, func(a, b Column) int { return h.columns[a.Key].index - h.columns[b.Key].index })
	out := make([]Known, len(cols))
	for i, c := range cols {
		out[i] = Known{h.columns[c.Key].title, c.Key, c.Names[0]}
	}
	return out
}

// clip shortens a header to n runes.
func clip(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > n {
		r = append(r[:n-1], '…')
	}
	return string(r)
}

package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/fault"
)

// scanBuffer is also the longest single run of text or tag: over four times the longest cell that
// spreadsheet programs allow.
const scanBuffer = 128 << 10

// xmlHandler sees the elements of a part by their local names, in order.
type xmlHandler interface {
	open(name, attrs []byte) error
	close(name []byte) error
	chars(text []byte) error
}

// xmlScan walks XML far faster than encoding/xml and understands less: no namespaces, no entities of
// its own. It refuses every document type, so there are no entities beyond the five built in. It
// exists to look ahead; cell values are read by the XLSX library.
type xmlScan struct {
	r     *bufio.Reader
	h     xmlHandler
	long  bool   // runs of text may be longer than the buffer: parts that nobody reads as a table
	names []byte // the open elements' names, one after the other
	stack []int  // and how long each is
	roots int
}

// scanXML checks that r is well-formed UTF-8 XML without a document type and tells h what is in it.
func scanXML(r io.Reader, h xmlHandler, long bool) error {
	s := &xmlScan{r: bufio.NewReaderSize(r, scanBuffer), h: h, long: long}
	if mark, _ := s.r.Peek(3); bytes.Equal(mark, []byte(bomUTF8)) {
		_, _ = s.r.Discard(3)
	}
	for {
		done, err := s.step()
		if err != nil || done {
			return err
		}
	}
}

// step reads the text up to the next tag and the tag.
func (s *xmlScan) step() (bool, error) {
	text, err := s.r.ReadSlice('<')
	switch {
	case errors.Is(err, io.EOF):
		if len(s.stack) > 0 || s.roots == 0 || len(bytes.TrimSpace(text)) > 0 {
			return false, malformed("XML ends early")
		}
		return true, nil
	case errors.Is(err, bufio.ErrBufferFull) && s.long && len(s.stack) > 0:
		return false, nil
	case errors.Is(err, bufio.ErrBufferFull):
		return false, malformed("a run of text is too long")
	case err != nil:
		return false, err
	}
	if err := s.text(text[:len(text)-1]); err != nil {
		return false, err
	}
	return false, s.tag()
}

func (s *xmlScan) text(t []byte) error {
	if len(t) == 0 {
		return nil
	}
	if !validXMLText(t) {
		return malformed("text of XML")
	}
	if len(s.stack) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return malformed("text outside the root")
		}
		return nil
	}
	return s.h.chars(t)
}

// tag reads one tag, its '<' being consumed.
func (s *xmlScan) tag() error {
	head, err := s.r.Peek(3)
	if err != nil {
		return malformed("tag").Because(err)
	}
	switch {
	case head[0] == '!' && head[1] == '-' && head[2] == '-':
		_, err = s.until("-->")
		return err
	case head[0] == '!' && head[1] == '[':
		return s.cdata()
	case head[0] == '!':
		return fault.New(fault.Invalid, "sheet.doctype")
	case head[0] == '?':
		return s.instruction()
	}
	body, err := s.element()
	if err != nil {
		return err
	}
	return s.dispatch(body)
}

// until reads up to and including end and returns what came before, as far as it fits the buffer.
func (s *xmlScan) until(end string) ([]byte, error) {
	var all []byte
	for {
		part, err := s.r.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, malformed("XML ends early").Because(err)
		}
		all = append(all, part...)
		if len(all) > scanBuffer {
			return nil, malformed("a comment or block is too long")
		}
		if bytes.HasSuffix(all, []byte(end)) {
			return all[:len(all)-len(end)], nil
		}
	}
}

func (s *xmlScan) cdata() error {
	body, err := s.until("]]>")
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(body, []byte("![CDATA[")) || len(s.stack) == 0 || !utf8.Valid(body) {
		return fault.New(fault.Invalid, "sheet.doctype")
	}
	return s.h.chars(body[len("![CDATA["):])
}

// instruction accepts only an XML declaration of UTF-8 and instructions that nobody acts on.
func (s *xmlScan) instruction() error {
	body, err := s.until("?>")
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(body, []byte("?xml ")) {
		return nil
	}
	switch enc := strings.ToLower(string(attr(body, "encoding"))); enc {
	case "", "utf-8", "utf8", "us-ascii":
		return nil
	default:
		return malformed("encoding of XML")
	}
}

// element reads a tag whose attribute values may hold '>'.
func (s *xmlScan) element() ([]byte, error) {
	body, err := s.r.ReadSlice('>')
	if err != nil {
		return nil, malformed("tag").Because(err)
	}
	open := openQuote(0, body)
	if open == 0 {
		return body[:len(body)-1], nil
	}
	long := bytes.Clone(body)
	for open != 0 {
		more, err := s.r.ReadSlice('>')
		if err != nil || len(long) > scanBuffer {
			return nil, malformed("tag is too long")
		}
		open = openQuote(open, more)
		long = append(long, more...)
	}
	return long[:len(long)-1], nil
}

// openQuote is the quote that is open after b, given the one open before; 0 for none.
func openQuote(open byte, b []byte) byte {
	for _, c := range b {
		switch {
		case open == 0 && (c == '"' || c == '\''):
			open = c
		case c == open:
			open = 0
		}
	}
	return open
}

func (s *xmlScan) dispatch(body []byte) error {
	if len(body) == 0 || !validXMLText(body) {
		return malformed("tag")
	}
	if body[0] == '/' {
		return s.pop(bytes.TrimSpace(body[1:]))
	}
	empty := body[len(body)-1] == '/'
	if empty {
		body = body[:len(body)-1]
	}
	full, attrs := body, []byte(nil)
	if i := bytes.IndexAny(body, " \t\r\n"); i >= 0 {
		full, attrs = body[:i], body[i:]
	}
	if len(s.stack) == 0 {
		s.roots++
	}
	if len(full) == 0 || s.roots > 1 {
		return malformed("element")
	}
	name := local(full)
	if err := s.h.open(name, attrs); err != nil {
		return err
	}
	if empty {
		return s.h.close(name)
	}
	s.names = append(s.names, full...)
	s.stack = append(s.stack, len(full))
	if len(s.stack) > 256 {
		return malformed("elements nest too deep")
	}
	return nil
}

func (s *xmlScan) pop(full []byte) error {
	if len(s.stack) == 0 {
		return malformed("end without a start")
	}
	n := s.stack[len(s.stack)-1]
	if !bytes.Equal(s.names[len(s.names)-n:], full) {
		return malformed("end of another element")
	}
	s.names, s.stack = s.names[:len(s.names)-n], s.stack[:len(s.stack)-1]
	return s.h.close(local(full))
}

func local(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

// attr returns the value of an attribute; nil when there is none.
func attr(attrs []byte, name string) []byte {
	for {
		eq := bytes.IndexByte(attrs, '=')
		if eq < 0 {
			return nil
		}
		found := bytes.TrimSpace(attrs[:eq])
		if i := bytes.LastIndexAny(found, " \t\r\n"); i >= 0 {
			found = found[i+1:]
		}
		rest := bytes.TrimLeft(attrs[eq+1:], " \t\r\n")
		if len(rest) == 0 || (rest[0] != '"' && rest[0] != '\'') {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(found) == name {
			return rest[1 : 1+end]
		}
		attrs = rest[end+2:]
	}
}

// validXMLText refuses what an XML decoder would stop at, so that the XLSX library never stops half way
// without a word: broken UTF-8, control characters, unknown entities.
func validXMLText(t []byte) bool {
	if !utf8.Valid(t) {
		return false
	}
	for i, c := range t {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
		if c == '&' && !knownEntity(t[i+1:]) {
			return false
		}
		if c == 0xEF && i+2 < len(t) && t[i+1] == 0xBF && t[i+2] >= 0xBE { // U+FFFE, U+FFFF
			return false
		}
	}
	return true
}

func knownEntity(t []byte) bool {
	end := bytes.IndexByte(t[:min(len(t), 12)], ';')
	if end <= 0 {
		return false
	}
	switch name := string(t[:end]); name {
	case "amp", "lt", "gt", "quot", "apos":
		return true
	default:
		return name[0] == '#' && knownReference(name[1:])
	}
}

// knownReference tells whether &#digits; names a character that XML allows.
func knownReference(digits string) bool {
	base := 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil:
		return false
	case n < 0x20:
		return n == '\t' || n == '\n' || n == '\r'
	}
	return n <= utf8.MaxRune && (n < 0xD800 || n > 0xDFFF) && n != 0xFFFE && n != 0xFFFF
}

// elementCount bounds a part that the library keeps as a tree.
type elementCount struct {
	limits   Limits
	text     bool
	elements int
	items    int // shared strings
}

func (c *elementCount) open(name, _ []byte) error {
	c.elements++
	if c.elements > maxElements {
		return fault.New(fault.Invalid, "sheet.unpacked_too_large", "megabytes", c.limits.Unpacked>>20)
	}
	if string(name) == "si" {
		c.items++
	}
	return nil
}

func (c *elementCount) close([]byte) error { return nil }
func (c *elementCount) chars(t []byte) error {
	if c.text && utf8.RuneCount(t) > c.limits.Cell {
		return fault.New(fault.Invalid, "sheet.cell_too_long", "max", c.limits.Cell)
	}
	return nil
}

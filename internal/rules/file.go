// Package rules is the domain's rules as versioned data: categories and times of work orders, periods by
// locality, definitions of the published rates, credit grades, surveys, owners' votes, holidays. Each file is read strictly, checked
// as a whole, and known by the hash of its text, which every result and deadline cites; the text itself is
// kept in the database under that hash, so that a past result can be computed again.
//
// What the law fixes is code (see statute.go): no file can weaken it.
package rules

import (
	"bytes"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// Name is a rule file's name without its folder and ending.
type Name string

// The rule files.
const (
	Holidays     Name = "holidays"
	Categories   Name = "categories"
	WorkOrders   Name = "workorder"
	Localities   Name = "locality"
	Report       Name = "report"
	CreditGrades Name = "credit_grades"
	Surveys      Name = "surveys"
	Votes        Name = "votes"
	Renovation   Name = "renovation"
)

// Names lists the rule files.
func Names() []Name {
	return []Name{Holidays, Categories, WorkOrders, Localities, Report, CreditGrades, Surveys, Votes, Renovation}
}

// Hash is the SHA-256 of a rule file's canonical text, 32 bytes in the database, hex in JSON.
type Hash [sha256.Size]byte

// String writes the hash in hex, as sha256sum does.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hash in hex.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 hex digits.
func (h *Hash) UnmarshalText(b []byte) error {
	raw, err := hex.DecodeString(string(b))
	if err != nil || len(raw) != len(h) {
		return errors.New("not a rule hash: want 64 hex digits")
	}
	copy(h[:], raw)
	return nil
}

// Value stores the 32 bytes.
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads the 32 bytes.
func (h *Hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(h) {
		return fmt.Errorf("cannot read %T as a rule hash", src)
	}
	copy(h[:], b)
	return nil
}

// File is one rule file: its canonical text and the hash of that.
type File struct {
	Name    Name
	Hash    Hash
	Content []byte
}

// maxFile bounds a rule file, in bytes.
const maxFile = 1 << 20

// NewFile brings a file's bytes into canonical form: UTF-8 without a byte order mark, lines ended by LF.
// Nothing else is changed, so for a file that is already so the hash is what sha256sum prints.
func NewFile(name Name, raw []byte) (File, error) {
	switch {
	case len(raw) > maxFile:
		return File{}, fmt.Errorf("%s: larger than %d bytes", name.path(), maxFile)
	case !utf8.Valid(raw):
		return File{}, fmt.Errorf("%s: not UTF-8", name.path())
	case bytes.IndexByte(raw, 0) >= 0:
		return File{}, fmt.Errorf("%s: contains a NUL character", name.path())
	}
	text := bytes.TrimPrefix(raw, []byte("\uFEFF"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return File{Name: name, Hash: sha256.Sum256(text), Content: text}, nil
}

func (n Name) path() string { return "rules/" + string(n) + ".yaml" }

// decode reads the file's one document; unknown and repeated keys are errors that name line and key.
func (f File) decode(into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(f.Content), yaml.Strict())
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: empty", f.Name.path())
		}
		return fmt.Errorf("%s: %s", f.Name.path(), yaml.FormatError(err, false, false))
	}
	var more any
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one document", f.Name.path())
	}
	return nil
}

// check gathers what is wrong in a file, each with its field.
type check struct {
	file Name
	errs []error
}

func (c *check) add(field, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s: %s", c.file.path(), field, fmt.Sprintf(format, args...)))
}

// want notes the field when ok is false.
func (c *check) want(ok bool, field, format string, args ...any) {
	if !ok {
		c.add(field, format, args...)
	}
}

// within notes the field when n is outside low and high.
func (c *check) within(field string, n, low, high int) {
	c.want(n >= low && n <= high, field, "want %d to %d", low, high)
}

// text notes the field when a language is missing.
func (c *check) text(field string, t Text) {
	c.want(t.Zh != "", field+".zh", "missing")
	c.want(t.En != "", field+".en", "missing")
}

func (c *check) err() error { return errors.Join(c.errs...) }

// Text is a text in Chinese and English.
type Text struct {
	Zh string `json:"zh" yaml:"zh"`
	En string `json:"en" yaml:"en"`
}

// In returns the text in the language "zh" or "en"; anything else gets Chinese, the field's own language.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.Zh
}

// Package id makes identifiers: UUID version 7, 16 bytes in the database, canonical text in JSON.
// Their order follows their making, so a page of the newest rows is a walk along the key. Tables whose
// order must tell nothing (survey draws and responses) do not use it.
package id

import (
	"database/sql/driver"
	"encoding/base32"
	"fmt"

	"github.com/google/uuid"
)

// ID identifies a row. The zero ID is never a row's.
type ID [16]byte

// Nil is the zero ID.
var Nil ID

// New returns a fresh identifier; later ones sort after earlier ones of the same process.
func New() ID {
	u, err := uuid.NewV7()
	if err != nil { // only when the system has no randomness: nothing safe can be done then
		panic(fmt.Sprintf("id: no randomness: %v", err))
	}
	return ID(u)
}

// Parse reads the canonical text form only.
func Parse(s string) (ID, error) {
	if len(s) != 36 {
		return Nil, fmt.Errorf("not an identifier: want 36 characters of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return Nil, fmt.Errorf("not an identifier: want the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
	}
	return ID(u), nil
}

// IsZero tells whether no identifier is set.
func (i ID) IsZero() bool { return i == Nil }

// Ptr returns a pointer to a copy, nil for the zero ID: the form of a nullable column.
func (i ID) Ptr() *ID {
	if i.IsZero() {
		return nil
	}
	return &i
}

// OrNil returns what p points to, or the zero ID.
func OrNil(p *ID) ID {
	if p == nil {
		return Nil
	}
	return *p
}

// String returns the canonical text form.
func (i ID) String() string { return uuid.UUID(i).String() }

// MarshalText writes the canonical text form.
func (i ID) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the canonical text form.
func (i *ID) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*i = v
	return nil
}

// Value stores the 16 bytes; a text parameter would silently match nothing.
func (i ID) Value() (driver.Value, error) { return i[:], nil }

// Scan reads the 16 bytes.
func (i *ID) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(i) {
		return fmt.Errorf("cannot read %T as a 16-byte identifier", src)
	}
	copy(i[:], b)
	return nil
}

var segment = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// Segment returns the 26-character form used in scope paths; it sorts like the identifier.
func (i ID) Segment() string { return segment.EncodeToString(i[:]) }

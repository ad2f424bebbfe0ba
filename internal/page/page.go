// Package page turns long lists into pages by keyset: a cursor holds the sort values of the last row, so
// that a page costs the same at the end of a list as at its beginning and rows that arrive meanwhile
// shift nothing.
package page

import (
	"encoding/base64"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/fault"
)

// Limits of a page's size.
const (
	Default = 50
	Max     = 200
)

// Request asks for the page after Cursor; the empty Cursor is the first page.
type Request struct {
	Cursor string
	Limit  int
}

// Size is the number of rows to return, within the limits.
func (r Request) Size() int {
	switch {
	case r.Limit <= 0:
		return Default
	case r.Limit > Max:
		return Max
	}
	return r.Limit
}

// Page is a part of a list. Next is the cursor of the following part, empty at the end.
type Page[T any] struct {
	Items []T    `json:"items" doc:"The rows of this page"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
}

// Cut makes a page of rows that were read with one more than the size asked for; cursor gives the sort
// values of a row.
func Cut[T any](rows []T, size int, cursor func(T) []string) Page[T] {
	if len(rows) <= size {
		if rows == nil {
			rows = []T{}
		}
		return Page[T]{Items: rows}
	}
	rows = rows[:size]
	return Page[T]{Items: rows, Next: Encode(cursor(rows[size-1])...)}
}

// Encode packs sort values into a cursor.
func Encode(parts ...string) string {
	b, _ := json.Marshal(parts) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode unpacks a cursor of n parts; nil for the empty cursor. A cursor that was not made by Encode is
// an Invalid fault about the query parameter.
func Decode(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return nil, nil
	}
	var parts []string
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &parts)
	}
	if err != nil || len(parts) != n {
		return nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return parts, nil
}

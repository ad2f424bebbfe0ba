package authz

import (
	"strings"

	"github.com/redproperty/redproperty/internal/id"
)

// Columns names the columns of a query that tie its rows to roles; an empty name means that rows are
// not tied that way.
type Columns struct {
	Path      string // "a.path"
	Org       string // "o.handler_org_id"
	Household string // "o.household_id"
	Person    string // "o.reporter_person_id"
	Open      bool   // rows are open to everybody who lives at their Path
	Around    bool   // rows are in sight also of who answers for a part of their Path
}

// Where turns the capacities of a list's caller into an SQL condition over cols and its arguments: a row
// is seen when at least one capacity is tied to it. What no capacity is tied to is not in the list.
func Where(p Principal, grants []Grant, cols Columns) (string, []any) {
	var parts []string
	var args []any
	add := func(cond string, vals ...any) {
		parts = append(parts, cond)
		args = append(args, vals...)
	}
	for _, g := range grants {
		if g.Role == RoleSystem || TieOf(g.Role) == Everywhere {
			return "1 = 1", nil
		}
		addTie(add, p, g, cols)
	}
	if len(parts) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

func addTie(add func(string, ...any), p Principal, g Grant, cols Columns) {
	person := func() {
		if cols.Person != "" && !p.Person.IsZero() {
			add(cols.Person+" = ?", p.Person)
		}
	}
	switch TieOf(g.Role) {
	case ByArea:
		if cols.Path != "" && g.Path != "" {
			low, high := PathRange(g.Path)
			add(cols.Path+" >= ? AND "+cols.Path+" < ?", low, high)
			if cols.Around {
				addAbove(add, g, cols)
			}
		}
	case ByOrg:
		if cols.Org != "" {
			add(cols.Org+" = ?", g.Org)
		}
	case ByHousehold:
		if cols.Household != "" {
			add(cols.Household+" = ?", g.Household)
		}
		if cols.Open && cols.Path != "" {
			addAbove(add, g, cols)
		}
		person()
	case ByPerson:
		person()
	}
}

// addAbove adds the rows of the places that the grant's lies in.
func addAbove(add func(string, ...any), g Grant, cols Columns) {
	if above := pathsTo(g.Path); len(above) > 0 {
		add(cols.Path+" IN (?"+strings.Repeat(",?", len(above)-1)+")", above...)
	}
}

// PathRange returns the half-open range of the scope paths at or below path: an indexed condition
// without LIKE, since every segment ends with '/' and holds only characters below '~'.
func PathRange(path string) (low, high string) { return path, path + "~" }

// pathsTo lists path and the paths of the places above it.
func pathsTo(path string) []any {
	var out []any
	for i, c := range path {
		if c == '/' {
			out = append(out, path[:i+1])
		}
	}
	return out
}

// ChildPath is the scope path of the place child below parent ("" for the root).
func ChildPath(parent string, child id.ID) string { return parent + child.Segment() + "/" }

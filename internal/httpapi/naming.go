package httpapi

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// naming names the schemas of the API's description. Features choose the names of their types without
// looking at each other: the second type of a name is told apart by its package, and a body without a type
// of its own is called after its operation.
type naming struct {
	op    string // the operation being registered
	taken map[string]reflect.Type
}

// name is a schema's name. Huma asks for it whenever it meets the type.
func (n *naming) name(t reflect.Type, hint string) string {
	bare := t
	for bare.Kind() == reflect.Pointer {
		bare = bare.Elem()
	}
	short := huma.DefaultSchemaNamer(t, hint)
	if bare.Kind() != reflect.Struct {
		return short
	}
	if bare.Name() == "" && strings.HasSuffix(hint, "Body") {
		short = strings.ToUpper(n.op[:1]) + n.op[1:] + "Request"
	}
	if first, ok := n.taken[short]; ok && first != bare {
		short = huma.DefaultSchemaNamer(t, hint+"Of"+n.op)
		if bare.Name() != "" {
			short = qualified(bare)
		}
	}
	n.taken[short] = bare
	return short
}

// qualified is the type's name with the package of each of its parts: ContractEvent, PageContractEvent.
func qualified(t reflect.Type) string {
	outer, args, generic := strings.Cut(t.Name(), "[")
	pkg := t.PkgPath()
	if !generic {
		return titled(pkg[strings.LastIndex(pkg, "/")+1:]) + titled(outer)
	}
	var b strings.Builder
	b.WriteString(titled(outer))
	for part := range strings.SplitSeq(strings.TrimSuffix(args, "]"), ",") {
		inner, name, _ := strings.Cut(part[strings.LastIndex(part, "/")+1:], ".")
		b.WriteString(titled(inner) + titled(strings.Trim(name, "[]*")))
	}
	return b.String()
}

func titled(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

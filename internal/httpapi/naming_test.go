package httpapi

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/page"
)

func TestSchemaNamesAreToldApart(t *testing.T) {
	n := &naming{op: "decideContest", taken: map[string]reflect.Type{}}
	bodyA, bodyB := reflect.TypeFor[struct{ A string }](), reflect.TypeFor[struct{ B string }]()
	require.Equal(t, "Request", n.name(reflect.TypeFor[page.Request](), ""))
	require.Equal(t, "HttpRequest", n.name(reflect.TypeFor[http.Request](), ""), "a second type of a name carries its package")
	require.Equal(t, "Request", n.name(reflect.TypeFor[*page.Request](), ""), "the first keeps it")
	require.Equal(t, "PageRequest", n.name(reflect.TypeFor[page.Page[page.Request]](), ""))
	require.Equal(t, "PageHttpRequest", n.name(reflect.TypeFor[page.Page[http.Request]](), ""))
	require.Equal(t, "DecideContestRequest", n.name(bodyA, "decideInputBody"), "a body without a type is called after its operation")
	n.op = "decideUnitChange"
	require.Equal(t, "DecideUnitChangeRequest", n.name(bodyB, "decideInputBody"))
}

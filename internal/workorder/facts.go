package workorder

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// change is one fact that a step sets: a column and its new value.
type change struct {
	column string
	value  any
}

// factColumns are the columns of Facts in the order of its fields; the json name of each is the same.
var factColumns = func() []string {
	t := reflect.TypeFor[Facts]()
	out := make([]string, t.NumField())
	for i := range out {
		out[i] = t.Field(i).Tag.Get("db")
	}
	return out
}()

// all lists every fact, for the first event and the insert.
func (f Facts) all() []change {
	v := reflect.ValueOf(f)
	out := make([]change, len(factColumns))
	for i, c := range factColumns {
		out[i] = change{c, v.Field(i).Interface()}
	}
	return out
}

// changesTo lists the facts in which next differs.
func (f Facts) changesTo(next Facts) []change {
	before, after := reflect.ValueOf(f), reflect.ValueOf(next)
	var out []change
	for i, c := range factColumns {
		a, b := before.Field(i), after.Field(i)
		if !sameFact(a, b) {
			out = append(out, change{c, b.Interface()})
		}
	}
	return out
}

func sameFact(a, b reflect.Value) bool {
	if a.Kind() != reflect.Pointer {
		return a.Equal(b)
	}
	if a.IsNil() || b.IsNil() {
		return a.IsNil() == b.IsNil()
	}
	return a.Elem().Equal(b.Elem())
}

// detail is the content of an event: the facts it set, and what else is worth knowing in codes, ids and
// numbers. Free text is kept beside it, so that it can be erased.
type detail struct {
	Set  map[string]any `json:"set"`
	Info map[string]any `json:"info,omitempty"`
}

func encodeDetail(set []change, info map[string]any) (string, error) {
	d := detail{Set: make(map[string]any, len(set)), Info: info}
	for _, c := range set {
		d.Set[c.column] = c.value
	}
	b, err := json.Marshal(d)
	return string(b), err
}

// Event is one change of an order. Seq is the order's version after it, from 1 without a gap.
type Event struct {
	OrderID   id.ID         `db:"order_id"`
	Seq       int64         `db:"seq"`
	At        clock.Instant `db:"at"`
	Kind      Step          `db:"kind"`
	From      State         `db:"from_state"`
	To        State         `db:"to_state"`
	ActorRole string        `db:"actor_role"`
	ActorID   *id.ID        `db:"actor_person_id"`
	ActorOrg  *id.ID        `db:"actor_org_id"`
	Detail    string        `db:"detail"`
	Text      *string       `db:"text"`
}

// Info returns what the event tells besides the facts it set.
func (e Event) Info() (map[string]any, error) {
	var d detail
	if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
		return nil, fmt.Errorf("event %s/%d: %w", e.OrderID, e.Seq, err)
	}
	return d.Info, nil
}

// Rebuild folds the events of one order, in the order of Seq, into the facts as they were known at the
// end of the moment at. It is false when the order was not reported by then, and an error when an event
// is missing or unreadable: a hole in the record is never papered over.
func Rebuild(events []Event, at clock.Instant) (Facts, bool, error) {
	var f Facts
	var known bool
	for i, e := range events {
		if e.Seq != int64(i)+1 {
			return Facts{}, false, fmt.Errorf("order %s: event %d is missing", e.OrderID, i+1)
		}
		if e.At > at {
			break
		}
		d := struct {
			Set *Facts `json:"set"`
		}{&f}
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			return Facts{}, false, fmt.Errorf("event %s/%d: %w", e.OrderID, e.Seq, err)
		}
		known = true
	}
	return f, known, nil
}

package notify

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/redproperty/redproperty/internal/outbox"
)

// payload is an event's codes and ids.
type payload map[string]any

// parse reads an event's payload. Anything but a JSON object is an error that no repetition mends.
func parse(ev outbox.Event) (payload, error) {
	var p payload
	if err := json.Unmarshal(ev.Payload, &p); err != nil || p == nil {
		return nil, stop("payload")
	}
	return p, nil
}

func (p payload) text(name string) string {
	s, _ := p[name].(string)
	return s
}

func (p payload) flag(name string) bool {
	b, _ := p[name].(bool)
	return b
}

func (p payload) list(name string) []string {
	raw, _ := p[name].([]any)
	var out []string
	for _, v := range raw {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// code is what may stand in a text: order numbers, dates, names of states. A person's words do not match.
var code = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`)

// codes keeps of the payload the named values that are codes or numbers.
func (p payload) codes(names []string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		switch v := p[n].(type) {
		case string:
			if code.MatchString(v) {
				out[n] = v
			}
		case float64:
			b, _ := json.Marshal(v) // a number from JSON always marshals
			out[n] = string(b)
		}
	}
	return out
}

// discreet tells whether the event belongs to a case that no group may read about: an order about
// somebody's conduct, or one whose category is not told.
func (p payload) discreet(topic string, conduct func(string) bool) bool {
	return strings.HasPrefix(topic, "workorder.") && (p.text("category") == "" || conduct(p.text("category")))
}

// aboutConduct tells whether the event is known to be about somebody's conduct.
func (p payload) aboutConduct(conduct func(string) bool) bool {
	c := p.text("category")
	return c != "" && conduct(c)
}

package ratelimit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/goccy/go-yaml"
)

// Defaults are the configured limits. A limit that is absent is disabled.
type Defaults struct{ limits map[Name]Limit }

// Limit returns a configured limit, and false when it is disabled.
func (d Defaults) Limit(n Name) (Limit, bool) {
	l, ok := d.limits[n]
	return l, ok
}

// NewDefaults checks limits made in code.
func NewDefaults(limits map[Name]Limit) (Defaults, error) {
	var problems []error
	for _, n := range slices.Sorted(maps.Keys(limits)) {
		if err := limits[n].check(n); err != nil {
			problems = append(problems, err)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return Defaults{}, err
	}
	return Defaults{limits: maps.Clone(limits)}, nil
}

func (l Limit) check(n Name) error {
	if !n.Known() {
		return fmt.Errorf("ratelimit: unknown limit %d", int(n))
	}
	if p := l.problem(n); p.found() {
		return fmt.Errorf("limits.%s.%s: %s", n, p.field, p.text())
	}
	if l.Failure != Open && l.Failure != Fallback {
		return fmt.Errorf("limits.%s.failure: must be %q or %q", n, Open, Fallback)
	}
	return nil
}

// limitsFile is the form of configs/ratelimits.yaml.
type limitsFile struct {
	Limits map[string]limitEntry `yaml:"limits"`
}

// limitEntry takes any values, since the decoder would quietly cut 1.5 to 1 and its errors name no field.
type limitEntry struct {
	Burst      any `yaml:"burst"`
	Count      any `yaml:"count"`
	Period     any `yaml:"period"`
	Failure    any `yaml:"failure"`
	RecordOnly any `yaml:"record_only"`
}

// ParseDefaults reads configs/ratelimits.yaml. It refuses unknown and repeated names and fields, missing and zero values,
// and says which.
func ParseDefaults(file []byte) (Defaults, error) {
	var f limitsFile
	if err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&f); err != nil {
		return Defaults{}, fmt.Errorf("rate limits: %s", yaml.FormatError(err, false, false))
	}
	if f.Limits == nil {
		return Defaults{}, errors.New("rate limits: no \"limits\" (write \"limits: {}\" to have none)")
	}
	limits := make(map[Name]Limit, len(f.Limits))
	var problems []error
	for _, word := range slices.Sorted(maps.Keys(f.Limits)) {
		n, l, err := f.Limits[word].limit(word)
		if err != nil {
			problems = append(problems, err)
		}
		limits[n] = l
	}
	if err := errors.Join(problems...); err != nil {
		return Defaults{}, fmt.Errorf("rate limits: %w", err)
	}
	return NewDefaults(limits)
}

func (e limitEntry) limit(word string) (Name, Limit, error) {
	n, ok := ParseName(word)
	if !ok {
		return 0, Limit{}, fmt.Errorf("limits.%s: there is no such limit", word)
	}
	var l Limit
	var problems []error
	wrong := func(field, want string) {
		problems = append(problems, fmt.Errorf("limits.%s.%s: must be %s", word, field, want))
	}
	if l.Burst, ok = whole(e.Burst); !ok {
		wrong("burst", "a whole number")
	}
	if l.Count, ok = whole(e.Count); !ok {
		wrong("count", "a whole number")
	}
	if l.Period, ok = duration(e.Period); !ok {
		wrong("period", "a duration such as 90s, 15m or 24h")
	}
	if l.RecordOnly, ok = e.RecordOnly.(bool); !ok && e.RecordOnly != nil {
		wrong("record_only", "true or false")
	}
	mode, _ := e.Failure.(string)
	l.Failure = Failure(mode)
	if len(problems) > 0 {
		return n, l, errors.Join(problems...)
	}
	return n, l, l.check(n)
}

func whole(v any) (int64, bool) {
	switch i := v.(type) {
	case int64:
		return i, true
	case uint64:
		return int64(i), i <= math.MaxInt64
	}
	return 0, false
}

func duration(v any) (time.Duration, bool) {
	s, _ := v.(string)
	d, err := time.ParseDuration(s)
	return d, err == nil
}

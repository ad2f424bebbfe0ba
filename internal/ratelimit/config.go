package ratelimit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
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

type limitEntry struct {
	Burst      int64   `yaml:"burst"`
	Count      int64   `yaml:"count"`
	Period     string  `yaml:"period"`
	Failure    Failure `yaml:"failure"`
	RecordOnly bool    `yaml:"record_only"`
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
	period, err := time.ParseDuration(e.Period)
	if err != nil {
		return n, Limit{}, fmt.Errorf("limits.%s.period: must be a duration such as 90s, 15m or 24h", word)
	}
	l := Limit{Rate: Rate{Burst: e.Burst, Count: e.Count, Period: period}, Failure: e.Failure, RecordOnly: e.RecordOnly}
	return n, l, l.check(n)
}

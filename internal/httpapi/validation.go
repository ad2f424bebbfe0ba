package httpapi

import (
	"errors"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/fault"
)

// humaMessages tells by the wording of huma's validation messages which of our codes is meant. Group
// "v" is what was expected, group "name" a property that belongs at the end of the path.
var humaMessages = []struct {
	pattern *regexp.Regexp
	code    string
}{
	{regexp.MustCompile(`^expected required property (?P<name>\S+) to be present`), "field.required"},
	{regexp.MustCompile(`^required \w+ parameter is missing`), "field.required"},
	{regexp.MustCompile(`^(request body is required|File required)`), "field.required"},
	{regexp.MustCompile(`^unexpected property`), "field.unexpected"},
	{regexp.MustCompile(`^unknown query parameter`), "field.unknown_query"},
	{regexp.MustCompile(`^expected value to be one of "(?P<v>.*)"`), "field.enum"},
	{regexp.MustCompile(`^expected number >=? (?P<v>\S+)`), "field.min"},
	{regexp.MustCompile(`^expected number <=? (?P<v>\S+)`), "field.max"},
	{regexp.MustCompile(`^expected length >= (?P<v>\d+)`), "field.min_length"},
	{regexp.MustCompile(`^expected length <= (?P<v>\d+)`), "field.max_length"},
	{regexp.MustCompile(`^expected array length >= (?P<v>\d+)`), "field.min_items"},
	{regexp.MustCompile(`^expected array length <= (?P<v>\d+)`), "field.max_items"},
	{regexp.MustCompile(`^expected string to be (?P<v>[^:]+)`), "field.format"},
	{regexp.MustCompile(`^expected string to match pattern (?P<v>.+)`), "field.pattern"},
	{regexp.MustCompile(`^(expected|invalid) integer`), "field.integer"},
	{regexp.MustCompile(`^(expected|invalid) (number|float)`), "field.number"},
	{regexp.MustCompile(`^expected (?P<v>boolean|string|array|object)`), "field.type"},
	{regexp.MustCompile(`^invalid (?P<v>boolean|date/time)`), "field.type"},
	{regexp.MustCompile(`^not (?P<v>an identifier|an RFC 3339 time|a date)`), "field.format"},
}

// malformed are the wordings of the JSON decoder and the form reader.
var malformed = regexp.MustCompile(`^(invalid character|unexpected end of JSON|unexpected EOF|json:|EOF|multipart:|mime:|no multipart)|cannot decode`)

// formats gives the expected form for the texts of our own types.
var formats = map[string]string{
	"an identifier": "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "an RFC 3339 time": "2006-01-02T15:04:05Z", "a date": "YYYY-MM-DD",
}

// validationFault is the Invalid fault for huma's findings. A body that is no JSON has no field.
func validationFault(msg string, errs []error) error {
	f := fault.New(fault.Invalid, "input.invalid")
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		if malformed.MatchString(detail.Message) {
			return fault.New(fault.Invalid, "input.malformed")
		}
		addFinding(f, detail.Location, detail.Message)
	}
	switch {
	case len(f.Fields) > 0:
		return f
	case strings.HasPrefix(msg, "request body is required"):
		return f.At("body", "field.required")
	}
	return fault.New(fault.Invalid, "input.malformed")
}

func addFinding(f *fault.Fault, path, message string) {
	if path == "" {
		path = "body"
	}
	for _, m := range humaMessages {
		g := m.pattern.FindStringSubmatch(message)
		if g == nil {
			continue
		}
		if i := m.pattern.SubexpIndex("name"); i > 0 {
			path += "." + g[i]
		}
		if i := m.pattern.SubexpIndex("v"); i > 0 {
			f.At(path, m.code, "expected", expected(g[i]))
			return
		}
		f.At(path, m.code)
		return
	}
	f.At(path, "field.invalid")
}

func expected(s string) string {
	if form, ok := formats[s]; ok {
		return form
	}
	return s
}

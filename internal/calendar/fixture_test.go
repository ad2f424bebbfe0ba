package calendar_test

import (
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
)

// shipped is the calendar as the program carries it.
func shipped(t require.TestingT) *calendar.Calendar {
	b, err := configs.Files.ReadFile("rules/holidays.yaml")
	require.NoError(t, err)
	var data calendar.Data
	require.NoError(t, yaml.UnmarshalWithOptions(b, &data, yaml.Strict()))
	c, err := calendar.New(data)
	require.NoError(t, err)
	return c
}

// at reads a moment in China, "2026-02-14 09:30".
func at(t require.TestingT, s string) clock.Instant {
	v, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	require.NoError(t, err)
	return clock.At(v)
}

func span(t testing.TB, from, to string) calendar.Span {
	s := calendar.Span{From: at(t, from)}
	if to != "" {
		s.To = at(t, to).Ptr()
	}
	return s
}

func window(from, to int) calendar.Window {
	return calendar.Window{From: calendar.Minute(from * 60), To: calendar.Minute(to * 60)}
}

// office is workdays 9 to 17; service every day 8 to 20.
var (
	office  = calendar.Hours{Workday: []calendar.Window{window(9, 17)}}
	service = calendar.Hours{Workday: []calendar.Window{window(8, 20)}, RestDay: []calendar.Window{window(8, 20)}}
)

func keeper(t require.TestingT, h calendar.Hours) *calendar.Timekeeper {
	k, err := calendar.NewTimekeeper(shipped(t), h)
	require.NoError(t, err)
	return k
}

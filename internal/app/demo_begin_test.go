package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
)

// On the first days of a month the month before is too short a past: its round could still be objected to.
func TestTheDemonstrationsPastIsLongEnoughOnEveryDay(t *testing.T) {
	for now := time.Date(2027, 1, 1, 0, 30, 0, 0, clock.Shanghai); now.Year() == 2027; now = now.AddDate(0, 0, 1) {
		begin := (&demonstration{now: now}).begin()
		require.Equal(t, 1, begin.Day())
		require.GreaterOrEqual(t, now.Sub(begin), leastPast, now)
		require.Less(t, now.Sub(begin), leastPast+32*day, now)
	}
	require.Equal(t, time.October, (&demonstration{now: time.Date(2026, 12, 1, 0, 30, 0, 0, clock.Shanghai)}).begin().Month())
	require.Equal(t, time.November, (&demonstration{now: time.Date(2026, 12, 31, 12, 0, 0, 0, clock.Shanghai)}).begin().Month())
}

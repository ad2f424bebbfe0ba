package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
)

func TestReplayGoesForwardAndIsLetGo(t *testing.T) {
	var c clock.Replay
	require.WithinDuration(t, time.Now(), c.Now(), time.Minute)
	begin := time.Date(2026, 10, 1, 1, 0, 0, 0, time.UTC)
	c.MoveTo(begin)
	require.Equal(t, begin, c.Now())
	c.MoveTo(begin.Add(-time.Hour))
	require.Equal(t, begin, c.Now(), "never back")
	c.MoveTo(begin.Add(time.Hour))
	require.Equal(t, begin.Add(time.Hour), c.Now())
	c.LetGo()
	require.WithinDuration(t, time.Now(), c.Now(), time.Minute)
	c.SkipTo(8 * 24 * time.Hour)
	require.WithinDuration(t, time.Now().Add(8*24*time.Hour), c.Now(), time.Minute)
	c.SkipTo(-time.Hour)
	require.WithinDuration(t, time.Now(), c.Now(), time.Minute, "never behind the machine")
}

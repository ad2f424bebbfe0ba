package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
)

// Redis hangs, then is gone: work goes on at nearly the same speed, and wrong passwords are still limited.
func TestRedisGoesAway(t *testing.T) {
	t.Parallel()
	redis := redisserver.StartPrivate(t)
	w := explore(install(t, embedded, "REDPROPERTY_REDIS__URL=redis://"+redis.Addr+"/0").up("demo"))
	desk := w.unlimited("community-worker")[0]
	call := obj{"where": obj{"unitId": w.unit}, "category": "water.home_plumbing"}
	median := func() time.Duration {
		times := make([]time.Duration, 50)
		for i := range times {
			start := time.Now()
			desk.post("/front-desk-orders", call, once()...).want(201)
			times[i] = time.Since(start)
		}
		slices.Sort(times)
		return times[len(times)/2]
	}
	before := median()
	redis.Pause(t)
	hanging := median()
	redis.Resume(t)
	redis.Kill()
	gone := median()
	t.Logf("median of a write: %s with Redis, %s while it hangs, %s without it", before, hanging, gone)
	require.Less(t, hanging-before, 100*time.Millisecond)
	require.Less(t, gone-before, 100*time.Millisecond)

	refused := 0
	for range 10 {
		r := w.nobody().post("/auth/sessions", obj{"login": "tenant", "password": "not-the-password"})
		if r.Status == 429 {
			r.refused(429, "ratelimit.login_failures_per_account_address")
			require.NotEmpty(t, r.Header.Get("Retry-After"))
			refused++
		}
	}
	require.Positive(t, refused, "wrong passwords are limited by the process")
}

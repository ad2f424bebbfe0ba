package ratelimit

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const goodEntry = `
limits:
  writes_per_account:
    burst: 120
    count: 60
    period: 1m30s
    failure: open
    record_only: true
`

func TestParseDefaults(t *testing.T) {
	d, err := ParseDefaults([]byte(goodEntry))
	require.NoError(t, err)
	l, ok := d.Limit(WritesPerAccount)
	require.True(t, ok)
	require.Equal(t, Limit{Rate: Rate{Burst: 120, Count: 60, Period: 90 * time.Second}, Failure: Open, RecordOnly: true}, l)
	_, ok = d.Limit(ExportsPerAccount)
	require.False(t, ok, "absent is disabled")

	d, err = ParseDefaults([]byte("limits: {}"))
	require.NoError(t, err)
	require.Empty(t, d.limits)
}

// Each of these differs from the good entry in one thing, and the error says in which.
func TestBustedDefaults(t *testing.T) {
	for _, c := range []struct{ name, old, new, says string }{
		{"unknown limit", "writes_per_account:", "write_per_account:", "limits.write_per_account: there is no such limit"},
		{"unknown field", "record_only", "report_only", "report_only"},
		{"unknown top field", "limits:", "limit:", "limit"},
		{"zero burst", "burst: 120", "burst: 0", "limits.writes_per_account.burst: must be positive"},
		{"negative burst", "burst: 120", "burst: -1", "limits.writes_per_account.burst: must be positive"},
		{"missing burst", "    burst: 120\n", "", "limits.writes_per_account.burst: must be a whole number"},
		{"fractional burst", "burst: 120", "burst: 1.5", "limits.writes_per_account.burst: must be a whole number"},
		{"burst in quotes", "burst: 120", `burst: "120"`, "limits.writes_per_account.burst: must be a whole number"},
		{"burst beyond numbers", "burst: 120", "burst: 18446744073709551615", "limits.writes_per_account.burst: must be a whole number"},
		{"failure not a word", "failure: open", "failure: [open]", "limits.writes_per_account.failure: must be"},
		{"zero count", "count: 60", "count: 0", "limits.writes_per_account.count: must be positive"},
		{"count too dense", "count: 60", "count: 90000001", "limits.writes_per_account.count: must leave"},
		{"zero period", "1m30s", "0s", "limits.writes_per_account.period: must be positive"},
		{"period without unit", "1m30s", "90", "limits.writes_per_account.period: must be a duration"},
		{"missing period", "    period: 1m30s\n", "", "limits.writes_per_account.period: must be a duration"},
		{"period too long", "1m30s", "8785h", "limits.writes_per_account.period: lets"},
		{"window too long", "burst: 120", "burst: 9000000000", "limits.writes_per_account.burst: lets"},
		{"unknown failure", "failure: open", "failure: closed", `limits.writes_per_account.failure: must be "open" or "fallback"`},
		{"missing failure", "    failure: open\n", "", `limits.writes_per_account.failure: must be`},
		{"record_only not a truth", "record_only: true", "record_only: often", "limits.writes_per_account.record_only: must be true or false"},
		{"burst below the cost of one call", "writes_per_account", "attachment_mib_per_account", ""},
		{"repeated limit", "    record_only: true\n", "  writes_per_account: {burst: 1, count: 1, period: 1s, failure: open}\n", "writes_per_account"},
		{"no limits", goodEntry, "{}", `no "limits"`},
		{"empty", goodEntry, "", ""},
		{"not YAML", goodEntry, "limits: [", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := strings.Replace(goodEntry, c.old, c.new, 1)
			require.NotEqual(t, goodEntry, file)
			if c.name == "burst below the cost of one call" {
				_, err := ParseDefaults([]byte(file))
				require.NoError(t, err, "120 is enough")
				file = strings.Replace(file, "burst: 120", "burst: 63", 1)
				c.says = "limits.attachment_mib_per_account.burst: must be at least 64"
			}
			_, err := ParseDefaults([]byte(file))
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestAllProblemsAreNamed(t *testing.T) {
	_, err := ParseDefaults([]byte("limits:\n  exports_per_account: {}\n  nothing: {}\n  writes_per_account: {burst: 1}\n"))
	for _, says := range []string{"exports_per_account", "nothing", "writes_per_account"} {
		require.ErrorContains(t, err, says)
	}
	_, err = NewDefaults(map[Name]Limit{0: enforce(tenPerTenSeconds)})
	require.ErrorContains(t, err, "unknown limit 0")
}

// Whatever the file says, it is refused or gives limits that can be computed with.
func FuzzParseDefaults(f *testing.F) {
	f.Add([]byte(goodEntry))
	if file, err := os.ReadFile("../../configs/ratelimits.yaml"); err == nil {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		d, err := ParseDefaults(file)
		if err != nil {
			return
		}
		for n, l := range d.limits {
			p := l.pace()
			require.True(t, n.Known())
			require.Positive(t, p.emission)
			require.Positive(t, p.window)
			require.LessOrEqual(t, p.window, maxWindow.Microseconds())
			require.Equal(t, p.window/p.emission, l.Burst)
		}
	})
}

package ratelimit

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
)

var home = netip.MustParseAddr("203.0.113.7")

// TestSources is what every source must do.
func TestSources(t *testing.T) {
	eachSource(t, func(t *testing.T, make func(map[Name]Limit) *bed) {
		for name, body := range map[string]func(*testing.T, func(map[Name]Limit) *bed){
			"spends and refills":               spendsAndRefills,
			"concurrent spends are exact":      concurrentSpends,
			"concurrent batches are exact":     concurrentBatches,
			"refusal charges nobody":           refusalChargesNobody,
			"strictest of the batch answers":   strictestAnswers,
			"failures are counted and reset":   failuresCounted,
			"reserve is atomic and reset":      reserveAtomic,
			"spend-only never vetoes":          spendOnlyNeverVetoes,
			"refund gives back once":           refundOnce,
			"record-only refuses nobody":       recordOnly,
			"an absent limit is disabled":      absentDisabled,
			"costs above one":                  costs,
			"a client that hangs up is booked": hangUp,
		} {
			t.Run(name, func(t *testing.T) { body(t, make) })
		}
	})
}

func spendsAndRefills(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{WritesPerAccount: enforce(tenPerTenSeconds)})
	account := id.New()
	for left := int64(9); left >= 0; left-- {
		d := b.sure(b.Write(b.context, account))
		require.True(t, d.Allowed)
		require.Equal(t, WritesPerAccount, d.Limit)
		require.Equal(t, left, d.Remaining)
		require.Equal(t, time.Duration(10-left)*time.Second, d.ResetIn)
	}
	d := b.sure(b.Write(b.context, account))
	require.False(t, d.Allowed)
	require.Equal(t, time.Second, d.RetryIn)
	require.True(t, b.sure(b.Write(b.context, id.New())).Allowed, "another account has a bucket of its own")

	b.clock.Advance(d.RetryIn - time.Microsecond)
	require.False(t, b.sure(b.Write(b.context, account)).Allowed, "a microsecond short")
	b.clock.Advance(time.Microsecond)
	require.True(t, b.sure(b.Write(b.context, account)).Allowed, "exactly as patient as told")
	require.False(t, b.sure(b.Write(b.context, account)).Allowed)

	b.clock.Advance(20 * time.Hour)
	require.Equal(t, int64(9), b.sure(b.Write(b.context, account)).Remaining, "twenty hours earn no more than full")
}

// together calls f from n goroutines at once and counts the admissions.
func together(b *bed, n int, batch func(i int) (Batch, error)) int {
	var admitted atomic.Int64
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			built, err := batch(i)
			ready.Done()
			<-start
			if err != nil {
				return
			}
			if d, err := b.Decide(context.Background(), built); err == nil && d.Ignored == nil && d.Allowed {
				admitted.Add(1)
			}
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return int(admitted.Load())
}

func concurrentSpends(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{WritesPerAccount: enforce(tenPerTenSeconds)})
	account := id.New()
	require.Equal(t, 10, together(b, 50, func(int) (Batch, error) { return b.Write(b.context, account) }))
}

// Fifty accounts try codes of one estate: the estate's bucket admits ten, and nobody else has paid.
func concurrentBatches(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{JoinTriesPerAccount: enforce(tenPerTenSeconds), JoinTriesPerEstate: enforce(tenPerTenSeconds)})
	estate, accounts := id.New(), [50]id.ID{}
	for i := range accounts {
		accounts[i] = id.New()
	}
	require.Equal(t, 10, together(b, 50, func(i int) (Batch, error) { return b.JoinTry(b.context, accounts[i], estate) }))
	paid := 0
	for _, account := range accounts {
		d := b.sure(b.JoinTry(b.context, account, id.New()))
		require.True(t, d.Allowed)
		if d.Remaining == 8 {
			paid++
		}
	}
	require.Equal(t, 10, paid)
}

func refusalChargesNobody(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{
		SMSCodesPerPhone:         enforce(Rate{Burst: 1, Count: 1, Period: time.Minute}),
		SMSCodesPerPhoneDay:      enforce(tenPerTenSeconds),
		AnonymousCodesPerAddress: enforce(tenPerTenSeconds),
	})
	require.True(t, b.sure(b.CodeRequest(b.context, "13800000001", home)).Allowed)
	for range 20 {
		d := b.sure(b.CodeRequest(b.context, "13800000001", home))
		require.False(t, d.Allowed)
		require.Equal(t, SMSCodesPerPhone, d.Limit)
	}
	require.True(t, b.sure(b.CodeRequest(b.context, "13800000002", home)).Allowed)
	// The address has paid for two codes, the first phone's day for one.
	require.Equal(t, int64(7), b.sure(b.one(b.context, AnonymousCodesPerAddress, CheckAndSpend, b.keys.address(home))).Remaining)
	require.Equal(t, int64(8), b.sure(b.one(b.context, SMSCodesPerPhoneDay, CheckAndSpend, b.keys.handle("13800000001"))).Remaining)
}

func strictestAnswers(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{
		WorkOrdersPerAccountHour: enforce(Rate{Burst: 2, Count: 2, Period: time.Hour}),
		WorkOrdersPerAccountDay:  enforce(Rate{Burst: 3, Count: 3, Period: 24 * time.Hour}),
	})
	account := id.New()
	order := func() Decision { return b.sure(b.WorkOrder(b.context, account)) }
	d := order()
	require.Equal(t, WorkOrdersPerAccountHour, d.Limit, "fewer left")
	require.Equal(t, int64(1), d.Remaining)
	require.Equal(t, int64(2), d.Burst)
	order()
	d = order()
	require.False(t, d.Allowed)
	require.Equal(t, WorkOrdersPerAccountHour, d.Limit)
	require.Equal(t, 30*time.Minute, d.RetryIn)
	b.clock.Advance(30 * time.Minute)
	require.True(t, order().Allowed)
	d = order()
	require.False(t, d.Allowed)
	require.Equal(t, WorkOrdersPerAccountDay, d.Limit, "both refuse, the day's wait is longer")
	require.Equal(t, 7*time.Hour+30*time.Minute, d.RetryIn)
}

func loginLimits() map[Name]Limit {
	return map[Name]Limit{
		LoginFailuresPerAccount:        enforce(Rate{Burst: 5, Count: 5, Period: time.Hour}),
		LoginFailuresPerAccountAddress: enforce(Rate{Burst: 3, Count: 3, Period: time.Hour}),
		AnonymousLoginsPerAddress:      enforce(Rate{Burst: 100, Count: 100, Period: time.Hour}),
	}
}

func failuresCounted(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(loginLimits())
	attempt := func(addr netip.Addr) Decision { return b.sure(b.LoginAttempt(b.context, "Zhang", addr)) }
	for range 20 {
		require.True(t, attempt(home).Allowed, "asking costs nothing")
	}
	for range 3 {
		require.True(t, attempt(home).Allowed)
		require.True(t, b.sure(b.LoginFailed(b.context, "zhang ", home)).Allowed)
	}
	d := attempt(home)
	require.False(t, d.Allowed)
	require.Equal(t, LoginFailuresPerAccountAddress, d.Limit)

	away := netip.MustParseAddr("198.51.100.9")
	require.True(t, attempt(away).Allowed, "a stranger's failures do not lock the owner out")
	for range 2 {
		b.sure(b.LoginFailed(b.context, "Zhang", away))
	}
	d = attempt(netip.MustParseAddr("192.0.2.1"))
	require.False(t, d.Allowed)
	require.Equal(t, LoginFailuresPerAccount, d.Limit)

	require.True(t, b.sure(b.LoginSucceeded(b.context, "Zhang", home)).Allowed)
	require.True(t, attempt(home).Allowed)
	require.True(t, attempt(netip.MustParseAddr("192.0.2.1")).Allowed)
}

func reserveAtomic(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(loginLimits())
	reserve := func(int) (Batch, error) { return b.LoginReserve(b.context, "zhang", home) }
	require.Equal(t, 3, together(b, 30, reserve), "simultaneous guesses do not slip through")
	b.sure(b.LoginSucceeded(b.context, "zhang", home))
	require.Equal(t, 3, together(b, 30, reserve))
}

func spendOnlyNeverVetoes(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{OTPFailuresPerPhone: enforce(Rate{Burst: 2, Count: 2, Period: time.Hour})})
	for range 5 {
		d := b.sure(b.OTPFailed(b.context, "13800000001"))
		require.True(t, d.Allowed)
		require.Zero(t, d.Limit)
	}
	d := b.sure(b.OTPAttempt(b.context, "13800000001"))
	require.False(t, d.Allowed)
	require.Equal(t, 30*time.Minute, d.RetryIn, "an empty bucket owes nothing more")
}

func refundOnce(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{JoinTriesPerAccount: enforce(tenPerTenSeconds), JoinTriesPerEstate: enforce(tenPerTenSeconds)})
	account, estate := id.New(), id.New()
	first := b.sure(b.JoinTry(b.context, account, estate))
	second := b.sure(b.JoinTry(b.context, account, estate))
	require.Equal(t, int64(8), second.Remaining)
	for range 3 {
		require.NoError(t, b.Refund(context.Background(), first))
	}
	require.Equal(t, int64(8), b.sure(b.JoinTry(b.context, account, estate)).Remaining)

	b.clock.Advance(time.Hour)
	require.NoError(t, b.Refund(context.Background(), second))
	require.Equal(t, int64(9), b.sure(b.JoinTry(b.context, account, estate)).Remaining, "never more than full")
	require.NoError(t, b.Refund(context.Background(), Decision{}))
}

func recordOnly(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{
		WorkOrdersPerAccountHour: {Rate: Rate{Burst: 1, Count: 1, Period: time.Hour}, Failure: Open, RecordOnly: true},
		WorkOrdersPerAccountDay:  enforce(Rate{Burst: 3, Count: 3, Period: 24 * time.Hour}),
	})
	account := id.New()
	d := b.sure(b.WorkOrder(b.context, account))
	require.Empty(t, d.Observed)
	require.Equal(t, WorkOrdersPerAccountDay, d.Limit)
	for range 2 {
		d = b.sure(b.WorkOrder(b.context, account))
		require.True(t, d.Allowed)
		require.Equal(t, []Name{WorkOrdersPerAccountHour}, d.Observed)
	}
	require.False(t, b.sure(b.WorkOrder(b.context, account)).Allowed)
}

func absentDisabled(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{WorkOrdersPerAccountDay: enforce(Rate{Burst: 3, Count: 3, Period: 24 * time.Hour})})
	account := id.New()
	for range 50 {
		d := b.sure(b.Write(b.context, account))
		require.True(t, d.Allowed)
		require.Zero(t, d.Limit)
		_, limited := d.Quota()
		require.False(t, limited)
	}
	require.Equal(t, WorkOrdersPerAccountDay, b.sure(b.WorkOrder(b.context, account)).Limit)
}

func costs(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{AttachmentMiBPerAccount: enforce(Rate{Burst: 64, Count: 64, Period: 64 * time.Second})})
	account := id.New()
	upload := func(bytes int64) Decision { return b.sure(b.Attachment(b.context, account, bytes)) }
	require.Equal(t, int64(64), upload(0).Remaining)
	require.Equal(t, int64(63), upload(1).Remaining, "a begun MiB counts")
	require.Equal(t, int64(62), upload(1<<20).Remaining)
	require.Equal(t, int64(60), upload(1<<20+1).Remaining)
	require.Equal(t, int64(0), upload(60<<20).Remaining)
	d := upload(5 << 20)
	require.False(t, d.Allowed)
	require.Equal(t, 5*time.Second, d.RetryIn)
}

func hangUp(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{WritesPerAccount: enforce(tenPerTenSeconds)})
	account := id.New()
	batch, err := b.Write(b.context, account)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	d, err := b.Decide(gone, batch)
	require.NoError(t, err)
	require.NoError(t, d.Ignored)
	require.Equal(t, int64(8), b.sure(batch, nil).Remaining)
}

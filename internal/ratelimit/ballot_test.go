package ratelimit

import (
	"crypto/rand"
	"net/netip"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

// TestBallots is what ballots need of every source.
func TestBallots(t *testing.T) {
	eachSource(t, func(t *testing.T, make func(map[Name]Limit) *bed) {
		for name, body := range map[string]func(*testing.T, func(map[Name]Limit) *bed){
			"simultaneous draws are exact":         drawsExact,
			"a member cannot keep the others away": drawsOfAMember,
			"3,000 dwellings draw in one evening":  drawsOfAnEvening,
			"a building behind one address":        buildingBehindOneAddress,
			"simultaneous failures are exact":      failuresExact,
			"a flood and its neighbour":            floodAndNeighbour,
			"a flood of random rounds":             floodOfRounds,
			"a flood from many networks":           floodFromEverywhere,
		} {
			t.Run(name, func(t *testing.T) { body(t, make) })
		}
	})
}

func shippedLimits(t testing.TB) map[Name]Limit { return shipped(t).limits }

func newSalt() (s Salt) {
	_, _ = rand.Read(s[:]) // never fails
	return s
}

func (b *bed) draws(round, household, account id.ID) bool {
	return b.sure(b.BallotDraw(b.context, round, household, account)).Allowed
}

func (b *bed) suspect(round id.ID, addr netip.Addr, s Salts) bool {
	return !b.sure(b.BallotSuspect(b.context, round, addr, s)).Allowed
}

// fails tells whether a failed cast is answered as such, and not refused.
func (b *bed) fails(round id.ID, addr netip.Addr, s Salts) bool {
	return b.sure(b.BallotFailed(b.context, round, addr, s)).Allowed
}

// Each of the three buckets alone admits exactly what it holds, and a refusal charges neither of the others.
func drawsExact(t *testing.T, make func(map[Name]Limit) *bed) {
	wide := enforce(Rate{Burst: 1000, Count: 1000, Period: time.Hour})
	for _, tight := range []Name{BallotDrawsPerHousehold, BallotDrawsPerAccount, BallotDrawsPerRound} {
		limits := map[Name]Limit{BallotDrawsPerHousehold: wide, BallotDrawsPerAccount: wide, BallotDrawsPerRound: wide}
		limits[tight] = enforce(Rate{Burst: 17, Count: 17, Period: time.Hour})
		b := make(limits)
		round, household, account := id.New(), id.New(), id.New()
		require.Equal(t, 17, together(b, 50, func(int) (Batch, error) { return b.BallotDraw(b.context, round, household, account) }), tight)
		for other, subject := range map[Name]part{
			BallotDrawsPerHousehold: b.keys.veiled(household), BallotDrawsPerAccount: b.keys.veiled(account), BallotDrawsPerRound: idPart(round),
		} {
			if other != tight {
				require.Equal(t, int64(1000-17-1), b.sure(b.one(b.context, other, CheckAndSpend, subject)).Remaining, "%s while %s refuses", other, tight)
			}
		}
	}
}

// One account asks without end; another of its household, and another household, still draw.
func drawsOfAMember(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	round, household, scripted, honest := id.New(), id.New(), id.New(), id.New()
	admitted := 0
	for range 12 {
		b.clock.Advance(5 * time.Minute)
		for range 50 {
			if b.draws(round, household, scripted) {
				admitted++
			}
		}
		require.True(t, b.draws(round, household, honest))
	}
	require.Equal(t, 20+11*5, admitted, "twenty, then one a minute")
	require.True(t, b.draws(round, id.New(), id.New()))
}

// All at once, four times each: the first answers were lost.
func drawsOfAnEvening(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	round := id.New()
	for range 3000 / 50 {
		var households, accounts [50]id.ID
		for i := range households {
			households[i], accounts[i] = id.New(), id.New()
		}
		for range 4 {
			require.Equal(t, 50, together(b, 50, func(i int) (Batch, error) { return b.BallotDraw(b.context, round, households[i], accounts[i]) }))
		}
	}
}

// 600 households share an address; each draws, casts and casts again, and one in twenty makes a mistake.
func buildingBehindOneAddress(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	round, salts := id.New(), Salts{newSalt(), newSalt()}
	for i := range 600 {
		b.clock.Advance(18 * time.Second) // three hours in all
		require.True(t, b.draws(round, id.New(), id.New()))
		for range 2 {
			require.False(t, b.suspect(round, home, salts), "household %d", i)
		}
		if i%20 == 0 {
			require.True(t, b.fails(round, home, salts))
		}
	}
}

func failuresExact(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(map[Name]Limit{BallotFailuresPerAddress: enforce(tenPerTenSeconds), BallotFailuresPerRound: enforce(tenPerTenSeconds)})
	round, salts := id.New(), Salts{newSalt(), newSalt()}
	require.Equal(t, 10, together(b, 50, func(int) (Batch, error) { return b.BallotFailed(b.context, round, home, salts) }))
	require.True(t, b.suspect(round, home, salts))
}

// 10,000 forged tokens make their address suspect after the sixtieth. Who shares the address is not refused: what
// verifies costs nothing and asks nobody. Other addresses are not even suspect.
func floodAndNeighbour(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	round, salts, admitted := id.New(), Salts{newSalt(), newSalt()}, 0
	for i := range 10_000 {
		require.Equal(t, i >= 60, b.suspect(round, home, salts), "forgery %d", i)
		if b.fails(round, home, salts) {
			admitted++
		}
	}
	require.Equal(t, 60, admitted)
	require.False(t, b.suspect(round, netip.MustParseAddr("203.0.113.8"), salts))
	d := b.sure(b.BallotFailed(b.context, round, home, salts))
	require.Equal(t, BallotFailuresPerAddress, d.Limit)
	require.Equal(t, 30*time.Second, d.RetryIn)
	b.clock.Advance(30 * time.Minute)
	require.False(t, b.suspect(round, home, salts), "the neighbours' lane is wide again")
}

// An address does not escape by naming a new round each time.
func floodOfRounds(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	salts, admitted := Salts{newSalt(), newSalt()}, 0
	for range 1000 {
		if b.fails(id.New(), home, salts) {
			admitted++
		}
	}
	require.Equal(t, 60, admitted)
}

// Failures from ever new networks narrow the round's lane, and refuse nobody, the flood's own first ones included.
func floodFromEverywhere(t *testing.T, make func(map[Name]Limit) *bed) {
	b := make(shippedLimits(t))
	round, salts := id.New(), Salts{newSalt(), newSalt()}
	for i := range 3100 {
		addr := netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(i >> 16), byte(i >> 8), byte(i), 0, 1})
		require.Equal(t, i >= 3000, b.suspect(round, addr, salts), i)
		require.True(t, b.fails(round, addr, salts))
	}
	require.False(t, b.suspect(id.New(), home, salts), "another round is not concerned")
}

// Whatever an address does and however the hours fall, the salted buckets decide as one bucket that is never renamed.
func TestAChangeOfTheSaltGivesNothingAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clk := clock.NewFake(testStart)
		limits := map[Name]Limit{BallotFailuresPerAddress: enforce(Rate{Burst: 6, Count: int64(rapid.IntRange(6, 12).Draw(t, "count")), Period: time.Hour})}
		defaults, err := NewDefaults(limits)
		require.NoError(t, err)
		b := Builder{defaults: defaults, keys: keyer{secret: testKey}}
		salted, plain := NewMemory(MemoryConfig{Clock: clk}), NewMemory(MemoryConfig{Clock: clk})
		salts, hour := Salts{newSalt(), newSalt()}, clk.Now().Truncate(time.Hour)
		fixed := salts
		for range 200 {
			now := clk.Advance(time.Duration(rapid.Int64Range(0, 900_000).Draw(t, "wait")) * time.Millisecond)
			for ; now.Sub(hour) >= time.Hour; hour = hour.Add(time.Hour) {
				salts = Salts{Now: newSalt(), Before: salts.Now}
			}
			got, want := decideOne(t, &b, salted, salts), decideOne(t, &b, plain, fixed)
			require.Equal(t, settled(want), settled(got))
		}
	})
}

func decideOne(t *rapid.T, b *Builder, m *Memory, s Salts) reading {
	batch, err := b.BallotFailed("c", roundOfAll, home, s)
	require.NoError(t, err)
	return m.decide(operations(batch.live()))
}

var roundOfAll = id.New()

// A flood that never pauses over four changes of the hour is admitted the burst once, and then what flows back.
func TestAFloodOverTheHoursIsNotDoubled(t *testing.T) {
	b := newBed(t, clock.NewFake(testStart.Add(50*time.Minute)), nil, shippedLimits(t))
	round, salts, hour, admitted := id.New(), Salts{newSalt(), newSalt()}, testStart, 0
	for range 4 * 3600 {
		if now := b.clock.Advance(time.Second); now.Sub(hour) >= time.Hour {
			hour, salts = hour.Add(time.Hour), Salts{Now: newSalt(), Before: salts.Now}
		}
		if b.fails(round, home, salts) {
			admitted++
		}
	}
	require.InDelta(t, 60+4*120, admitted, 1)
}

// Nothing of a cast and nothing of a drawing is in Redis, whose buckets tell microseconds.
func TestRedisKnowsNobodyWhoVotes(t *testing.T) {
	server := redisserver.StartPrivate(t)
	client := patientClient(t, server.Addr)
	b := newBed(t, clock.NewFake(testStart), patientRedis(t, client, nil), shippedLimits(t))
	round, household, account, salts := id.New(), id.New(), id.New(), Salts{newSalt(), newSalt()}
	require.True(t, b.fails(round, home, salts))
	require.False(t, b.suspect(round, home, salts))
	require.True(t, b.draws(round, household, account))
	keys, err := client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Empty(t, keys)
	require.True(t, b.sure(b.Write(b.context, account)).Allowed)
	keys, err = client.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 1, "others are there")
}

// While Redis is away, drawing and casting do not notice.
func TestBallotsWhileRedisIsAway(t *testing.T) {
	o := newOutage(t)
	defaults, err := NewDefaults(shippedLimits(t))
	require.NoError(t, err)
	o.Builder.defaults = defaults
	round, household, account, salts := id.New(), id.New(), id.New(), Salts{newSalt(), newSalt()}
	draw := func(int) (Batch, error) { return o.BallotDraw(o.context, round, household, account) }
	for range 5 {
		require.True(t, o.decide(draw(0)).Allowed)
	}
	o.server.Kill()
	allowed := 0
	for range 40 {
		d := o.decide(draw(0))
		require.NoError(t, d.Ignored)
		if d.Allowed {
			allowed++
		}
	}
	require.Equal(t, 15, allowed, "what was drawn before counts")
	require.NoError(t, o.decide(o.BallotSuspect(o.context, round, home, salts)).Ignored)
	require.NoError(t, o.decide(o.BallotFailed(o.context, round, home, salts)).Ignored)
	for _, n := range []Name{BallotDrawsPerHousehold, BallotDrawsPerAccount, BallotDrawsPerRound, BallotFailuresPerAddress} {
		require.Zero(t, testutil.ToFloat64(o.metrics.ignored.WithLabelValues(n.String(), "fallback")), n)
	}
}

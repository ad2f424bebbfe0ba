package ratelimit

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest/redisserver"
	"github.com/redproperty/redproperty/internal/id"
)

// BenchmarkDecide measures building and deciding a batch of two buckets, by many callers of their own accounts.
func BenchmarkDecide(b *testing.B) {
	limits := map[Name]Limit{
		WorkOrdersPerAccountHour: enforce(Rate{Burst: 1_000_000, Count: 1_000_000, Period: time.Hour}),
		WorkOrdersPerAccountDay:  enforce(Rate{Burst: 1_000_000, Count: 1_000_000, Period: time.Hour}),
	}
	b.Run("memory", func(b *testing.B) {
		benchmarkDecide(b, newBed(b, clock.NewFake(testStart), nil, limits))
	})
	b.Run("redis", func(b *testing.B) {
		source := patientRedis(b, patientClient(b, redisserver.Start(b)), nil)
		benchmarkDecide(b, newBed(b, clock.NewFake(testStart), source, limits))
	})
}

func benchmarkDecide(b *testing.B, bed *bed) {
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		account := id.New()
		for pb.Next() {
			batch, err := bed.WorkOrder(bed.context, account)
			if err == nil {
				_, err = bed.Decide(context.Background(), batch)
			}
			if err != nil {
				require.NoError(b, err)
			}
		}
	})
}

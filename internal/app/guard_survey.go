package app

import (
	"context"
	"crypto/rand"
	"net/netip"
	"sync"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// surveyLimits slows down abuse of drawing and casting. Of a cast it uses the address alone, under a salt of the
// hour; neither is logged, nor does a header tell how much the neighbours at the address have used up.
type surveyLimits struct {
	guard
	salt *hourlySalt
}

// Draw counts a ballot to be signed. A household that repeats its request after a lost answer has tokens for it.
func (l surveyLimits) Draw(ctx context.Context, round, household, account id.ID) error {
	b, err := l.build.BallotDraw(l.context, round, household, account)
	return l.check(ctx, b, err)
}

// Envelope counts an envelope that the caller hands out.
func (l surveyLimits) Envelope(ctx context.Context, round, dwelling, account id.ID) error {
	b, err := l.build.BallotEnvelope(l.context, round, dwelling, account)
	return l.check(ctx, b, err)
}

// CastFailed counts what was cast and is no ballot; it returns the fault RateLimited once too much came from the
// caller's address group.
func (l surveyLimits) CastFailed(ctx context.Context, round id.ID) error {
	b, err := l.build.BallotFailed(l.context, round, caller(ctx), l.salt.salts())
	return l.judge(ctx, b, err)
}

// Suspect tells whether too much came, from the caller's address group or in the whole round, that was no ballot.
func (l surveyLimits) Suspect(ctx context.Context, round id.ID) bool {
	b, err := l.build.BallotSuspect(l.context, round, caller(ctx), l.salt.salts())
	return l.judge(ctx, b, err) != nil
}

// judge is check without the headers.
func (l surveyLimits) judge(ctx context.Context, b ratelimit.Batch, err error) error {
	var d ratelimit.Decision
	if err == nil {
		d, err = l.limiter.Decide(ctx, b)
	}
	if err != nil {
		return fault.New(fault.Internal, "internal").Because(err)
	}
	return d.Err()
}

// caller is the caller's address; those of whom it is not known share one group.
func caller(ctx context.Context) netip.Addr {
	if addr := httpapi.Address(ctx); addr.IsValid() {
		return addr
	}
	return netip.IPv6Unspecified()
}

// hourlySalt holds the salts under which casting looks at addresses. They are in this memory only, and each is
// overwritten by the first use after the hour that follows its own.
type hourlySalt struct {
	clock clock.Clock

	mu   sync.Mutex
	hour int64 // since 1970; 0 before the first use
	kept ratelimit.Salts
}

func newHourlySalt(clk clock.Clock) *hourlySalt { return &hourlySalt{clock: clk} }

// salts returns the salts of this hour and the one before.
func (h *hourlySalt) salts() ratelimit.Salts {
	h.mu.Lock()
	defer h.mu.Unlock()
	hour := h.clock.Now().Unix() / int64(time.Hour/time.Second)
	if hour == h.hour {
		return h.kept
	}
	h.kept.Before = h.kept.Now
	if hour != h.hour+1 { // the first use, the first for long, or the clock was put back
		_, _ = rand.Read(h.kept.Before[:]) // never fails: it ends the program instead
	}
	_, _ = rand.Read(h.kept.Now[:])
	h.hour = hour
	return h.kept
}

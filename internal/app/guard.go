package app

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// guard is the rate limits as the features and the edge ask for them. Its context is the deployment: all
// buckets of an actor lie in one hash slot.
type guard struct {
	limiter *ratelimit.Limiter
	build   *ratelimit.Builder
	context string
}

// decide asks the limiter; what it could not ask (Redis away) is noted in the request's event.
func (g guard) decide(ctx context.Context, b ratelimit.Batch, err error) (ratelimit.Decision, error) {
	if err != nil {
		return ratelimit.Decision{}, fault.New(fault.Internal, "internal").Because(err)
	}
	d, err := g.limiter.Decide(ctx, b)
	if err != nil {
		return d, fault.New(fault.Internal, "internal").Because(err)
	}
	if d.Ignored != nil {
		httpapi.Ignore(ctx, d.Ignored)
	}
	if q, ok := d.Quota(); ok {
		httpapi.SetQuota(ctx, q.Limit, q.Remaining, q.ResetSeconds)
	}
	return d, d.Err()
}

func (g guard) check(ctx context.Context, b ratelimit.Batch, err error) error {
	_, err = g.decide(ctx, b, err)
	return err
}

// settle makes a decision that cannot refuse; its failure is noted and costs the caller nothing.
func (g guard) settle(ctx context.Context, b ratelimit.Batch, err error) {
	if err := g.check(ctx, b, err); err != nil {
		httpapi.Ignore(ctx, err)
	}
}

// Login takes the token of a failure beforehand, so that simultaneous guesses cannot all pass.
func (g guard) Login(ctx context.Context, login string, from netip.Addr) error {
	b, err := g.build.LoginReserve(g.context, login, from)
	return g.check(ctx, b, err)
}

// LoginSucceeded forgets the failures of the name.
func (g guard) LoginSucceeded(ctx context.Context, login string, from netip.Addr) {
	b, err := g.build.LoginSucceeded(g.context, login, from)
	g.settle(ctx, b, err)
}

// CodeRequest limits codes by phone, and widely by address.
func (g guard) CodeRequest(ctx context.Context, phone string, from netip.Addr) error {
	b, err := g.build.CodeRequest(g.context, phone, from)
	return g.check(ctx, b, err)
}

// CodeTry takes the token of a wrong code beforehand.
func (g guard) CodeTry(ctx context.Context, phone string) error {
	b, err := g.build.OTPReserve(g.context, phone)
	return g.check(ctx, b, err)
}

// CodeSucceeded forgets the wrong codes of the phone.
func (g guard) CodeSucceeded(ctx context.Context, phone string) {
	b, err := g.build.OTPSucceeded(g.context, phone)
	g.settle(ctx, b, err)
}

// Admit applies the limit that an operation names, and the general one on writes, before its body is
// read. Quiet and public operations limit themselves by what they are about; reading one is limited by address.
func (g guard) Admit(ctx context.Context, op httpapi.Op, p authz.Principal) (refund func(context.Context), err error) {
	if op.Quiet {
		return free, nil // it limits itself, by keys that tell nothing
	}
	if p.Anonymous() {
		if op.Method != http.MethodGet {
			return free, nil
		}
		b, err := g.build.AnonymousRead(g.context, httpapi.Address(ctx))
		return free, g.check(ctx, b, err)
	}
	if op.Method != http.MethodGet {
		b, err := g.build.Write(g.context, p.Account)
		if err := g.check(ctx, b, err); err != nil {
			return free, err
		}
	}
	return g.named(ctx, op.Limit, p)
}

// free is the refund of what charged nothing.
func free(context.Context) {}

// The limit families that an operation may name in httpapi.Op.Limit.
const (
	limitOrder  = "work_order"
	limitDesk   = "desk_order"
	limitExport = "export"
	limitReveal = "reveal"
	limitDoor   = "door"
)

func (g guard) named(ctx context.Context, family string, p authz.Principal) (refund func(context.Context), _ error) {
	var b ratelimit.Batch
	var err error
	switch family {
	case "":
		return free, nil
	case limitOrder:
		b, err = g.build.WorkOrder(g.context, p.Account)
	case limitDesk:
		b, err = g.build.DeskOrder(g.context, p.Account)
	case limitExport:
		b, err = g.build.Export(g.context, p.Account)
	case limitReveal:
		b, err = g.build.Reveal(g.context, p.Account)
	case limitDoor:
		b, err = g.build.DoorSearch(g.context, p.Account)
	default:
		return free, fault.New(fault.Internal, "internal").Because(fmt.Errorf("an operation names the unknown limit %q", family))
	}
	return g.charge(ctx, b, err)
}

// charge is check with the way back.
func (g guard) charge(ctx context.Context, b ratelimit.Batch, err error) (refund func(context.Context), _ error) {
	d, err := g.decide(ctx, b, err)
	return func(ctx context.Context) {
		if err := g.limiter.Refund(ctx, d); err != nil {
			httpapi.Ignore(ctx, err)
		}
	}, err
}

// joinTries charges each joining code that an account enters.
type joinTries struct{ guard }

// Spend counts a try before the code is looked at; refund gives it back when the code was right.
func (t joinTries) Spend(ctx context.Context, account id.ID) (refund func(context.Context), err error) {
	b, err := t.build.JoinTry(t.context, account, id.Nil)
	return t.charge(ctx, b, err)
}

// AllowMessage counts a message on an order's relay. A caller without an account, who follows the order by its
// link, is nobody: the order stands for them.
func (g guard) AllowMessage(ctx context.Context, person, order id.ID) error {
	if person.IsZero() {
		person = order
	}
	b, err := g.build.Message(g.context, person, order)
	return g.check(ctx, b, err)
}

// AllowBytes counts the bytes of an upload.
func (g guard) AllowBytes(ctx context.Context, person id.ID, bytes int64) error {
	b, err := g.build.Attachment(g.context, person, bytes)
	return g.check(ctx, b, err)
}

// Import counts a file that an organisation imports.
func (g guard) Import(ctx context.Context, organisation id.ID) error {
	b, err := g.build.Import(g.context, organisation)
	return g.check(ctx, b, err)
}

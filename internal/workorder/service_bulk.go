package workorder

import (
	"context"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// bulkSteps are the steps that are taken on several orders at once: those of a morning's list, none of which ends
// anything for a resident.
var bulkSteps = map[Step]func(*Service, context.Context, authz.Principal, id.ID, Taken, Bulk) (OrderView, error){
	StepAccept: func(s *Service, ctx context.Context, p authz.Principal, o id.ID, how Taken, _ Bulk) (OrderView, error) {
		return s.Accept(ctx, p, o, how)
	},
	StepDispatch: func(s *Service, ctx context.Context, p authz.Principal, o id.ID, how Taken, b Bulk) (OrderView, error) {
		return s.Dispatch(ctx, p, o, how, b.Crew)
	},
	StepAssign: func(s *Service, ctx context.Context, p authz.Principal, o id.ID, how Taken, b Bulk) (OrderView, error) {
		return s.Assign(ctx, p, o, how, b.Crew)
	},
	StepNote: func(s *Service, ctx context.Context, p authz.Principal, o id.ID, how Taken, b Bulk) (OrderView, error) {
		return s.Note(ctx, p, o, how, b.Text)
	},
	StepVerify: func(s *Service, ctx context.Context, p authz.Principal, o id.ID, how Taken, b Bulk) (OrderView, error) {
		return s.Verify(ctx, p, o, how, b.Text)
	},
}

// Bulk is one step on several orders.
type Bulk struct {
	Step   Step
	Orders []BulkTarget
	Crew   Crew   // for dispatch and assign
	Text   string // for note and verify
}

// BulkTarget is one of the orders, and the version it was seen at where the caller says so.
type BulkTarget struct {
	ID      id.ID
	Version *int64
}

// BulkOutcome is what came of one order: how it is afterwards, or why the step was refused.
type BulkOutcome struct {
	ID    id.ID
	Order *OrderView
	Err   error
}

// TakeAll takes one step on several orders, each in a transaction of its own with its own permission, state and
// version: one that is refused does not keep the others from it. Each happens once, so that a request whose answer was
// lost is repeated with its key and goes on where it was cut off. A caller who may see none of the orders, or do this to
// none of them, is refused as for one. Faults: input.invalid (workorder.bulk_step, workorder.bulk_twice).
func (s *Service) TakeAll(ctx context.Context, p authz.Principal, once idem.Key, b Bulk) ([]BulkOutcome, error) {
	take, known := bulkSteps[b.Step]
	if !known {
		return nil, fault.InvalidField("body.step", "workorder.bulk_step")
	}
	seen := map[id.ID]bool{}
	for i, o := range b.Orders {
		if seen[o.ID] {
			return nil, fault.InvalidField(fmt.Sprintf("body.orders[%d].id", i), "workorder.bulk_twice")
		}
		seen[o.ID] = true
	}
	out := make([]BulkOutcome, len(b.Orders))
	for i, o := range b.Orders {
		v, err := take(s, ctx, p, o.ID, Taken{once.Part(o.ID), o.Version}, b)
		if out[i] = (BulkOutcome{ID: o.ID, Err: err}); err == nil {
			out[i].Order = &v
		}
	}
	return out, noneOf(out)
}

// noneOf is the refusal of a request that names nothing the caller may see, or do this to.
func noneOf(all []BulkOutcome) error {
	var last error
	for _, o := range all {
		if !errors.Is(o.Err, fault.NotFound) && !errors.Is(o.Err, fault.Forbidden) {
			return nil
		}
		if last == nil || errors.Is(o.Err, fault.Forbidden) {
			last = o.Err
		}
	}
	return last
}

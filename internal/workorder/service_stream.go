package workorder

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Listening is a stream that was let in.
type Listening struct {
	s    *Service
	l    *listener
	view sight
}

// Listen lets the caller listen to the changes of the orders they may see. The caller runs the stream, which ends the
// listening. Fault: workorder.streams_full.
func (s *Service) Listen(p authz.Principal) (*Listening, error) {
	if _, err := authz.Holds(p, authz.OrderRead); err != nil {
		return nil, err
	}
	l := s.hub.join(p.Account, s.watchEvents)
	if l == nil {
		return nil, fault.New(fault.RateLimited, "workorder.streams_full").After(time.Minute)
	}
	return &Listening{s: s, l: l, view: sight{p: p, seen: map[id.ID]bool{}}}, nil
}

// Run tells changes by send until ctx ends, send fails, or the caller has lost the log-in; idle ticks in quiet
// times. It begins with refetch: a client that comes back asks for nothing it missed, by no number, since
// numbers have gaps, but fetches anew.
func (r *Listening) Run(ctx context.Context, send func(event string, data []byte) error, idle <-chan time.Time) error {
	defer r.s.hub.leave(r.l)
	recheck := time.NewTicker(streamRecheck)
	defer recheck.Stop()
	select {
	case <-r.l.ready:
	case <-ctx.Done():
		return nil
	}
	if err := send(eventRefetch, []byte("{}")); err != nil {
		return err
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-r.l.lost:
			r.l.drain()
			err = send(eventRefetch, []byte("{}"))
		case c := <-r.l.changes:
			err = r.tell(c, send)
		case <-idle:
			err = send(eventPing, []byte("{}"))
		case <-recheck.C:
			err = r.again(ctx, send)
		}
		if errors.Is(err, fault.Unauthenticated) || errors.Is(err, fault.Forbidden) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *Listening) tell(c seenChange, send func(string, []byte) error) error {
	event := r.view.look(c)
	if event == "" {
		return nil
	}
	var data []byte
	var err error
	if event == eventGone {
		data, err = json.Marshal(map[string]any{"order": c.Order})
	} else {
		data, err = json.Marshal(c.OrderChange)
	}
	if err != nil {
		return err
	}
	return send(event, data)
}

// again finds out who listens now: a post that ended ends what it showed. Without anybody to ask, the stream
// ends, and the client that opens another is asked who it is.
func (r *Listening) again(ctx context.Context, send func(string, []byte) error) error {
	if r.s.Sessions == nil {
		return fault.New(fault.Unauthenticated, "auth.required")
	}
	now, err := r.s.Sessions.Again(ctx, r.view.p)
	if err != nil {
		return err
	}
	if _, err := authz.Holds(now, authz.OrderRead); err != nil {
		return err
	}
	changed := !sameGrants(now.Grants, r.view.p.Grants)
	now.Capacity, now.Scopes, now.Request = r.view.p.Capacity, r.view.p.Scopes, r.view.p.Request
	r.view.p = now
	if changed {
		return send(eventRefetch, []byte("{}"))
	}
	return nil
}

func sameGrants(a, b []authz.Grant) bool {
	had := make(map[authz.Grant]bool, len(a))
	for _, g := range a {
		had[g] = true
	}
	for _, g := range b {
		if !had[g] {
			return false
		}
	}
	return len(a) == len(b)
}

// watchEvents looks at the events of all processes until ctx ends. Where a look fails, everybody is told to
// fetch anew once one succeeds.
func (s *Service) watchEvents(ctx context.Context, ready func()) {
	told := memory{}
	failed := false
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for round := 0; ; round++ {
		back := pollBack
		if round%pollFarEvery == 0 {
			back = pollFarBack
		}
		changes, most, err := s.lookForChanges(ctx, told, s.now().Add(-back), round == 0)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failed = true
		case most || failed:
			failed = false
			s.hub.refetchAll()
		}
		s.hub.publish(changes)
		ready()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.hub.nudge:
			rest(ctx)
		}
	}
}

// rest waits a moment, so that what happens together is told together.
func rest(ctx context.Context) {
	t := time.NewTimer(pollRest)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// lookForChanges finds events that were not told yet, with their orders as they stand. The first look only
// learns what there is: whoever just came has fetched it.
func (s *Service) lookForChanges(ctx context.Context, told memory, since clock.Instant, first bool) ([]seenChange, bool, error) {
	events, most, err := changesSince(ctx, s.DB, since, pollMost)
	if err != nil || most {
		return nil, most, err
	}
	fresh := told.fresh(events, s.now())
	if first || len(fresh) == 0 {
		return nil, false, nil
	}
	ids := make([]id.ID, 0, len(fresh))
	for _, e := range fresh {
		ids = append(ids, e.Order)
	}
	orders, err := ordersByID(ctx, s.DB, ids)
	if err != nil {
		for _, e := range fresh { // to be told by the next look
			delete(told, eventKey{e.Order, e.Seq})
		}
		return nil, false, err
	}
	out := make([]seenChange, 0, len(fresh))
	for _, e := range fresh {
		if o := orders[e.Order]; o != nil {
			out = append(out, seenChange{e, o})
		}
	}
	return out, false, nil
}

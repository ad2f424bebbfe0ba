package workorder

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Sessions finds out anew who somebody is: the posts and memberships in force now, and whether the log-in
// session or token still stands. An ended one is an Unauthenticated fault.
type Sessions interface {
	Again(ctx context.Context, p authz.Principal) (authz.Principal, error)
}

// OrderChange is what the change stream tells: that an order changed, and how it stands. No place, no person, no
// text: whoever wants more fetches the order.
type OrderChange struct {
	Order id.ID         `json:"order"`
	Seq   int64         `json:"seq" doc:"The order's version after it"`
	Kind  Step          `json:"kind"`
	State State         `json:"state"`
	At    clock.Instant `json:"at"`
}

// The events of a stream. refetch means that changes may have been missed: fetch the lists anew. gone means
// that an order on the screen is no longer the caller's to see.
const (
	eventChange  = "change"
	eventRefetch = "refetch"
	eventGone    = "gone"
	eventPing    = "ping"
)

// The measures of the stream. A transaction commits later than the time its event carries, so each look goes
// back over the time before, and what was seen is left out; now and then a look goes back far, for the slow ones.
const (
	pollEvery     = time.Second
	pollBack      = 10 * time.Second
	pollFarBack   = 90 * time.Second
	pollFarEvery  = 10
	pollRest      = 150 * time.Millisecond // between two looks, however much happens
	pollMost      = 20_000                 // events in one look; more of them, and everybody fetches anew
	streamBuffer  = 64                     // changes that may wait for one screen
	streamsMost   = 8                      // screens of one account
	streamRecheck = 45 * time.Second
	seenMost      = 2000 // orders a stream remembers having shown
)

// hub hands the changes of orders to the streams of this process. It looks at the events of all processes while
// anybody listens, and at once when this process has committed one.
type hub struct {
	mu    sync.Mutex
	subs  map[*listener]struct{}
	nudge chan struct{}
	stop  context.CancelFunc // ends the watching; nil while nobody listens
	ready chan struct{}      // closed after the first look of the watching
}

// listener is one stream.
type listener struct {
	account id.ID
	ready   chan struct{} // what changes from its closing on is told
	changes chan seenChange
	lost    chan struct{} // holds one token when changes were dropped
}

// seenChange is a change with the order as it stands, by which each stream decides whether to tell.
type seenChange struct {
	OrderChange
	order *Order
}

func newHub() *hub { return &hub{subs: map[*listener]struct{}{}, nudge: make(chan struct{}, 1)} }

// wake lets the hub look at once. It never waits.
func (h *hub) wake() {
	select {
	case h.nudge <- struct{}{}:
	default:
	}
}

// join adds a stream and starts the watching with the first; nil when the account has too many.
func (h *hub) join(account id.ID, watch func(ctx context.Context, ready func())) *listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for l := range h.subs {
		if l.account == account {
			n++
		}
	}
	if n >= streamsMost {
		return nil
	}
	if h.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		ready := make(chan struct{})
		h.stop, h.ready = stop, ready
		go watch(ctx, sync.OnceFunc(func() { close(ready) }))
	}
	l := &listener{account: account, ready: h.ready, changes: make(chan seenChange, streamBuffer), lost: make(chan struct{}, 1)}
	h.subs[l] = struct{}{}
	return l
}

// leave removes a stream and ends the watching with the last.
func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, l)
	if len(h.subs) == 0 && h.stop != nil {
		h.stop()
		h.stop = nil
	}
}

func (h *hub) listeners() []*listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]*listener, 0, len(h.subs))
	for l := range h.subs {
		out = append(out, l)
	}
	return out
}

// publish offers changes to every stream. One that does not keep up is told to fetch anew, never waited for.
func (h *hub) publish(changes []seenChange) {
	for _, l := range h.listeners() {
		for _, c := range changes {
			select {
			case l.changes <- c:
				continue
			default:
			}
			l.lose()
			break
		}
	}
}

// refetchAll tells every stream that changes may have been missed.
func (h *hub) refetchAll() {
	for _, l := range h.listeners() {
		l.lose()
	}
}

func (l *listener) lose() {
	select {
	case l.lost <- struct{}{}:
	default:
	}
}

// drain empties the buffer: everything in it is covered by the refetch.
func (l *listener) drain() {
	for {
		select {
		case <-l.changes:
		default:
			return
		}
	}
}

// eventKey names an event.
type eventKey struct {
	order id.ID
	seq   int64
}

// memory is which events a hub has told, as long as a look may find them again.
type memory map[eventKey]clock.Instant

// fresh keeps the events that were not told yet.
func (m memory) fresh(events []OrderChange, now clock.Instant) []OrderChange {
	for k, at := range m {
		if at < now.Add(-2*pollFarBack) {
			delete(m, k)
		}
	}
	return slices.DeleteFunc(events, func(e OrderChange) bool {
		k := eventKey{e.Order, e.Seq}
		if _, told := m[k]; told {
			return true
		}
		m[k] = e.At
		return false
	})
}

// sight is what one stream's caller may see, and has seen.
type sight struct {
	p    authz.Principal
	seen map[id.ID]bool
}

// look decides what to tell of a change: the event, or "" for nothing.
func (v *sight) look(c seenChange) string {
	if c.order.seenBy(v.p) != nil {
		if !v.seen[c.Order] {
			return ""
		}
		delete(v.seen, c.Order)
		return eventGone
	}
	if len(v.seen) >= seenMost {
		clear(v.seen)
	}
	v.seen[c.Order] = true
	if e := lookAt(c.order, v.p); c.Kind == stepFollowed && !e.area && !e.reporter && c.order.IdentityRule != rules.HomeRepair {
		return "" // a handler does not learn of duplicates
	}
	return eventChange
}

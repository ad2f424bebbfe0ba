package notify

import (
	"context"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/sms"
)

const (
	// sendBatch bounds a round, and sendAtOnce how many are sent side by side: in the worst case a round of
	// timeouts ends before its claims do.
	sendBatch  = 32
	sendAtOnce = 8
	// sendTimeout bounds one sending; claimFor is when a claim whose holder was not heard of again passes on.
	sendTimeout = 12 * time.Second
	claimFor    = 2 * time.Minute
	// A group robot takes at most so many messages in a minute; the platforms punish more.
	robotAtMost = 20
	robotWithin = time.Minute
)

func (c Channel) gathers() bool { return c == ToPhoneDigest || c == ToHookDigest }
func (c Channel) toHook() bool  { return c == ToHook || c == ToHookDigest }

// load is a claimed message: one delivery, or those that a digest gathers.
type load struct {
	target
	claim id.ID
	rows  []delivery
}

// SendTexts sends what is due by SMS.
func (s *Service) SendTexts(ctx context.Context, l job.Lease) (bool, error) {
	return s.send(ctx, l, []Channel{ToPhone, ToPhoneDigest, ToCaller})
}

// SendWebhooks sends what is due to webhooks and robots.
func (s *Service) SendWebhooks(ctx context.Context, l job.Lease) (bool, error) {
	return s.send(ctx, l, []Channel{ToHook, ToHookDigest})
}

func (s *Service) send(ctx context.Context, l job.Lease, channels []Channel) (bool, error) {
	now := s.now()
	due, err := dueTargets(ctx, s.DB, channels, now, sendBatch)
	if err != nil || len(due) == 0 {
		return false, err
	}
	loads, err := s.claim(ctx, l, due, now)
	if err != nil {
		if lost(err) {
			return false, nil
		}
		return false, err
	}
	s.sendAll(ctx, loads)
	return len(due) == sendBatch, nil
}

// claim takes what may be sent now. It is conditioned on the lease, and each delivery on its being due,
// so that no two replicas hold the same one.
func (s *Service) claim(ctx context.Context, l job.Lease, due []target, now clock.Instant) (loads []load, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		loads = nil
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		for _, t := range due {
			wait, err := s.hold(ctx, tx, t, now)
			if err != nil {
				return err
			}
			if wait {
				continue
			}
			got := load{target: t, claim: id.New()}
			if got.rows, err = claimTarget(ctx, tx, t, got.claim, now, now.Add(claimFor)); err != nil {
				return err
			}
			if len(got.rows) > 0 {
				loads = append(loads, got)
			}
		}
		return nil
	})
	return loads, err
}

// hold puts off what may not be sent now: quiet hours that began while it waited, or a robot that has had
// its messages of the minute.
func (s *Service) hold(ctx context.Context, tx *dbx.Tx, t target, now clock.Instant) (bool, error) {
	if t.Channel.toHook() {
		return s.holdHook(ctx, tx, t, now)
	}
	if t.Channel == ToCaller || t.Urgency == Emergency {
		return false, nil
	}
	quiet, err := s.quietOf(ctx, tx, t.Recipient)
	if err != nil {
		return false, err
	}
	return s.putOffTarget(ctx, tx, t, now, quiet)
}

func (s *Service) putOffTarget(ctx context.Context, tx *dbx.Tx, t target, now clock.Instant, quiet calendar.Quiet) (bool, error) {
	if at := calendar.NextWaking(now, quiet); at > now {
		return true, postponeOne(ctx, tx, t, now, at)
	}
	return false, nil
}

func (s *Service) quietOf(ctx context.Context, q dbx.Querier, person id.ID) (calendar.Quiet, error) {
	prefs, err := preferencesOf(ctx, q, []id.ID{person})
	if err != nil {
		return calendar.Quiet{}, err
	}
	if p, ok := prefs[person]; ok {
		return p.Quiet, nil
	}
	return s.Quiet, nil
}

func (s *Service) holdHook(ctx context.Context, tx *dbx.Tx, t target, now clock.Instant) (bool, error) {
	w, err := webhookByID(ctx, tx, t.Recipient)
	if dbx.IsNoRow(err) || (err == nil && !w.Kind.robot()) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if t.Urgency != Emergency {
		if late, err := s.putOffTarget(ctx, tx, t, now, s.Quiet); late || err != nil {
			return late, err
		}
	}
	n, first, err := sentSince(ctx, tx, w.ID, now.Add(-robotWithin))
	if err != nil || n < robotAtMost {
		return false, err
	}
	return true, postpone(ctx, tx, t, now, first.Add(robotWithin))
}

// sendAll sends side by side and waits for all.
func (s *Service) sendAll(ctx context.Context, loads []load) {
	slots := make(chan struct{}, sendAtOnce)
	var wg sync.WaitGroup
	for _, l := range loads {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			s.sendOne(ctx, l)
		})
	}
	wg.Wait()
}

// sendOne sends and notes how it went. When even that cannot be noted, the claim runs out and the message
// is sent again: at least once.
func (s *Service) sendOne(ctx context.Context, l load) {
	err := s.dispatch(ctx, l)
	if err != nil && ctx.Err() != nil {
		return // the program stops: the claim runs out, and the attempt is made again
	}
	if e := s.settle(context.WithoutCancel(ctx), l, err); e != nil {
		s.Log.Log(ctx, dbx.Severity(e), "the outcome of a delivery could not be noted", "channel", string(l.Channel), "delivery", l.rows[0].ID.String(), "err", e)
	}
}

func (s *Service) dispatch(ctx context.Context, l load) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fail("panic", fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	if l.rows[0].Attempts > deliveryAtMost {
		return stop("unfinished") // its attempts ended with the process each time
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	switch l.Channel {
	case ToPhone:
		d := l.rows[0]
		return s.text(ctx, l.Recipient, textMessage(d))
	case ToPhoneDigest:
		return s.textDigest(ctx, l)
	case ToCaller:
		return s.textCaller(ctx, l.rows[0])
	case ToHook, ToHookDigest:
		return s.post(ctx, l)
	}
	return stop("channel")
}

// settle writes the outcome of a claim.
func (s *Service) settle(ctx context.Context, l load, failed error) error {
	now := s.now()
	state, due, why := Done, now, ""
	if failed != nil {
		code, final := reason(failed)
		at, again := retryAt(now, l.rows[0].Attempts, s.Jitter())
		state, due, why = Waiting, at, code
		if final || !again {
			state, due = Dead, now
		}
		s.Log.Warn("a delivery failed", "channel", string(l.Channel), "delivery", l.rows[0].ID.String(), "attempt", l.rows[0].Attempts, "err", failed)
	}
	s.metrics.deliveries.WithLabelValues(string(l.Channel), map[State]string{Done: "sent", Waiting: "retry", Dead: "dead"}[state]).Inc()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if l.Channel.toHook() {
			var sent *clock.Instant
			if failed == nil {
				sent = &now
			}
			if err := noteWebhook(ctx, tx, l.Recipient, sent, why); err != nil {
				return err
			}
		}
		return settle(ctx, tx, l.Recipient, l.claim, state, due, why)
	})
}

// text sends to a person's phone; who has none, or is gone, reads it in the inbox.
func (s *Service) text(ctx context.Context, person id.ID, m sms.Message) error {
	phone, err := s.Phones.Phone(ctx, person)
	if err != nil || phone == "" {
		return err
	}
	m.Phone = phone
	return s.sms(ctx, m)
}

// sms sends m; the gateway's own error stays in the log.
func (s *Service) sms(ctx context.Context, m sms.Message) error {
	err := s.SMS.Send(ctx, m)
	if f := fault.Of(err); f != nil && f.Kind == fault.Internal {
		return fail("sms", err)
	}
	return err
}

// textMessage makes the SMS of a message: an order's number with a short state, or a title.
func textMessage(d delivery) sms.Message {
	if short := texts().Templates[d.Template].SMS; short != "" && d.Params["number"] != "" {
		return sms.Message{ID: d.ID, Kind: sms.OrderUpdate, Params: map[string]string{"number": d.Params["number"], "state": short}}
	}
	return sms.Message{ID: d.ID, Kind: sms.Notice, Params: map[string]string{"title": titleOf(d.Template, Chinese, d.Params)}}
}

// textDigest sends how many of the gathered messages are still unread; who has read them is left alone.
func (s *Service) textDigest(ctx context.Context, l load) error {
	events := make([]id.ID, len(l.rows))
	for i, d := range l.rows {
		events[i] = d.Event
	}
	n, err := unreadAmong(ctx, s.DB, l.Recipient, events)
	if err != nil || n == 0 {
		return err
	}
	title := titleOf("digest", Chinese, params{"count": strconv.FormatInt(n, 10)})
	return s.text(ctx, l.Recipient, sms.Message{ID: l.rows[0].ID, Kind: sms.Notice, Params: map[string]string{"title": title}})
}

// textCaller sends the follow link to who reported at the front desk. Each attempt makes a fresh link, so
// that none is stored.
func (s *Service) textCaller(ctx context.Context, d delivery) error {
	phone, token, err := s.Callers.MintCallerLink(ctx, d.Recipient)
	if err != nil || phone == "" {
		return err
	}
	return s.sms(ctx, sms.Message{ID: d.ID, Phone: phone, Kind: sms.OrderConfirm, Params: map[string]string{"number": d.Params["number"], "link": s.FollowURL(token)}})
}

package notify

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/personal"
)

// Jobs are the background work of telling, each done by one replica at a time.
func (s *Service) Jobs() []job.Job {
	return []job.Job{
		{Name: "outbox", Every: time.Second, Do: s.FanOut},
		{Name: "notify.texts", Every: 2 * time.Second, Do: s.SendTexts},
		{Name: "notify.webhooks", Every: 2 * time.Second, Do: s.SendWebhooks},
		{Name: "notify.sweep", Every: time.Hour, Do: s.Sweep},
	}
}

// fanOutBatch is how many events share a transaction.
const fanOutBatch = 50

// FanOut turns due events into messages and deliveries. Events share a transaction; when one of them
// fails, each is tried by itself, so that it holds up no other.
func (s *Service) FanOut(ctx context.Context, l job.Lease) (busy bool, err error) {
	now := s.now()
	events, err := outbox.Due(ctx, s.DB, now, fanOutBatch)
	if err != nil || len(events) == 0 {
		return false, err
	}
	if s.fanOut(ctx, l, events, now) == nil {
		return len(events) == fanOutBatch, nil
	}
	for _, ev := range events {
		err := s.fanOut(ctx, l, []outbox.Waiting{ev}, now)
		if lost(err) {
			return false, nil
		}
		if err != nil && ctx.Err() == nil {
			err = s.putOff(ctx, l, ev, err)
		}
		if err != nil {
			return false, err
		}
	}
	return len(events) == fanOutBatch, nil
}

// lost tells whether another replica did the work, or does it now.
func lost(err error) bool { return errors.Is(err, job.ErrLost) || errors.Is(err, dbx.ErrNoMatch) }

// fanOut does it for all the events or for none. A panic of an audience counts as an error.
func (s *Service) fanOut(ctx context.Context, l job.Lease, events []outbox.Waiting, now clock.Instant) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fail("panic", fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	var unknown []string
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		unknown = nil
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		for _, ev := range events {
			known, err := s.deliver(ctx, tx, ev.Event, now)
			if err != nil {
				return fmt.Errorf("event %s %s: %w", ev.Topic, ev.ID, err)
			}
			if !known {
				unknown = append(unknown, ev.Topic)
			}
			if err := outbox.Done(ctx, tx, ev); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.metrics.events.WithLabelValues("done").Add(float64(len(events)))
	for _, topic := range unknown {
		s.metrics.unknown.WithLabelValues(topic).Inc()
	}
	return nil
}

// putOff notes a failed attempt, or gives the event up.
func (s *Service) putOff(ctx context.Context, l job.Lease, ev outbox.Waiting, why error) error {
	code, final := reason(why)
	due, again := retryAt(s.now(), ev.Attempts+1, s.Jitter())
	s.Log.Log(ctx, dbx.Severity(why), "an event could not be fanned out", "topic", ev.Topic, "event", ev.ID.String(), "attempt", ev.Attempts+1, "err", why)
	outcome := "retry"
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		if final || !again {
			outcome = "dead"
			return outbox.Bury(ctx, tx, ev, code)
		}
		return outbox.Retry(ctx, tx, ev, due, code)
	})
	if lost(err) {
		return nil
	}
	if err == nil {
		s.metrics.events.WithLabelValues(outcome).Inc()
	}
	return err
}

// deliver writes the messages and deliveries of one event; false when nobody knows its topic.
func (s *Service) deliver(ctx context.Context, tx *dbx.Tx, ev outbox.Event, now clock.Instant) (known bool, err error) {
	t, known := topics[ev.Topic]
	if !known {
		return false, nil
	}
	p, err := parse(ev)
	if err != nil {
		return true, err
	}
	f := &fan{s: s, ev: ev, payload: p, now: now, persons: map[id.ID]bool{}, hooked: map[id.ID]bool{}}
	for _, m := range t.of(p) {
		if err := f.tell(ctx, tx, m); err != nil {
			return true, err
		}
	}
	if t.caller != nil && t.caller(p) {
		f.add(ToCaller, ev.Subject, "order_new", Emergency, now)
	}
	if err := insertMessages(ctx, tx, f.messages); err != nil {
		return true, err
	}
	return true, insertDeliveries(ctx, tx, f.deliveries, now)
}

// fan gathers what one event becomes.
type fan struct {
	s          *Service
	ev         outbox.Event
	payload    payload
	now        clock.Instant
	persons    map[id.ID]bool
	hooked     map[id.ID]bool // webhooks
	messages   []Message
	deliveries []delivery
}

func (f *fan) tell(ctx context.Context, tx *dbx.Tx, m tell) error {
	if ofHandler[m.to] && f.payload.aboutConduct(f.s.Conduct) {
		return nil
	}
	found, err := f.s.Audiences.Recipients(ctx, tx, m.to, f.ev)
	if err != nil {
		return err
	}
	var persons, orgs []id.ID
	for _, r := range found {
		if !r.Person.IsZero() && !f.persons[r.Person] {
			f.persons[r.Person] = true
			persons = append(persons, r.Person)
		}
		if !r.Org.IsZero() && organisations[m.to] {
			orgs = append(orgs, r.Org)
		}
	}
	if err := f.tellPersons(ctx, tx, m, persons); err != nil {
		return err
	}
	return f.tellHooks(ctx, tx, m, orgs)
}

func (f *fan) tellPersons(ctx context.Context, tx *dbx.Tx, m tell, persons []id.ID) error {
	prefs, err := preferencesOf(ctx, tx, persons)
	if err != nil {
		return err
	}
	bySMS, err := f.reachedBySMS(ctx, tx, m, persons)
	if err != nil {
		return err
	}
	for _, person := range persons {
		p, ok := prefs[person]
		if !ok {
			p = defaults(f.s.Quiet)
		}
		f.messages = append(f.messages, Message{ID: id.New(), Person: person, Event: f.ev.ID, Topic: f.ev.Topic, Subject: f.ev.Subject,
			Template: m.text, Params: f.params(m.text), Urgency: m.urgency, At: f.now})
		if !bySMS(person) {
			continue
		}
		if m.urgency != Digest {
			if p.wants(m.group, m.urgency) {
				f.add(ToPhone, person, m.text, m.urgency, allowed(f.now, m.urgency, p.Quiet))
			}
		} else if due, ok := nextDigest(f.now, p.Digest, p.Quiet); ok && p.SMS[m.group] != ByNone {
			f.add(ToPhoneDigest, person, m.text, Digest, due)
		}
	}
	return nil
}

// reachedBySMS tells who may be told by SMS: everybody, but of an invitation to a survey only who agreed to that.
func (f *fan) reachedBySMS(ctx context.Context, tx *dbx.Tx, m tell, persons []id.ID) (func(id.ID) bool, error) {
	if !invitations[m.text] || m.group != Households || len(persons) == 0 {
		return func(id.ID) bool { return true }, nil
	}
	agreed, err := f.s.Consents.Among(ctx, tx, persons, personal.PurposeSMSSurvey)
	return func(p id.ID) bool { return agreed[p] }, err
}

// tellHooks tells the webhooks of organisations. A group reads nothing of a case about somebody's conduct.
func (f *fan) tellHooks(ctx context.Context, tx *dbx.Tx, m tell, orgs []id.ID) error {
	if f.payload.discreet(f.ev.Topic, f.s.Conduct) {
		return nil
	}
	hooks, err := activeWebhooks(ctx, tx, orgs)
	if err != nil {
		return err
	}
	for _, w := range hooks {
		if f.hooked[w.ID] || !w.Topics.has(f.ev.Topic) {
			continue
		}
		f.hooked[w.ID] = true
		switch {
		case !w.Kind.robot(): // a program is not disturbed
			f.add(ToHook, w.ID, m.text, m.urgency, f.now)
		case m.urgency == Digest:
			due, _ := nextDigest(f.now, Daily, f.s.Quiet)
			f.add(ToHookDigest, w.ID, m.text, Digest, due)
		default:
			f.add(ToHook, w.ID, m.text, m.urgency, allowed(f.now, m.urgency, f.s.Quiet))
		}
	}
	return nil
}

func (f *fan) params(text string) params {
	return f.payload.codes(texts().Templates[text].names())
}

func (f *fan) add(c Channel, to id.ID, text string, u Urgency, due clock.Instant) {
	f.deliveries = append(f.deliveries, delivery{ID: id.New(), Event: f.ev.ID, Channel: c, Recipient: to, Topic: f.ev.Topic, Subject: f.ev.Subject,
		Template: text, Params: f.params(text), Urgency: u, EventAt: f.ev.At, DueAt: due})
}

// How long what is over is kept.
const (
	keepInbox      = 180 * 24 * time.Hour
	keepDeliveries = 90 * 24 * time.Hour
	keepEvents     = 30 * 24 * time.Hour
	sweepBatch     = 1000
)

// Sweep deletes inbox messages after 180 days, deliveries that are over after 90, and events that were
// acted upon after 30. Dead letters stay until somebody decides.
func (s *Service) Sweep(ctx context.Context, _ job.Lease) (busy bool, err error) {
	now := s.now()
	messages, err := forgetMessages(ctx, s.DB, now.Add(-keepInbox), sweepBatch)
	if err != nil {
		return false, err
	}
	deliveries, err := forgetDeliveries(ctx, s.DB, now.Add(-keepDeliveries), sweepBatch)
	if err != nil {
		return false, err
	}
	events, err := outbox.Forget(ctx, s.DB, now.Add(-keepEvents), sweepBatch)
	return max(messages, deliveries, events) >= sweepBatch, err
}

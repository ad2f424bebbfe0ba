// Package notify tells people and organisations what happened. It consumes the outbox: each event is
// fanned out, in one transaction, into messages in the inboxes of the persons concerned and into
// deliveries by SMS, signed webhook and group robot, which are then sent at least once.
//
// At least once means: a crash between sending and noting that it was sent sends again, with the same
// identifier (the id of an SMS, X-Delivery-Id of a webhook), by which the other side drops the second. A
// group robot has no such identifier and may show a message twice.
//
// Texts are made from codes and order numbers alone: no name, no phone, no words of a person ever leave
// through here. What may wait does not disturb anybody at night, and small things are gathered into one
// message a day, so that nobody is woken for a lamp.
package notify

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sms"
)

// Urgency is how soon somebody must know. It is stored as a number: the smaller, the sooner sent.
type Urgency int64

// The urgencies.
const (
	Emergency Urgency = iota // at once, at night too
	Normal                   // at once, but not in quiet hours
	Digest                   // with others of its kind, in one message in the morning
)

// Channel is a way out of the program.
type Channel string

// The channels. A digest channel gathers what is due for one recipient into one message.
const (
	ToPhone        Channel = "sms"
	ToPhoneDigest  Channel = "sms_digest"
	ToCaller       Channel = "caller_link" // a follow link by SMS, to who reported at the front desk without an account
	ToHook         Channel = "webhook"
	ToHookDigest   Channel = "webhook_digest"
	deliveryAtMost         = 8 // attempts before a delivery or an event is a dead letter
)

// State is where a delivery stands.
type State string

// The states of a delivery. Events of the outbox use the same words.
const (
	Waiting   State = "waiting"
	Done      State = "done"
	Dead      State = "dead"      // given up; an administrator repeats or discards it
	Discarded State = "discarded" // by an administrator, or since its recipient is gone
)

// Recipient is whom an audience names: a person, with the organisation in whose name they are told where
// there is one. A Recipient without a person is the organisation itself, for its webhooks and robots.
type Recipient struct {
	Person id.ID
	Org    id.ID
}

// Audiences knows who is concerned by an event; kind is one of the Audience constants.
type Audiences interface {
	// Recipients lists them; none is no error. An error is retried and in the end a dead letter.
	Recipients(ctx context.Context, q dbx.Querier, kind Audience, ev outbox.Event) ([]Recipient, error)
}

// Phones gives the phone that a person agreed to be told on.
type Phones interface {
	// Phone is empty when there is none. The reading of the clear value is recorded by who provides it.
	Phone(ctx context.Context, person id.ID) (string, error)
}

// Callers makes the follow link of who reported at the front desk without an account.
type Callers interface {
	// MintCallerLink returns an empty phone when the caller left none.
	MintCallerLink(ctx context.Context, order id.ID) (phone, token string, err error)
}

// Texts sends text messages.
type Texts interface {
	Send(ctx context.Context, m sms.Message) error
}

// Secrets seals the addresses and keys of webhooks, each bound to its row.
type Secrets interface {
	Seal(row id.ID, plaintext string) ([]byte, error)
	Open(row id.ID, sealed []byte) (string, error)
}

// About is what tells orders, renovations and requests for maintenance money with the same news apart: what it is, and where.
type About struct {
	Title string `json:"title" doc:"What the order is about; the name of the renovation or the request"`
	Place string `json:"place" doc:"Where, as people say it"`
}

// Kind is a kind of thing that messages are about: the first word of their topics.
type Kind string

// The kinds whose messages name the one that they are about.
const (
	OfOrders       Kind = "workorder"
	OfRenovations  Kind = "renovation"
	OfFundRequests Kind = "fund"
)

// Subjects knows what messages are about.
type Subjects interface {
	// About tells it of those of a kind that p may see.
	About(ctx context.Context, p authz.Principal, kind Kind, which []id.ID) (map[id.ID]About, error)
}

// Consents knows who agreed to what.
type Consents interface {
	// Among tells which of the persons have a consent in force for a purpose.
	Among(ctx context.Context, q dbx.Querier, persons []id.ID, p personal.Purpose) (map[id.ID]bool, error)
}

// Deps are what the service needs.
type Deps struct {
	DB        *dbx.DB
	Clock     clock.Clock
	Log       *slog.Logger
	Audiences Audiences
	Phones    Phones
	Callers   Callers
	Subjects  Subjects
	SMS       Texts
	Secrets   Secrets
	Consents  Consents
	// Conduct tells whether orders of a category are about somebody's conduct (R6.6): such a case reaches no
	// webhook and no robot, and nobody of the organisation that handles repairs there.
	Conduct func(category string) bool
	// FollowURL is the address at which the holder of a token follows an order.
	FollowURL func(token string) string
	// Quiet are the quiet hours of who has set none.
	Quiet calendar.Quiet
	// Network is where webhooks may lead to.
	Network Network
	// Jitter is a random number in [0,1) that spreads retries.
	Jitter func() float64
	// Metrics takes the counters; nil registers none.
	Metrics prometheus.Registerer
}

// Service is the use cases of telling.
type Service struct {
	Deps
	out     *egress
	metrics metrics
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{Deps: d, out: newEgress(d.Network), metrics: newMetrics(d.Metrics)}
}

func (s *Service) now() clock.Instant { return clock.Now(s.Clock) }

type metrics struct {
	events     *prometheus.CounterVec // outcome
	unknown    *prometheus.CounterVec // topic
	deliveries *prometheus.CounterVec // channel, outcome
}

func newMetrics(r prometheus.Registerer) metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "redproperty", Subsystem: "notify", Name: name, Help: help}, labels)
		if r != nil {
			r.MustRegister(c)
		}
		return c
	}
	return metrics{
		events:     counter("events_total", "Events taken from the outbox, by outcome.", "outcome"),
		unknown:    counter("unknown_topics_total", "Events of topics that nobody is told about because the table does not have them.", "topic"),
		deliveries: counter("deliveries_total", "Attempts to deliver, by channel and outcome.", "channel", "outcome"),
	}
}

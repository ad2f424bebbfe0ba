package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sms"
)

// noon is 12:00 in China on a Sunday.
var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

// night are quiet hours from 22:00 to 07:00.
var night = calendar.Quiet{From: 22 * 60, To: 7 * 60}

// world is the service with an audience that the test chooses, and phones that keep what they get.
type world struct {
	*Service
	t     *testing.T
	db    *dbx.DB
	clock *clock.Fake
	owner id.ID

	mu     sync.Mutex
	told   map[Audience][]Recipient
	broken func(outbox.Event) error
	phones map[id.ID]string
	caller string
	texts  []sms.Message
	refuse error // of the SMS gateway
	agreed map[id.ID]bool
	hidden id.ID // an order that readers may not see
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock.NewFake(noon), owner: id.New(), told: map[Audience][]Recipient{}, phones: map[id.ID]string{}}
	w.Service = New(Deps{DB: db, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Audiences: w, Phones: w, Callers: w, Subjects: w, SMS: w, Consents: w,
		Secrets: SealWith([]byte("0123456789abcdef0123456789abcdef")), Conduct: func(c string) bool { return c == "conduct.rude" },
		FollowURL: func(token string) string { return "https://example.cn/f/" + token }, Quiet: night, Jitter: func() float64 { return 0 },
		Network: Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, PlainHTTP: true}})
	return w
}

func (w *world) Recipients(_ context.Context, _ dbx.Querier, kind Audience, ev outbox.Event) ([]Recipient, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		if err := w.broken(ev); err != nil {
			return nil, err
		}
	}
	return w.told[kind], nil
}

// About knows of every order but one.
func (w *world) About(_ context.Context, _ authz.Principal, _ Kind, orders []id.ID) (map[id.ID]About, error) {
	out := map[id.ID]About{}
	for _, o := range orders {
		if o != w.hidden {
			out[o] = About{Title: "水管漏水", Place: "1号楼"}
		}
	}
	return out, nil
}

func (w *world) Phone(_ context.Context, person id.ID) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.phones[person], nil
}

func (w *world) Among(context.Context, dbx.Querier, []id.ID, personal.Purpose) (map[id.ID]bool, error) {
	return w.agreed, nil
}

func (w *world) MintCallerLink(context.Context, id.ID) (string, string, error) {
	return w.caller, "token", nil
}

func (w *world) Send(_ context.Context, m sms.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return w.refuse
	}
	w.texts = append(w.texts, m)
	return nil
}

// person is somebody with a phone, in an audience.
func (w *world) person(kinds ...Audience) id.ID {
	p := id.New()
	w.phones[p] = "138" + p.Segment()[:8]
	for _, k := range kinds {
		w.told[k] = append(w.told[k], Recipient{Person: p})
	}
	return p
}

// happen adds an event.
func (w *world) happen(topic string, payload any) id.ID {
	w.t.Helper()
	subject := id.New()
	require.NoError(w.t, w.db.InTx(w.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		return outbox.Add(ctx, tx, clock.Now(w.clock), topic, subject, payload)
	}))
	return subject
}

func (w *world) lease(name string) job.Lease {
	w.t.Helper()
	l, err := job.Acquire(w.t.Context(), w.db, "job:"+name, w.owner, clock.Now(w.clock), 30*time.Second)
	require.NoError(w.t, err)
	return l
}

// drain runs a job until there is nothing to do now.
func (w *world) drain(do job.Work) {
	w.t.Helper()
	for busy := true; busy; {
		var err error
		busy, err = do(w.t.Context(), w.lease("test"))
		require.NoError(w.t, err)
	}
}

// tellAll fans out and sends what is due.
func (w *world) tellAll() {
	w.t.Helper()
	w.drain(w.FanOut)
	w.drain(w.SendTexts)
	w.drain(w.SendWebhooks)
}

func (w *world) received() []sms.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.texts
	w.texts = nil
	return out
}

// row is a delivery as it stands.
type row struct {
	ID       id.ID         `db:"id"`
	Channel  Channel       `db:"channel"`
	State    State         `db:"state"`
	Attempts int64         `db:"attempts"`
	Due      clock.Instant `db:"due_at"`
	Error    string        `db:"last_error"`
	Text     string        `db:"template"`
	To       id.ID         `db:"recipient"`
}

func (w *world) rows() (list []row) {
	w.t.Helper()
	require.NoError(w.t, w.db.Select(w.t.Context(), &list, `SELECT id, channel, state, attempts, due_at, last_error, template, recipient FROM delivery ORDER BY id`))
	return list
}

func (w *world) eventStates() map[string]int {
	w.t.Helper()
	var list []string
	require.NoError(w.t, w.db.Select(w.t.Context(), &list, `SELECT state FROM outbox`))
	out := map[string]int{}
	for _, s := range list {
		out[s]++
	}
	return out
}

func (w *world) inbox(person id.ID) []Message {
	w.t.Helper()
	list, err := messagesOf(w.t.Context(), w.db, person, id.Nil, false, 200)
	require.NoError(w.t, err)
	return list
}

// at sets the clock to a time of day in China, days from the first one.
func (w *world) at(days, hour, minute int) {
	w.clock.Set(noon.AddDate(0, 0, days).Add(time.Duration(hour-12)*time.Hour + time.Duration(minute)*time.Minute))
}

func self(person id.ID) authz.Principal { return authz.Principal{Account: id.New(), Person: person} }

func manager(org id.ID) authz.Principal {
	p := self(id.New())
	p.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleManager, Org: org}}
	return p
}

var operator = authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOperator, Org: id.New()}}}

// hook is a server that keeps what it is sent.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	got    []call
	answer func(w http.ResponseWriter)
}

type call struct {
	path   string
	query  map[string][]string
	header http.Header
	body   []byte
}

func newHook(t *testing.T) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		h.got = append(h.got, call{r.URL.Path, r.URL.Query(), r.Header, body})
		answer := h.answer
		h.mu.Unlock()
		if answer == nil {
			_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
			return
		}
		answer(w)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) calls() []call {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.got
	h.got = nil
	return out
}

func (h *hook) answers(f func(w http.ResponseWriter)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = f
}

func (c call) json(t *testing.T) (v map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(c.body, &v), string(c.body))
	return v
}

func (w *world) addHook(org id.ID, kind HookKind, url, secret string, topics ...string) Webhook {
	w.t.Helper()
	h, err := w.AddWebhook(w.t.Context(), manager(org), idem.Key{}, org, HookDraft{Kind: kind, Name: "值班群", URL: url, Secret: secret, Topics: topics, State: HookActive})
	require.NoError(w.t, err)
	return h
}

var errGateway = errors.New("gateway: dial https://gateway.example/?token=1: refused")

// dueNow makes everything that waits due at noon.
func dueNow(ctx context.Context, tx *dbx.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE delivery SET due_at = ? WHERE state = 'waiting'`, clock.At(noon))
	return err
}

func erase(w *world, person id.ID) dbx.Body {
	return func(ctx context.Context, tx *dbx.Tx) error { return w.ErasePerson(ctx, tx, person) }
}

package sms_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sms"
)

// gateway counts what reaches it, and may be broken.
type gateway struct {
	sent   atomic.Int64
	broken error
}

func (g *gateway) Send(context.Context, sms.Message) error {
	g.sent.Add(1)
	return g.broken
}

func message(params ...string) sms.Message {
	m := sms.Message{ID: id.New(), Phone: "13900000001", Kind: sms.OrderUpdate, Params: map[string]string{}}
	for i, p := range params {
		m.Params["p"+strconv.Itoa(i)] = p
	}
	return m
}

// november is shortly before midnight in China on the last day of a month, when it is still that day in UTC.
var november = time.Date(2026, 11, 30, 15, 59, 0, 0, time.UTC)

func each(t *testing.T, price, most int64, body func(t *testing.T, p *sms.Port, g *gateway, c *clock.Fake)) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g, c := &gateway{}, clock.NewFake(november)
		body(t, &sms.Port{DB: db, Clock: c, Sender: g, PriceFen: price, CapFen: most}, g, c)
	})
}

func spent(t *testing.T, p *sms.Port, month string) [2]int64 {
	t.Helper()
	fen, n, err := p.Spent(t.Context(), month)
	require.NoError(t, err)
	return [2]int64{fen, n}
}

func TestAMonthCostsNoMoreThanItsCap(t *testing.T) {
	each(t, 5, 12, func(t *testing.T, p *sms.Port, g *gateway, c *clock.Fake) {
		require.Equal(t, [2]int64{}, spent(t, p, "2026-11"))
		for range 2 {
			require.NoError(t, p.Send(t.Context(), message()))
		}
		err := p.Send(t.Context(), message())
		require.ErrorIs(t, err, fault.RateLimited)
		require.Equal(t, "sms.budget", fault.Of(err).Code)
		require.EqualValues(t, 2, g.sent.Load(), "nothing leaves")
		require.Equal(t, [2]int64{10, 2}, spent(t, p, "2026-11"))

		c.Advance(time.Minute) // midnight in China
		require.NoError(t, p.Send(t.Context(), message()))
		require.Equal(t, [2]int64{5, 1}, spent(t, p, "2026-12"))
		require.Equal(t, [2]int64{10, 2}, spent(t, p, "2026-11"))
	})
}

func TestTheCapItselfMayBeSpent(t *testing.T) {
	each(t, 5, 10, func(t *testing.T, p *sms.Port, _ *gateway, _ *clock.Fake) {
		require.NoError(t, p.Send(t.Context(), message()))
		require.NoError(t, p.Send(t.Context(), message()))
		require.ErrorIs(t, p.Send(t.Context(), message()), fault.RateLimited)
	})
}

func TestACapBelowThePriceSendsNothing(t *testing.T) {
	each(t, 5, 4, func(t *testing.T, p *sms.Port, g *gateway, _ *clock.Fake) {
		require.ErrorIs(t, p.Send(t.Context(), message()), fault.RateLimited)
		require.Zero(t, g.sent.Load())
	})
}

// Long messages are sent in parts, and each is paid for. Characters count, not bytes.
func TestLongMessagesCostMore(t *testing.T) {
	each(t, 5, 10_000, func(t *testing.T, p *sms.Port, _ *gateway, _ *clock.Fake) {
		total := int64(0)
		for _, c := range []struct {
			text string
			want int64
		}{{"", 5}, {strings.Repeat("修", 47), 5}, {strings.Repeat("修", 48), 10}, {strings.Repeat("𡐓", 47), 5}, {strings.Repeat("a", 67+47), 10}, {strings.Repeat("a", 67+48), 15}} {
			require.NoError(t, p.Send(t.Context(), message(c.text)))
			total += c.want
			require.Equal(t, total, spent(t, p, "2026-11")[0], "%d characters", len([]rune(c.text)))
		}
		require.NoError(t, p.Send(t.Context(), message(strings.Repeat("修", 24), strings.Repeat("修", 24))))
		require.Equal(t, total+10, spent(t, p, "2026-11")[0], "all parameters together")
	})
}

// A gateway that fails may have sent the message all the same: it stays charged, so that no failure costs without end.
func TestAFailedMessageStaysCharged(t *testing.T) {
	each(t, 5, 10, func(t *testing.T, p *sms.Port, g *gateway, _ *clock.Fake) {
		g.broken = errors.New("gateway answered 500")
		for range 2 {
			require.ErrorIs(t, p.Send(t.Context(), message()), g.broken)
		}
		require.ErrorIs(t, p.Send(t.Context(), message()), fault.RateLimited)
		require.EqualValues(t, 2, g.sent.Load())
	})
}

// The first messages of a month arrive at once, and the cap holds.
func TestTheCapHoldsAmongManyAtOnce(t *testing.T) {
	each(t, 1, 7, func(t *testing.T, p *sms.Port, g *gateway, _ *clock.Fake) {
		var wg sync.WaitGroup
		var refused atomic.Int64
		for range 20 {
			wg.Go(func() {
				if err := p.Send(context.Background(), message()); errors.Is(err, fault.RateLimited) {
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		require.Equal(t, [2]int64{7, 7}, spent(t, p, "2026-11"))
		require.Equal(t, []int64{7, 13}, []int64{g.sent.Load(), refused.Load()})
	})
}

// received is what reached the gateway.
type received struct {
	header http.Header
	body   []byte
}

func hook(t *testing.T, answer http.HandlerFunc) (*sms.Webhook, *received) {
	t.Helper()
	got := &received{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.header = r.Header
		got.body, _ = io.ReadAll(r.Body)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return &sms.Webhook{URL: server.URL, Secret: "shared", Client: server.Client(), Clock: clock.NewFake(november),
		Templates: map[string]string{"login_code": "SMS_1", "order_update": "SMS_2", "order_confirm": "SMS_3", "notice": "SMS_4"}}, got
}

func TestWhatTheGatewayGets(t *testing.T) {
	w, got := hook(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusAccepted) })
	require.NoError(t, w.Check())
	templates := map[sms.Kind]string{sms.LoginCode: "SMS_1", sms.OrderUpdate: "SMS_2", sms.OrderConfirm: "SMS_3", sms.Notice: "SMS_4"}
	for kind, template := range templates {
		m := message("NH-20261122-0042", "<已派单>")
		m.Kind = kind
		require.NoError(t, w.Send(t.Context(), m))
		var body struct {
			ID       id.ID             `json:"id"`
			Phone    string            `json:"phone"`
			Template string            `json:"template"`
			Params   map[string]string `json:"params"`
		}
		dec := json.NewDecoder(bytes.NewReader(got.body))
		dec.DisallowUnknownFields()
		require.NoError(t, dec.Decode(&body))
		require.Equal(t, []any{m.ID, m.Phone, template, m.Params}, []any{body.ID, body.Phone, body.Template, body.Params})
		require.Equal(t, "application/json", got.header.Get("Content-Type"))

		stamp := got.header.Get("X-Timestamp")
		require.Equal(t, strconv.FormatInt(november.Unix(), 10), stamp, "a gateway can refuse what is old")
		mac := hmac.New(sha256.New, []byte("shared"))
		mac.Write([]byte(stamp + "." + string(got.body)))
		require.Equal(t, hex.EncodeToString(mac.Sum(nil)), got.header.Get("X-Signature"))
	}
}

func TestAForgottenTemplateStopsTheStart(t *testing.T) {
	for _, kind := range []string{"login_code", "order_update", "order_confirm", "notice"} {
		w, _ := hook(t, func(http.ResponseWriter, *http.Request) {})
		delete(w.Templates, kind)
		require.ErrorContains(t, w.Check(), "sms.templates."+kind)
	}
}

func TestGatewaysThatDoNotAnswerWell(t *testing.T) {
	const secret = "余额不足 13900000001"
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"not found":     {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, http.StatusNotFound) }, "gateway answered 404"},
		"overloaded":    {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, http.StatusServiceUnavailable) }, "gateway answered 503"},
		"not modified":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, "gateway answered 304"},
		"cuts the line": {func(w http.ResponseWriter, _ *http.Request) { cut(w, "") }, "gateway"},
		"no HTTP":       {func(w http.ResponseWriter, _ *http.Request) { cut(w, "220 smtp ready\r\n") }, "gateway"},
	} {
		w, _ := hook(t, c.answer)
		err := w.Send(t.Context(), message())
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), secret, "%s: its text is not passed on", name)
		require.NotContains(t, err.Error(), "13900000001", name)
	}
}

// An answer without end is not read to its end, and one that stays away ends with the caller's patience.
func TestGatewaysThatTakeTheirTime(t *testing.T) {
	endless, _ := hook(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("x"), 32<<10)); err != nil {
				return
			}
		}
	})
	require.NoError(t, endless.Send(t.Context(), message()), "it said that it took the message")

	gone := make(chan struct{})
	silent, _ := hook(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	})
	defer close(gone)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	require.ErrorIs(t, silent.Send(ctx, message()), context.Canceled)
	deadline := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		at, ok := r.Context().Deadline()
		require.True(t, ok, "no message waits for ever")
		require.LessOrEqual(t, time.Until(at), 10*time.Second)
		return nil, errors.New("enough")
	})}
	silent.Client = deadline
	require.ErrorContains(t, silent.Send(context.Background(), message()), "enough")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// cut says something that is no HTTP answer and closes the connection.
func cut(w http.ResponseWriter, said string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(conn, said)
	_ = conn.Close()
}

// Without a gateway the code stands in the log, so that one can log in.
func TestMessagesInTheLog(t *testing.T) {
	var out bytes.Buffer
	m := sms.Message{ID: id.New(), Phone: "13900000001", Kind: sms.LoginCode, Params: map[string]string{"minutes": "5", "code": "123456"}}
	require.NoError(t, sms.Log{Log: slog.New(slog.NewJSONHandler(&out, nil))}.Send(t.Context(), m))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, []any{"login_code", "13900000001", "123456", "5"}, []any{line["kind"], line["phone"], line["code"], line["minutes"]})
}

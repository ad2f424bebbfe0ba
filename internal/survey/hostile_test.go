package survey

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
)

// overHTTP is the API of the surveys with its log and its metrics.
func (w *world) overHTTP() (*apitest.Server, *bytes.Buffer, *prometheus.Registry) {
	w.t.Helper()
	s, log, metrics := apitest.New(w.t, w.clock), &bytes.Buffer{}, prometheus.NewRegistry()
	api, err := httpapi.New(httpapi.Config{Version: "test", Clock: w.clock, Log: slog.New(slog.NewJSONHandler(log, nil)), Auth: s, Limits: s, Metrics: metrics})
	require.NoError(w.t, err)
	s.API = api
	Register(api, w.Service)
	return s, log, metrics
}

// body is a cast as a client sends it.
func body(c Cast) map[string]any {
	return map[string]any{"ballot": c.Ballot, "revision": c.Revision, "opening": c.Opening, "answers": c.Answers, "salt": c.Salt, "textSalt": c.TextSalt, "textKey": c.TextKey}
}

// Drawing and casting leave no line in the log and no sample in the metrics, whether they succeed or are refused.
func TestDrawingAndCastingAreSilent(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.area)
	s, log, metrics := w.overHTTP()
	pending := w.prepare(r, w.area, 0)
	p, unit := w.resident(w.area, 0), w.homes[w.area][0].Unit
	path := "/api/v1/survey-rounds/" + r.ID.String() + "/dwellings/" + unit.String()
	s.Do(t, p, http.MethodGet, path, nil)
	require.Contains(t, log.String(), "getOwnDwelling", "other operations are logged")
	log.Reset()
	before := samples(t, metrics)
	draw := map[string]any{"keyId": pending.Key(), "blinded": pending.Blinded()}
	reply := s.Do(t, p, http.MethodPost, path+"/ballot", draw, "User-Agent", "Nokia 3310")
	require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
	var drawn Drawn
	reply.JSON(t, &drawn)
	kept, err := pending.Finish(drawn.BlindSignature)
	require.NoError(t, err)
	again := map[string]any{"keyId": pending.Key(), "blinded": w.prepare(r, w.area, 0).Blinded()}
	require.Equal(t, "survey.drawn_already", s.Do(t, p, http.MethodPost, path+"/ballot", again).Problem(t).Code)

	casting := "/api/v1/public/survey-rounds/" + r.ID.String() + "/responses"
	c := cast(kept, 1, w.rated(r, 4, "很好"))
	reply = s.Do(t, authz.Principal{}, http.MethodPost, casting, body(c), "Cookie", "rp_session=somebody", "User-Agent", "Nokia 3310", "Idempotency-Key", "12345678-abcd")
	require.Equal(t, http.StatusCreated, reply.Status, string(reply.Body))
	var promise Promise
	reply.JSON(t, &promise)
	require.NoError(t, promise.Receipt.Verify(ballotHash(r.ReceiptKey)))
	require.Empty(t, reply.Header.Get("Set-Cookie"))
	c.Ballot.Prefix = ballot.NewHash()
	require.Equal(t, "ballot.forged", s.Do(t, authz.Principal{}, http.MethodPost, casting, body(c)).Problem(t).Code)
	require.Empty(t, log.String())
	require.Equal(t, before, samples(t, metrics))
	require.Zero(t, count1(t, w.db, `SELECT COUNT(*) FROM idempotency WHERE created_at = ?`, w.clock.Now().UnixMilli()), "no key of a request is kept")
}

func samples(t testing.TB, reg *prometheus.Registry) (out string) {
	t.Helper()
	families, err := reg.Gather()
	require.NoError(t, err)
	for _, f := range families {
		out += f.String() + "\n"
	}
	return out
}

// Whatever is sent to the route that needs no log-in, the answer is a problem document of 4xx that repeats nothing of it, and
// nothing is stored.
func TestHostileBodiesAreRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	r := w.open(w.area)
	s, log, _ := w.overHTTP()
	path := "/api/v1/public/survey-rounds/" + r.ID.String() + "/responses"
	good, err := json.Marshal(body(cast(w.draw(r, w.area, 0), 1, w.rated(r, 4, ""))))
	require.NoError(t, err)
	change := func(old, new string) []byte {
		out := strings.Replace(string(good), old, new, 1)
		require.NotEqual(t, string(good), out, old)
		return []byte(out)
	}
	with := func(field string, value any) []byte {
		var all map[string]any
		require.NoError(t, json.Unmarshal(good, &all))
		all[field] = value
		out, err := json.Marshal(all)
		require.NoError(t, err)
		return out
	}
	answers := func(raw string) []byte { return with("answers", json.RawMessage(raw)) }
	item := ratingOf(t, w, r)
	cases := map[string][]byte{
		"nothing": {}, "no object": []byte(`[]`), "null": []byte(`null`), "a number": []byte(`7`), "half": good[:len(good)/2], "rubbish after it": append(bytes.Clone(good), "x"...),
		"an empty object": []byte(`{}`), "zero bytes": make([]byte, 500), "no UTF-8": bytes.ReplaceAll(good, []byte(`"answers"`), []byte("\"answ\xffers\"")),
		"an unknown field": with("household", "x"), "no ballot": with("ballot", nil), "a ballot that is text": with("ballot", "x"), "a ballot of nothing": with("ballot", map[string]any{}),
		"a signature with padding": change(`","signature":"`, `","signature":"=`), "revision as text": with("revision", "1"), "revision 1.5": with("revision", 1.5), "revision 10^30": change(`"revision":1`, `"revision":1e30`),
		"a negative revision": with("revision", -1), "a short opening": with("opening", "AAAA"), "an opening in another alphabet": with("opening", strings.Repeat("+", 43)),
		"answers that are a list": answers(`[]`), "answers that are null": answers(`null`), "answers that are text": answers(`"` + item + `"`),
		"an answer twice": answers(`{"` + item + `":4,"` + item + `":5}`), "a fraction": answers(`{"` + item + `":4.5}`), "a huge number": answers(`{"` + item + `":1e400}`), "an answer that is null": answers(`{"` + item + `":null}`),
		"an answer that is an object": answers(`{"` + item + `":{"a":1}}`), "a deep answer": answers(`{"` + item + `":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`),
		"a code of hostile text": answers(`{"<script>alert(1)</script>":4}`), "ten thousand answers": answers(`{` + strings.Repeat(`"a":1,`, 9999) + `"b":1}`),
		"a control character": answers(`{"remark":"\u0000"}`), "too large": append(append(bytes.Clone(good[:len(good)-1]), bytes.Repeat([]byte(" "), 70<<10)...), '}'),
	}
	for name, raw := range cases {
		reply := s.Do(t, authz.Principal{}, http.MethodPost, path, raw)
		require.GreaterOrEqual(t, reply.Status, 400, name)
		require.Less(t, reply.Status, 500, "%s: %s", name, reply.Body)
		problem := reply.Problem(t)
		require.NotEmpty(t, problem.Code, name)
		require.NotContains(t, string(reply.Body), "script", name)
	}
	for _, wrong := range []string{"nothing", "%00", "00000000-0000-0000-0000-000000000000", strings.Repeat("a", 4000)} {
		reply := s.Do(t, authz.Principal{}, http.MethodPost, "/api/v1/public/survey-rounds/"+wrong+"/responses", good)
		require.True(t, reply.Status >= 400 && reply.Status < 500, "%s: %d", wrong, reply.Status)
	}
	require.Zero(t, count1(t, w.db, `SELECT COUNT(*) FROM survey_cast`))
	require.NotContains(t, log.String(), "castBallot")
	require.Equal(t, http.StatusCreated, s.Do(t, authz.Principal{}, http.MethodPost, path, good).Status, "the one that is right passes")
}

// FuzzCastBody feeds the parser of casts: it refuses with a fault, and what it accepts it reads again to the same.
func FuzzCastBody(f *testing.F) {
	key := ballot.NewHash()
	f.Add([]byte(`{"ballot":{"key":"` + key.String() + `","token":"` + key.String() + `","prefix":"` + key.String() + `","signature":"` + strings.Repeat("A", 342) + `"},"revision":1,"answers":{"a":4}}`))
	f.Add([]byte(`{"ballot":{},"answers":{"a":["x","y"],"b":"dont_know"}}`))
	f.Add([]byte(`{"answers":{"a":1,"a":2}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in castInput
		if json.Unmarshal(raw, &in.Body) != nil {
			return
		}
		c, err := in.cast()
		if err != nil {
			require.Equal(t, fault.Invalid, fault.Of(err).Kind, err)
			return
		}
		again := castInput{}
		text, err := json.Marshal(body(c))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &again.Body))
		same, err := again.cast()
		require.NoError(t, err)
		require.Equal(t, c, same)
	})
}

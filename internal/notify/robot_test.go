package notify

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sms"
)

// The expected values were made with openssl:
//
//	printf '1762934400000\nSECa1b2c3d4' | openssl dgst -sha256 -hmac 'SECa1b2c3d4' -binary | base64
//	printf '' | openssl dgst -sha256 -hmac "$(printf '1762934400\nfeishu-key')" -binary | base64
//	printf '1762934400.{"a":1}' | openssl dgst -sha256 -hmac '0123456789abcdef'
func TestSignatures(t *testing.T) {
	require.Equal(t, "BSX40v4lK8zt3mlTW2/i3LbUkWlVyuNMOtw1LEboADg=", dingTalkSign("SECa1b2c3d4", 1762934400000))
	require.Equal(t, "DpL7xdhxteGQwkfqXuWh6icfefrLZhMEIJUe7Y1McgE=", feishuSign("feishu-key", 1762934400))
	require.Equal(t, "b9bc222a5ef2895ce80feea38c3d7e6575172657a8f828fbcc93c1bd5eacb2a1", sms.Sign("0123456789abcdef", "1762934400", []byte(`{"a":1}`)))

	signed, err := dingTalkAddress("https://oapi.dingtalk.com/robot/send?access_token=t%2B", "SECa1b2c3d4", 1762934400000)
	require.NoError(t, err)
	require.Equal(t, "https://oapi.dingtalk.com/robot/send?access_token=t%2B&sign=BSX40v4lK8zt3mlTW2%2Fi3LbUkWlVyuNMOtw1LEboADg%3D&timestamp=1762934400000", signed)
}

func TestEachPlatformIsToldInItsForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, h, org := newWorld(t, db), newHook(t), id.New()
		w.told[Handler] = []Recipient{{Org: org}}
		w.addHook(org, WeCom, h.URL+"/wecom?key=k", "", "workorder.*")
		w.addHook(org, DingTalk, h.URL+"/dingtalk?access_token=t", "SECa1b2c3d4", "*")
		w.addHook(org, Feishu, h.URL+"/feishu/token", "feishu-key", "workorder.reported")
		generic := w.addHook(org, Generic, h.URL+"/generic", "0123456789abcdef", "workorder.reported")
		w.addHook(org, Generic, h.URL+"/other", "0123456789abcdef", "contract.*")
		subject := w.happen("workorder.reported", order())
		w.tellAll()

		calls := map[string]call{}
		for _, c := range h.calls() {
			require.NotContains(t, calls, c.path)
			require.NotContains(t, string(c.body), "张三")
			calls[c.path] = c
		}
		require.Len(t, calls, 4)
		const text = "### 【红色物业】新工单 NH-20261122-0042\n\n收到新工单 NH-20261122-0042（一般），请及时受理。"
		require.Equal(t, map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": text}}, calls["/wecom"].json(t))

		require.Equal(t, map[string]any{"msgtype": "markdown", "markdown": map[string]any{"title": "【红色物业】新工单 NH-20261122-0042", "text": text}}, calls["/dingtalk"].json(t))
		ms := noon.UnixMilli()
		require.Equal(t, url.Values{"access_token": {"t"}, "timestamp": {strconv.FormatInt(ms, 10)}, "sign": {dingTalkSign("SECa1b2c3d4", ms)}}, url.Values(calls["/dingtalk"].query))

		require.Equal(t, map[string]any{"msg_type": "text", "timestamp": strconv.FormatInt(noon.Unix(), 10), "sign": feishuSign("feishu-key", noon.Unix()),
			"content": map[string]any{"text": "【红色物业】新工单 NH-20261122-0042\n收到新工单 NH-20261122-0042（一般），请及时受理。"}}, calls["/feishu/token"].json(t))

		g := calls["/generic"]
		body := g.json(t)
		require.Equal(t, subject.String(), body["subject"])
		require.Equal(t, "workorder.reported", body["topic"])
		require.Equal(t, map[string]any{"number": "NH-20261122-0042", "severity": "normal"}, body["data"])
		require.Equal(t, sms.Sign("0123456789abcdef", g.header.Get("X-Timestamp"), g.body), g.header.Get("X-Signature"))
		for _, r := range w.rows() {
			if r.To == generic.ID {
				require.Equal(t, r.ID.String(), g.header.Get("X-Delivery-Id"))
			}
			require.Equal(t, Done, r.State)
		}
		got, err := w.Webhook(t.Context(), manager(org), generic.ID)
		require.NoError(t, err)
		require.Equal(t, w.now(), *got.SentAt)
	})
}

func TestARefusalOfARobotIsAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
		want   string
	}{
		"taken":                {200, `{"errcode":0}`, ""},
		"taken by Feishu":      {200, `{"code":0,"msg":"success"}`, ""},
		"taken by old Feishu":  {200, `{"StatusCode":0,"StatusMessage":"success"}`, ""},
		"WeCom says too often": {200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, "robot_45009"},
		"DingTalk keyword":     {200, `{"errcode":310000,"errmsg":"keywords not in content"}`, "robot_310000"},
		"Feishu sign":          {200, `{"code":19021,"msg":"sign match fail"}`, "robot_19021"},
		"a page":               {200, `<html>log in</html>`, "answer_unreadable"},
		"no code":              {200, `{"ok":true}`, "answer_unreadable"},
		"server error":         {500, `{"errcode":0}`, "answer_500"},
		"redirect":             {302, `{"errcode":0}`, "answer_302"},
	} {
		t.Run(name, func(t *testing.T) {
			w, h, org := newWorld(t, dbtest.SQLite(t)), newHook(t), id.New()
			w.told[Handler] = []Recipient{{Org: org}}
			hook := w.addHook(org, WeCom, h.URL, "", "*")
			h.answers(func(w http.ResponseWriter) {
				w.Header().Set("Location", h.URL+"/elsewhere")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			})
			w.happen("workorder.reported", order())
			w.tellAll()
			calls := h.calls()
			require.Len(t, calls, 1, "redirects are not followed")
			require.Equal(t, c.want, w.rows()[0].Error)
			got, err := w.Webhook(t.Context(), manager(org), hook.ID)
			require.NoError(t, err)
			require.Equal(t, c.want, got.LastError)
			require.Equal(t, c.want == "", got.SentAt != nil)
		})
	}
}

// A case about somebody's conduct reaches no group, and nobody of the handler; nor does an order whose
// category is not told.
func TestAConductCaseReachesNoGroup(t *testing.T) {
	for name, c := range map[string]struct {
		category     any
		hooks, inbox int
	}{
		"lamp":    {"lamp", 2, 1},
		"conduct": {"conduct.rude", 0, 0},
		"untold":  {nil, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w, h, company, community := newWorld(t, dbtest.SQLite(t)), newHook(t), id.New(), id.New()
			boss := w.person(Handler)
			w.told[Handler] = append(w.told[Handler], Recipient{Org: company})
			w.told[Community] = []Recipient{{Org: community}}
			for _, org := range []id.ID{company, community} {
				w.addHook(org, WeCom, h.URL, "", "*")
			}
			w.happen("workorder.escalated", order("category", c.category, "severity", "emergency", "to", []string{"company", "community"}))
			w.tellAll()
			require.Len(t, h.calls(), c.hooks)
			require.Len(t, w.inbox(boss), c.inbox)
		})
	}
}

// Ratings are the community's business: the company's robot is not told of a low one.
func TestALowRatingReachesNoRobot(t *testing.T) {
	w, h, company := newWorld(t, dbtest.SQLite(t)), newHook(t), id.New()
	w.told[Handler], w.told[Company] = []Recipient{{Org: company}}, []Recipient{{Org: company}}
	w.addHook(company, WeCom, h.URL, "", "*")
	caller := w.person(Community)
	w.happen("workorder.low_rating", map[string]any{"number": "NH-1"})
	w.tellAll()
	require.Empty(t, h.calls())
	require.Len(t, w.inbox(caller), 1)
}

func TestARobotGetsTwentyMessagesAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, h, org := newWorld(t, db), newHook(t), id.New()
		w.told[Handler] = []Recipient{{Org: org}}
		robot := w.addHook(org, WeCom, h.URL+"/robot", "", "*")
		w.addHook(org, Generic, h.URL+"/program", "0123456789abcdef", "*")
		for range 45 {
			w.happen("workorder.reported", order())
		}
		count := func() map[string]int {
			n := map[string]int{}
			for _, c := range h.calls() {
				n[c.path]++
			}
			return n
		}
		w.tellAll()
		require.Equal(t, map[string]int{"/robot": 20, "/program": 45}, count())
		_, err := w.TestWebhook(t.Context(), manager(org), robot.ID)
		require.ErrorIs(t, err, fault.RateLimited)
		w.clock.Advance(robotWithin - time.Millisecond)
		w.tellAll()
		require.Empty(t, count())
		w.clock.Advance(time.Millisecond)
		w.tellAll()
		require.Equal(t, map[string]int{"/robot": 20}, count())
		w.clock.Advance(robotWithin)
		w.tellAll()
		require.Equal(t, map[string]int{"/robot": 5}, count())
		for _, r := range w.rows() {
			require.EqualValues(t, 1, r.Attempts, "waiting is no attempt")
		}
	})
}

// Emergencies go before what waited longer.
func TestEmergenciesGoFirst(t *testing.T) {
	w, h, org := newWorld(t, dbtest.SQLite(t)), newHook(t), id.New()
	w.told[Handler] = []Recipient{{Org: org}}
	w.addHook(org, WeCom, h.URL, "", "*")
	for range 30 {
		w.happen("workorder.reported", order())
	}
	w.clock.Advance(time.Second)
	w.happen("workorder.reported", order("number", "NH-GAS", "severity", "emergency"))
	w.tellAll()
	found := false
	for _, c := range h.calls() {
		found = found || c.json(t)["markdown"].(map[string]any)["content"].(string) == "### 【红色物业】新工单 NH-GAS\n\n收到新工单 NH-GAS（特急），请及时受理。"
	}
	require.True(t, found)
}

func TestARobotSleepsAtNightAndReadsADigestInTheMorning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, h, org := newWorld(t, db), newHook(t), id.New()
		w.told[Handler] = []Recipient{{Org: org}}
		w.addHook(org, WeCom, h.URL+"/robot", "", "*")
		w.addHook(org, Generic, h.URL+"/program", "0123456789abcdef", "*")
		w.at(0, 22, 30)
		w.happen("workorder.reported", order())
		w.happen("workorder.cancelled", order("number", "A-1"))
		w.happen("workorder.cancelled", order("number", "A-2"))
		w.tellAll()
		require.Len(t, h.calls(), 3, "a program is told at once")
		w.happen("workorder.reported", order("severity", "emergency"))
		w.tellAll()
		require.Len(t, h.calls(), 2, "an emergency wakes")
		w.at(1, 7, 0)
		w.tellAll()
		require.Len(t, h.calls(), 1)
		w.at(1, 8, 30)
		w.tellAll()
		calls := h.calls()
		require.Len(t, calls, 1)
		require.Equal(t, "### 【红色物业】2 条新消息\n\n工单 A-1 已撤回\n\n工单 A-2 已撤回", calls[0].json(t)["markdown"].(map[string]any)["content"])
	})
}

func TestARemovedWebhookIsForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, h, org := newWorld(t, db), newHook(t), id.New()
		w.told[Handler] = []Recipient{{Org: org}}
		hook := w.addHook(org, Generic, h.URL, "0123456789abcdef", "*")
		w.happen("workorder.reported", order())
		w.drain(w.FanOut)
		require.ErrorIs(t, w.RemoveWebhook(t.Context(), manager(org), hook.ID, 7), fault.Stale)
		require.NoError(t, w.RemoveWebhook(t.Context(), manager(org), hook.ID, 1))
		w.drain(w.SendWebhooks)
		require.Empty(t, h.calls())
		require.Equal(t, Discarded, w.rows()[0].State)
		var left int
		require.NoError(t, db.Get(t.Context(), &left, `SELECT COUNT(*) FROM webhook WHERE url_cipher IS NOT NULL OR secret_cipher IS NOT NULL`))
		require.Zero(t, left)
	})
}

// What is stored is sealed, and opens only in its own row.
func TestAddressesAreSealed(t *testing.T) {
	w, org := newWorld(t, dbtest.SQLite(t)), id.New()
	hook := w.addHook(org, Generic, "https://example.cn/send?token=very-secret", "0123456789abcdef", "*")
	stored, err := webhookByID(t.Context(), w.db, hook.ID)
	require.NoError(t, err)
	require.NotContains(t, string(stored.URLCipher), "secret")
	opened, err := w.Secrets.Open(hook.ID, stored.URLCipher)
	require.NoError(t, err)
	require.Equal(t, "https://example.cn/send?token=very-secret", opened)
	_, err = w.Secrets.Open(id.New(), stored.URLCipher)
	require.Error(t, err)
}

func FuzzRobotAnswer(f *testing.F) {
	f.Add([]byte(`{"errcode":0}`))
	f.Add([]byte(`{"code":1e99}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if err := robotAnswer(answer); err != nil {
			code, _ := reason(err)
			require.Regexp(t, `^(answer_unreadable|robot_-?[0-9]+)$`, code)
		}
	})
}

package notify

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

func newServer(t *testing.T, w *world) *apitest.Server {
	s := apitest.New(t, w.clock)
	Register(s.API, w.Service)
	return s
}

func TestInboxOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		s, me, other := newServer(t, w), self(w.person(Reporter)), self(id.New())
		for range 5 {
			w.happen("workorder.arrived", order())
			w.drain(w.FanOut)
			w.clock.Advance(time.Minute)
		}
		var first, second page.Page[MessageView]
		s.Do(t, me, "GET", "/api/v1/inbox?limit=3", nil, "Accept-Language", "en-GB,en;q=0.9").JSON(t, &first)
		require.Len(t, first.Items, 3)
		require.Equal(t, "Somebody is on site for order NH-20261122-0042", first.Items[0].Title)
		s.Do(t, me, "GET", "/api/v1/inbox?limit=3&cursor="+first.Next, nil).JSON(t, &second)
		require.Len(t, second.Items, 2)
		require.Empty(t, second.Next)
		require.Equal(t, "工单 NH-20261122-0042 人员已到场", second.Items[0].Title)
		require.Greater(t, first.Items[2].At, second.Items[0].At)
		require.Equal(t, &About{Title: "水管漏水", Place: "1号楼"}, second.Items[0].About)
		w.hidden = second.Items[0].Subject
		second = page.Page[MessageView]{}
		s.Do(t, me, "GET", "/api/v1/inbox?limit=3&cursor="+first.Next, nil).JSON(t, &second)
		require.Nil(t, second.Items[0].About, "an order that may no longer be seen")
		require.NotNil(t, second.Items[1].About)

		var unread UnreadCount
		s.Do(t, me, "GET", "/api/v1/inbox/unread-count", nil).JSON(t, &unread)
		require.EqualValues(t, 5, unread.Unread)
		one := "/api/v1/inbox/" + first.Items[0].ID.String() + "/read"
		require.Equal(t, http.StatusNotFound, s.Do(t, other, "POST", one, nil).Status, "another's message")
		require.Equal(t, http.StatusNoContent, s.Do(t, me, "POST", one, nil).Status)
		read := w.inbox(me.Person)[0].ReadAt
		w.clock.Advance(time.Minute)
		require.Equal(t, http.StatusNoContent, s.Do(t, me, "POST", one, nil).Status, "again changes nothing")
		require.Equal(t, read, w.inbox(me.Person)[0].ReadAt)

		require.Equal(t, http.StatusNoContent, s.Do(t, other, "POST", "/api/v1/inbox/read", map[string]any{"upTo": first.Items[0].ID}).Status)
		s.Do(t, me, "GET", "/api/v1/inbox/unread-count", nil).JSON(t, &unread)
		require.EqualValues(t, 4, unread.Unread)
		require.Equal(t, http.StatusNoContent, s.Do(t, me, "POST", "/api/v1/inbox/read", map[string]any{"upTo": first.Items[2].ID}).Status)
		var left page.Page[MessageView]
		s.Do(t, me, "GET", "/api/v1/inbox?unread=true", nil).JSON(t, &left)
		require.Len(t, left.Items, 1, "what came after the one named stays unread")
		require.Equal(t, first.Items[1].ID, left.Items[0].ID)

		for _, cursor := range []string{"x", page.Encode("x"), page.Encode("a", "b")} {
			require.Equal(t, "page.cursor", s.Do(t, me, "GET", "/api/v1/inbox?cursor="+cursor, nil).Problem(t).Errors[0].Code, cursor)
		}
		require.Equal(t, http.StatusUnauthorized, s.Do(t, authz.Principal{}, "GET", "/api/v1/inbox", nil).Status)
	})
}

func TestPreferencesOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		s, me := newServer(t, w), self(id.New())
		const path = "/api/v1/account/notification-preferences"
		reply := s.Do(t, me, "GET", path, nil)
		require.Equal(t, `"0"`, reply.Header.Get("ETag"))
		var v PreferencesView
		reply.JSON(t, &v)
		require.Equal(t, PreferencesView{SMS: SMSChoices{ByAll, ByEmergency, ByAll, ByNone, ByNone}, Digest: Daily, QuietFrom: "22:00", QuietTo: "07:00"}, v)

		v.QuietFrom, v.QuietTo, v.Digest, v.SMS.Orders = "23:30", "06:15", Weekly, ByNone
		require.Equal(t, http.StatusBadRequest, s.Do(t, me, "PUT", path, v).Status, "without If-Match")
		require.Equal(t, http.StatusOK, s.Do(t, me, "PUT", path, v, "If-Match", `"0"`).Status)
		require.Equal(t, http.StatusPreconditionFailed, s.Do(t, me, "PUT", path, v, "If-Match", `"0"`).Status)
		require.Equal(t, http.StatusPreconditionFailed, s.Do(t, me, "PUT", path, v, "If-Match", `"7"`).Status)
		var again PreferencesView
		reply = s.Do(t, me, "GET", path, nil)
		reply.JSON(t, &again)
		require.Equal(t, v, again)
		require.Equal(t, `"1"`, reply.Header.Get("ETag"))
		stored, err := preferencesOf(t.Context(), db, []id.ID{me.Person})
		require.NoError(t, err)
		require.Equal(t, calendar.Quiet{From: 23*60 + 30, To: 6*60 + 15}, stored[me.Person].Quiet)

		for field, wrong := range map[string]string{"quietFrom": "24:00", "quietTo": "29:00", "digest": "hourly"} {
			body := map[string]any{"sms": v.SMS, "digest": v.Digest, "quietFrom": "22:00", "quietTo": "07:00"}
			body[field] = wrong
			status := s.Do(t, me, "PUT", path, body, "If-Match", `"1"`).Status
			require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, status, field)
		}
	})
}

func TestWebhooksOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, h := newWorld(t, db), newHook(t)
		s, org := newServer(t, w), id.New()
		boss, list := manager(org), "/api/v1/organisations/"+org.String()+"/webhooks"
		body := map[string]any{"name": "值班群", "kind": "dingtalk", "url": h.URL + "/robot/send?access_token=very-secret", "secret": "SECa1b2c3d4", "topics": []string{"workorder.*"}}
		made := s.Do(t, boss, "POST", list, body, "Idempotency-Key", "0123456789")
		require.Equal(t, http.StatusCreated, made.Status, string(made.Body))
		again := s.Do(t, boss, "POST", list, body, "Idempotency-Key", "0123456789")
		require.Equal(t, string(made.Body), string(again.Body), "once")
		var v WebhookView
		made.JSON(t, &v)
		require.True(t, v.HasSecret)
		one := "/api/v1/webhooks/" + v.ID.String()

		tested := s.Do(t, boss, "POST", one+"/test", nil)
		require.Equal(t, http.StatusOK, tested.Status, string(tested.Body))
		calls := h.calls()
		require.Len(t, calls, 1)
		require.Contains(t, string(calls[0].body), "测试消息")
		h.answers(func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) })
		tested = s.Do(t, boss, "POST", one+"/test", nil)
		tested.JSON(t, &v)
		require.Equal(t, "answer_403", v.LastError)
		require.NotNil(t, v.SentAt)
		require.Equal(t, Dead, w.rows()[1].State, "a test is not repeated")

		change := map[string]any{"name": "群", "topics": []string{"*"}, "state": "paused"}
		require.Equal(t, http.StatusOK, s.Do(t, boss, "PUT", one, change, "If-Match", `"1"`).Status)
		require.Equal(t, http.StatusPreconditionFailed, s.Do(t, boss, "PUT", one, change, "If-Match", `"1"`).Status)
		require.Equal(t, "notify.paused", s.Do(t, boss, "POST", one+"/test", nil).Problem(t).Code)

		colleague := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleWorker, Org: org}}}
		office := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleStreetOffice, Org: id.New(), Path: "a/"}}}
		for name, p := range map[string]authz.Principal{"another company": manager(id.New()), "a worker": colleague, "the street": office, "a resident": self(id.New())} {
			for _, r := range []struct {
				method, path string
				body         any
			}{{"GET", list, nil}, {"POST", list, body}, {"GET", one, nil}, {"PUT", one, change}, {"DELETE", one, nil}, {"POST", one + "/test", nil}} {
				status := s.Do(t, p, r.method, r.path, r.body, "If-Match", `"2"`).Status
				require.Contains(t, []int{http.StatusNotFound, http.StatusForbidden}, status, "%s %s %s", name, r.method, r.path)
			}
		}
		all := s.Do(t, boss, "GET", list, nil)
		var views []WebhookView
		all.JSON(t, &views)
		require.Len(t, views, 1)
		require.Equal(t, HookPaused, views[0].State)
		for _, reply := range []apitest.Reply{made, tested, all} {
			require.NotContains(t, string(reply.Body), "very-secret")
			require.NotContains(t, string(reply.Body), "SECa1b2c3d4")
		}
		require.NotContains(t, s.Log.String(), "very-secret")
		require.Equal(t, http.StatusNoContent, s.Do(t, boss, "DELETE", one, nil, "If-Match", `"2"`).Status)
		require.Equal(t, http.StatusNotFound, s.Do(t, boss, "GET", one, nil).Status)
		var audited string
		require.NoError(t, db.Get(t.Context(), &audited, `SELECT MAX(detail) FROM audit_record WHERE object_id = ?`, v.ID))
		require.False(t, strings.Contains(audited, "secret"))
	})
}

// The street office and the community manage the robots of the organisation they have a post in.
func TestWhoManagesWebhooks(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	org := id.New()
	for role, want := range map[authz.Role]bool{authz.RoleManager: true, authz.RoleCommunity: true, authz.RoleStreetOffice: true,
		authz.RoleCommunityWork: false, authz.RoleWorker: false, authz.RoleCommittee: false, authz.RoleOperator: false} {
		p := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: org, Path: "a/b/"}}}
		_, err := w.Webhooks(t.Context(), p, org)
		require.Equal(t, want, err == nil, role)
	}
}

func TestDeadLettersOverHTTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		s := newServer(t, w)
		w.person(Reporter)
		w.refuse = fault.New(fault.RateLimited, "sms.budget")
		for range 3 {
			w.happen("workorder.closed", []int{})
			w.happen("workorder.declined", order())
		}
		w.drain(w.FanOut)
		for range deliveryAtMost {
			w.at(0, 12, 0)
			w.clock.Advance(time.Duration(len(w.rows())) * time.Hour)
			require.NoError(t, db.InTx(t.Context(), dueNow))
			w.drain(w.SendTexts)
		}
		var all []DeadLetter
		for next := ""; ; {
			var got page.Page[DeadLetter]
			s.Do(t, operator, "GET", "/api/v1/system/dead-letters?limit=2&cursor="+next, nil).JSON(t, &got)
			all = append(all, got.Items...)
			if next = got.Next; next == "" {
				break
			}
		}
		require.Len(t, all, 6)
		codes := map[string]int{}
		for i, d := range all {
			codes[d.Kind+" "+d.LastError]++
			if i > 0 {
				require.Less(t, d.ID.String(), all[i-1].ID.String())
			}
		}
		require.Equal(t, map[string]int{"event payload": 3, "delivery sms.budget": 3}, codes)
		for _, d := range all {
			require.Equal(t, http.StatusForbidden, s.Do(t, self(id.New()), "POST", "/api/v1/system/dead-letters/"+d.ID.String()+"/discard", nil).Status)
			require.Equal(t, http.StatusNoContent, s.Do(t, operator, "POST", "/api/v1/system/dead-letters/"+d.ID.String()+"/discard", nil).Status)
			require.Equal(t, http.StatusNotFound, s.Do(t, operator, "POST", "/api/v1/system/dead-letters/"+d.ID.String()+"/repeat", nil).Status)
		}
	})
}

func TestPreferencesSavedAtOnceAreOneVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w, me := newWorld(t, db), self(id.New())
		var mu sync.Mutex
		var wg sync.WaitGroup
		saved := 0
		for range 8 {
			wg.Go(func() {
				_, err := w.SetPreferences(t.Context(), me, Preferences{Digest: Daily, Quiet: night})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					saved++
					return
				}
				require.ErrorIs(t, err, fault.Stale)
			})
		}
		wg.Wait()
		require.Equal(t, 1, saved)
	})
}

func TestExportAndErasure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p, other := w.person(Reporter), w.person(Reporter)
		w.happen("workorder.declined", order())
		w.drain(w.FanOut)
		out, err := w.ExportPerson(t.Context(), db, p)
		require.NoError(t, err)
		require.Len(t, out.Messages, 1)
		require.Equal(t, "工单 NH-20261122-0042 未予受理", out.Messages[0].Title)
		require.NoError(t, db.InTx(t.Context(), erase(w, p)))
		require.Empty(t, w.inbox(p))
		w.drain(w.SendTexts)
		texts := w.received()
		require.Len(t, texts, 1)
		require.Equal(t, w.phones[other], texts[0].Phone)
	})
}

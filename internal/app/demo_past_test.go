package app_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/tally"
)

// The demonstration's past leaves orders in every state, a published month, a published survey with an audit begun, and a trail that
// verifies; a second start changes nothing.
func TestDemonstrationHasAPast(t *testing.T) {
	a, err := app.NewDemonstration(t.Context(), migratedNode(t), quiet, "test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	var out bytes.Buffer
	accounts, err := a.Live(t.Context(), &out)
	require.NoError(t, err)
	require.Contains(t, out.String(), "two months", "a newcomer sees that something goes on")

	for _, state := range []string{"reported", "accepted", "dispatched", "in_progress", "returned", "resolved", "closed", "declined"} {
		require.NotZero(t, rows(t, a, `SELECT COUNT(*) FROM work_order WHERE state = ?`, state), state)
	}
	require.NotZero(t, rows(t, a, `SELECT COUNT(*) FROM work_order WHERE reporter_kind = 'anonymous'`), "a hazard without a name")
	require.NotZero(t, rows(t, a, `SELECT COUNT(*) FROM work_order WHERE identity_rule = 'conduct'`))
	require.NotZero(t, rows(t, a, `SELECT COUNT(*) FROM work_order_escalation`), "something is overdue")
	require.NotZero(t, rows(t, a, `SELECT COUNT(*) FROM work_order_message`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_round WHERE state = 'published'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_round WHERE state = 'frozen'`), "one that opens in a minute")
	require.EqualValues(t, 44, rows(t, a, `SELECT COUNT(*) FROM survey_response`), "three of them on paper")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_lot WHERE state = 'ready' AND taken = 5 AND entered = 3 AND unused = 1`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_objection WHERE state = 'dismissed'`), "by somebody without a hand in the round")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_settlement`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_plan`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM credit_item WHERE state = 'in_force' AND kind = 'bad'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM credit_item WHERE state = 'noticed'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM survey_audit WHERE state = 'open'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM rate_snapshot`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM vote WHERE state IN ('published', 'effective') AND exposure_bp < ?`, tally.TooTelling), "an owners' vote whose totals are shown")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM vote WHERE state = 'open'`))
	require.EqualValues(t, 2, rows(t, a, `SELECT COUNT(*) FROM vote_head WHERE developer = 1 AND units = 4`), "what the developer never sold is one line of each roll")
	require.Zero(t, rows(t, a, `SELECT COUNT(*) FROM vote WHERE developer_paper IS NOT NULL`), "whose authority is to be recorded by hand")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM vote WHERE state = 'proposed'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM vote_proxy WHERE taken_at IS NOT NULL`), "the neighbour votes for somebody who is away")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM renovation WHERE state = 'works' AND plan_number = 2 AND budget_fen = 39000000`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM renovation WHERE state = 'wishes'`))
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM renovation_milestone WHERE actual_on IS NULL AND forecast_on > planned_on`), "one that is delayed")
	require.EqualValues(t, 1, rows(t, a, `SELECT COUNT(*) FROM fund_request WHERE state = 'posted' AND path = 'emergency'`))
	require.Zero(t, rows(t, a, `SELECT COUNT(*) FROM outbox WHERE state = 'dead'`))
	require.NoError(t, a.VerifyAudit(t.Context(), &out, nil))

	password := map[string]string{}
	for _, r := range accounts.Rows {
		password[r.UserName] = r.Password
	}
	owner := &caller{t: t, serve: a.API}
	in := owner.do(http.MethodPost, "/auth/sessions", form{"login": "owner", "password": password["owner"]}).want(201)
	owner.cookie, err = http.ParseSetCookie(in.header.Get("Set-Cookie"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(owner.get("/work-orders?mine=true").at("items").([]any)), 2)
	require.NotEqualValues(t, 0, owner.get("/inbox/unread-count").at("unread"))

	named := map[any]bool{}
	for _, m := range owner.get("/inbox?limit=200").at("items").([]any) {
		if about, ok := m.(map[string]any)["about"].(map[string]any); ok {
			named[about["title"]] = true
		}
	}
	for _, title := range []string{"宁海花园1号楼屋面和管线改造", "1号楼1单元排水立管爆裂抢修"} {
		require.True(t, named[title], "a message names what it is about: %s", title)
	}

	before := rows(t, a, `SELECT COUNT(*) FROM audit_record`)
	again, err := a.Live(t.Context(), &out)
	require.NoError(t, err)
	require.Equal(t, accounts, again)
	require.Equal(t, before, rows(t, a, `SELECT COUNT(*) FROM audit_record`))
}

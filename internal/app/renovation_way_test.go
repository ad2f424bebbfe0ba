package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/clock"
)

// way is a renovation of one building of the demonstration over the API.
type way struct {
	*streets
	clock *clock.Fake
	who   map[string]*caller
	at    string // path of the project
}

func newWay(t *testing.T) *way {
	t.Helper()
	watch := clock.NewFake(today)
	a, err := app.NewAt(t.Context(), migratedNode(t, "REDPROPERTY_LOGIN__IDLE=20000h", "REDPROPERTY_LOGIN__ABSOLUTE=20000h"), quiet, "test", watch)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	w := &way{streets: &streets{App: a, t: t}, clock: watch, who: map[string]*caller{}}
	accounts, err := a.Demonstrate(context.Background())
	require.NoError(t, err)
	for _, row := range accounts.Rows {
		w.who[row.UserName] = w.logIn(row.UserName, row.Password)
	}
	return w
}

func (w *way) day() string { return string(clock.DateOf(w.clock.Now())) }

func (w *way) office() *caller { return w.who["street-office"] }

func (w *way) view() answer { w.t.Helper(); return w.office().get(w.at) }

func (w *way) step(who, path string, body any) { w.t.Helper(); w.who[who].made(w.at+path, body) }

func (w *way) put(who, path string, body any) {
	w.t.Helper()
	w.who[who].do("PUT", w.at+path, body).want(200)
}

// advance asks for the next stage.
func (w *way) advance(stage string) answer {
	w.t.Helper()
	return w.office().do("POST", w.at+"/advance", form{"stage": stage}, "If-Match", w.view().header.Get("ETag"))
}

func (w *way) paper(who, name string) string {
	w.t.Helper()
	return w.who[who].upload(w.at+"/documents", name+".pdf", []byte("%PDF-1.4\n"+name+"\n%%EOF\n")).want(201).text("hash")
}

// toWarranty takes the project from its proposal to its warranty. One item is a line that a utility takes over.
func (w *way) toWarranty() {
	w.t.Helper()
	area := w.office().get("/service-areas").text("items.0.id")
	building := w.office().get("/service-areas/" + area + "/buildings").text("items.0.id")
	w.at = "/renovations/" + w.office().made("/renovations", form{"areaId": area, "name": "1号楼供水立管改造", "why": "立管锈蚀，水发黄。", "parts": []form{{"buildingId": building}},
		"inspections": []form{{"subject": "立管", "finding": "两处接口渗水"}}}).text("id")
	w.advance("wishes").want(200)
	w.put("street-office", "/surveys/wishes", form{"document": w.paper("community", "居民会议记录")})
	w.advance("plan").want(200)
	water := w.office().get("/directory/organisations?kind=utility").text("items.0.id")
	w.office().do("POST", w.at+"/plans", form{"reason": "按会议意见编制", "items": []form{{"key": "water", "code": "water_supply", "title": "供水立管更换", "parts": []form{}, "quantity": 38_000, "budgetFen": 9_500_000, "utilityId": water}}},
		"If-Match", w.view().header.Get("ETag")).want(200)
	w.advance("consent").want(200)
	item := "/items/" + w.view().text("items.0.id")
	if w.view().at("items.0.decisionItem").(float64) > 0 {
		w.put("committee", item+"/consent", form{"heldOn": w.day(), "document": w.paper("committee", "表决结果"),
			"tally": form{"totalArea": 240_000, "totalHeads": 24, "joinedArea": 180_000, "joinedHeads": 18, "favourArea": 160_000, "favourHeads": 16}})
	}
	w.step("street-office", "/funding", form{"source": "utility", "payer": "供水公司", "plannedFen": 9_500_000, "reference": "出资协议", "on": w.day()})
	line := "/funding/" + w.view().text("funding.0.id") + "/entries"
	for _, kind := range []string{"approved", "received"} {
		w.step("street-office", line, form{"kind": kind, "fen": 9_500_000, "on": w.day(), "reference": "协议1号"})
	}
	w.advance("funded").want(200)
	w.put("street-office", "/contractor", form{"contractorId": w.office().get("/directory/organisations?kind=contractor").text("items.0.id"), "reference": "招〔2026〕1号", "on": w.day(), "priceFen": 9_300_000})
	w.advance("tendered").want(200)
	for i, who := range []string{"owner", "neighbour"} {
		w.step(who, "/supervisors", nil)
		w.step("committee", "/supervisors/"+w.who["committee"].get(w.at).text([]string{"supervisors.0.id", "supervisors.1.id"}[i])+"/confirm", nil)
	}
	w.step("street-office", "/milestones", form{"title": "立管换完", "plannedOn": w.day()})
	w.advance("works").want(200)
	w.step("contractor", item+"/progress", form{"quantity": 38_000, "on": w.day()})
	w.step("street-office", line, form{"kind": "paid", "fen": 9_300_000, "on": w.day(), "reference": "发票1号", "itemId": w.view().text("items.0.id")})
	w.advance("acceptance").want(200)
	for _, c := range w.view().at("items.0.checklist").([]any) {
		w.put("street-office", item+"/checks", form{"code": c.(map[string]any)["code"], "result": "pass"})
	}
	for _, who := range []string{"street-office", "contractor", "owner", "neighbour", "utility"} {
		w.step(who, item+"/signatures", form{})
	}
	w.advance("warranty").want(200)
}

// mended does an order of what was found: its contractor sends somebody who puts it right, and the community looks at it.
func (w *way) mended(order string) {
	w.t.Helper()
	at := "/work-orders/" + order
	builder := w.who["contractor"]
	staff := builder.get("/organisations/" + builder.get("/account").text("capacities.0.organisation") + "/posts") // whom the order can be given to
	builder.do("POST", at+"/dispatch", form{"assigneeId": staff.text("items.0.personId")}).want(200)
	w.who["contractor"].do("POST", at+"/arrive", form{}).want(200)
	w.who["contractor"].do("POST", at+"/resolve", form{"text": "接口重新密封，试水不渗。"}).want(200)
	require.Equal(w.t, []any{true, true}, []any{w.view().at("findings.0.open"), w.view().at("findings.0.done")}, "who looks at it is told that it is time")
	w.who["community"].do("POST", at+"/verify", form{}).want(200)
	w.who["community"].do("POST", at+"/close", form{}).want(200)
}

// A project closes only when the last condition is met. Each refusal names in words what is still missing, and nothing has moved.
func TestARenovationClosesWhenNothingIsMissing(t *testing.T) {
	w := newWay(t)
	w.toWarranty()
	w.step("owner", "/findings", form{"kind": "defect", "title": "三楼接口渗水", "itemId": w.view().text("items.0.id")})
	w.exec(`UPDATE arrangement SET kind = 'custody'`)
	refused := func(words ...string) {
		t.Helper()
		a := w.advance("closed").want(409)
		require.Equal(t, "renovation.conditions_missing", a.text("code"))
		for _, word := range []string{"问题整改完毕", "质保期满", "已公布的竣工效果调查", "已公布的一年后效果调查", "长效管理安排", "资金结清"} {
			require.Equal(t, slices.Contains(words, word), strings.Contains(a.text("detail"), word), "%s in %s", word, a.body)
		}
		require.Equal(t, "warranty", w.view().text("state"))
	}
	refused("问题整改完毕", "质保期满", "已公布的竣工效果调查", "已公布的一年后效果调查", "长效管理安排", "资金结清")
	w.mended(w.view().text("findings.0.orderId"))
	refused("质保期满", "已公布的竣工效果调查", "已公布的一年后效果调查", "长效管理安排", "资金结清")
	record := w.paper("community", "竣工评议记录")
	w.put("street-office", "/surveys/completion", form{"document": record})
	refused("质保期满", "已公布的一年后效果调查", "长效管理安排", "资金结清")
	early := w.office().do("PUT", w.at+"/surveys/one_year", form{"document": record}).want(400)
	require.Contains(t, string(early.body), "2027-11-20")
	require.Equal(t, "2027-11-20", w.view().text("yearSurveyFrom"), "and the page says so before anybody tries")

	w.clock.Set(today.AddDate(1, 0, 0))
	w.put("street-office", "/surveys/one_year", form{"document": w.paper("community", "一年后评议记录")})
	refused("质保期满", "长效管理安排", "资金结清")
	w.clock.Set(today.AddDate(2, 0, 0)) // its last day
	refused("质保期满", "长效管理安排", "资金结清")
	w.clock.Set(today.AddDate(2, 0, 1))
	refused("长效管理安排", "资金结清")
	w.exec(`UPDATE arrangement SET kind = 'contract'`)
	refused("资金结清")
	line := w.view().text("funding.0.id")
	w.step("street-office", "/funding/"+line+"/entries", form{"kind": "returned", "fen": 200_000, "on": w.day(), "reference": "退款1号"})

	stale := w.view().header.Get("ETag")
	w.advance("closed").want(200)
	w.office().do("POST", w.at+"/advance", form{"stage": "closed"}, "If-Match", stale).want(412)
	v := w.view()
	require.Equal(t, []any{"closed", w.day()}, []any{v.at("state"), v.at("closedOn")})
	require.NotContains(t, string(v.body), `"next":`)
	require.Equal(t, "closed", w.nobody().get("/public"+w.at).text("stage"), "anybody reads that it is over")
	again := w.office().do("POST", w.at+"/findings", form{"kind": "defect", "title": "又渗水"}).want(409)
	require.Equal(t, "renovation.step_illegal", again.text("code"))
}

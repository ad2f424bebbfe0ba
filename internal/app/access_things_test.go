package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// remark is what a household wrote with its rating, for nobody whom it rates.
const remark = "评价原话不转物业"

// praise, and the estate's name, is what a household let be passed on.
const praise = "维修及时值得表扬"

// happenings fills an estate with one of everything that an operation can name.
func (s *streets) happenings(e *estate, n int) {
	s.contracts(e)
	s.orders(e)
	s.conduct(e)
	s.tasks(e)
	s.surveysPlanned(e)
	s.credits(e)
	s.votesNow(e)
	s.renovations(e)
	s.others(e, n)
}

func (s *streets) households(e *estate) {
	th := e.things
	mine := e.owner.get("/me/memberships")
	th["membershipId"], th["householdId"], th["unitId"] = mine.text("0.id"), mine.text("0.householdId"), mine.text("0.unitId")
	next := e.neighbour.get("/me/memberships")
	e.neighbours = things{"membershipId": next.text("0.id"), "householdId": next.text("0.householdId"), "unitId": next.text("0.unitId")}
	for _, of := range []things{th, e.neighbours} {
		of["ownerId"] = e.community.get("/units/" + of["unitId"] + "/roll").text("owners.0.id")
		of["occupantId"] = e.community.made("/units/"+of["unitId"]+"/occupants", form{"name": "同住家人", "from": "2024-05-01", "relation": "family"}).text("id")
	}
	e.applicant = s.resident(e.name+"-applicant", map[string]string{"own": "申请人丁", "sibling": "邻丙申请人", "foreign": "远丙申请人"}[e.name])
	th["applicationId"] = e.applicant.made("/household-applications", form{"unitId": th["vacantUnitId"], "name": "丙", "relation": "occupant"}).text("id")
	other := s.resident(e.name+"-applicant-2", map[string]string{"own": "申请人戊", "sibling": "邻丙申请人", "foreign": "远丙申请人"}[e.name])
	e.neighbours["applicationId"] = other.made("/household-applications", form{"unitId": e.neighbours["unitId"], "name": "丙", "relation": "occupant"}).text("id")
	stranger := s.resident(e.name+"-stranger", e.name+"陌生人")
	stranger.made("/memberships", form{"code": e.community.made("/units/"+th["unitId"]+"/join-code", nil).text("slips.0.code"), "relation": "occupant"})
	th["contestedId"] = stranger.get("/me/memberships").text("0.id")
	e.owner.made("/memberships/"+th["contestedId"]+"/contest", form{"reason": "unknown"}, "If-Match", `"1"`)
	th["code"] = e.community.made("/units/"+th["vacantUnitId"]+"/join-code", nil).text("slips.0.code")
	change := e.community.made("/unit-changes", form{"kind": "split", "reason": "分户", "sources": []form{{"unitId": th["splitUnitId"], "version": 1}}, "sumReason": "测绘更正", "results": []form{
		{"number": "S1", "use": "residential", "areas": form{"register": 4000}}, {"number": "S2", "use": "residential", "areas": form{"register": 4000}}}})
	th["changeId"] = change.text("id")
}

// contracts: beside the one in force a draft, and one that is being handed over.
func (s *streets) contracts(e *estate) {
	th := e.things
	for _, phase := range []string{"二期", "三期"} {
		area := e.office.made("/service-areas", form{"estateId": th["estateId"], "name": e.name + phase})
		th["serviceAreaId."+phase] = area.text("id")
	}
	th["contractId.draft"] = e.manager.made("/contracts", s.terms(th, "CG-"+e.name, "serviceAreaId.二期")).text("id")
	th["hash"] = e.committee.upload("/contracts/"+th["contractId.draft"]+"/documents", "纪要.pdf", []byte(paper)).want(201).text("hash")
	th["contractId.ready"], th["contractId.signed"] = s.decided(e, "YJ-"+e.name), s.decided(e, "QD-"+e.name)
	for _, party := range []*caller{e.manager, e.committee} {
		path := "/contracts/" + th["contractId.signed"]
		party.made(path+"/sign", nil, "If-Match", party.get(path).header.Get("ETag"))
	}
	th["arrangementId.二期"] = e.office.get("/service-areas/" + th["serviceAreaId.二期"] + "/arrangement").text("id")
	th["arrangementId"] = e.office.get("/service-areas/" + th["serviceAreaId"] + "/arrangement").text("id")
	e.office.upload("/contracts/"+th["contractId"]+"/documents", "通知.pdf", []byte(paper)).want(201)
	th["contractId.handover"] = e.office.made("/running-contracts", s.terms(th, "JJ-"+e.name, "serviceAreaId.三期")).text("id")
	e.office.upload("/contracts/"+th["contractId.handover"]+"/documents", "协议.pdf", []byte(paper)).want(201)
	e.office.made("/contracts/"+th["contractId.handover"]+"/terminate", form{"ground": "agreement", "endedOn": clock.DateOf(today), "document": th["hash"]})
	e.manager.made("/contracts/"+th["contractId.handover"]+"/handover/keys/deliver", form{"note": "全部钥匙"})
	th["deliveredItem"] = "keys"
	th["item"] = e.manager.get("/contracts/" + th["contractId.handover"] + "/handover").text("0.item")
}

// decided is a draft that the owners decided on.
func (s *streets) decided(e *estate, number string) string {
	s.t.Helper()
	terms := s.terms(e.things, number, "serviceAreaId.二期")
	terms["startsOn"] = clock.DateOf(today)
	draft := e.manager.made("/contracts", terms).text("id")
	hash := e.committee.upload("/contracts/"+draft+"/documents", "纪要.pdf", []byte(paper)).want(201).text("hash")
	e.committee.do("PUT", "/contracts/"+draft+"/decision", form{"heldOn": clock.DateOf(today), "document": hash, "totalArea": 100, "totalHeads": 10,
		"joinedArea": 90, "joinedHeads": 9, "favourArea": 80, "favourHeads": 8}).want(200)
	return draft
}

// report makes an order of a household and returns its id.
func (s *streets) report(by *caller, category string, where form, more form) string {
	s.t.Helper()
	in := form{"where": where, "category": category, "title": "报事", "description": "请来看看。"}
	for k, v := range more {
		in[k] = v
	}
	return by.made("/work-orders", in).text("order.id")
}

// orders in the states that matter, each made as people make them.
func (s *streets) orders(e *estate) {
	th, defect := e.things, form{"serviceAreaId": e.things["serviceAreaId"]}
	s.repairs(e, th, e.owner, th["unitId"])
	s.repairs(e, e.neighbours, e.neighbour, e.neighbours["unitId"])
	for of, by := range map[*things]*caller{&e.things: e.owner, &e.neighbours: e.neighbour} {
		(*of)["order.defect"] = s.report(by, "lift.entrapment", defect, nil)
		s.work(e, by, (*of)["order.defect"], "working")
		(*of)["photoId"] = s.photo(by, (*of)["order.working"])
		(*of)["messageId"] = e.worker.made("/work-orders/"+(*of)["order.working"]+"/messages", form{"text": "下午三点到。"}).text("id")
		(*of)["revealId"] = e.community.made("/work-orders/"+(*of)["order.defect"]+"/reveals", form{"reason": "callback"}).text("id")
	}
	th["order.triaged"] = s.report(e.owner, "access.camera", defect, nil)
	th["order.duplicate"] = s.report(e.owner, "access.barrier", defect, nil)
	for kind, number := range map[string]string{"department": "12345-A", "utility": "12345-B"} {
		for _, state := range []string{"", "_at_work"} {
			order := e.community.made("/front-desk-orders", form{"where": defect, "category": "power.common_light", "externalNumber": number + state}).text("order.id")
			e.community.made("/work-orders/"+order+"/route", form{"handlerId": th["org."+kind], "reason": "归其管理"})
			th["order.of_"+kind+state] = order
		}
	}
	th["order.public"] = e.committee.made("/inspection-orders", form{"where": defect, "category": "power.common_light"}).text("order.id")
	s.work(e, e.committee, th["order.public"], "verified")
	th["order.of_caller"] = e.manager.made("/front-desk-orders", form{"where": defect, "category": "access.door", "callerName": "来电人", "callerPhone": s.phone()}).text("order.id")
	s.work(e, nil, th["order.of_caller"], "resolved")
}

// repairs are orders of one household in every state.
func (s *streets) repairs(e *estate, th things, by *caller, unit string) {
	s.t.Helper()
	for _, state := range []string{"reported", "accepted", "dispatched", "working", "resolved", "verified", "closed", "rated", "paused", "returned", "deferral", "deferred", "extension"} {
		th["order."+state] = s.report(by, "water.home_plumbing", form{"unitId": unit}, nil)
		s.work(e, by, th["order."+state], state)
	}
}

// work takes an order as far as the state says; its reporter confirms.
func (s *streets) work(e *estate, reporter *caller, order, until string) {
	s.t.Helper()
	path := "/work-orders/" + order
	if until == "reported" {
		return
	}
	e.manager.made(path+"/accept", nil)
	if until == "accepted" {
		return
	}
	e.manager.made(path+"/dispatch", form{"assigneeId": e.worker.person})
	if until == "returned" {
		e.manager.made(path+"/object", form{"clause": "第八条", "reason": "属于专有部分"})
	}
	if until == "dispatched" || until == "returned" {
		return
	}
	e.worker.made(path+"/arrive", nil)
	if s.waits(e, path, until) {
		return
	}
	e.worker.made(path+"/control", nil)
	e.worker.made(path+"/resolve", form{"text": "已修好"})
	switch until {
	case "verified":
		e.community.made(path+"/verify", form{})
	case "closed":
		reporter.made(path+"/confirm", form{})
	case "rated":
		reporter.made(path+"/confirm", form{})
		if reporter == e.neighbour {
			reporter.made(path+"/ratings", form{"solved": "yes", "satisfied": 5, "remark": praise + e.name, "passOn": true})
			return
		}
		reporter.made(path+"/ratings", form{"solved": "partly", "satisfied": 1, "remark": remark, "passOn": false})
	}
}

// waits takes an order that is worked on to where somebody has to decide or to come.
func (s *streets) waits(e *estate, path, until string) bool {
	s.t.Helper()
	switch until {
	case "working":
	case "paused":
		e.worker.made(path+"/pause", form{"reason": "resident_absent", "evidence": "敲门无人应答"})
	case "deferral", "deferred":
		e.manager.made(path+"/propose-deferral", form{"plan": "等待配件到货后更换", "reviewOn": "2026-12-10"})
		if until == "deferred" {
			e.community.made(path+"/decide-deferral", form{"approve": true, "reason": "同意"})
		}
	case "extension":
		e.manager.made(path+"/propose-extension", form{"minutes": 30, "reason": "等待配件到货"})
	default:
		return false
	}
	return true
}

func (s *streets) photo(by *caller, order string) string {
	s.t.Helper()
	return by.upload("/work-orders/"+order+"/photos", "p.png", picture(s.t), "kind", "report").want(201).text("id")
}

// conduct are cases against the company, and the pressure that followed.
func (s *streets) conduct(e *estate) {
	for of, by := range map[*things]*caller{&e.things: e.owner, &e.neighbours: e.neighbour} {
		th := *of
		th["order.conduct"] = s.report(by, "conduct.staff", form{"serviceAreaId": e.things["serviceAreaId"]}, form{"partyOrgId": e.things["org.company"]})
		e.community.made("/work-orders/"+th["order.conduct"]+"/accept", nil)
		th["statementId"] = e.community.made("/work-orders/"+th["order.conduct"]+"/statements", form{"caseText": "有居民反映工作人员态度粗暴，请说明当日情况。"}).text("id")
		by.made("/work-orders/"+th["order.conduct"]+"/pressure-reports", form{"kind": "contacted", "text": "被打了电话"})
		th["reportId"] = e.office.get("/pressure-reports").text("items.orderId=" + th["order.conduct"] + ".id")
	}
	e.things["order.conduct_new"] = s.report(e.owner, "conduct.staff", form{"serviceAreaId": e.things["serviceAreaId"]}, form{"partyOrgId": e.things["org.company"]})
}

// tasks are what background jobs make of orders: an escalation to the street's queue, and a sample to be checked.
func (s *streets) tasks(e *estate) {
	at := clock.At(today)
	for _, th := range []things{e.things, e.neighbours} {
		order := s.id(th["order.rated"])
		s.exec(`INSERT INTO work_order_escalation (id, order_id, round, stage, level, severity, audience, queued, told, digest, reached_at, at) VALUES (?, ?, 1, 'accept', 200, 'normal', 'street_office', 1, 1, 0, ?, ?)`,
			id.New(), s.id(th["order.reported"]), at, at)
		s.exec(`INSERT INTO work_order_check (order_id, closure_no, community_id, month, drawn_at, state, note) VALUES (?, 1, ?, '2026-11', ?, 'open', '')`, order, s.id(e.things["communityId"]), at)
	}
}

func (s *streets) others(e *estate, n int) {
	th := e.things
	where := th["communityId"]
	th["windowId"] = e.office.made("/weather-windows", form{"areaId": where, "kind": "rain", "reason": "暴雨黄色预警", "from": today.Format(time.RFC3339)}).text("id")
	th["crossAppointmentId"] = e.office.made("/cross-appointments", form{"personId": e.community.person, "homeOrganisationId": th["org.community_party"], "hostOrganisationId": th["org.committee"], "kind": "party_guide"}).text("id")
	th["interestId"] = e.worker.made("/interests", form{"companyId": th["org.company"], "holder": "relative", "nature": "supply"}).text("id")
	file := []byte("小区,物业服务区域,楼栋,房号,建筑面积\n" + fmt.Sprintf("新小区%d,新小区%d,1号楼,101,89.53\n", n, n))
	th["importId"] = e.community.upload("/imports/estate", "e.csv", file, "target", th["communityId"]).want(202).text("id")
	th["webhookId"] = s.webhook(e.manager, th["org.company"])
	if n != 1 { // the sibling's street is ours
		th["snapshotId"] = e.office.made("/reports/snapshots", form{"streetId": th["streetId"], "month": "2026-10"}).text("id")
	} else {
		th["snapshotId"] = s.own.things["snapshotId"]
	}
	th["postId"] = e.worker.get("/me/posts").text("0.id")
	th["personId"], th["communityPersonId"], th["ownerPersonId"] = e.worker.person, e.community.person, e.owner.person
	th["contestId"], e.neighbours["contestId"] = th["membershipId"], e.neighbours["membershipId"]
	th["org.empty"] = s.organisation(org.Utility, e.name+"供热公司", th["streetId"])
	th["organisationId"], th["appointRole"] = th["org.company"], "worker"
	s.accountThings(th, e.owner)
	s.accountThings(e.neighbours, e.neighbour)
}

func (s *streets) webhook(by *caller, organisation string) string {
	s.t.Helper()
	return by.made("/organisations/"+organisation+"/webhooks", form{"kind": "generic", "name": "值班群", "url": "https://robot.example.org/hook", "secret": "0123456789abcdef", "topics": []string{"workorder.reported"}}).text("id")
}

// accountThings are what belongs to an account: a second session, a token, a message.
func (s *streets) accountThings(th things, of *caller) {
	s.t.Helper()
	th["accountId"] = of.account
	th["sessionId"] = of.get("/account/sessions").text("0.id")
	th["inboxId"] = s.message(of)
	th["tokenId"] = s.token(of)
}

// message puts one into an inbox, as the fan-out would.
func (s *streets) message(of *caller) string {
	s.t.Helper()
	which := id.New()
	s.exec(`INSERT INTO inbox_message (id, person_id, event_id, topic, subject_id, template, params, urgency, created_at) VALUES (?, ?, ?, 'workorder.message', ?, 'order.message', '{}', 0, ?)`,
		which, s.id(of.person), id.New(), id.New(), clock.At(today))
	return which.String()
}

// token gives the account an API token; residents cannot make one by themselves.
func (s *streets) token(of *caller) string {
	s.t.Helper()
	which := id.New()
	s.exec(`INSERT INTO api_token (id, token_hash, account_id, name, scopes, expires_at, created_at) VALUES (?, ?, ?, 'test', 'workorder.read', ?, ?)`,
		which, append(which[:], which[:]...), s.id(of.account), clock.At(today.AddDate(0, 1, 0)), clock.At(today))
	return which.String()
}

func (s *streets) exec(query string, args ...any) {
	s.t.Helper()
	require.NoError(s.t, s.DB.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

// ownThings says what is whose, where that is not simply the demonstration estate's: a department has the orders
// routed to it, a tenant the tenant's household, everybody their own post, session, token and messages.
func (s *streets) ownThings() {
	own := s.own.things
	own["feedbackId"] = s.own.manager.made("/platform/feedback", form{"kind": "suggestion", "text": "导出时请带上小区名称。"}).text("id")
	for _, kind := range []string{"department", "utility"} {
		c, work := s.roles[kind], own["order.of_"+kind+"_at_work"]
		c.made("/work-orders/"+work+"/dispatch", form{"assigneeId": c.person})
		c.made("/work-orders/"+work+"/arrive", nil)
		th := things{"personId": c.person}
		for name := range own {
			if strings.HasPrefix(name, "order.") {
				th[name] = work
			}
		}
		th["order.reported"], th["order.accepted"] = own["order.of_"+kind], own["order.of_"+kind]
		s.asOwn[kind] = th
	}
	tenant := s.roles["occupant"].get("/me/memberships")
	th := things{"membershipId": tenant.text("0.id"), "householdId": tenant.text("0.householdId"), "unitId": tenant.text("0.unitId")}
	s.repairs(s.own, th, s.roles["occupant"], th["unitId"])
	th["order.defect"], th["order.conduct"], th["photoId"] = th["order.working"], th["order.working"], s.photo(s.roles["occupant"], th["order.working"])
	s.asOwn["occupant"] = th
	s.asOwn["account"] = things{"applicationId": own["applicationId"]}
	organisations := map[string]string{"operator": "operator", "street_party": "street_party", "street_office": "street_office", "community": "community_party", "community_work": "residents_committee",
		"manager": "company", "worker": "company", "committee": "committee", "department": "department", "utility": "utility"}
	for role, c := range s.roles {
		if role == "anonymous" || role == "neighbour" {
			continue
		}
		th := things{}
		s.accountThings(th, c)
		if kind, ok := organisations[role]; ok {
			th["organisationId"] = own["org."+kind]
			th["myPostId"], th["appointRole"] = c.get("/me/posts").text("0.id"), roleOf(role)
		}
		if role == "community" || role == "street_office" {
			th["webhookId"] = s.webhook(c, th["organisationId"])
		}
		if role == "community" || role == "community_work" {
			th["postId"] = s.own.committee.get("/me/posts").text("0.id")
		}
		if role == "manager" {
			th["revealId"] = c.made("/work-orders/"+own["order.defect"]+"/reveals", form{"reason": "emergency"}).text("id")
		}
		s.asOwn[role] = s.asOwn[role].with(th)
	}
}

// roleOf is whom somebody of a role appoints.
func roleOf(role string) string {
	if role == "manager" {
		return "worker"
	}
	return role
}

// limits are those that an account meets here: it asks what a thousand people ask in a month.
var limits = []ratelimit.Name{ratelimit.WritesPerAccount, ratelimit.ExportsPerAccount, ratelimit.RevealsPerAccount, ratelimit.WorkOrdersPerAccountHour,
	ratelimit.WorkOrdersPerAccountDay, ratelimit.DeskOrdersPerAccountHour, ratelimit.JoinTriesPerAccount, ratelimit.DoorSearchesPerAccount}

// unlimited lifts limits for a subject.
func (s *streets) unlimited(names []ratelimit.Name, subject ...string) {
	s.t.Helper()
	store := ratelimit.NewStore(s.DB)
	require.NoError(s.t, s.DB.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		for _, name := range names {
			key, err := s.Limits.OverrideKey(name, subject...)
			if err != nil {
				return err
			}
			o := ratelimit.Override{Name: name, Key: key, Author: id.New(), Comment: "test", Enabled: true, Limit: ratelimit.Rate{Burst: 100_000, Count: 100_000, Period: 24 * time.Hour}}
			if err := store.Add(ctx, tx, o, clock.At(today)); err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(s.t, s.Overrides.Refresh(context.Background()))
}

// settle does the background work that makes things readable: the trail is sealed, a delivery has failed for good.
func (s *streets) settle() {
	ctx := context.Background()
	l, err := job.Acquire(ctx, s.DB, "test", id.New(), clock.At(today), time.Minute)
	require.NoError(s.t, err)
	_, err = (&audit.Sealer{DB: s.DB, Ledger: s.Ledger}).Do(ctx, l)
	require.NoError(s.t, err)
	dead := id.New()
	payload, err := json.Marshal(map[string]string{})
	require.NoError(s.t, err)
	s.exec(`INSERT INTO outbox (id, topic, subject_id, payload, state, attempts, due_at, created_at, last_error) VALUES (?, 'workorder.reported', ?, ?, 'dead', 9, ?, ?, 'test')`,
		dead, id.New(), string(payload), clock.At(today), clock.At(today))
	s.own.things["deadLetterId"] = dead.String()
	_, token, err := s.Orders.MintCallerLink(ctx, s.id(s.own.things["order.of_caller"]))
	require.NoError(s.t, err)
	s.own.things["token"] = token
	order := s.own.things["order.of_caller"] // whoever has its link is the order, to the limits
	s.unlimited([]ratelimit.Name{ratelimit.MessagesPerOrderAccount}, order, order)
}

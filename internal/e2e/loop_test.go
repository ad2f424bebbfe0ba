package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The whole loop by hand, on each engine: contract, work order, rating, audit.
func TestLoop(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		w := explore(install(t, e).up("demo"))
		everybodyLogsIn(w)
		placesAreThere(w)
		contractInForce(w)
		order := orderRunsItsCourse(w)
		ratesAreRead(w)
		trailShows(w, order)
		ledgerProves(w)
		w.verify()
		w.stop()
		w.verify()
		w.up("demo") // a second start makes nothing twice
		require.Len(t, w.as("street-office").get("/service-areas").want(200).list("items"), 2)
	})
}

// roles are the demonstration's accounts and the role that each must have.
var roles = map[string]string{
	"operator": "operator", "street-party": "street_party", "street-office": "street_office", "street-deputy": "street_office", "community": "community", "community-worker": "community_work",
	"manager": "manager", "worker": "worker", "committee": "committee", "department": "department", "utility": "utility",
	"owner": "owner", "tenant": "occupant", "neighbour": "owner",
}

func everybodyLogsIn(w *world) {
	for name, role := range roles {
		self := w.as(name).get("/account").want(200)
		require.Equal(w.t, role, self.str("capacities.0.role"), name)
		require.NotEmpty(w.t, self.list("capacities.0.permissions"), name)
	}
	w.nobody().get("/account").refused(401, "auth.required")
	w.nobody().post("/auth/sessions", obj{"login": "owner", "password": "not-the-password"}).refused(401, "auth.credentials")
	w.nobody().post("/auth/sessions", obj{"login": "nobody-has-this", "password": "not-the-password"}).refused(401, "auth.credentials")
}

// placesAreThere: the real divisions, and what each role sees of the estate.
func placesAreThere(w *world) {
	office := w.as("street-office")
	district := office.get("/areas/" + w.street).want(200).id("parentId")
	streets, communities := office.get("/areas?limit=200&parentId="+district).want(200), int64(0)
	require.Len(w.t, streets.list("items"), 13, "streets and towns of 牟平区")
	for i := range streets.list("items") {
		communities += streets.num(fmt.Sprintf("items.%d.children", i))
	}
	require.EqualValues(w.t, 584, communities)

	for _, who := range []string{"street-office", "street-party", "community", "community-worker", "manager", "committee", "owner", "tenant"} {
		u := w.as(who)
		require.True(w.t, u.get("/service-areas").want(200).has("items", "id", w.serviceArea), who)
		require.Equal(w.t, "contract", u.get("/service-areas/"+w.serviceArea+"/arrangement").want(200).str("kind"), who)
		require.True(w.t, u.get("/places/search?q=nhhy").want(200).has("items", "name", "宁海花园"), who)
	}
	terms := w.as("tenant").get("/service-areas/" + w.serviceArea + "/contract-terms").want(200)
	require.Equal(w.t, "NH-2026-001", terms.str("contract.number"))
	require.True(w.t, w.as("manager").get("/contracts").want(200).has("items", "number", "NH-2026-001"))

	members := w.as("community").get("/units/" + w.unit + "/memberships").want(200)
	require.NotContains(w.t, string(members.Body), "沈女士", "masked to the community")
	require.Contains(w.t, string(w.as("owner").get("/units/"+w.unit+"/memberships").want(200).Body), "沈女士")
	w.as("neighbour").get("/units/" + w.unit + "/memberships").want(404)
	w.as("owner").get("/units/" + w.unit).want(200)
	w.as("neighbour").get("/units/" + w.unit).want(404)
}

// minutes stands for the scanned minutes of the owners' meeting.
const minutes = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// contractInForce brings a new contract of a new estate into force: draft, evidence, two signatures, start.
func contractInForce(w *world) {
	office, manager := w.as("street-office"), w.as("manager")
	h := newHomes(office, w.communityArea, "滨海新居")
	committee := organisation(office, "committee", "滨海新居业主委员会", h.estate)
	chair := w.appointed(office, committee, "committee", "钱主任", "2026-05-01 业主大会选举")

	today, next := time.Now().In(shanghai).Format(time.DateOnly), time.Now().In(shanghai).AddDate(2, 0, 0).Format(time.DateOnly)
	draft := obj{
		"serviceAreaId": h.serviceArea, "companyId": w.company, "ownersId": committee, "number": "BH-1", "kind": "ordinary", "feeMethod": "lump_sum",
		"startsOn": today, "endsOn": next, "fees": []obj{{"unitKind": "residential", "fen": 150, "per": "area_month"}},
		"items": []obj{{"name": "保洁", "standard": "每日一次"}}, "sla": []obj{{"severity": "normal", "acceptMin": 20, "fixMin": 600, "clock": "working"}},
		"bands": []obj{}, "promises": []string{"电话有人接听"}, "subcontracts": []obj{}, "periods": []obj{},
	}
	made := manager.post("/contracts", draft, once()...).want(201)
	path := "/contracts/" + made.id("id")
	manager.post("/contracts", draft, once()...).refused(409, "contract.number_taken")
	manager.post(path+"/sign", nil, made.match()...).refused(409, "contract.decision_missing")

	document := chair.upload(path+"/documents", "file", "会议纪要.pdf", []byte(minutes)).want(201).id("hash")
	decision := obj{"heldOn": today, "document": document, "totalArea": 32000, "totalHeads": 4, "joinedArea": 24000, "joinedHeads": 3, "favourArea": 12000, "favourHeads": 2}
	manager.put(path+"/decision", decision).refused(403, "contract.not_owners_side")
	chair.put(path+"/decision", decision).refused(409, "contract.decision_failed") // exactly half of the area is not more than half
	decision["favourArea"] = 16000
	chair.put(path+"/decision", decision).want(200)

	current := manager.get(path).want(200)
	office.post(path+"/bring-into-force", nil).refused(409, "contract.step_illegal")
	manager.post(path+"/sign", nil, made.match()...).want(412)
	manager.post(path+"/sign", nil, current.match()...).want(200)
	signed := chair.post(path+"/sign", nil, chair.get(path).want(200).match()...).want(200)
	require.Equal(w.t, "signed", signed.str("state"))
	require.Equal(w.t, "none", office.get("/service-areas/"+h.serviceArea+"/arrangement").want(200).str("kind"), "signed is not in force")

	require.Equal(w.t, "in_force", office.post(path+"/bring-into-force", nil).want(200).str("state"))
	now := chair.get("/service-areas/" + h.serviceArea + "/arrangement").want(200)
	require.Equal(w.t, "contract", now.str("kind"))
	require.Equal(w.t, w.company, now.str("handlerId"))
	require.True(w.t, office.get("/contract-deadlines?serviceAreaId="+h.serviceArea).want(200).has("items", "kind", "filing"))
	office.put(path+"/filing", obj{"filedOn": today, "number": "备-1"}).want(200)

	// What the new contract promises, the next order carries.
	resident := w.joins(w.as("community"), h.units[0], "occupant")
	order := resident.get("/work-orders/" + w.report(resident, h.units[0])).want(200)
	require.Equal(w.t, "promised", order.str("times.source"))
	require.EqualValues(w.t, 600, order.num("times.stages.3.minutes"))
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// orderRunsItsCourse takes an order of the demonstration estate from the report to the call-back.
func orderRunsItsCourse(w *world) string {
	t := w.t
	owner, manager, worker, community := w.as("owner"), w.as("manager"), w.as("worker"), w.as("community")
	order := w.report(owner, w.unit)
	path := "/work-orders/" + order

	require.True(t, manager.get("/work-orders?waitingForMe=true").want(200).has("items", "id", order), "the company is asked to act")
	w.step(worker, order, "accept", nil).want(403)
	w.step(manager, order, "resolve", obj{"text": "好了"}).refused(409, "workorder.step_illegal")
	w.step(manager, order, "accept", nil).want(200)
	w.step(manager, order, "dispatch", obj{"assigneeId": w.team}).want(200)
	require.True(t, worker.get("/work-orders?mine=true").want(200).has("items", "id", order))
	require.Equal(t, "沈女士", worker.post(path+"/contact", obj{"reason": "visit"}).want(200).str("name"), "whom to ring at the door")
	manager.post(path+"/contact", obj{"reason": "visit"}).want(403)
	w.step(worker, order, "arrive", nil).want(200)
	w.step(worker, order, "control", nil).want(200)
	w.step(worker, order, "resolve", obj{"text": "更换了阀芯，试水不漏。"}).want(200)
	w.step(manager, order, "verify", obj{}).want(403)
	require.Equal(t, "closed", w.step(owner, order, "confirm", obj{}).want(200).str("state"))
	worker.post(path+"/contact", obj{"reason": "visit"}).want(403)

	low := obj{"solved": "partly", "satisfied": 1, "remark": "态度可以再好一些", "passOn": true}
	w.step(owner, order, "ratings", low).want(204)
	w.step(owner, order, "ratings", low).refused(409, "workorder.rated_already")
	w.step(w.as("neighbour"), order, "ratings", low).want(404)
	w.step(manager, order, "ratings", low).want(403)
	require.Len(t, owner.get(path).want(200).list("ratings"), 1)
	for _, who := range []*user{manager, worker} {
		seen := who.get(path).want(200)
		require.Empty(t, seen.list("ratings"), "the handler never sees a rating")
		require.NotContains(t, string(seen.Body), "态度可以")
	}
	require.True(t, community.get("/work-order-callbacks").want(200).has("items", "orderId", order), "a low answer opens a call-back")
	w.step(manager, order, "callback", obj{"outcome": "answered"}).want(403)
	w.step(community, order, "callback", obj{"outcome": "answered", "note": "已当面致歉"}).want(204)
	require.False(t, community.get("/work-order-callbacks").want(200).has("items", "orderId", order))

	steps := []string{}
	events := manager.get(path + "/events").want(200)
	for i := range events.list("") {
		steps = append(steps, events.str(fmt.Sprintf("%d.step", i)))
	}
	require.Equal(t, []string{"report", "accept", "dispatch", "arrive", "control", "resolve", "confirm"}, steps[:7])
	return order
}

// trailShows: the street reads who did what, the community its own, others nothing.
func trailShows(w *world, order string) {
	trail := w.as("street-party").get("/audit/records?limit=200&objectKind=work_order&objectId=" + order).want(200)
	for _, action := range []string{"workorder.report", "workorder.accept", "workorder.dispatch", "workorder.resolve", "workorder.confirm"} {
		require.True(w.t, trail.has("items", "action", action), "%s is not in the trail: %s", action, trail.Body)
	}
	require.NotContains(w.t, string(trail.Body), "水龙头", "no text of people in the trail")
	require.Equal(w.t, w.as("street-party").get("/work-orders/"+order).want(200).id("number"), trail.id("items.0.objectName"), "a record says which order it is about")
	w.as("manager").get("/audit/records").want(403)
	w.as("owner").get("/audit/records").want(403)
}

// ledgerProves checks, with nothing but public answers and the C2SP formats, that every leaf of the trail is
// in the signed tree, that the tree only grew, and that the file outside has the same checkpoint.
func ledgerProves(w *world) {
	t, public := w.t, w.nobody()
	verifier, err := note.NewVerifier(public.get("/ledger/key").want(200).id("verifierKey"))
	require.NoError(t, err)
	records := sealed(w)

	size, root := head(t, verifier, public.get("/ledger/audit/checkpoint").want(200).id("note"))
	require.Greater(t, size, records, "the sealed record lies in the tree")
	for _, index := range []int64{0, records, size - 1} {
		leaf := public.get(fmt.Sprintf("/ledger/audit/leaves?from=%d&limit=1", index)).want(200)
		content, err := base64.StdEncoding.DecodeString(leaf.id("0.hash"))
		require.NoError(t, err)
		proof := public.get(fmt.Sprintf("/ledger/audit/inclusion?index=%d&size=%d", index, size)).want(200)
		require.NoError(t, tlog.CheckRecord(hashes(t, proof), size, root, index, tlog.RecordHash(content)))
		content[0] ^= 1
		require.Error(t, tlog.CheckRecord(hashes(t, proof), size, root, index, tlog.RecordHash(content)))
	}
	half := size / 2
	older := public.get(fmt.Sprintf("/ledger/audit/inclusion?index=0&size=%d", half)).want(200)
	grown := public.get(fmt.Sprintf("/ledger/audit/consistency?from=%d&to=%d", half, size)).want(200)
	require.NoError(t, tlog.CheckTree(hashes(t, grown), size, root, half, hashOf(t, older.id("root"))))
	require.Eventually(t, func() bool { return exists(w.setting("REDPROPERTY_LEDGER__FILES")) }, 20*time.Second, 100*time.Millisecond, "checkpoints leave the program")
}

// sealed waits until the newest record that the street sees is in the ledger, and returns its number.
func sealed(w *world) int64 {
	party := w.as("street-party")
	newest := party.get("/audit/records?limit=1").want(200).id("items.0.id")
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		page := party.get("/audit/records?limit=50").want(200)
		if entry := page.num(page.find("items", "id", newest) + ".entry"); entry >= 0 {
			return entry
		}
	}
	w.t.Fatal("the newest record is not sealed within 15 s")
	return 0
}

// head reads a signed checkpoint.
func head(t *testing.T, v note.Verifier, signed string) (int64, tlog.Hash) {
	t.Helper()
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	require.NoError(t, err)
	lines := strings.Split(n.Text, "\n")
	var size int64
	_, err = fmt.Sscan(lines[1], &size)
	require.NoError(t, err)
	return size, hashOf(t, lines[2])
}

func hashOf(t *testing.T, text string) tlog.Hash {
	t.Helper()
	h, err := tlog.ParseHash(text)
	require.NoError(t, err)
	return h
}

func hashes(t *testing.T, r reply) (out []tlog.Hash) {
	t.Helper()
	var proof struct{ Hashes []string }
	require.NoError(t, json.Unmarshal(r.Body, &proof))
	for _, h := range proof.Hashes {
		out = append(out, hashOf(t, h))
	}
	return out
}

// ratesAreRead: the street reads the month so far, ratings of fewer than five households hidden; it publishes a
// month that is over, once, and not the running one.
func ratesAreRead(w *world) {
	t, office, party := w.t, w.as("street-office"), w.as("street-party")
	now := time.Now().In(shanghai)
	month, before := now.Format("2006-01"), now.AddDate(0, -1, 1-now.Day()).Format("2006-01")
	rates := party.get("/reports/rates?dimension=company&month=" + month).want(200)
	require.EqualValues(t, 1, rates.num("total.orders.closed"), "%s", rates.Body)
	require.Nil(t, rates.at("total.ratings.satisfaction"), "one household is no group")
	w.as("manager").get("/reports/rates?month=" + month + "&areaId=" + w.serviceArea).want(404)
	w.as("owner").get("/reports/rates?month=" + month + "&areaId=" + w.serviceArea).want(404)

	publish := obj{"streetId": w.street, "month": month}
	office.post("/reports/snapshots", publish).refused(409, "report.month_not_over")
	publish["month"] = before
	w.as("community").post("/reports/snapshots", publish).want(403)
	published := office.post("/reports/snapshots", publish, once()...).want(201)
	office.post("/reports/snapshots", publish, once()...).refused(409, "report.published_already")
	party.get("/reports/snapshots/" + published.id("id")).want(200)
	require.Eventually(t, func() bool {
		out, code := command(t, w.env, "verify", "rates", "--month", before)
		return code == 0 && strings.Contains(out, "0 wait to be sealed")
	}, 20*time.Second, 500*time.Millisecond, "the published month verifies")
}

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/org"
)

// Another company, another community of the same street, another street and a resident of another estate try
// every operation of the API on what is not theirs. They find nothing, learn nothing and change nothing.
func TestForeignTenants(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e engine) {
		w := explore(install(t, e).up("demo"))
		things := w.things()
		foreigners := w.foreigners()
		ops := operations(w)
		db := w.database()
		before := map[string]int64{}
		for _, table := range guarded {
			before[table] = count(t, db, "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM "+table)
		}
		tried := 0
		for _, f := range foreigners {
			for _, op := range ops {
				tried += w.attempt(f, op, things)
			}
		}
		require.Greater(t, tried, 4*80, "operations on a thing were tried")
		for _, table := range guarded {
			require.Equal(t, before[table], count(t, db, "SELECT COUNT(*) + COALESCE(SUM(version), 0) FROM "+table), "%s changed", table)
		}
	})
}

// guarded are the tables whose rows are counted and whose versions are added up before and after.
var guarded = []string{"work_order", "contract", "household_member", "area", "service_area", "building", "unit", "public_area", "organisation", "post"}

// things are the demonstration's own, by the name of the path parameter that names them: things["unitId"].
func (w *world) things() map[string]string {
	owner, manager, community := w.as("owner"), w.as("manager"), w.as("community")
	out := map[string]string{
		"serviceAreaId": w.serviceArea, "areaId": w.estate, "estateId": w.estate, "unitId": w.unit, "householdId": w.household,
		"organisationId": w.company, "companyId": w.company, "communityId": w.communityArea, "streetId": w.street, "order": w.report(owner, w.unit),
	}
	out["orderId"] = out["order"]
	contracts := manager.get("/contracts").want(200)
	out["contractId"] = contracts.id(contracts.find("items", "number", "NH-2026-001") + ".id")
	out["membershipId"] = owner.get("/me/memberships").want(200).id("0.id")
	posts := manager.get("/organisations/" + w.company + "/posts").want(200)
	out["postId"] = posts.id(posts.find("items", "role", "worker") + ".id")
	out["buildingId"] = community.get("/service-areas/" + w.serviceArea + "/buildings").want(200).id("items.0.id")
	out["publicAreaId"] = community.get("/service-areas/" + w.serviceArea + "/public-areas").want(200).id("items.0.id")
	w.step(manager, out["order"], "accept", nil).want(200)
	return out
}

// foreigners have nothing to do with the demonstration's estate.
func (w *world) foreigners() []*user {
	office := w.as("street-office")
	company := organisation(office, "company", "乙物业公司", w.street)
	next := w.sibling(office)
	neighbours := organisation(office, "community_party", "邻社区党委", next)
	out := []*user{
		w.appointed(office, company, "manager", "乙经理", ""),
		w.appointed(office, neighbours, "community", "邻书记", ""),
		w.otherStreet(office),
	}
	h := newHomes(office, next, "邻里小区")
	return append(out, w.joins(out[1], h.units[0], "occupant"))
}

// otherStreet is the office of another street. No operation enters the first office of a street: it is there
// from the installation on.
func (w *world) otherStreet(office *user) *user {
	t, ctx := w.t, context.Background()
	district := office.get("/areas/" + w.street).want(200).id("parentId")
	list := office.get("/areas?limit=200&parentId=" + district).want(200).list("items")
	i := slices.IndexFunc(list, func(v any) bool { return v.(map[string]any)["id"] != w.street })
	street, err := id.Parse(list[i].(map[string]any)["id"].(string))
	require.NoError(t, err)

	cfg, err := config.Load("", w.env)
	require.NoError(t, err)
	a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler), "e2e")
	require.NoError(t, err)
	defer func() { require.NoError(t, a.Close()) }()
	p, phone := authz.System("installation"), newPhone()
	o, err := a.Orgs.Create(ctx, p, idem.Key{}, org.Draft{Kind: org.StreetOffice, Name: "另一街道办事处", Area: street})
	require.NoError(t, err)
	_, err = a.Orgs.Appoint(ctx, p, idem.Key{}, org.Appointment{Org: o.ID, Name: "另主任", Phone: phone, Role: authz.RoleStreetOffice})
	require.NoError(t, err)
	return w.byCode(phone)
}

// operation is an operation of the API as its description tells.
type operation struct {
	method, path, permission string
	doc                      map[string]any
	all                      map[string]any
}

// operations reads the API's own description; public operations are left out.
func operations(w *world) (out []operation) {
	doc := w.nobody().get("/openapi.json").want(200).at("").(map[string]any)
	for path, methods := range doc["paths"].(map[string]any) {
		for method, v := range methods.(map[string]any) {
			op, ok := v.(map[string]any)
			perm, protected := op["x-permission"].(string)
			if ok && protected && op["operationId"] != "streamWorkOrderChanges" { // it does not end; see TestChangeStream
				out = append(out, operation{strings.ToUpper(method), path, perm, op, doc})
			}
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

// open are operations that are for everybody by design, with what they answer here.
var open = map[string][]int{
	"applyToJoin":       {201, 409}, // whoever moves in applies; the community decides
	"joinAsOwnerOnRoll": {409},      // whether one is on the roll oneself
	"declareInterest":   {201, 409}, // one's own, in any company
	"getOrganisation":   {200, 404}, // residents see the companies of their street, as in the public directory
}

// attempt calls the operation on the demonstration's things with an input that is in order, and wants to be
// told that there is nothing. A list must be without them. It returns 1 when a thing was named.
func (w *world) attempt(f *user, op operation, things map[string]string) int {
	t := w.t
	path, named := op.fill(things)
	body := op.body(things)
	mentioned := slices.ContainsFunc(slices.Collect(maps.Values(things)), func(thing string) bool { return bytes.Contains(body, []byte(thing)) })
	if !named && !mentioned && op.method != "GET" {
		return 0 // the caller's own affairs
	}
	r := f.try(op.method, path, body, "If-Match", `"1"`, "Idempotency-Key", id.New().String(), "Content-Type", op.mediaType())
	r.arrived()
	require.Less(t, r.Status, 500, "%s: %s", r.asked, r.Body)
	switch {
	case strings.HasPrefix(path, "/join-"):
		return 0 // whoever looks for the own door finds every place by its name, and nothing of who lives there
	case slices.Contains(open[op.doc["operationId"].(string)], r.Status):
	case named:
		w.nothingThere(f, op, r)
	case mentioned:
		require.GreaterOrEqual(t, r.Status, 400, "%s: %s: %s", r.asked, body, r.Body)
		r.problem()
	case strings.HasPrefix(path, "/areas"), strings.HasPrefix(path, "/me/"):
		return 0 // divisions are public, and one's own application names the unit
	default:
		w.tellsNothing(r, "", things)
		return 0
	}
	w.tellsNothing(r, path+string(body), things)
	return 1
}

// public are things that everybody may know of: divisions, and organisations in the directory.
var public = []string{"streetId", "communityId", "organisationId", "companyId"}

// tellsNothing wants the answer to name none of the things that were not named in the question.
func (w *world) tellsNothing(r reply, question string, things map[string]string) {
	for what, thing := range things {
		if !slices.Contains(public, what) && !strings.Contains(question, thing) {
			require.NotContains(w.t, string(r.Body), thing, "%s: it tells the %s", r.asked, what)
		}
	}
}

// nothingThere wants not found, or forbidden where the caller's roles may not do this anywhere.
func (w *world) nothingThere(f *user, op operation, r reply) {
	t := w.t
	switch r.Status {
	case 404:
		r.problem()
	case 403:
		require.Equal(t, "auth.forbidden", r.str("code"), "%s: %s", r.asked, r.Body)
		require.Equal(t, op.permission, r.str("params.permission"), "%s: %s", r.asked, r.Body)
		if f.may(op.permission) {
			t.Errorf("%s: forbidden tells that there is something: %s", r.asked, r.Body)
		}
	default:
		t.Errorf("%s: want 404, not %d: %.300s", r.asked, r.Status, r.Body)
	}
}

// may tells whether one of the user's roles has the permission.
func (u *user) may(permission string) bool {
	self := u.get("/account").want(200)
	for i := range self.list("capacities") {
		if slices.Contains(self.list(fmt.Sprintf("capacities.%d.permissions", i)), any(permission)) {
			return true
		}
	}
	return false
}

// fill puts the things into the path, and what else is required into the query. It tells whether the path
// names one of the demonstration's things.
func (op operation) fill(things map[string]string) (path string, named bool) {
	path = strings.TrimPrefix(op.path, "/api/v1")
	query := url.Values{}
	params, _ := op.doc["parameters"].([]any)
	for _, v := range params {
		p := op.resolve(v.(map[string]any))
		name := p["name"].(string)
		schema, _ := p["schema"].(map[string]any)
		value := fmt.Sprint(op.example(name, schema, things))
		switch {
		case p["in"] == "path":
			if name == "id" && strings.HasPrefix(path, "/work-orders/{id}") {
				value = things["order"]
			}
			for _, thing := range things {
				named = named || value == thing
			}
			path = strings.Replace(path, "{"+name+"}", value, 1)
		case p["in"] == "query" && p["required"] == true:
			query.Set(name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, named
}

func (op operation) content() map[string]any {
	body, _ := op.doc["requestBody"].(map[string]any)
	content, _ := body["content"].(map[string]any)
	return content
}

func (op operation) mediaType() string {
	for kind := range op.content() {
		if strings.HasPrefix(kind, "multipart/") {
			return kind + "; boundary=b"
		}
	}
	return "application/json"
}

// body is an input in order for the operation, nil when it takes none.
func (op operation) body(things map[string]string) []byte {
	if strings.HasPrefix(op.mediaType(), "multipart/") {
		return op.form(things)
	}
	media, ok := op.content()["application/json"].(map[string]any)
	if !ok {
		return nil
	}
	text, err := json.Marshal(op.example("", media["schema"].(map[string]any), things))
	if err != nil {
		return nil
	}
	return text
}

// form is a form in order for the operation: a document, and what else is required.
func (op operation) form(things map[string]string) []byte {
	schema := op.resolve(op.content()["multipart/form-data"].(map[string]any)["schema"].(map[string]any))
	properties, _ := schema["properties"].(map[string]any)
	var form bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property := op.resolve(properties[name].(map[string]any))
		head, content := fmt.Sprintf("name=%q", name), ""
		if property["format"] == "binary" || property["type"] == "array" {
			head, content = head+"; filename=\"a.pdf\"\r\nContent-Type: application/pdf", minutes
		} else {
			content = fmt.Sprint(op.example(name, property, things))
		}
		fmt.Fprintf(&form, "--b\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n", head, content)
	}
	form.WriteString("--b--\r\n")
	return form.Bytes()
}

func (op operation) resolve(s map[string]any) map[string]any {
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	v := any(op.all)
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		v = v.(map[string]any)[part]
	}
	return v.(map[string]any)
}

// example makes a value that fits a schema: required properties alone, the least of everything.
func (op operation) example(name string, s map[string]any, things map[string]string) any {
	s = op.resolve(s)
	if thing, ok := things[name]; ok {
		return thing
	}
	if choices, ok := s["enum"].([]any); ok {
		return choices[0]
	}
	kind := s["type"]
	if kinds, ok := kind.([]any); ok {
		kind = kinds[0]
	}
	switch kind {
	case "object":
		return op.object(s, things)
	case "array":
		if least := number(s["minItems"]); least > 0 {
			return []any{op.example("", s["items"].(map[string]any), things)}
		}
		return []any{}
	case "integer", "number":
		return max(number(s["minimum"]), 1)
	case "boolean":
		return false
	}
	return exampleText(name, s)
}

func (op operation) object(s map[string]any, things map[string]string) any {
	out := map[string]any{}
	properties, _ := s["properties"].(map[string]any)
	required, _ := s["required"].([]any)
	for _, name := range required {
		if p := properties[name.(string)].(map[string]any); p["readOnly"] != true {
			out[name.(string)] = op.example(name.(string), p, things)
		}
	}
	if _, where := properties["publicAreaId"]; where && properties["detail"] != nil {
		out["unitId"] = things["unitId"]
	}
	return out
}

// patterns are texts for the patterns that the description has.
var patterns = map[string]string{
	"^1[3-9][0-9]{9}$": "19911199999", "^[0-9]{6}$": "123456", "^[0-9]{12}$": "370612001999", "^[0-9]{4}-(0[1-9]|1[0-2])$": "2026-10",
	"^[A-Za-z0-9_-]{43}$": strings.Repeat("A", 43),
}

func exampleText(name string, s map[string]any) string {
	pattern, _ := s["pattern"].(string)
	if text, ok := patterns[pattern]; ok {
		return text
	}
	if name == "document" || name == "hash" {
		return strings.Repeat("0a", 32)
	}
	switch s["format"] {
	case "uuid":
		return id.New().String()
	case "date":
		return time.Now().In(shanghai).AddDate(0, 0, 1).Format(time.DateOnly)
	case "date-time":
		return "2026-11-20T08:00:00Z"
	}
	return strings.Repeat("a", int(max(number(s["minLength"]), 4)))
}

func number(v any) int64 {
	n, ok := v.(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	if err != nil {
		return 0
	}
	return i
}

package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/httpapi"
)

// operation is an operation of the API with its description.
type operation struct {
	httpapi.Op
	doc     *huma.Operation
	schemas huma.Registry
}

// operations lists all, in the order of their identifiers.
func operations(t *testing.T, a *app.App) (out []operation) {
	t.Helper()
	described := a.API.OpenAPI()
	for _, op := range a.API.Operations() {
		item := described.Paths[httpapi.Root+op.Path]
		require.NotNil(t, item, op.ID)
		doc := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete}[op.Method]
		require.NotNil(t, doc, op.ID)
		out = append(out, operation{op, doc, described.Components.Schemas})
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// request is an operation's input, filled from things. scoped tells that one of them is a place, a person or anything
// else that belongs to an estate.
type request struct {
	path    string
	headers http.Header
	body    []byte
	scoped  bool
}

var lastPhone int

// sampler fills the input of one request.
type sampler struct {
	t      *testing.T
	op     operation
	things things
	filter bool // also fill the optional filters that name something of an estate
	scoped bool
}

// request makes an input in order for the operation.
func (op operation) request(t *testing.T, th things, filter bool) request {
	t.Helper()
	s := &sampler{t: t, op: op, things: th, filter: filter}
	path, query := op.Path, url.Values{}
	out := request{headers: http.Header{}}
	for _, p := range op.doc.Parameters {
		switch p.In {
		case "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(s.text(p.Name, p.Schema)), 1)
		case "query":
			if p.Required || (filter && s.isThing(p.Name)) {
				query.Set(p.Name, s.text(p.Name, p.Schema))
			}
		case "header":
			if p.Name == "If-Match" && !strings.HasPrefix(op.Path, "/work-orders/") {
				out.headers.Set("If-Match", version(op.ID))
			}
		}
	}
	s.body(&out)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	out.path, out.scoped = path, s.scoped
	return out
}

// version is what If-Match says of the thing.
func version(op string) string {
	if v, ok := versions[op]; ok {
		return strconv.Quote(v)
	}
	return `"1"`
}

func (s *sampler) body(out *request) {
	if s.op.doc.RequestBody == nil {
		return
	}
	for kind, media := range s.op.doc.RequestBody.Content {
		if strings.HasPrefix(kind, "multipart/") {
			file, fields := s.file()
			content, mediaType := multipartForm(s.t, file.name, file.content, fields...)
			out.body = content
			out.headers.Set("Content-Type", mediaType)
			return
		}
		content, err := json.Marshal(s.value("", media.Schema))
		require.NoError(s.t, err)
		out.body = content
		out.headers.Set("Content-Type", "application/json")
	}
}

type sampleFile struct {
	name    string
	content []byte
}

// file is what an upload takes, and the other fields of its form.
func (s *sampler) file() (sampleFile, []string) {
	switch {
	case strings.HasPrefix(s.op.Path, "/imports/"):
		target := map[string]string{"importEstate": "communityId", "importHouseholds": "serviceAreaId", "importContracts": "serviceAreaId", "importWorkOrders": "serviceAreaId", "importRenovationPlans": "communityId"}[s.op.ID]
		if target == "" {
			return sampleFile{"d.csv", []byte("区划代码,名称\n370612999999,某社区\n")}, nil
		}
		return sampleFile{"i.csv", []byte("楼栋,房号,业主\n1号楼,101,某人\n")}, []string{"target", s.thing(target)}
	case strings.HasPrefix(s.op.Path, "/renovations/") && strings.HasSuffix(s.op.Path, "/photos"):
		return sampleFile{"p.png", picture(s.t)}, nil
	case strings.HasSuffix(s.op.Path, "/photos"):
		return sampleFile{"p.png", picture(s.t)}, []string{"kind", "report"}
	}
	return sampleFile{"d.pdf", []byte(paper)}, nil
}

// unscoped things belong to no estate.
var unscoped = []string{"feedbackId", "code", "appointRole", "token", "kind", "log", "purpose", "limit", "key", "deadLetterId", "item", "deliveredItem", "keyId", "blinded", "countedToken", "ballot.key", "ballot.token", "ballot.prefix", "ballot.signature", "ballot.opening", "head", "sealed", "reach", "proxyCode", "voteDocHash"}

// named is the name of the thing that fills a parameter or field, for this operation.
func (s *sampler) named(name string) string {
	if special, ok := fieldsOf[s.op.ID][name]; ok {
		return special
	}
	if name == "organisationId" && strings.Contains(s.op.Path, "/credit") {
		return "org.company"
	}
	if name == "id" {
		return s.idOf()
	}
	if more, ok := sameThing[name]; ok {
		return more
	}
	switch name {
	case "contractId":
		return s.contract()
	case "roundId":
		return s.round()
	case "creditItemId":
		return s.creditItem()
	case "voteId":
		return s.vote()
	case "renovationId":
		return s.renovation()
	case "fundRequestId":
		return s.fundRequest()
	}
	return name
}

func (s *sampler) idOf() string {
	for prefix, name := range map[string]string{"/work-orders/": s.order(), "/account/sessions/": "sessionId", "/account/tokens/": "tokenId", "/accounts/": "accountId",
		"/inbox/": "inboxId", "/webhooks/": "webhookId", "/system/dead-letters/": "deadLetterId"} {
		if strings.HasPrefix(s.op.Path, prefix) {
			return name
		}
	}
	return "id"
}

// order is the order in the state in which the step is possible.
func (s *sampler) order() string {
	if state, ok := orderOf[s.op.ID]; ok {
		return "order." + state
	}
	return "order.working"
}

func (s *sampler) contract() string {
	switch {
	case s.op.ID == "signContract":
		return "contractId.ready"
	case s.op.ID == "bringContractIntoForce" || s.op.ID == "confirmContractStart":
		return "contractId.signed"
	case slices.Contains([]string{"replaceDraft", "withdrawContract", "recordOwnersDecision", "addContractDocument", "getContractDocument"}, s.op.ID):
		return "contractId.draft"
	case strings.Contains(s.op.Path, "/handover"):
		return "contractId.handover"
	}
	return "contractId"
}

func (s *sampler) isThing(name string) bool { _, ok := s.things[s.named(name)]; return ok }

func (s *sampler) thing(name string) string {
	if !slices.Contains(unscoped, name) {
		s.scoped = true
	}
	return s.things[name]
}

func (s *sampler) text(name string, schema *huma.Schema) string {
	if s.isThing(name) {
		return s.thing(s.named(name))
	}
	return fmt.Sprint(s.value(name, schema))
}

// value makes the least value that fits a schema: required properties alone.
func (s *sampler) value(name string, schema *huma.Schema) any {
	if schema.Ref != "" {
		schema = s.op.schemas.SchemaFromRef(schema.Ref)
	}
	if fixed, ok := valuesOf[s.op.ID][name]; ok {
		return fixed
	}
	if s.isThing(name) && schema.Type == huma.TypeString {
		return s.thing(s.named(name))
	}
	if name == "phone" { // each a new one: codes for one phone are limited
		lastPhone++
		return fmt.Sprintf("199333%05d", lastPhone)
	}
	if fixed, ok := values[name]; ok && schema.Type != huma.TypeObject {
		return fixed
	}
	switch schema.Type {
	case huma.TypeObject:
		return s.object(name, schema)
	case huma.TypeArray:
		if s.isThing(name) {
			return json.RawMessage(s.thing(s.named(name)))
		}
		if schema.MinItems == nil || *schema.MinItems == 0 {
			return []any{}
		}
		return []any{s.value(strings.TrimSuffix(name, "s"), schema.Items)}
	case huma.TypeInteger, huma.TypeNumber:
		if schema.Minimum != nil {
			return max(*schema.Minimum, 1)
		}
		return 1
	case huma.TypeBoolean:
		return true
	}
	return stringSample(schema)
}

func (s *sampler) object(name string, schema *huma.Schema) any {
	out := map[string]any{}
	if name == "where" { // one of three is wanted; a dwelling is the most private
		place := "serviceAreaId"
		if s.op.ID == "reportWorkOrder" {
			place = "unitId"
		}
		return map[string]any{place: s.thing(place)}
	}
	extra := optionalOf[s.op.ID]
	for field, property := range schema.Properties {
		if slices.Contains(schema.Required, field) || slices.Contains(extra, field) {
			out[field] = s.value(field, property)
		}
	}
	return out
}

func stringSample(schema *huma.Schema) any {
	if len(schema.Enum) > 0 {
		return schema.Enum[0]
	}
	switch schema.Format {
	case "uuid":
		return "0194f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
	case "date":
		return "2026-11-19"
	case "date-time":
		return "2026-11-20T03:00:00Z"
	}
	least := 4
	if schema.MinLength != nil {
		least = max(least, *schema.MinLength)
	}
	return strings.Repeat("文", least)
}

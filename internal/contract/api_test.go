package contract

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
)

func serve(t *testing.T, w *world) *apitest.Server {
	s := apitest.New(t, w.fake)
	Register(s.API, w.Service)
	return s
}

func upload(t *testing.T, s *apitest.Server, p authz.Principal, path string, data []byte) apitest.Reply {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", "决议.pdf")
	require.NoError(t, err)
	_, err = part.Write(data)
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return s.Do(t, p, http.MethodPost, path, b.Bytes(), "Content-Type", m.FormDataContentType())
}

// The whole way over HTTP, as a client walks it.
func TestContractOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := serve(t, w)
		r := s.Do(t, w.manager, http.MethodPost, "/api/v1/contracts", NewContract{w.area, w.company.ID, w.terms(Ordinary, "HT-1")}, "Idempotency-Key", "draft-0001")
		require.Equal(t, 201, r.Status, string(r.Body))
		require.Equal(t, `"1"`, r.Header.Get("ETag"))
		var v View
		r.JSON(t, &v)
		at := "/api/v1/contracts/" + v.ID.String()
		again := s.Do(t, w.manager, http.MethodPost, "/api/v1/contracts", NewContract{w.area, w.company.ID, w.terms(Ordinary, "HT-1")}, "Idempotency-Key", "draft-0001")
		require.Equal(t, r.Body, again.Body)

		r = upload(t, s, w.owner, at+"/documents", []byte("%PDF-1.4\nminutes\n%%EOF\n"))
		require.Equal(t, 201, r.Status, string(r.Body))
		var d Document
		r.JSON(t, &d)
		r = s.Do(t, w.owner, http.MethodGet, at+"/documents/"+d.Hash.String(), nil)
		require.Equal(t, "%PDF-1.4\nminutes\n%%EOF\n", string(r.Body))
		require.Equal(t, "application/pdf", r.Header.Get("Content-Type"))

		bad := passing
		bad.FavourArea = 10000
		r = s.Do(t, w.owner, http.MethodPut, at+"/decision", Evidence{"2026-02-01", d.Hash, bad})
		require.Equal(t, 409, r.Status)
		require.Equal(t, "contract.decision_failed", r.Problem(t).Code)
		require.Contains(t, r.Problem(t).Detail, "同意面积过半")
		r = s.Do(t, w.owner, http.MethodPut, at+"/decision", Evidence{"2026-02-01", d.Hash, passing})
		require.Equal(t, 200, r.Status, string(r.Body))

		r = s.Do(t, w.owner, http.MethodPost, at+"/sign", nil)
		require.Equal(t, 400, r.Status, "a signature names the version: "+string(r.Body))
		r = s.Do(t, w.owner, http.MethodPost, at+"/sign", nil, "If-Match", `"1"`)
		require.Equal(t, 412, r.Status)
		for _, p := range []authz.Principal{w.owner, w.manager} {
			tag := s.Do(t, p, http.MethodGet, at, nil).Header.Get("ETag")
			r = s.Do(t, p, http.MethodPost, at+"/sign", nil, "If-Match", tag)
			require.Equal(t, 200, r.Status, string(r.Body))
		}
		r.JSON(t, &v)
		require.Equal(t, Signed, v.State)
		require.Len(t, v.Assents, 2)
		require.True(t, v.Tests.QuorumArea && v.Tests.FavourHeads)

		r = s.Do(t, w.office, http.MethodGet, at+"/fee-proposal?score=9000&baseFen=1000", nil)
		require.Equal(t, 409, r.Status, "not in force yet")
		r = s.Do(t, w.office, http.MethodPost, at+"/bring-into-force", nil)
		require.Equal(t, 200, r.Status, string(r.Body))
		r = s.Do(t, w.office, http.MethodPost, at+"/bring-into-force", nil, "Accept-Language", "en")
		require.Equal(t, 409, r.Status)
		require.Equal(t, "contract.step_illegal", r.Problem(t).Code)
		require.Contains(t, r.Problem(t).Params["allowed"], "terminate")
		require.Contains(t, r.Problem(t).Detail, "give notice")
		r = s.Do(t, w.office, http.MethodGet, at+"/fee-proposal?score=8499&baseFen=1000", nil)
		require.Equal(t, 200, r.Status, string(r.Body))
		var p Proposal
		r.JSON(t, &p)
		require.Equal(t, []int64{950, -50}, []int64{p.DueFen, p.ChangeFen})

		r = s.Do(t, w.resident, http.MethodGet, "/api/v1/service-areas/"+w.area.String()+"/contract-terms", nil)
		require.Equal(t, 200, r.Status, string(r.Body))
		var public PublicTerms
		r.JSON(t, &public)
		require.Equal(t, []any{"HT-1", "每年公布收支", int64(15), "company"}, []any{public.Contract.Number, public.Contract.Promises[0], public.Contract.SLA[0].AcceptMin, public.Handler})
		r = s.Do(t, w.owner, http.MethodGet, at+"/events?limit=2", nil)
		require.Equal(t, 200, r.Status, string(r.Body))
		r = s.Do(t, w.office, http.MethodGet, "/api/v1/contract-deadlines?from=2027-02-01&to=2027-03-01&state=open", nil)
		require.Equal(t, 200, r.Status)
		require.Contains(t, string(r.Body), `"kind":"expiry"`)
		r = s.Do(t, w.office, http.MethodGet, "/api/v1/contract-deadlines?nonsense=1", nil)
		require.Equal(t, 400, r.Status)
	})
}

// Nobody outside sees that a contract exists; nobody inside does what is not theirs to do.
func TestEveryOperationKeepsOthersOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := serve(t, w)
		c := w.inForce(w.company, w.manager, "HT-1")
		siblingHead := who(authz.RoleCommittee, Org{ID: id.New(), Path: w.dir.places[w.sibling].Path})
		outsiders := map[string]authz.Principal{"another street": w.foreignOffice, "another company": w.rivalManager, "a committee next door": siblingHead, "a resident next door": w.neighbour}
		bodies := map[string]any{
			"draftContract": NewContract{w.area, w.company.ID, w.terms(Ordinary, "X")}, "importRunningContract": Running{NewContract: NewContract{w.area, w.company.ID, w.terms(Ordinary, "X")}},
			"replaceDraft": w.terms(Ordinary, "X"), "recordOwnersDecision": Evidence{"2026-02-01", [32]byte{}, passing}, "fileContract": map[string]any{"filedOn": "2026-03-02", "number": "1"},
			"recordContinuation": map[string]any{"basis": "x"}, "giveNotice": NewNotice{OwnersDismissal, OwnersSide, "2026-03-02", [32]byte{}}, "terminateContract": Ending{Ground: ByAgreement, EndedOn: "2026-03-02"},
			"setContractPeriod": Period{Param: "handover", Count: 9, Unit: "calendar_days", Clause: "x"}, "deliverItem": Delivery{}, "withholdItem": map[string]any{"reason": "pending"}, "takeOver": map[string]any{},
			"setArrangement": NewArrangement{Kind: UnderNone, Basis: "x"}, "setOwnersRepresentative": map[string]any{"ownersRepId": w.committee.ID},
		}
		path := strings.NewReplacer("{contractId}", c.ID.String(), "{serviceAreaId}", w.area.String(), "{item}", "keys", "{hash}", strings.Repeat("0", 64))
		for _, op := range s.API.Operations() {
			for name, p := range outsiders {
				url := httpapi.Root + path.Replace(op.Path)
				if op.ID == "getFeeProposal" {
					url += "?score=1&baseFen=1"
				}
				var r apitest.Reply
				if op.ID == "addContractDocument" {
					r = upload(t, s, p, url, []byte("%PDF-1.4\n%%EOF\n"))
				} else {
					r = s.Do(t, p, op.Method, url, bodies[op.ID], "If-Match", `"1"`)
				}
				about := fmt.Sprintf("%s by %s: %d %s", op.ID, name, r.Status, r.Body)
				switch op.ID {
				case "listContracts", "listContractDeadlines":
					require.Contains(t, string(r.Body), `"items":[]`, about)
				default:
					require.Contains(t, []int{403, 404}, r.Status, about)
					if held, err := authz.Holds(p, op.Permission); err == nil && len(held) > 0 {
						require.Equal(t, 404, r.Status, about)
					}
				}
			}
		}
		require.Equal(t, c, w.read(c))
		for name, p := range map[string]authz.Principal{"resident": w.resident, "worker": w.worker} {
			r := s.Do(t, p, http.MethodGet, "/api/v1/contracts/"+c.ID.String(), nil)
			require.Contains(t, []int{403, 404}, r.Status, name)
			r = s.Do(t, p, http.MethodGet, "/api/v1/service-areas/"+w.area.String()+"/arrangement", nil)
			require.Equal(t, 200, r.Status, name)
		}
		r := s.Do(t, w.manager, http.MethodPost, "/api/v1/contracts/"+c.ID.String()+"/continuation", map[string]any{"basis": "x"})
		require.Equal(t, 403, r.Status, "a party may see it, and may not do this")
	})
}

func TestHandOverOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := serve(t, w)
		c := w.inForce(w.company, w.manager, "HT-1")
		doc := w.paper(c, w.owner)
		at := "/api/v1/contracts/" + c.ID.String()
		r := s.Do(t, w.office, http.MethodPost, at+"/terminate", Ending{Ground: ByJudgment, EndedOn: "2026-03-02", Document: &doc})
		require.Equal(t, 200, r.Status, string(r.Body))
		r = s.Do(t, w.manager, http.MethodPost, at+"/handover/premises/withhold", map[string]any{"reason": "arrears"})
		require.Equal(t, 409, r.Status)
		require.Contains(t, r.Problem(t).Detail, "第九百四十九条")
		r = s.Do(t, w.manager, http.MethodPost, at+"/handover/premises/deliver", Delivery{Note: "两间"})
		require.Equal(t, 200, r.Status, string(r.Body))
		r = s.Do(t, w.rivalManager, http.MethodPost, at+"/handover/premises/receive", nil)
		require.Equal(t, 404, r.Status, "a company without a part in it")
		next := w.signed(w.rival, w.rivalManager, "HT-2")
		r = s.Do(t, w.office, http.MethodPost, "/api/v1/contracts/"+next.ID.String()+"/bring-into-force", nil)
		require.Equal(t, 200, r.Status, string(r.Body))
		r = s.Do(t, w.rivalManager, http.MethodPost, at+"/handover/premises/receive", nil)
		require.Equal(t, 200, r.Status, "now it is the incoming one: "+string(r.Body))
		var list []HandoverItem
		r.JSON(t, &list)
		require.Equal(t, []any{ItemPremises, ItemConfirmed, w.rival.ID}, []any{list[0].Item, list[0].State, *list[0].ConfirmedOrg})
		r = s.Do(t, w.rivalManager, http.MethodGet, at, nil)
		require.Equal(t, 404, r.Status, "it receives the keys, not the other company's contract")
		r = s.Do(t, w.office, http.MethodPost, at+"/handover/take-over", map[string]any{"reason": "企业拒不移交"})
		require.Equal(t, 200, r.Status, string(r.Body))
		require.Equal(t, Closed, w.read(c).State)
	})
}

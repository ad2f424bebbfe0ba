package renovation

import (
	"context"
	"io"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// AttachFund stores a document and adds it to the request; one that is there already is not added again.
func (s *Service) AttachFund(ctx context.Context, p authz.Principal, which id.ID, how Taken, name string, r io.Reader) (Document, error) {
	_, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return Document{}, err
	}
	if err := authz.Require(p, authz.FundRequest, obj); err != nil {
		return Document{}, err
	}
	d, err := s.store(ctx, name, r)
	if err != nil {
		return Document{}, err
	}
	_, err = s.fundTake(ctx, p, which, authz.FundRequest, FundStepAttach, how, func(ctx context.Context, tx *dbx.Tx, m *fundMove) error {
		m.detail["document"] = d.Hash
		if _, known, err := document(ctx, tx, which, d.Hash); err != nil || known {
			return err
		}
		return insertDocument(ctx, tx, which, d, m.actor.Person.Ptr(), m.actor.Org.Ptr())
	})
	return d, err
}

// OpenFundDocument opens a document for those who handle the request.
func (s *Service) OpenFundDocument(ctx context.Context, p authz.Principal, which id.ID, h blob.Hash) (Document, io.ReadCloser, error) {
	_, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return Document{}, nil, err
	}
	if err := authz.Require(p, authz.FundRequest, obj); err != nil {
		return Document{}, nil, err
	}
	d, ok, err := document(ctx, s.DB, which, h)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Document{}, nil, err
	}
	body, err := s.Files.Get(ctx, h)
	return d, body, err
}

// FundView is a request with what it rests on.
type FundView struct {
	FundRequest
	Place        string   `json:"place" doc:"Name of the service area"`
	Bears        []string `json:"bears" doc:"The buildings or entrances whose owners bear it, by name; empty for the whole service area"`
	WithdrawnFor string   `json:"withdrawnFor,omitempty" doc:"Why it was withdrawn"`

	Given      *Given      `json:"given,omitempty" doc:"The owners' decision"`
	Vote       *Held       `json:"vote,omitempty" doc:"The newest vote about it on this platform, also while it goes on"`
	Signatures []Signature `json:"signatures" doc:"Who has seen the danger on site"`
	Objections []Remark    `json:"objections" doc:"All of them for who answers, those that are answered and one's own for residents"`
	Documents  []Document  `json:"documents" doc:"For those who handle the request; empty for residents"`
	Steps      []FundStep  `json:"steps" doc:"What the caller can do now"`
}

// ShowFund returns a request to who lives there, handles it or supervises it.
func (s *Service) ShowFund(ctx context.Context, p authz.Principal, which id.ID) (FundView, error) {
	r, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return FundView{}, err
	}
	if err := authz.Require(p, authz.FundRead, obj); err != nil {
		return FundView{}, err
	}
	handles := authz.Require(p, authz.FundRequest, obj) == nil
	v := FundView{FundRequest: r, Documents: []Document{}}
	if err := s.fundPlace(ctx, &v); err != nil {
		return v, err
	}
	g, ok, err := givenTo(ctx, s.DB, which)
	if ok {
		v.Given = &g
	}
	if err != nil {
		return v, err
	}
	held, err := s.Decisions.Held(ctx, s.DB, []id.ID{which})
	if err != nil {
		return v, err
	}
	if h, ok := held[which]; ok {
		v.Vote = &h
	}
	if v.Signatures, err = signatures(ctx, s.DB, which); err != nil {
		return v, err
	}
	reader := &p.Person
	if handles {
		reader = nil
		if v.Documents, err = documents(ctx, s.DB, which); err != nil {
			return v, err
		}
	}
	v.Objections, err = remarksOf(ctx, s.DB, which, reader, nil, page.Max)
	v.Objections = mark(v.Objections, p.Person)
	if err != nil {
		return v, err
	}
	v.Steps, err = s.fundSteps(ctx, p, r, obj, v.Signatures)
	return v, err
}

// fundPlace adds where the money is for, whose owners bear it and, of a request that was withdrawn, why.
func (s *Service) fundPlace(ctx context.Context, v *FundView) error {
	place, err := s.Places.Place(ctx, s.DB, v.ServiceAreaID)
	if err != nil {
		return err
	}
	v.Place, v.Bears = place.Name, place.named(v.Parts)
	if v.State == FundWithdrawn {
		v.WithdrawnFor, err = withdrawnFor(ctx, s.DB, v.ID)
	}
	return err
}

// FundFilter narrows a list of requests; what is zero does not.
type FundFilter struct {
	Area    id.ID // division, estate or service area
	Project id.ID // the renovation that they are part of
	State   FundState
}

// Funds lists the requests that p may see, the newest first.
func (s *Service) Funds(ctx context.Context, p authz.Principal, f FundFilter, req page.Request) (page.Page[FundRequest], error) {
	grants, err := authz.Holds(p, authz.FundRead)
	if err != nil {
		return page.Page[FundRequest]{}, err
	}
	path := ""
	if !f.Area.IsZero() {
		if path, err = s.Places.Path(ctx, s.DB, f.Area); err != nil {
			return page.Page[FundRequest]{}, err
		}
	}
	last, err := before(req)
	if err != nil {
		return page.Page[FundRequest]{}, err
	}
	scope, err := s.scope(ctx, p, grants, authz.Columns{Path: "scope_path", Org: "requested_org", Open: true}, authz.Columns{Org: "firm_org_id"})
	if err != nil {
		return page.Page[FundRequest]{}, err
	}
	rows, err := requests(ctx, s.DB, path, f, scope, last, req.Size()+1)
	if err != nil {
		return page.Page[FundRequest]{}, err
	}
	return page.Cut(rows, req.Size(), func(r FundRequest) []string { return []string{r.ID.String()} }), nil
}

// FundShares lists what falls on each unit as it is posted; see Shares.
func (s *Service) FundShares(ctx context.Context, p authz.Principal, which id.ID, mine bool, req page.Request) (page.Page[Share], error) {
	r, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return page.Page[Share]{}, err
	}
	if err := authz.Require(p, authz.FundShares, obj); err != nil {
		return page.Page[Share]{}, err
	}
	return s.shares(ctx, p, which, r.Round, mine, req)
}

// FundEvents lists what happened to a request, from its beginning.
func (s *Service) FundEvents(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Event], error) {
	_, obj, err := s.fundReach(ctx, which)
	if err != nil {
		return page.Page[Event]{}, err
	}
	if err := authz.Require(p, authz.FundRead, obj); err != nil {
		return page.Page[Event]{}, err
	}
	after, err := before(req)
	if err != nil {
		return page.Page[Event]{}, err
	}
	rows, err := events(ctx, s.DB, which, after, req.Size()+1)
	if err != nil {
		return page.Page[Event]{}, err
	}
	return page.Cut(rows, req.Size(), func(e Event) []string { return []string{e.ID.String()} }), nil
}

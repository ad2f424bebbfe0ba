package org

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagOrg   = "Organisations"
	tagPost  = "Posts"
	tagCross = "Cross-appointments"
)

// Register adds the operations of organisations, posts, interests and cross-appointments.
func Register(api *httpapi.API, s *Service) {
	s.registerOrganisations(api)
	s.registerPosts(api)
	s.registerInterests(api)
	s.registerCross(api)
}

// OrganisationView is an organisation in answers.
type OrganisationView struct {
	ID         id.ID          `json:"id"`
	Kind       Kind           `json:"kind" doc:"What it is in law"`
	Name       string         `json:"name"`
	CreditCode string         `json:"creditCode,omitempty" doc:"Unified social credit code (GB 32100)"`
	AreaID     *id.ID         `json:"areaId,omitempty" doc:"The area it is competent for; absent for companies, departments and utilities"`
	Phone      string         `json:"publicPhone,omitempty" doc:"Telephone of its office"`
	Address    string         `json:"address,omitempty"`
	State      State          `json:"state" enum:"active,closed"`
	CreatedAt  clock.Instant  `json:"createdAt,omitempty" doc:"Absent where you see the public card only"`
	ClosedAt   *clock.Instant `json:"closedAt,omitempty"`
	Version    int64          `json:"version,omitempty" doc:"For If-Match; absent where you see the public card only"`
}

func (o Organisation) view() OrganisationView {
	v := OrganisationView{ID: o.ID, Kind: o.Kind, Name: o.Name, AreaID: o.Area, Phone: o.PublicPhone, Address: o.Address,
		State: o.State, CreatedAt: o.CreatedAt, ClosedAt: o.ClosedAt, Version: o.Version}
	if o.CreditCode != nil {
		v.CreditCode = *o.CreditCode
	}
	return v
}

// card is what the directory shows of it.
func (o Organisation) card() OrganisationView {
	return OrganisationView{ID: o.ID, Kind: o.Kind, Name: o.Name, Phone: o.PublicPhone, Address: o.Address, State: o.State}
}

func answerOrganisation(o Organisation, err error) (*httpapi.Versioned[OrganisationView], error) {
	return httpapi.AnswerVersion(o.view(), o.Version, err)
}

// OrganisationFields are what can be changed of an organisation.
type OrganisationFields struct {
	Name       string `json:"name" minLength:"2" maxLength:"200" doc:"2 to 100 characters"`
	CreditCode string `json:"creditCode,omitempty" maxLength:"18" doc:"Unified social credit code (GB 32100), 18 characters"`
	Phone      string `json:"publicPhone,omitempty" maxLength:"40" doc:"Telephone of its office, never of a person"`
	Address    string `json:"address,omitempty" maxLength:"200"`
}

func (b OrganisationFields) draft() Draft {
	return Draft{Name: b.Name, CreditCode: b.CreditCode, PublicPhone: b.Phone, Address: b.Address}
}

type listInput struct {
	httpapi.PageInput
	Kind  Kind   `query:"kind" enum:"street_party,street_office,community_party,residents_committee,company,committee,property_committee,department,utility,contractor,operator" doc:"Only this kind"`
	Name  string `query:"name" maxLength:"100" doc:"Beginning of the name"`
	Area  id.ID  `query:"areaId" doc:"Only those kept at or below this area"`
	State State  `query:"state" enum:"active,closed" doc:"Only this state"`
}

type directoryInput struct {
	httpapi.PageInput
	Kind Kind   `query:"kind" enum:"street_party,street_office,community_party,residents_committee,company,committee,property_committee,department,utility,contractor,operator" doc:"Only this kind"`
	Name string `query:"name" maxLength:"100" doc:"Beginning of the name"`
	Area id.ID  `query:"areaId" doc:"Only those kept at or below this area"`
}

type createInput struct {
	Body struct {
		OrganisationFields
		Kind Kind  `json:"kind" enum:"street_party,street_office,community_party,residents_committee,company,committee,property_committee,department,utility" doc:"What it is in law"`
		Area id.ID `json:"areaId" doc:"The area it is competent for; for companies, departments and utilities the street that keeps the record"`
	}
}

// OrganisationPath names an organisation in a path.
type OrganisationPath struct {
	ID id.ID `path:"organisationId" doc:"Organisation"`
}

type changeInput struct {
	OrganisationPath
	httpapi.IfMatch
	Body OrganisationFields
}

type closeInput struct {
	OrganisationPath
	httpapi.IfMatch
}

func (s *Service) registerOrganisations(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listPublicOrganisations", Method: http.MethodGet, Path: "/directory/organisations", Tag: tagOrg, Public: true,
		Summary: "Public cards of organisations", Description: "Names, office telephones and addresses of active organisations, by name."},
		func(ctx context.Context, in *directoryInput) (*httpapi.Body[page.Page[Card]], error) {
			return httpapi.Answer(s.Directory(ctx, Filter{Kind: in.Kind, Name: in.Name, Area: in.Area}, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "listOrganisations", Method: http.MethodGet, Path: "/organisations", Tag: tagOrg, Permission: authz.OrgRead,
		Summary: "Organisations you may see", Description: "Those of your area, your own, and, for residents, those competent for where they live."},
		func(ctx context.Context, in *listInput) (*httpapi.Body[page.Page[OrganisationView]], error) {
			found, err := s.List(ctx, authz.From(ctx), Filter{Kind: in.Kind, Name: in.Name, Area: in.Area, State: in.State}, in.Page())
			return httpapi.Answer(viewPage(found, Organisation.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "createOrganisation", Method: http.MethodPost, Path: "/organisations", Tag: tagOrg, Permission: authz.OrgManage, Status: http.StatusCreated,
		Summary: "Enter an organisation", Description: "An area has one active organisation of each kind that is competent for it."},
		func(ctx context.Context, in *createInput) (*httpapi.Versioned[OrganisationView], error) {
			d := in.Body.draft()
			d.Kind, d.Area = in.Body.Kind, in.Body.Area
			return answerOrganisation(s.Create(ctx, authz.From(ctx), httpapi.Once(ctx), d))
		})
	httpapi.Register(api, httpapi.Op{ID: "getOrganisation", Method: http.MethodGet, Path: "/organisations/{organisationId}", Tag: tagOrg, Permission: authz.OrgRead,
		Summary: "One organisation", Description: "All of it to who may see it; of every other active one the public card, as in the directory."},
		func(ctx context.Context, in *OrganisationPath) (*httpapi.Versioned[OrganisationView], error) {
			o, whole, err := s.Look(ctx, authz.From(ctx), in.ID)
			if err != nil || whole {
				return answerOrganisation(o, err)
			}
			return &httpapi.Versioned[OrganisationView]{Body: o.card()}, nil
		})
	httpapi.Register(api, httpapi.Op{ID: "changeOrganisation", Method: http.MethodPut, Path: "/organisations/{organisationId}", Tag: tagOrg, Permission: authz.OrgManage,
		Summary: "Change name, code, telephone or address", Description: "Kind and area never change: posts and papers stand on them."},
		func(ctx context.Context, in *changeInput) (*httpapi.Versioned[OrganisationView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerOrganisation(s.Change(ctx, authz.From(ctx), in.ID, version, in.Body.draft()))
		})
	httpapi.Register(api, httpapi.Op{ID: "closeOrganisation", Method: http.MethodPost, Path: "/organisations/{organisationId}/close", Tag: tagOrg, Permission: authz.OrgManage,
		Summary: "Close an organisation", Description: "Only without posts in force. A body that comes back is entered anew."},
		func(ctx context.Context, in *closeInput) (*httpapi.Versioned[OrganisationView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerOrganisation(s.Close(ctx, authz.From(ctx), in.ID, version))
		})
}

// viewPage turns a page of rows into a page of what is shown of them.
func viewPage[T, V any](p page.Page[T], view func(T) V) page.Page[V] {
	out := page.Page[V]{Items: make([]V, len(p.Items)), Next: p.Next}
	for i, row := range p.Items {
		out.Items[i] = view(row)
	}
	return out
}

func views[T, V any](rows []T, view func(T) V) []V {
	out := make([]V, len(rows))
	for i, row := range rows {
		out[i] = view(row)
	}
	return out
}

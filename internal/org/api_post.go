package org

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// PostView is a post in answers.
type PostView struct {
	ID       id.ID          `json:"id"`
	PersonID id.ID          `json:"personId"`
	OrgID    id.ID          `json:"organisationId"`
	Role     authz.Role     `json:"role" doc:"What its holder may do, as a row of the permission table"`
	Title    string         `json:"title,omitempty" doc:"As on the door"`
	Basis    string         `json:"basis,omitempty" doc:"The election or decision it rests on"`
	From     clock.Instant  `json:"from"`
	Until    *clock.Instant `json:"until,omitempty" doc:"End of the term; access ends then by itself"`
	To       *clock.Instant `json:"to,omitempty" doc:"When it was ended"`
	Reason   EndReason      `json:"endedReason,omitempty"`
	Name     string         `json:"name,omitempty" doc:"Of the holder: in clear to colleagues, masked to others"`
	Phone    string         `json:"phone,omitempty" doc:"Of the holder, masked"`
	Version  int64          `json:"version"`
}

func (p Post) view() PostView {
	return PostView{ID: p.ID, PersonID: p.Person, OrgID: p.Org, Role: p.Role, Title: p.Title, Basis: p.Basis,
		From: p.From, Until: p.Until, To: p.To, Reason: p.EndedReason, Version: p.Version}
}

func (h Held) view() PostView {
	v := h.Post.view()
	v.Name, v.Phone = h.Name, h.Phone
	return v
}

func answerPost(p Post, err error) (*httpapi.Versioned[PostView], error) {
	return httpapi.AnswerVersion(p.view(), p.Version, err)
}

// PersonView is a person's clear name and phone, once a reading was recorded.
type PersonView struct {
	ID    id.ID  `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

type postsInput struct {
	OrganisationPath
	httpapi.PageInput
	Past bool `query:"past" doc:"Add posts that have ended"`
}

type appointInput struct {
	OrganisationPath
	Body struct {
		PersonID id.ID          `json:"personId,omitempty" required:"false" doc:"A person already known; otherwise give name and phone"`
		Name     string         `json:"name,omitempty" maxLength:"100"`
		Phone    string         `json:"phone,omitempty" maxLength:"40"`
		Role     authz.Role     `json:"role" minLength:"1" maxLength:"24" doc:"Must fit the kind of the organisation"`
		Title    string         `json:"title,omitempty" maxLength:"60"`
		Basis    string         `json:"basis,omitempty" maxLength:"200" doc:"Number and date of the election or filing; required for owners' bodies"`
		From     *clock.Instant `json:"from,omitempty" doc:"Now when absent"`
		Until    *clock.Instant `json:"until,omitempty" doc:"End of the term"`
	}
}

// PostPath names a post in a path.
type PostPath struct {
	ID id.ID `path:"postId" doc:"Post"`
}

type endPostInput struct {
	PostPath
	httpapi.IfMatch
	Body struct {
		Reason    EndReason `json:"reason" enum:"resigned,dismissed,transferred,recalled,entered_wrong"`
		Successor id.ID     `json:"successorPersonId,omitempty" required:"false" doc:"Who takes over the open work; it goes to the organisation's queue when absent"`
	}
}

type resignInput struct {
	PostPath
	httpapi.IfMatch
}

type revealInput struct {
	PostPath
	Body struct {
		Reason personal.Reason `json:"reason" maxLength:"24" doc:"Why the clear values are needed; the person can see it"`
	}
}

func (s *Service) registerPosts(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listPosts", Method: http.MethodGet, Path: "/organisations/{organisationId}/posts", Tag: tagPost, Permission: authz.PostRead,
		Summary: "Posts of an organisation"},
		func(ctx context.Context, in *postsInput) (*httpapi.Body[page.Page[PostView]], error) {
			found, err := s.Posts(ctx, authz.From(ctx), in.OrganisationPath.ID, in.Past, in.Page())
			return httpapi.Answer(viewPage(found, Held.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "appoint", Method: http.MethodPost, Path: "/organisations/{organisationId}/posts", Tag: tagPost, Permission: authz.PostRead, Status: http.StatusCreated,
		Summary: "Appoint somebody", Description: "By the street or the community in organisations of its area (post.area), by a manager in the own company (post.own). Nobody appoints themselves. " +
			"Who has a post or a declared interest in a company cannot be a member of an owners' body where it works, and the other way round."},
		func(ctx context.Context, in *appointInput) (*httpapi.Versioned[PostView], error) {
			b := in.Body
			return answerPost(s.Appoint(ctx, authz.From(ctx), httpapi.Once(ctx), Appointment{Org: in.OrganisationPath.ID, Person: b.PersonID, Name: b.Name, Phone: b.Phone,
				Role: b.Role, Title: b.Title, Basis: b.Basis, From: b.From, Until: b.Until}))
		})
	httpapi.Register(api, httpapi.Op{ID: "endPost", Method: http.MethodPost, Path: "/posts/{postId}/end", Tag: tagPost, Permission: authz.PostRead,
		Summary: "End a post", Description: "Access ends at once, and the open work passes on in the same step."},
		func(ctx context.Context, in *endPostInput) (*httpapi.Versioned[PostView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerPost(s.End(ctx, authz.From(ctx), in.ID, Ending{version, in.Body.Reason, in.Body.Successor}))
		})
	httpapi.Register(api, httpapi.Op{ID: "resign", Method: http.MethodPost, Path: "/posts/{postId}/resign", Tag: tagPost, Permission: authz.AccountSelf,
		Summary: "Give up one's own post", Description: "A company's last manager asks the street office instead."},
		func(ctx context.Context, in *resignInput) (*httpapi.Versioned[PostView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerPost(s.Resign(ctx, authz.From(ctx), in.ID, version))
		})
	httpapi.Register(api, httpapi.Op{ID: "revealHolder", Method: http.MethodPost, Path: "/posts/{postId}/reveal", Tag: tagPost, Permission: authz.PostRead,
		Summary: "See the holder's name and phone", Description: "For who may appoint there. The reading is recorded and shown to the person."},
		func(ctx context.Context, in *revealInput) (*httpapi.Body[PersonView], error) {
			who, err := s.RevealHolder(ctx, authz.From(ctx), in.ID, in.Body.Reason)
			return httpapi.Answer(PersonView{who.ID, who.Name, who.Phone}, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listOwnPosts", Method: http.MethodGet, Path: "/me/posts", Tag: tagPost, Permission: authz.AccountSelf,
		Summary: "One's own posts, present and past"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]PostView], error) {
			rows, err := s.Own(ctx, authz.From(ctx))
			return httpapi.Answer(views(rows, Post.view), err)
		})
}

// InterestView is a declared interest in answers.
type InterestView struct {
	ID        id.ID          `json:"id"`
	PersonID  id.ID          `json:"personId"`
	CompanyID id.ID          `json:"companyId"`
	Holder    Holder         `json:"holder" enum:"self,relative"`
	Nature    Nature         `json:"nature" enum:"employment,share,supply,other"`
	From      clock.Instant  `json:"from"`
	To        *clock.Instant `json:"to,omitempty"`
	Version   int64          `json:"version"`
}

func (i Interest) view() InterestView {
	return InterestView{i.ID, i.Person, i.Company, i.Holder, i.Nature, i.From, i.To, i.Version}
}

func answerInterest(i Interest, err error) (*httpapi.Versioned[InterestView], error) {
	return httpapi.AnswerVersion(i.view(), i.Version, err)
}

type declareInput struct {
	Body struct {
		CompanyID id.ID  `json:"companyId" doc:"The company"`
		Holder    Holder `json:"holder" enum:"self,relative" doc:"The person, or a spouse, parent, child or sibling"`
		Nature    Nature `json:"nature" enum:"employment,share,supply,other"`
		BodyID    id.ID  `json:"ownersBodyId,omitempty" required:"false" doc:"For the community: the owners' body whose member it is about"`
		PersonID  id.ID  `json:"personId,omitempty" required:"false" doc:"For the community: that member. Absent: the caller"`
	}
}

type endInterestInput struct {
	httpapi.IfMatch
	ID id.ID `path:"interestId" doc:"Declared interest"`
}

type areaInput struct {
	ID id.ID `path:"areaId" doc:"Area or service area"`
}

func (s *Service) registerInterests(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "declareInterest", Method: http.MethodPost, Path: "/interests", Tag: tagPost, Permission: authz.AccountSelf, Status: http.StatusCreated,
		Summary:     "Declare an interest in a company",
		Description: "One's own or a close relative's; the community may enter it for a member of an owners' body. It ends no post by itself: owners elect and recall."},
		func(ctx context.Context, in *declareInput) (*httpapi.Versioned[InterestView], error) {
			b := in.Body
			return answerInterest(s.Declare(ctx, authz.From(ctx), httpapi.Once(ctx), Declaration{Body: b.BodyID, Person: b.PersonID, Company: b.CompanyID, Holder: b.Holder, Nature: b.Nature}))
		})
	httpapi.Register(api, httpapi.Op{ID: "endInterest", Method: http.MethodPost, Path: "/interests/{interestId}/end", Tag: tagPost, Permission: authz.AccountSelf,
		Summary: "Record that an interest is over"},
		func(ctx context.Context, in *endInterestInput) (*httpapi.Versioned[InterestView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerInterest(s.EndInterest(ctx, authz.From(ctx), in.ID, version))
		})
	httpapi.Register(api, httpapi.Op{ID: "listOwnInterests", Method: http.MethodGet, Path: "/me/interests", Tag: tagPost, Permission: authz.AccountSelf,
		Summary: "Interests recorded of oneself"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]InterestView], error) {
			rows, err := s.OwnInterests(ctx, authz.From(ctx))
			return httpapi.Answer(views(rows, Interest.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listConflictsOfInterest", Method: http.MethodGet, Path: "/areas/{areaId}/conflicts-of-interest", Tag: tagPost, Permission: authz.PostRead,
		Summary: "Members of owners' bodies with an interest in a company that works there"},
		func(ctx context.Context, in *areaInput) (*httpapi.Body[[]Conflict], error) {
			return httpapi.Answer(s.Conflicts(ctx, authz.From(ctx), in.ID))
		})
}

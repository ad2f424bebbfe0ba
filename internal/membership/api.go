package membership

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

const tag = "Households"

// Register adds the operations of memberships, joining codes and applications.
func Register(api *httpapi.API, s *Service) {
	s.registerMembers(api)
	s.registerJoining(api)
	s.registerContests(api)
	s.registerCodes(api)
	s.registerApplications(api)
}

// MemberView is a membership in answers.
type MemberView struct {
	ID               id.ID          `json:"id"`
	HouseholdID      id.ID          `json:"householdId"`
	UnitID           id.ID          `json:"unitId"`
	PersonID         id.ID          `json:"personId"`
	Name             string         `json:"name,omitempty" doc:"In clear within the household, masked to the community"`
	NameStated       bool           `json:"nameStated,omitempty" doc:"The name is as the member stated it on joining; nobody has verified it"`
	Relation         Relation       `json:"relation" enum:"owner,occupant,helper"`
	Rights           []Right        `json:"rights" doc:"What the relation may do for the household: decide, survey, order, members"`
	HelpsID          *id.ID         `json:"helpsMembershipId,omitempty" doc:"The membership that a helper acts for"`
	Via              Via            `json:"via" enum:"code,application,roll,helper"`
	From             clock.Instant  `json:"from"`
	To               *clock.Instant `json:"to,omitempty"`
	State            State          `json:"state" enum:"active,contested,ended" doc:"A contested membership gives no rights until the community has decided"`
	Reason           Reason         `json:"endedReason,omitempty"`
	ContestableUntil clock.Instant  `json:"contestableUntil"`
	ContestReason    Reason         `json:"contestReason,omitempty"`
	Version          int64          `json:"version"`
}

func (m Member) view() MemberView {
	return MemberView{ID: m.ID, HouseholdID: m.Household, UnitID: m.Unit, PersonID: m.Person, Relation: m.Relation, Rights: rights[m.Relation],
		HelpsID: m.Helps, Via: m.Via, From: m.From, To: m.To, State: m.State, Reason: m.EndedReason,
		ContestableUntil: m.ContestableUntil, ContestReason: m.ContestReason, Version: m.Version}
}

func (m Seen) view() MemberView {
	v := m.Member.view()
	v.Name, v.NameStated = m.Name, m.Stated
	return v
}

func answerMember(m Member, err error) (*httpapi.Versioned[MemberView], error) {
	return httpapi.AnswerVersion(m.view(), m.Version, err)
}

func views[T, V any](rows []T, view func(T) V) []V {
	out := make([]V, len(rows))
	for i, row := range rows {
		out[i] = view(row)
	}
	return out
}

func viewPage[T, V any](p page.Page[T], view func(T) V) page.Page[V] {
	return page.Page[V]{Items: views(p.Items, view), Next: p.Next}
}

// MemberPath names a membership in a path.
type MemberPath struct {
	ID id.ID `path:"membershipId" doc:"Membership"`
}

// UnitPath names a unit in a path.
type UnitPath struct {
	Unit id.ID `path:"unitId" doc:"Unit"`
}

// MemberStep is a change of a membership.
type MemberStep struct {
	MemberPath
	httpapi.IfMatch
}

type redeemInput struct {
	Body struct {
		Code     string   `json:"code" minLength:"1" maxLength:"60" doc:"As printed; case, spaces and hyphens do not matter"`
		Relation Relation `json:"relation" enum:"owner,occupant" doc:"To join as owner takes a place on the roll"`
		Name     string   `json:"name,omitempty" maxLength:"50" doc:"What the household and, masked, the community know the caller by; without effect for who has a name"`
	}
}

type removeInput struct {
	MemberStep
	Body struct {
		Reason Reason `json:"reason" enum:"moved_out,sold,deceased,entered_wrong,unknown"`
	}
}

type contestInput struct {
	MemberStep
	Body struct {
		Reason Reason `json:"reason" enum:"unknown,moved_out,entered_wrong"`
	}
}

type decideInput struct {
	MemberStep
	Body struct {
		Uphold bool `json:"uphold" doc:"true ends the membership, false makes it active again"`
	}
}

type helperInput struct {
	MemberPath
	Body struct {
		Name    string           `json:"name" minLength:"1" maxLength:"100"`
		Phone   string           `json:"phone" minLength:"7" maxLength:"40"`
		Shown   string           `json:"consentVersion" minLength:"64" maxLength:"64" doc:"Version of the consent text that the member helped was shown"`
		Channel personal.Channel `json:"channel" enum:"self,desk,paper" doc:"self by the member; desk or paper when the community writes it down"`
	}
}

func (s *Service) registerMembers(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listOwnMemberships", Method: http.MethodGet, Path: "/me/memberships", Tag: tag, Permission: authz.MembershipApply,
		Summary: "One's own memberships, present and past"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]MemberView], error) {
			rows, err := s.Own(ctx, authz.From(ctx))
			return httpapi.Answer(views(rows, Member.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "listMembers", Method: http.MethodGet, Path: "/units/{unitId}/memberships", Tag: tag, Permission: authz.MembershipRead,
		Summary: "Members of the household in a unit", Description: "For its members with names; for the community and the street office masked."},
		func(ctx context.Context, in *UnitPath) (*httpapi.Body[[]MemberView], error) {
			rows, err := s.Members(ctx, authz.From(ctx), in.Unit)
			return httpapi.Answer(views(rows, Seen.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "leaveHousehold", Method: http.MethodPost, Path: "/memberships/{membershipId}/leave", Tag: tag, Permission: authz.MembershipApply,
		Summary: "End one's own membership, or that of one's helper"},
		func(ctx context.Context, in *MemberStep) (*httpapi.Versioned[MemberView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerMember(s.Leave(ctx, authz.From(ctx), in.ID, version))
		})
	httpapi.Register(api, httpapi.Op{ID: "removeMember", Method: http.MethodPost, Path: "/memberships/{membershipId}/remove", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "End a membership with a reason", Description: "By the community, never by somebody who lives there or has a post in a company or an owners' body."},
		func(ctx context.Context, in *removeInput) (*httpapi.Versioned[MemberView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerMember(s.Remove(ctx, authz.From(ctx), in.ID, version, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Op{ID: "addHelper", Method: http.MethodPost, Path: "/memberships/{membershipId}/helpers", Tag: tag, Permission: authz.MembershipApply, Status: http.StatusCreated,
		Summary: "Let somebody act for a member", Description: "By the member's recorded consent, which they can withdraw at any time with effect at once. A helper never votes."},
		func(ctx context.Context, in *helperInput) (*httpapi.Versioned[MemberView], error) {
			d := HelperDraft{Name: in.Body.Name, Phone: in.Body.Phone, Channel: in.Body.Channel}
			if err := d.Shown.UnmarshalText([]byte(in.Body.Shown)); err != nil {
				return nil, badVersion()
			}
			return answerMember(s.AddHelper(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, d))
		})
}

func (s *Service) registerJoining(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "redeemJoinCode", Method: http.MethodPost, Path: "/memberships", Tag: tag, Permission: authz.MembershipApply, Status: http.StatusCreated,
		Summary: "Join a household by its one-time code", Description: "Of several who use one code at once, one gets in. The members present and the owners on the roll are told and may contest within 14 days."},
		func(ctx context.Context, in *redeemInput) (*httpapi.Versioned[MemberView], error) {
			return answerMember(s.Redeem(ctx, authz.From(ctx), httpapi.Once(ctx), Joining{Code: in.Body.Code, Relation: in.Body.Relation, Name: in.Body.Name}))
		})
	httpapi.Register(api, httpapi.Op{ID: "joinAsOwnerOnRoll", Method: http.MethodPost, Path: "/units/{unitId}/claim", Tag: tag, Permission: authz.MembershipApply, Status: http.StatusCreated,
		Summary: "Join as an owner who is on the roll", Description: "For owners who live elsewhere and get no slip."},
		func(ctx context.Context, in *UnitPath) (*httpapi.Versioned[MemberView], error) {
			return answerMember(s.Claim(ctx, authz.From(ctx), httpapi.Once(ctx), in.Unit))
		})
}

func (s *Service) registerContests(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "contestMembership", Method: http.MethodPost, Path: "/memberships/{membershipId}/contest", Tag: tag, Permission: authz.MembershipApply,
		Summary: "Contest a new membership", Description: "By who was a member before, or an owner on the roll. The newcomer has no rights until the community has decided."},
		func(ctx context.Context, in *contestInput) (*httpapi.Versioned[MemberView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerMember(s.Contest(ctx, authz.From(ctx), in.ID, version, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Op{ID: "decideContest", Method: http.MethodPost, Path: "/memberships/{membershipId}/decide", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "Decide a contested membership"},
		func(ctx context.Context, in *decideInput) (*httpapi.Versioned[MemberView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerMember(s.Decide(ctx, authz.From(ctx), in.ID, version, in.Body.Uphold))
		})
	httpapi.Register(api, httpapi.Op{ID: "listContests", Method: http.MethodGet, Path: "/contests", Tag: tag, Permission: authz.MembershipApprove,
		Summary: "Contested memberships that wait for a decision"},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[MemberView]], error) {
			found, err := s.Contests(ctx, authz.From(ctx), in.Page())
			return httpapi.Answer(viewPage(found, Seen.view), err)
		})
}

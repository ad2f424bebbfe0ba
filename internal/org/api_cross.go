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

// CrossView is a cross-appointment in answers.
type CrossView struct {
	ID       id.ID          `json:"id"`
	PersonID id.ID          `json:"personId"`
	Name     string         `json:"name,omitempty" doc:"Of the person, masked"`
	HomeID   id.ID          `json:"homeOrganisationId"`
	HostID   id.ID          `json:"hostOrganisationId"`
	Kind     CrossKind      `json:"kind" enum:"part_time_member,supervisor,party_guide,part_time_grid"`
	Conflict ConflictNote   `json:"conflict,omitempty" doc:"A conflict of interest found when it was recorded: interest_in_host or home_serves_there"`
	From     clock.Instant  `json:"from"`
	To       *clock.Instant `json:"to,omitempty"`
	Reason   EndReason      `json:"endedReason,omitempty"`
	Version  int64          `json:"version"`
}

func (c CrossAppointment) view() CrossView {
	return CrossView{ID: c.ID, PersonID: c.Person, HomeID: c.Home, HostID: c.Host, Kind: c.Kind, Conflict: c.Conflict,
		From: c.From, To: c.To, Reason: c.EndedReason, Version: c.Version}
}

func (c CrossHeld) view() CrossView {
	v := c.CrossAppointment.view()
	v.Name = c.Name
	return v
}

func answerCross(c CrossAppointment, err error) (*httpapi.Versioned[CrossView], error) {
	return httpapi.AnswerVersion(c.view(), c.Version, err)
}

type crossListInput struct {
	httpapi.PageInput
	Past bool `query:"past" doc:"Add those that have ended"`
}

type crossInput struct {
	Body struct {
		PersonID id.ID     `json:"personId" doc:"The person, who holds a post at home"`
		HomeID   id.ID     `json:"homeOrganisationId" doc:"Where the person's post is"`
		HostID   id.ID     `json:"hostOrganisationId" doc:"Where the second function is"`
		Kind     CrossKind `json:"kind" enum:"part_time_member,supervisor,party_guide,part_time_grid"`
	}
}

type endCrossInput struct {
	httpapi.IfMatch
	ID   id.ID `path:"crossAppointmentId" doc:"Cross-appointment"`
	Body struct {
		Reason EndReason `json:"reason" enum:"resigned,dismissed,transferred,recalled,entered_wrong"`
	}
}

func (s *Service) registerCross(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listCrossAppointments", Method: http.MethodGet, Path: "/cross-appointments", Tag: tagCross, Permission: authz.PostRead,
		Summary: "Cross-appointments of your area or from your company"},
		func(ctx context.Context, in *crossListInput) (*httpapi.Body[page.Page[CrossView]], error) {
			found, err := s.CrossList(ctx, authz.From(ctx), in.Past, in.Page())
			return httpapi.Answer(viewPage(found, CrossHeld.view), err)
		})
	httpapi.Register(api, httpapi.Op{ID: "recordCrossAppointment", Method: http.MethodPost, Path: "/cross-appointments", Tag: tagCross, Permission: authz.CrossPost, Status: http.StatusCreated,
		Summary: "Record a cross-appointment",
		Description: "A second function in another organisation; it gives no access by itself. One that would show Party membership (part-time member of the community Party organisation) " +
			"is recorded only with the person's consent to that in force."},
		func(ctx context.Context, in *crossInput) (*httpapi.Versioned[CrossView], error) {
			b := in.Body
			return answerCross(s.Cross(ctx, authz.From(ctx), httpapi.Once(ctx), Crossing{b.PersonID, b.HomeID, b.HostID, b.Kind}))
		})
	httpapi.Register(api, httpapi.Op{ID: "endCrossAppointment", Method: http.MethodPost, Path: "/cross-appointments/{crossAppointmentId}/end", Tag: tagCross, Permission: authz.AccountSelf,
		Summary: "End a cross-appointment", Description: "By who may record one there, or by the person."},
		func(ctx context.Context, in *endCrossInput) (*httpapi.Versioned[CrossView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return answerCross(s.EndCross(ctx, authz.From(ctx), in.ID, version, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Op{ID: "getCrossCoverage", Method: http.MethodGet, Path: "/areas/{areaId}/cross-coverage", Tag: tagCross, Permission: authz.PostRead,
		Summary: "How far cross-appointment has come in an area"},
		func(ctx context.Context, in *areaInput) (*httpapi.Body[Coverage], error) {
			return httpapi.Answer(s.Coverage(ctx, authz.From(ctx), in.ID))
		})
}

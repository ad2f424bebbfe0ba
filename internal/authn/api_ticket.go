package authn

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
)

type ticketInput struct {
	Body struct {
		Phone    string `json:"phone" pattern:"^1[3-9][0-9]{9}$" doc:"Mobile number that your app has verified"`
		Audience string `json:"audience" minLength:"1" maxLength:"300" doc:"The public address of this installation, as users reach it (http.public_url): a ticket is good nowhere else"`
	}
}

// TicketView tells a ticket, once.
type TicketView struct {
	Ticket    string        `json:"ticket" doc:"Good once, for two minutes"`
	URL       string        `json:"url" doc:"Open it in the resident's browser. The ticket is behind the #, which no server and no log sees"`
	ExpiresAt clock.Instant `json:"expiresAt"`
}

type ticketLogin struct {
	Agent string `header:"User-Agent" maxLength:"1000" doc:"Kept only as a coarse kind of browser"`
	Body  struct {
		Ticket string `json:"ticket" minLength:"20" maxLength:"100" doc:"As it stands behind #ticket= in the address"`
	}
}

func registerTickets(a *httpapi.API, s *Service) {
	httpapi.Register(a, httpapi.Op{ID: "issueLoginTicket", Method: http.MethodPost, Path: "/login-tickets", Tag: "Log-in", Permission: authz.LoginTicket, Status: http.StatusCreated,
		Summary: "Ask for a ticket that lets a resident in", Description: "By the server of another app of the street, with an API token of the street office. The phone must be verified there, belong to an account with a home in the street and to nobody with a post; every other phone gets the same 409. " +
			"The log-in can read, report, write and follow; ballots, ratings, confirmations and the account itself need a log-in of the resident's own."},
		func(ctx context.Context, in *ticketInput) (*httpapi.Body[TicketView], error) {
			t, err := s.IssueTicket(ctx, authz.From(ctx), in.Body.Phone, in.Body.Audience, httpapi.Address(ctx))
			return httpapi.Answer(TicketView{t.Secret, s.PublicURL + "/enter#ticket=" + t.Secret, t.ExpiresAt}, err)
		})
	httpapi.Register(a, httpapi.Op{ID: "logInByTicket", Method: http.MethodPost, Path: "/auth/sessions/by-ticket", Tag: "Log-in", Public: true, Status: 201,
		Summary: "Log in with a ticket", Description: "Once. A ticket that is unknown, used or expired gets the same answer."},
		func(ctx context.Context, in *ticketLogin) (*loggedInOutput, error) {
			return s.loggedIn(s.LogInByTicket(ctx, in.Body.Ticket, device(in.Agent), httpapi.Address(ctx)))
		})
}

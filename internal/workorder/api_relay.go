package workorder

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

const (
	tagRelay   = "Work order relay and identity"
	tagConduct = "Conduct cases"
)

type messageInput struct {
	OrderPath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"Up to 1000 characters"`
	}
}

type messagesInput struct {
	OrderPath
	httpapi.PageInput
}

type readInput struct {
	OrderPath
	Body struct {
		UpTo id.ID `json:"upTo" doc:"The last message that was on the screen"`
	}
}

type linkMessageInput struct {
	Body struct {
		Token string `json:"token" minLength:"20" maxLength:"60" doc:"The follow token"`
		Text  string `json:"text" minLength:"1" maxLength:"2000" doc:"Up to 1000 characters"`
	}
}

type linkMessagesInput struct {
	Body struct {
		Token  string `json:"token" minLength:"20" maxLength:"60" doc:"The follow token"`
		Cursor string `json:"cursor,omitempty" maxLength:"600" doc:"The next of the page before"`
	}
}

func (s *Service) registerRelay(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderMessages", Method: http.MethodGet, Path: "/work-orders/{id}/messages", Tag: tagRelay, Permission: authz.OrderRead,
		Summary: "What the sides of an order wrote to each other", Description: "Oldest first. Sides are shown, never names; numbers are masked where the reporter is hidden from you."},
		func(ctx context.Context, in *messagesInput) (*httpapi.Body[page.Page[RelayMessage]], error) {
			return httpapi.Answer(s.Messages(ctx, authz.From(ctx), in.ID, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "writeWorkOrderMessage", Method: http.MethodPost, Path: "/work-orders/{id}/messages", Tag: tagRelay, Permission: authz.OrderMessage, Status: http.StatusCreated,
		Summary: "Write to the other sides", Description: "After closing the handler writes no more: nobody is asked for stars."},
		func(ctx context.Context, in *messageInput) (*httpapi.Body[RelayMessage], error) {
			return httpapi.Answer(s.Write(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Text))
		})
	httpapi.Register(api, httpapi.Op{ID: "markWorkOrderMessagesRead", Method: http.MethodPost, Path: "/work-orders/{id}/messages/read", Tag: tagRelay, Permission: authz.OrderMessage, Status: http.StatusNoContent,
		Summary: "Mark as read what others wrote"},
		func(ctx context.Context, in *readInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.MarkRead(ctx, authz.From(ctx), in.ID, in.Body.UpTo))
		})
	httpapi.Register(api, httpapi.Op{ID: "writeMessageByLink", Method: http.MethodPost, Path: "/work-order-links/messages", Tag: tagLinks, Public: true, Quiet: true, Status: http.StatusCreated,
		Summary: "Write on an order, by the follow token"},
		func(ctx context.Context, in *linkMessageInput) (*httpapi.Body[RelayMessage], error) {
			return httpapi.Answer(s.WriteByLink(ctx, in.Body.Token, in.Body.Text))
		})
	httpapi.Register(api, httpapi.Op{ID: "listMessagesByLink", Method: http.MethodPost, Path: "/work-order-links/message-list", Tag: tagLinks, Public: true, Quiet: true,
		Summary: "The messages of an order, by the follow token"},
		func(ctx context.Context, in *linkMessagesInput) (*httpapi.Body[page.Page[RelayMessage]], error) {
			return httpapi.Answer(s.MessagesByLink(ctx, in.Body.Token, page.Request{Cursor: in.Body.Cursor}))
		})
}

type revealInput struct {
	OrderPath
	Body struct {
		Reason reasonText `json:"reason" enum:"visit,callback,emergency,inquiry,authority" doc:"Why you need it; recorded, and shown to the reporter"`
		Hours  int        `json:"hours,omitempty" minimum:"1" maximum:"168" doc:"How long; two when absent"`
	}
}

// RevealPath names an opening of an identity in a path. It is exported because embedded fields must be.
type RevealPath struct {
	ID     id.ID `path:"id" doc:"The order"`
	Reveal id.ID `path:"revealId" doc:"The opening"`
}

func (s *Service) registerReveals(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "revealReporter", Limit: "reveal", Method: http.MethodPost, Path: "/work-orders/{id}/reveals", Tag: tagRelay, Permission: authz.OrderReveal, Status: http.StatusCreated,
		Summary: "Open the reporter's identity for a time", Description: "For a stated reason; it ends by itself, and the reporter is told. A company may do it only in danger, or for a visit to the home."},
		func(ctx context.Context, in *revealInput) (*httpapi.Body[IdentityReveal], error) {
			return httpapi.Answer(s.Reveal(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Reason.reason(), hours(in.Body.Hours)))
		})
	httpapi.Register(api, httpapi.Op{ID: "readRevealedReporter", Method: http.MethodPost, Path: "/work-orders/{id}/reveals/{revealId}/contact", Tag: tagRelay, Permission: authz.OrderReveal,
		Summary: "Name and phone while they are open to you", Description: "Each reading is recorded and shown to the reporter."},
		func(ctx context.Context, in *RevealPath) (*httpapi.Body[OrderContact], error) {
			return httpapi.Answer(s.Revealed(ctx, authz.From(ctx), in.ID, in.Reveal))
		})
	httpapi.Register(api, httpapi.Op{ID: "endReveal", Method: http.MethodPost, Path: "/work-orders/{id}/reveals/{revealId}/end", Tag: tagRelay, Permission: authz.OrderReveal, Status: http.StatusNoContent,
		Summary: "Hide the identity again before its time"},
		func(ctx context.Context, in *RevealPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.EndReveal(ctx, authz.From(ctx), in.ID, in.Reveal))
		})
	httpapi.Register(api, httpapi.Op{ID: "listIdentityOpenings", Method: http.MethodGet, Path: "/work-orders/{id}/identity-openings", Tag: tagRelay, Permission: authz.OrderRead,
		Summary: "Who opened my identity", Description: "For the reporter: roles, reasons and times, newest first."},
		func(ctx context.Context, in *OrderPath) (*httpapi.Body[[]IdentityOpening], error) {
			return httpapi.Answer(s.IdentityOpenings(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listIdentityOpeningsByLink", Method: http.MethodPost, Path: "/work-order-links/identity-openings", Tag: tagLinks, Public: true, Quiet: true,
		Summary: "Who opened my identity, by the follow token"},
		func(ctx context.Context, in *linkInput) (*httpapi.Body[[]IdentityOpening], error) {
			return httpapi.Answer(s.OpeningsByLink(ctx, in.Body.Token))
		})
}

type askInput struct {
	OrderPath
	Body struct {
		CaseText string `json:"caseText" minLength:"10" maxLength:"4000" doc:"The case, written so that nobody can be told from it; refused when it holds a number, the reporter's name or the order's number"`

		AboutPersonID *id.ID `json:"aboutPersonId,omitempty" doc:"The person of the party whom the case is about, if one: they neither read the question nor answer it"`
	}
}

type answerStatementInput struct {
	ID   id.ID `path:"statementId" doc:"The statement"`
	Body struct {
		Answer string `json:"answer" minLength:"1" maxLength:"8000" doc:"Up to 4000 characters"`
	}
}

type statementPath struct {
	ID id.ID `path:"statementId" doc:"The statement"`
}

func (s *Service) registerStatements(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "askStatement", Method: http.MethodPost, Path: "/work-orders/{id}/statements", Tag: tagConduct, Permission: authz.OrderStatement, Status: http.StatusCreated,
		Summary: "Ask the party complained of for its side", Description: "On a de-identified text, with a deadline. The party sees nothing of the order."},
		func(ctx context.Context, in *askInput) (*httpapi.Body[CaseStatement], error) {
			return httpapi.Answer(s.AskStatement(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.CaseText, in.Body.AboutPersonID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listOrderStatements", Method: http.MethodGet, Path: "/work-orders/{id}/statements", Tag: tagConduct, Permission: authz.OrderRead,
		Summary: "What the party of a conduct case was asked"},
		func(ctx context.Context, in *OrderPath) (*httpapi.Body[[]CaseStatement], error) {
			return httpapi.Answer(s.Statements(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listStatementsForUs", Method: http.MethodGet, Path: "/statements", Tag: tagConduct, Permission: authz.OrderAnswer,
		Summary: "What your organisation was asked", Description: "Oldest first; without the orders behind them."},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[CaseStatement]], error) {
			return httpapi.Answer(s.AskedStatements(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "getStatement", Method: http.MethodGet, Path: "/statements/{statementId}", Tag: tagConduct, Permission: authz.OrderAnswer,
		Summary: "One question put to your organisation"},
		func(ctx context.Context, in *statementPath) (*httpapi.Body[CaseStatement], error) {
			return httpapi.Answer(s.ShowStatement(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "answerStatement", Method: http.MethodPost, Path: "/statements/{statementId}/answer", Tag: tagConduct, Permission: authz.OrderAnswer,
		Summary: "Give your organisation's side", Description: "Once, in a post of the organisation itself, by somebody else than the person whom the case is about. A late answer is taken, and marked."},
		func(ctx context.Context, in *answerStatementInput) (*httpapi.Body[CaseStatement], error) {
			return httpapi.Answer(s.AnswerStatement(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Answer))
		})
	httpapi.Register(api, httpapi.Op{ID: "withdrawStatement", Method: http.MethodPost, Path: "/statements/{statementId}/withdraw", Tag: tagConduct, Permission: authz.OrderStatement, Status: http.StatusNoContent,
		Summary: "Take a question back"},
		func(ctx context.Context, in *statementPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.WithdrawStatement(ctx, authz.From(ctx), in.ID))
		})
}

// PressureFields are what a reporter says of being contacted or pressed.
type PressureFields struct {
	Kind string `json:"kind" enum:"contacted,asked_to_withdraw,asked_for_rating,threatened,leaked,retaliated" doc:"What happened"`
	Text string `json:"text,omitempty" maxLength:"4000" doc:"Up to 2000 characters; optional"`
}

type linkPressureInput struct {
	Body struct {
		PressureFields
		Token string `json:"token" minLength:"20" maxLength:"60" doc:"The follow token"`
	}
}

type pressuresInput struct {
	httpapi.PageInput
	State string `query:"state" enum:"open,closed" default:"open" doc:"Open or closed"`
}

type closePressureInput struct {
	ID   id.ID `path:"reportId" doc:"The report"`
	Body struct {
		Outcome string `json:"outcome" minLength:"1" maxLength:"2000" doc:"What was done about it"`
	}
}

func (s *Service) registerPressure(api *httpapi.API) {
	onceFor(api, httpapi.Op{ID: "reportPressure", Method: http.MethodPost, Path: "/work-orders/{id}/pressure-reports", Tag: tagConduct, Permission: authz.OrderMessage, Status: http.StatusNoContent,
		Summary: "I was contacted or pressed", Description: "Goes to the street office and the street's Party committee alone, outside the chain that handles the order. Nobody of the company or the community sees it."},
		func(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, b PressureFields) error {
			return s.ReportPressure(ctx, p, once, order, b.Kind, b.Text)
		})
	httpapi.Register(api, httpapi.Op{ID: "reportPressureByLink", Method: http.MethodPost, Path: "/work-order-links/pressure-reports", Tag: tagLinks, Public: true, Quiet: true, Status: http.StatusNoContent,
		Summary: "I was contacted or pressed, by the follow token"},
		func(ctx context.Context, in *linkPressureInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.PressureByLink(ctx, in.Body.Token, in.Body.Kind, in.Body.Text))
		})
	httpapi.Register(api, httpapi.Op{ID: "listPressureReports", Method: http.MethodGet, Path: "/pressure-reports", Tag: tagConduct, Permission: authz.OrderPressure,
		Summary: "What reporters said of being pressed", Description: "In your street, oldest first."},
		func(ctx context.Context, in *pressuresInput) (*httpapi.Body[page.Page[PressureReport]], error) {
			return httpapi.Answer(s.PressureReports(ctx, authz.From(ctx), in.State, in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "closePressureReport", Method: http.MethodPost, Path: "/pressure-reports/{reportId}/close", Tag: tagConduct, Permission: authz.OrderPressure, Status: http.StatusNoContent,
		Summary: "Note what was done about it"},
		func(ctx context.Context, in *closePressureInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.ClosePressure(ctx, authz.From(ctx), httpapi.Once(ctx), in.ID, in.Body.Outcome))
		})
}

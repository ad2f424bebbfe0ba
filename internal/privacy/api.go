package privacy

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// InventoryView is one kind of personal datum that the platform holds.
type InventoryView struct {
	Field       personal.Field    `json:"field"`
	Subject     personal.Subject  `json:"subject" doc:"Whose datum it is"`
	PurposeZH   string            `json:"purposeZh" doc:"What it is for, in Chinese"`
	PurposeEN   string            `json:"purposeEn" doc:"What it is for, in English"`
	Basis       personal.Basis    `json:"basis" doc:"Why the law lets it be handled (PIPL 13)"`
	Sensitive   bool              `json:"sensitive" doc:"Sensitive personal information (PIPL 28)"`
	KeptUntil   string            `json:"keptUntil" doc:"What ends or starts the time of keeping"`
	KeptUntilZH string            `json:"keptUntilZh" doc:"The same in Chinese"`
	KeptDays    int               `json:"keptDays" doc:"Days after that; 0 when it ends at once"`
	VisibleTo   []personal.Viewer `json:"visibleTo" doc:"Who may see it in clear"`
	Erasable    bool              `json:"erasable" doc:"Erased at the person's wish"`
}

// WordingView is the text of a consent.
type WordingView struct {
	Purpose   personal.Purpose `json:"purpose"`
	ZH        string           `json:"zh" doc:"The text in Chinese"`
	EN        string           `json:"en" doc:"The text in English"`
	Sensitive bool             `json:"sensitive" doc:"Separate consent (PIPL 29)"`
	Version   string           `json:"version" doc:"Send it back with the consent: it says which text was shown"`
}

// ConsentView is a consent once given.
type ConsentView struct {
	Purpose     personal.Purpose `json:"purpose"`
	Version     string           `json:"version" doc:"Version of the text"`
	Channel     personal.Channel `json:"channel"`
	GivenAt     clock.Instant    `json:"givenAt"`
	WithdrawnAt *clock.Instant   `json:"withdrawnAt,omitempty"`
}

// SeenView is one reading of the caller's data in clear.
type SeenView struct {
	At         clock.Instant   `json:"at"`
	Capacity   string          `json:"capacity" doc:"The role it was read in"`
	Field      personal.Field  `json:"field"`
	Reason     personal.Reason `json:"reason"`
	ObjectKind string          `json:"objectKind" doc:"What it was read for"`
	Object     id.ID           `json:"object"`
}

type consentInput struct {
	Purpose personal.Purpose `path:"purpose" maxLength:"40"`
	Body    struct {
		Version personal.Version `json:"version" doc:"Version of the text that was shown"`
	}
}

type purposeInput struct {
	Purpose personal.Purpose `path:"purpose" maxLength:"40"`
}

type eraseInput struct {
	Body struct {
		Confirm string `json:"confirm" maxLength:"10" doc:"The word ERASE; it cannot be undone"`
	}
}

// Register adds the operations of people about their own data.
func Register(a *httpapi.API, s *Service) {
	registerPublic(a)
	op := func(name, method, path, summary string) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "Privacy", Summary: summary, Permission: authz.AccountSelf}
	}
	httpapi.Register(a, op("exportOwnData", http.MethodGet, "/account/data", "Everything held about me, as a JSON file"),
		func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
			data, err := s.Export(ctx, authz.From(ctx))
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: "redproperty-my-data.json", MediaType: "application/json", Write: func(w io.Writer) error {
				enc := json.NewEncoder(w)
				enc.SetIndent("", "  ")
				return enc.Encode(data)
			}}), nil
		})
	httpapi.Register(a, op("eraseOwnData", http.MethodPost, "/account/erasure", "Erase my personal data and end my account for good"),
		func(ctx context.Context, in *eraseInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Erase(ctx, authz.From(ctx), in.Body.Confirm))
		})
	httpapi.Register(a, op("listConsents", http.MethodGet, "/account/consents", "Consents I gave"),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]ConsentView], error) {
			list, err := s.Own(ctx, authz.From(ctx))
			return httpapi.Answer(consentViews(list), err)
		})
	httpapi.Register(a, op("giveConsent", http.MethodPut, "/account/consents/{purpose}", "Consent to a purpose"),
		func(ctx context.Context, in *consentInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Give(ctx, authz.From(ctx), in.Purpose, in.Body.Version))
		})
	httpapi.Register(a, op("withdrawConsent", http.MethodDelete, "/account/consents/{purpose}", "Withdraw a consent, at once and without a reason"),
		func(ctx context.Context, in *purposeInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Withdraw(ctx, authz.From(ctx), in.Purpose))
		})
	httpapi.Register(a, op("listReads", http.MethodGet, "/account/reads", "Who read my data in clear: roles, reasons and times"),
		func(ctx context.Context, in *httpapi.PageInput) (*httpapi.Body[page.Page[SeenView]], error) {
			list, err := s.Seen(ctx, authz.From(ctx), in.Page())
			return httpapi.Answer(seenViews(list), err)
		})
}

func registerPublic(a *httpapi.API) {
	op := func(name, path, summary string) httpapi.Op {
		return httpapi.Op{ID: name, Method: http.MethodGet, Path: path, Tag: "Privacy", Summary: summary, Public: true}
	}
	httpapi.Register(a, op("listPersonalData", "/privacy/inventory", "Every kind of personal data the platform holds, and why"),
		func(context.Context, *struct{}) (*httpapi.Body[[]InventoryView], error) {
			var list []InventoryView
			for _, e := range personal.Inventory {
				list = append(list, InventoryView{e.Field, e.Subject, e.PurposeZH, e.PurposeEN, e.Basis, e.Sensitive, e.Keep.Event, e.Keep.EventZH, e.Keep.Days, e.VisibleTo, e.Erasable})
			}
			return &httpapi.Body[[]InventoryView]{Body: list}, nil
		})
	httpapi.Register(a, op("listConsentTexts", "/privacy/consent-texts", "The texts of consents now in use"),
		func(context.Context, *struct{}) (*httpapi.Body[[]WordingView], error) {
			var list []WordingView
			for _, w := range personal.Wordings {
				list = append(list, WordingView{w.Purpose, w.ZH, w.EN, w.Sensitive, w.Version().String()})
			}
			return &httpapi.Body[[]WordingView]{Body: list}, nil
		})
}

func consentViews(list []personal.Consent) []ConsentView {
	out := []ConsentView{}
	for _, c := range list {
		out = append(out, ConsentView{c.Purpose, c.TextHash.String(), c.Channel, c.GivenAt, c.WithdrawnAt})
	}
	return out
}

func seenViews(p page.Page[personal.Seen]) page.Page[SeenView] {
	out := page.Page[SeenView]{Items: []SeenView{}, Next: p.Next}
	for _, r := range p.Items {
		out.Items = append(out.Items, SeenView{r.At, r.Capacity, r.Field, r.Reason, r.ObjectKind, r.Object})
	}
	return out
}

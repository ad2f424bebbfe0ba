package notify

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
)

// WebhookFields are what is entered of a webhook.
type WebhookFields struct {
	Name   string   `json:"name" minLength:"1" maxLength:"60" doc:"What it is for"`
	Topics []string `json:"topics" minItems:"1" maxItems:"40" doc:"What it is told about: topics as workorder.escalated, workorder.* for all of a kind, * for all"`
}

// OrganisationPath names an organisation in a path.
type OrganisationPath struct {
	Org id.ID `path:"organisationId" doc:"Organisation"`
}

type addWebhookInput struct {
	OrganisationPath
	Body struct {
		WebhookFields
		Kind   HookKind `json:"kind" enum:"generic,wecom,dingtalk,feishu" doc:"Signed JSON of our own, or a group robot"`
		URL    string   `json:"url" minLength:"1" maxLength:"2000" doc:"https address; it is never shown again in full"`
		Secret string   `json:"secret,omitempty" maxLength:"128" doc:"generic: the key of X-Signature, at least 16 characters; dingtalk, feishu: the key of the robot's signature, where it asks for one"`
	}
}

type changeWebhookInput struct {
	IDPath
	httpapi.IfMatch
	Body struct {
		WebhookFields
		State  HookState `json:"state" enum:"active,paused"`
		URL    string    `json:"url,omitempty" maxLength:"2000" doc:"A new address; absent leaves the one there is"`
		Secret string    `json:"secret,omitempty" maxLength:"128" doc:"A new key; absent leaves the one there is"`
	}
}

type removeWebhookInput struct {
	IDPath
	httpapi.IfMatch
}

// WebhookView is a webhook without its address and key.
type WebhookView struct {
	ID        id.ID          `json:"id"`
	Org       id.ID          `json:"organisationId"`
	Kind      HookKind       `json:"kind"`
	Host      string         `json:"host" doc:"Of the address; the rest of it is secret"`
	HasSecret bool           `json:"hasSecret"`
	State     HookState      `json:"state"`
	SentAt    *clock.Instant `json:"sentAt,omitempty" doc:"When it last took a message"`
	LastError string         `json:"lastError,omitempty" doc:"Code of what went wrong the last time; absent when it went well"`
	Version   int64          `json:"version"`
	WebhookFields
}

func (w Webhook) view() WebhookView {
	return WebhookView{ID: w.ID, Org: w.Org, Kind: w.Kind, Host: w.Host, HasSecret: len(w.SecretCipher) > 0, State: w.State, SentAt: w.SentAt,
		LastError: w.LastError, Version: w.Version, WebhookFields: WebhookFields{Name: w.Name, Topics: w.Topics}}
}

func answerWebhook(w Webhook, err error) (*httpapi.Versioned[WebhookView], error) {
	return httpapi.AnswerVersion(w.view(), w.Version, err)
}

func registerWebhooks(a *httpapi.API, s *Service) {
	op := func(name, method, path, summary, description string) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "Webhooks", Summary: summary, Description: description, Permission: authz.WebhookManage}
	}
	httpapi.Register(a, op("listWebhooks", http.MethodGet, "/organisations/{organisationId}/webhooks", "Webhooks and group robots of an organisation", ""),
		func(ctx context.Context, in *OrganisationPath) (*httpapi.Body[[]WebhookView], error) {
			found, err := s.Webhooks(ctx, authz.From(ctx), in.Org)
			views := make([]WebhookView, len(found))
			for i, w := range found {
				views[i] = w.view()
			}
			return httpapi.Answer(views, err)
		})
	add := op("addWebhook", http.MethodPost, "/organisations/{organisationId}/webhooks", "Add a webhook or a group robot",
		"Messages hold order numbers and codes, never a person's name, phone or words; cases about somebody's conduct are never told. "+
			"A message may come twice: X-Delivery-Id is the same then. X-Signature is the hex HMAC-SHA-256 of X-Timestamp, a full stop and the body.")
	add.Status = http.StatusCreated
	httpapi.Register(a, add, func(ctx context.Context, in *addWebhookInput) (*httpapi.Versioned[WebhookView], error) {
		b := in.Body
		return answerWebhook(s.AddWebhook(ctx, authz.From(ctx), httpapi.Once(ctx), in.Org,
			HookDraft{Kind: b.Kind, Name: b.Name, URL: b.URL, Secret: b.Secret, Topics: b.Topics, State: HookActive}))
	})
	httpapi.Register(a, op("getWebhook", http.MethodGet, "/webhooks/{id}", "One webhook", ""),
		func(ctx context.Context, in *IDPath) (*httpapi.Versioned[WebhookView], error) {
			return answerWebhook(s.Webhook(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(a, op("changeWebhook", http.MethodPut, "/webhooks/{id}", "Change, pause or resume a webhook", ""),
		func(ctx context.Context, in *changeWebhookInput) (*httpapi.Versioned[WebhookView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return answerWebhook(s.ChangeWebhook(ctx, authz.From(ctx), in.ID, version, HookDraft{Name: b.Name, URL: b.URL, Secret: b.Secret, Topics: b.Topics, State: b.State}))
		})
	httpapi.Register(a, op("removeWebhook", http.MethodDelete, "/webhooks/{id}", "Remove a webhook", "Its address and key are forgotten; what waits for it is discarded."),
		func(ctx context.Context, in *removeWebhookInput) (*httpapi.Empty, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return httpapi.Done(s.RemoveWebhook(ctx, authz.From(ctx), in.ID, version))
		})
	httpapi.Register(a, op("testWebhook", http.MethodPost, "/webhooks/{id}/test", "Send a test message now", "lastError of the answer is absent when it was taken."),
		func(ctx context.Context, in *IDPath) (*httpapi.Body[WebhookView], error) {
			w, err := s.TestWebhook(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(w.view(), err)
		})
}

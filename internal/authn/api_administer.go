package authn

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/page"
)

type findInput struct {
	Body struct {
		Login string `json:"login" minLength:"1" maxLength:"60" doc:"User name or mobile number"`
	}
}

type lockInput struct {
	IDInput
	Body struct {
		Locked bool `json:"locked"`
	}
}

func registerAdministration(a *httpapi.API, s *Service) {
	const tag = "Account"
	httpapi.Register(a, httpapi.Op{ID: "findAccount", Method: http.MethodPost, Path: "/accounts/find", Tag: tag, Permission: authz.SystemManage,
		Summary: "How the account of a user name or phone stands", Description: "For an operator whom somebody asked for help. The question is recorded; the answer has no name."},
		func(ctx context.Context, in *findInput) (*httpapi.Body[Standing], error) {
			return httpapi.Answer(s.Find(ctx, authz.From(ctx), in.Body.Login))
		})
	httpapi.Register(a, httpapi.Op{ID: "listLockedAccounts", Method: http.MethodGet, Path: "/accounts/locked", Tag: tag, Permission: authz.SystemRead,
		Summary: "Accounts that are locked"},
		func(ctx context.Context, in *httpapi.PageInput) (*httpapi.Body[page.Page[Standing]], error) {
			return httpapi.Answer(s.LockedAccounts(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(a, httpapi.Op{ID: "lockAccount", Method: http.MethodPut, Path: "/accounts/{id}/locked", Tag: tag, Permission: authz.SystemManage,
		Summary: "Lock or unlock an account", Description: "Nobody locks their own account."},
		func(ctx context.Context, in *lockInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.SetLocked(ctx, authz.From(ctx), in.ID, in.Body.Locked))
		})
}

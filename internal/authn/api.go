package authn

import (
	"context"
	"net/http"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
)

type passwordLogin struct {
	Agent string `header:"User-Agent" maxLength:"1000" doc:"Kept only as a coarse kind of browser"`
	Body  struct {
		Login    string `json:"login" minLength:"1" maxLength:"60" doc:"User name or mobile number"`
		Password string `json:"password" minLength:"1" maxLength:"128"`
	}
}

type codeRequest struct {
	Body struct {
		Phone string `json:"phone" pattern:"^1[3-9][0-9]{9}$" doc:"Mobile number"`
	}
}

type codeLogin struct {
	Agent string `header:"User-Agent" maxLength:"1000" doc:"Kept only as a coarse kind of browser"`
	Body  struct {
		Phone string `json:"phone" pattern:"^1[3-9][0-9]{9}$"`
		Code  string `json:"code" pattern:"^[0-9]{6}$"`
	}
}

// SessionView is what a client learns when it logs in.
type SessionView struct {
	Account            id.ID         `json:"account" doc:"The account"`
	ExpiresAt          clock.Instant `json:"expiresAt" doc:"When the session ends at the latest"`
	MustChangePassword bool          `json:"mustChangePassword" doc:"The password was made by somebody else and should be replaced now"`
}

type loggedInOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      SessionView
}

type loggedOutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// IDInput is the path of one thing.
type IDInput struct {
	ID id.ID `path:"id" doc:"Identifier"`
}

// Capacity is one post or household membership of the caller.
type Capacity struct {
	ID          id.ID              `json:"id" doc:"Send it as X-Capacity to act in this capacity"`
	Role        authz.Role         `json:"role" doc:"The role" example:"manager"`
	Name        string             `json:"name" doc:"Where it is held: the organisation, or the estate and the dwelling"`
	Org         *id.ID             `json:"organisation,omitempty" doc:"The organisation of a post"`
	Household   *id.ID             `json:"household,omitempty" doc:"The household of a membership"`
	Unit        *id.ID             `json:"unit,omitempty" doc:"The dwelling of that household"`
	Home        *Home              `json:"home,omitempty" doc:"Where that dwelling lies; absent once it is no more"`
	Helps       string             `json:"helps,omitempty" doc:"For whom a helper acts, masked" example:"沈**"`
	Permissions []authz.Permission `json:"permissions" doc:"What the role may do where it is tied to, within what this log-in or token is limited to"`
}

// SelfView is the caller's own account.
type SelfView struct {
	Account    id.ID      `json:"account"`
	Person     id.ID      `json:"person"`
	UserName   *string    `json:"userName,omitempty"`
	Named      bool       `json:"named" doc:"Whether a name of the person is known; who joins a household by a code without one is asked for it"`
	HasPass    bool       `json:"hasPassword"`
	MustChange bool       `json:"mustChangePassword"`
	LimitedBy  string     `json:"limitedBy,omitempty" example:"auth.ticket_limited" doc:"Code of the reason why this log-in may do less than the account: it came by a ticket, or the password must be replaced first"`
	Capacities []Capacity `json:"capacities" doc:"Posts and household memberships in force now"`
}

type passwordInput struct {
	Body struct {
		Current string `json:"current,omitempty" maxLength:"128" doc:"Not needed within ten minutes of a log-in by one-time code"`
		New     string `json:"new" minLength:"10" maxLength:"128"`
	}
}

type userNameInput struct {
	Body struct {
		UserName string `json:"userName" minLength:"3" maxLength:"40" doc:"Letters, digits, dots and dashes, beginning with a letter"`
	}
}

type tokenInput struct {
	Body struct {
		Name      string             `json:"name" minLength:"1" maxLength:"60" doc:"What it is for"`
		Scopes    []authz.Permission `json:"scopes" minItems:"1" maxItems:"80" doc:"Permissions it is limited to; each one you have now"`
		ExpiresAt clock.Instant      `json:"expiresAt" doc:"At most a year from now"`
	}
}

// NewToken tells a token's secret, once.
type NewToken struct {
	Token
	Secret string `json:"secret" doc:"Send it as Authorization: Bearer …; it is shown only now"`
}

// Register adds the operations of accounts and log-ins.
func Register(a *httpapi.API, s *Service) {
	registerLogin(a, s)
	registerAccount(a, s)
	registerTokens(a, s)
	registerAdministration(a, s)
}

func registerLogin(a *httpapi.API, s *Service) {
	const tag = "Log-in"
	httpapi.Register(a, httpapi.Op{ID: "logInByPassword", Method: http.MethodPost, Path: "/auth/sessions", Tag: tag, Public: true, Status: 201,
		Summary: "Log in with a password", Description: "Sets the session cookie. A wrong name, a wrong password and a locked account get the same answer."},
		func(ctx context.Context, in *passwordLogin) (*loggedInOutput, error) {
			return s.loggedIn(s.LogInByPassword(ctx, in.Body.Login, in.Body.Password, device(in.Agent), httpapi.Address(ctx)))
		})
	httpapi.Register(a, httpapi.Op{ID: "requestLoginCode", Method: http.MethodPost, Path: "/auth/codes", Tag: tag, Public: true, Status: 202,
		Summary: "Send a one-time code by SMS", Description: "The answer is the same whether or not the phone has an account."},
		func(ctx context.Context, in *codeRequest) (*httpapi.Empty, error) {
			return httpapi.Done(s.RequestCode(ctx, in.Body.Phone, httpapi.Address(ctx)))
		})
	httpapi.Register(a, httpapi.Op{ID: "logInByCode", Method: http.MethodPost, Path: "/auth/sessions/by-code", Tag: tag, Public: true, Status: 201,
		Summary: "Log in with a one-time code", Description: "The first log-in of a phone makes its account."},
		func(ctx context.Context, in *codeLogin) (*loggedInOutput, error) {
			return s.loggedIn(s.LogInByCode(ctx, in.Body.Phone, in.Body.Code, device(in.Agent)))
		})
	registerTickets(a, s)
	httpapi.Register(a, httpapi.Op{ID: "logOut", Method: http.MethodDelete, Path: "/auth/sessions/current", Tag: tag, Permission: authz.AccountSelf,
		Summary: "Log out"},
		func(ctx context.Context, _ *struct{}) (*loggedOutOutput, error) {
			p := authz.From(ctx)
			if err := s.LogOut(ctx, p, p.Session); err != nil {
				return nil, err
			}
			return &loggedOutOutput{SetCookie: s.Cookies("", s.Clock.Now())}, nil
		})
}

func (s *Service) loggedIn(in LoggedIn, err error) (*loggedInOutput, error) {
	if err != nil {
		return nil, err
	}
	return &loggedInOutput{
		SetCookie: s.Cookies(in.Secret, in.Session.ExpiresAt.Time()),
		Body:      SessionView{Account: in.Account.ID, ExpiresAt: in.Session.ExpiresAt, MustChangePassword: in.Account.MustChange},
	}, nil
}

func registerAccount(a *httpapi.API, s *Service) {
	op := func(name, method, path, summary string) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "Account", Summary: summary, Permission: authz.AccountSelf}
	}
	httpapi.Register(a, op("getAccount", http.MethodGet, "/account", "My account and my capacities"),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[SelfView], error) {
			p := authz.From(ctx)
			acc, err := s.Self(ctx, p)
			if err != nil {
				return nil, err
			}
			held, err := s.CapacitiesHeld(ctx, p)
			if err != nil {
				return nil, err
			}
			v := view(acc, p, held)
			v.Named, err = s.KnownByName(ctx, p)
			return httpapi.Answer(v, err)
		})
	httpapi.Register(a, op("setPassword", http.MethodPut, "/account/password", "Set my password; ends my other sessions and my tokens"),
		func(ctx context.Context, in *passwordInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.SetPassword(ctx, authz.From(ctx), in.Body.Current, in.Body.New))
		})
	httpapi.Register(a, op("setUserName", http.MethodPut, "/account/user-name", "Set my user name"),
		func(ctx context.Context, in *userNameInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.SetUserName(ctx, authz.From(ctx), in.Body.UserName))
		})
	httpapi.Register(a, op("listSessions", http.MethodGet, "/account/sessions", "My log-ins"),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Session], error) {
			return httpapi.Answer(s.Sessions(ctx, authz.From(ctx)))
		})
	httpapi.Register(a, op("revokeSession", http.MethodDelete, "/account/sessions/{id}", "End one of my log-ins"),
		func(ctx context.Context, in *IDInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.LogOut(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(a, op("revokeOtherSessions", http.MethodDelete, "/account/sessions", "End all my log-ins but this one"),
		func(ctx context.Context, _ *struct{}) (*httpapi.Empty, error) {
			return httpapi.Done(s.LogOutOthers(ctx, authz.From(ctx)))
		})
}

func registerTokens(a *httpapi.API, s *Service) {
	op := func(name, method, path, summary string) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "Account", Summary: summary, Permission: authz.AccountSelf}
	}
	httpapi.Register(a, op("listTokens", http.MethodGet, "/account/tokens", "My API tokens"),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Token], error) {
			return httpapi.Answer(s.Tokens(ctx, authz.From(ctx)))
		})
	create := op("createToken", http.MethodPost, "/account/tokens", "Make an API token (staff only)")
	create.Status = http.StatusCreated
	httpapi.Register(a, create, func(ctx context.Context, in *tokenInput) (*httpapi.Body[NewToken], error) {
		t, secret, err := s.CreateToken(ctx, authz.From(ctx), httpapi.Once(ctx), in.Body.Name, in.Body.Scopes, in.Body.ExpiresAt)
		return httpapi.Answer(NewToken{t, secret}, err)
	})
	httpapi.Register(a, op("revokeToken", http.MethodDelete, "/account/tokens/{id}", "End an API token"),
		func(ctx context.Context, in *IDInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.RevokeToken(ctx, authz.From(ctx), in.ID))
		})
}

func view(a Account, p authz.Principal, held []Held) SelfView {
	v := SelfView{Account: a.ID, Person: a.Person, UserName: a.UserName, HasPass: a.PasswordHash != nil, MustChange: a.MustChange, LimitedBy: p.Limited, Capacities: []Capacity{}}
	for i, g := range p.Grants {
		v.Capacities = append(v.Capacities, Capacity{ID: g.ID, Role: g.Role, Name: held[i].Name, Org: g.Org.Ptr(), Household: g.Household.Ptr(), Unit: g.Unit.Ptr(), Home: held[i].Home, Helps: held[i].Helps, Permissions: p.PermissionsIn(g)})
	}
	return v
}

// device keeps of a user agent only what helps a person to recognise their own log-in.
func device(agent string) string {
	pick := func(names ...string) string {
		for _, n := range names {
			if strings.Contains(agent, n) {
				return n
			}
		}
		return "?"
	}
	return pick("MicroMessenger", "DingTalk", "Edg", "Firefox", "Chrome", "Safari", "curl") + " · " + pick("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
}

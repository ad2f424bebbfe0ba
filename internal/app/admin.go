package app

import (
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/page"
)

// Administrator is who is to run the platform, or, with a street, to begin its work there.
type Administrator struct {
	UserName string
	Name     string
	Phone    string
	Street   string // 12-digit code: the first officer of its street office, who enters everybody else; empty for the operator
}

// CreateAdmin makes an administrator of the platform's operator or of a street office, and the organisation
// with the first one. It
// returns the password, which is told only now and must be changed at the first log-in. It is called by a
// command on the server, so whoever may run that may make administrators.
func (a *App) CreateAdmin(ctx context.Context, n Administrator) (password string, err error) {
	p := authz.System("admin create")
	find, role, title := a.operator, authz.RoleOperator, "平台管理员"
	if n.Street != "" {
		role, title = authz.RoleStreetOffice, "街道管理员"
		find = func(ctx context.Context, p authz.Principal) (id.ID, error) { return a.streetOffice(ctx, p, n.Street) }
	}
	organisation, err := find(ctx, p)
	if err != nil {
		return "", err
	}
	password = authn.NewPassword()
	return password, a.staff(ctx, p, organisation, role, person{UserName: n.UserName, Name: n.Name, Phone: n.Phone, Title: title}, password)
}

// streetOffice is the office of a street; it is entered when there is none.
func (a *App) streetOffice(ctx context.Context, p authz.Principal, code string) (id.ID, error) {
	street, err := a.Areas.AreaByCode(ctx, a.DB, code, clock.DateOf(a.Clock.Now()))
	if err != nil {
		return id.Nil, fmt.Errorf("street %s: %w; bring the divisions in first: redproperty import divisions FILE", code, err)
	}
	found, err := a.Orgs.List(ctx, p, org.Filter{Kind: org.StreetOffice, Area: street.ID}, page.Request{Limit: 1})
	if err != nil {
		return id.Nil, err
	}
	if len(found.Items) > 0 {
		return found.Items[0].ID, nil
	}
	o, err := a.Orgs.Create(ctx, p, idem.Key{}, org.Draft{Kind: org.StreetOffice, Name: street.Name + "办事处", Area: street.ID})
	return o.ID, err
}

// operator is the organisation that runs the platform; it is made when there is none.
func (a *App) operator(ctx context.Context, p authz.Principal) (id.ID, error) {
	found, err := a.Orgs.List(ctx, p, org.Filter{Kind: org.Operator}, page.Request{Limit: 1})
	if err != nil {
		return id.Nil, err
	}
	if len(found.Items) > 0 {
		return found.Items[0].ID, nil
	}
	o, err := a.Orgs.Create(ctx, p, idem.Key{}, org.Draft{Kind: org.Operator, Name: "平台运维单位"})
	return o.ID, err
}

// person is somebody to be given a post and an account.
type person struct{ UserName, Name, Phone, Title, Basis string }

// staff gives a person a post and an account with a password that must be changed.
func (a *App) staff(ctx context.Context, p authz.Principal, organisation id.ID, role authz.Role, who person, password string) error {
	holder, err := a.appoint(ctx, p, idem.Key{}, organisation, role, who)
	if err != nil {
		return err
	}
	return a.account(ctx, holder, who.UserName, password, false)
}

func (a *App) appoint(ctx context.Context, p authz.Principal, once idem.Key, organisation id.ID, role authz.Role, who person) (holder id.ID, err error) {
	post, err := a.Orgs.Appoint(ctx, p, once, org.Appointment{Org: organisation, Name: who.Name, Phone: who.Phone, Role: role, Title: who.Title, Basis: who.Basis})
	if err != nil {
		return id.Nil, fmt.Errorf("appoint %s: %w", role, err)
	}
	return post.Person, nil
}

func (a *App) account(ctx context.Context, person id.ID, userName, password string, keep bool) error {
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := a.Accounts.Create(ctx, tx, authn.NewAccount{Person: person, UserName: userName, Password: password, Keep: keep})
		return err
	})
	if err != nil {
		return fmt.Errorf("account %s: %w", userName, err)
	}
	return nil
}

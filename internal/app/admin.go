package app

import (
	"context"
	"fmt"

	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/page"
)

// Administrator is who is to run the platform.
type Administrator struct {
	UserName string
	Name     string
	Phone    string
}

// CreateAdmin makes an administrator of the platform's operator, and the operator with the first one. It
// returns the password, which is told only now and must be changed at the first log-in. It is called by a
// command on the server, so whoever may run that may make administrators.
func (a *App) CreateAdmin(ctx context.Context, n Administrator) (password string, err error) {
	p := authz.System("admin create")
	operator, err := a.operator(ctx, p)
	if err != nil {
		return "", err
	}
	password = authn.NewPassword()
	if err := a.staff(ctx, p, operator, authz.RoleOperator, person{UserName: n.UserName, Name: n.Name, Phone: n.Phone, Title: "平台管理员"}, password, false); err != nil {
		return "", err
	}
	return password, nil
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

// staff gives a person a post and an account with a password.
func (a *App) staff(ctx context.Context, p authz.Principal, organisation id.ID, role authz.Role, who person, password string, keep bool) error {
	post, err := a.Orgs.Appoint(ctx, p, idem.Key{}, org.Appointment{Org: organisation, Name: who.Name, Phone: who.Phone, Role: role, Title: who.Title, Basis: who.Basis})
	if err != nil {
		return fmt.Errorf("appoint %s: %w", role, err)
	}
	return a.account(ctx, post.Person, who.UserName, password, keep)
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

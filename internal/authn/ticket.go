package authn

import (
	"context"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// ticketLife is how long a ticket can be used: the time in which a phone goes from one page to the next.
const ticketLife = 2 * time.Minute

// byTicket is the origin of a log-in by ticket.
const byTicket = "ticket"

// Ticket lets one resident in once, whom another app of their street has recognised. Its secret is told only here.
type Ticket struct {
	Secret    string
	ExpiresAt clock.Instant
}

// ticketRow is a ticket as it is kept.
type ticketRow struct {
	ID        id.ID          `db:"id"`
	Account   id.ID          `db:"account_id"`
	Org       id.ID          `db:"org_id"` // the office whose app asked
	Path      string         `db:"scope_path"`
	Audience  string         `db:"audience"`
	CreatedAt clock.Instant  `db:"created_at"`
	ExpiresAt clock.Instant  `db:"expires_at"`
	EndedAt   *clock.Instant `db:"ended_at"`
}

// ticketScopes are what a log-in by ticket may do: read one's own, report, write and follow. What speaks for a
// household and counts (ballots, ratings, confirmations, objections), joining and leaving, and the account itself wait for
// a log-in of the resident's own: the office whose app vouches for the phone is measured by those answers.
var ticketScopes = slices.DeleteFunc(append(authz.PermissionsOf(authz.RoleOwner), authz.AccountSelf), func(p authz.Permission) bool {
	return slices.Contains([]authz.Permission{authz.SurveyDraw, authz.SurveyObject, authz.OrderRate, authz.OrderConfirm, authz.MembershipApply}, p)
})

var errTicket = fault.New(fault.Unauthenticated, "auth.ticket")

// IssueTicket makes a ticket for the resident behind a phone that the street's other app has verified. Only an API token
// of the street office may ask, and only for who lives in its area and holds no post anywhere: nobody becomes staff by a
// ticket. A newer ticket ends older ones of the account. Faults: auth.ticket_token (Forbidden); input.invalid
// (phone.mobile, auth.ticket_audience); auth.ticket_phone (Conflict), the same for every reason why a phone is not let
// in; RateLimited by phone and by address.
func (s *Service) IssueTicket(ctx context.Context, p authz.Principal, phone, audience string, from netip.Addr) (Ticket, error) {
	offices, err := authz.Holds(p, authz.LoginTicket)
	if err != nil {
		return Ticket{}, err
	}
	if !p.ByToken() {
		return Ticket{}, fault.New(fault.Forbidden, "auth.ticket_token")
	}
	if !mobile.MatchString(phone) {
		return Ticket{}, fault.InvalidField("body.phone", "phone.mobile")
	}
	if audience != s.PublicURL {
		return Ticket{}, fault.InvalidField("body.audience", "auth.ticket_audience", "expected", s.PublicURL)
	}
	if err := s.Guard.Login(ctx, "ticket "+phone, from); err != nil {
		return Ticket{}, err
	}
	a, err := s.find(ctx, phone)
	if err != nil {
		return Ticket{}, err
	}
	for _, office := range offices {
		ok, err := s.residesIn(ctx, s.DB, a, office.Path)
		if err != nil {
			return Ticket{}, err
		}
		if ok {
			return s.issue(ctx, p.Actor(office), *a, office)
		}
	}
	return Ticket{}, fault.New(fault.Conflict, "auth.ticket_phone")
}

// residesIn tells whether the account can be used, is of nobody's staff, and has a home within path.
func (s *Service) residesIn(ctx context.Context, q dbx.Querier, a *Account, path string) (bool, error) {
	if a == nil || a.State != Active || path == "" {
		return false, nil
	}
	grants, err := s.grants(ctx, q, caller{Person: a.Person}, clock.Now(s.Clock))
	if err != nil || slices.ContainsFunc(grants, func(g authz.Grant) bool { return !g.Org.IsZero() }) {
		return false, err
	}
	return slices.ContainsFunc(grants, func(g authz.Grant) bool { return !g.Household.IsZero() && strings.HasPrefix(g.Path, path) }), nil
}

func (s *Service) issue(ctx context.Context, actor authz.Actor, a Account, office authz.Grant) (Ticket, error) {
	now := clock.Now(s.Clock)
	sec := newSecret("")
	t := ticketRow{ID: id.New(), Account: a.ID, Org: office.Org, Path: office.Path, Audience: s.PublicURL, CreatedAt: now, ExpiresAt: now.Add(ticketLife)}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := endTickets(ctx, tx, a.ID, now); err != nil {
			return err
		}
		if err := insertTicket(ctx, tx, t, sec.hash); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: "login_ticket.issue", ObjectKind: "login_ticket", ObjectID: t.ID, ScopePath: t.Path,
			Detail: map[string]any{"account": a.ID}})
	})
	return Ticket{Secret: sec.text, ExpiresAt: t.ExpiresAt}, err
}

// LogInByTicket opens a session for a ticket, once: of two exchanges at the same moment one succeeds. Whom the ticket is
// for is looked at anew. Anybody may call it; a ticket that is unknown, used, expired, of another installation or for
// somebody who is no longer let in is the same Unauthenticated fault.
func (s *Service) LogInByTicket(ctx context.Context, ticket, device string, from netip.Addr) (LoggedIn, error) {
	hash := hashOf(ticket)
	if err := s.Guard.Login(ctx, "ticket "+hex.EncodeToString(hash[:]), from); err != nil {
		return LoggedIn{}, err
	}
	var in LoggedIn
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		now := clock.Now(s.Clock)
		t, err := ticketBy(ctx, tx, hash)
		if dbx.IsNoRow(err) || (err == nil && t.Audience != s.PublicURL) {
			return errTicket
		}
		if err != nil {
			return err
		}
		if err := useTicket(ctx, tx, t.ID, now); err != nil {
			if errors.Is(err, dbx.ErrNoMatch) {
				return errTicket
			}
			return err
		}
		a, err := accountBy(ctx, tx, "id", t.Account)
		if err != nil {
			return err
		}
		ok, err := s.residesIn(ctx, tx, a, t.Path)
		if err != nil {
			return err
		}
		if !ok {
			return errTicket
		}
		in, err = s.open(ctx, tx, *a, device, byTicket)
		return err
	})
	return in, err
}

func insertTicket(ctx context.Context, tx *dbx.Tx, t ticketRow, hash [32]byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO login_ticket (id, ticket_hash, account_id, org_id, scope_path, audience, created_at, expires_at) VALUES (?,?,?,?,?,?,?,?)`,
		t.ID, hash[:], t.Account, t.Org, t.Path, t.Audience, t.CreatedAt, t.ExpiresAt)
	return err
}

func ticketBy(ctx context.Context, q dbx.Querier, hash [32]byte) (t ticketRow, err error) {
	err = q.Get(ctx, &t, `SELECT id, account_id, org_id, scope_path, audience, created_at, expires_at, ended_at FROM login_ticket WHERE ticket_hash = ?`, hash[:])
	return t, err
}

// useTicket ends a ticket that can still be used; dbx.ErrNoMatch for any other.
func useTicket(ctx context.Context, tx *dbx.Tx, ticket id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE login_ticket SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND expires_at > ?`, now, ticket, now)
}

func endTickets(ctx context.Context, tx *dbx.Tx, account id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE login_ticket SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL`, now, account)
	return err
}

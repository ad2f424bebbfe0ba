package authn_test

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const street = "/s/"

// app is the server of a street's other app, with its token; the resident behind phone lives in the street.
func (w *world) app(t *testing.T) (server, resident authz.Principal) {
	t.Helper()
	w.PublicURL = "https://wuye.example.org"
	_, resident = w.logIn(t)
	w.grants = []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: street + "estate/", Household: id.New(), Unit: id.New()}}
	office := authz.Grant{ID: id.New(), Role: authz.RoleStreetOffice, Org: id.New(), Path: street}
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{office}, Scopes: []authz.Permission{authz.LoginTicket}}, resident
}

func (w *world) ticket(t *testing.T, server authz.Principal) string {
	t.Helper()
	got, err := w.IssueTicket(t.Context(), server, phone, w.PublicURL, netip.Addr{})
	require.NoError(t, err)
	return got.Secret
}

func (w *world) count(t *testing.T, query string) (n int) {
	t.Helper()
	require.NoError(t, w.db.Get(t.Context(), &n, query))
	return n
}

func TestTicketLetsAResidentInOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server, resident := w.app(t)
		ticket := w.ticket(t, server)
		in, err := w.LogInByTicket(t.Context(), ticket, "test", netip.Addr{})
		require.NoError(t, err)
		require.Equal(t, resident.Account, in.Account.ID)
		_, err = w.LogInByTicket(t.Context(), ticket, "test", netip.Addr{})
		unauthenticated(t, err)
		require.Equal(t, 1, w.count(t, `SELECT COUNT(*) FROM login_session WHERE origin = 'ticket'`))
		require.Equal(t, 1, w.count(t, `SELECT COUNT(*) FROM audit_record WHERE action = 'login_ticket.issue'`))
		p, err := w.caller(in.Secret)
		require.NoError(t, err)
		list, err := w.Sessions(t.Context(), p)
		require.NoError(t, err)
		require.Equal(t, "ticket", list[0].How, "the resident sees how it began")

		old, fresh := w.ticket(t, server), w.ticket(t, server)
		_, err = w.LogInByTicket(t.Context(), old, "test", netip.Addr{})
		unauthenticated(t, err)
		w.clock.Advance(2 * time.Minute)
		_, err = w.LogInByTicket(t.Context(), fresh, "test", netip.Addr{})
		unauthenticated(t, err)
		require.True(t, fault.Is(err, "auth.ticket"), "one answer for all")
	})
}

func TestTicketExchangedByManyAtOnceOpensOneSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server, _ := w.app(t)
		ticket := w.ticket(t, server)
		var opened atomic.Int64
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := w.LogInByTicket(context.Background(), ticket, "test", netip.Addr{}); err == nil {
					opened.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, opened.Load())
		require.Equal(t, 1, w.count(t, `SELECT COUNT(*) FROM login_session WHERE origin = 'ticket'`))
	})
}

func TestTicketIsForResidentsOfTheStreetAndAskedForByItsServer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server, resident := w.app(t)
		refused := func(code string, p authz.Principal, phone, audience string) {
			t.Helper()
			_, err := w.IssueTicket(t.Context(), p, phone, audience, netip.Addr{})
			f := fault.Of(err)
			if len(f.Fields) > 0 {
				require.Equal(t, code, f.Fields[0].Code)
				return
			}
			require.Equal(t, code, f.Code)
		}
		browser := server
		browser.Scopes = nil
		refused("auth.ticket_token", browser, phone, w.PublicURL)
		community := server
		community.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleCommunity, Org: id.New(), Path: street}}
		refused("auth.forbidden", community, phone, w.PublicURL)
		refused("auth.ticket_audience", server, phone, "https://elsewhere.example.org")
		refused("auth.ticket_phone", server, "13900000000", w.PublicURL)
		elsewhere := server
		elsewhere.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleStreetOffice, Org: id.New(), Path: "/other/"}}
		refused("auth.ticket_phone", elsewhere, phone, w.PublicURL)
		require.NoError(t, w.SetLocked(t.Context(), authz.System("test"), resident.Account, true))
		refused("auth.ticket_phone", server, phone, w.PublicURL)
		require.NoError(t, w.SetLocked(t.Context(), authz.System("test"), resident.Account, false))

		ticket := w.ticket(t, server)
		w.grants = append(w.grants, authz.Grant{ID: id.New(), Role: authz.RoleCommittee, Org: id.New(), Path: street})
		refused("auth.ticket_phone", server, phone, w.PublicURL) // who holds a post logs in by themselves
		_, err := w.LogInByTicket(t.Context(), ticket, "test", netip.Addr{})
		unauthenticated(t, err)
		w.grants = w.grants[:1]
		w.PublicURL = "https://staging.example.org"
		_, err = w.LogInByTicket(t.Context(), ticket, "test", netip.Addr{})
		unauthenticated(t, err)
		w.refuse = fault.New(fault.RateLimited, "ratelimit.login")
		refused("ratelimit.login", server, phone, w.PublicURL)
	})
}

// What counts for a household, and the account itself, waits for a log-in of the resident's own.
func TestLogInByTicketReadsAndReportsButDoesNotSpeakForTheHousehold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server, _ := w.app(t)
		in, err := w.LogInByTicket(t.Context(), w.ticket(t, server), "test", netip.Addr{})
		require.NoError(t, err)
		p, err := w.caller(in.Secret)
		require.NoError(t, err)
		home := authz.Object{Path: street + "estate/", Household: w.grants[0].Household, Persons: []id.ID{p.Person}}
		for _, may := range []authz.Permission{authz.AccountSelf, authz.OrderRead, authz.OrderReport, authz.OrderMessage, authz.SurveyRead} {
			require.NoError(t, authz.Require(p, may, home), may)
		}
		for _, not := range []authz.Permission{authz.SurveyDraw, authz.OrderRate, authz.OrderConfirm, authz.MembershipApply} {
			err := authz.Require(p, not, home)
			require.True(t, fault.Is(err, "auth.ticket_limited"), "%s: %v", not, err)
			_, err = authz.Holds(p, not)
			require.True(t, fault.Is(err, "auth.ticket_limited"), "%s: %v", not, err)
		}
		left := p.PermissionsIn(w.grants[0])
		require.Contains(t, left, authz.OrderReport)
		for _, not := range []authz.Permission{authz.SurveyDraw, authz.SurveyObject, authz.OrderRate, authz.OrderConfirm, authz.MembershipApply} {
			require.NotContains(t, left, not, "pages offer only what the log-in may do")
		}
		require.Error(t, w.SetPassword(t.Context(), p, "", "correct horse battery"), "only after a log-in by code is no old password asked for")
	})
}

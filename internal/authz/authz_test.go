package authz_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func as(g ...authz.Grant) authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Grants: g}
}

func TestAreaRolesReachDownwardsOnly(t *testing.T) {
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleStreetOffice, Path: "a/b/"})
	for path, want := range map[string]error{
		"a/b/": nil, "a/b/c/": nil, "a/": fault.NotFound, "a/bb/": fault.NotFound, "a/x/": fault.NotFound, "": fault.NotFound,
	} {
		err := authz.Require(p, authz.PlaceManage, authz.Object{Path: path})
		if want == nil {
			require.NoError(t, err, path)
		} else {
			require.ErrorIs(t, err, want, path)
		}
	}
}

func TestSeenButNotAllowedIsForbiddenAndUnseenIsNotFound(t *testing.T) {
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleStreetParty, Path: "a/"})
	require.ErrorIs(t, authz.Require(p, authz.OrderDecide, authz.Object{Path: "a/b/"}), fault.Forbidden)
	require.ErrorIs(t, authz.Require(p, authz.OrderDecide, authz.Object{Path: "x/"}), fault.NotFound)
	require.ErrorIs(t, authz.Require(authz.Principal{}, authz.OrderDecide, authz.Object{Path: "a/"}), fault.Unauthenticated)
}

func TestOrganisationRolesAreTiedToTheirOwn(t *testing.T) {
	own, other := id.New(), id.New()
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleWorker, Org: own})
	require.NoError(t, authz.Require(p, authz.OrderWork, authz.Object{Path: "a/", Orgs: []id.ID{other, own}}))
	require.ErrorIs(t, authz.Require(p, authz.OrderWork, authz.Object{Path: "a/", Orgs: []id.ID{other}}), fault.NotFound)
	require.ErrorIs(t, authz.Require(p, authz.OrderWork, authz.Object{Path: "a/", Orgs: []id.ID{id.Nil}}), fault.NotFound)
}

func TestMembersSeeTheirHouseholdTheirOwnAndWhatIsOpenAbove(t *testing.T) {
	home := id.New()
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleOccupant, Household: home, Path: "a/b/"})
	require.NoError(t, authz.Require(p, authz.OrderRead, authz.Object{Path: "a/b/", Household: home}))
	require.NoError(t, authz.Require(p, authz.OrderRead, authz.Object{Path: "x/", Persons: []id.ID{p.Person}}))
	require.NoError(t, authz.Require(p, authz.PlaceRead, authz.Object{Path: "a/", Open: true}))
	require.ErrorIs(t, authz.Require(p, authz.PlaceRead, authz.Object{Path: "a/b/", Open: false}), fault.NotFound)
	require.ErrorIs(t, authz.Require(p, authz.PlaceRead, authz.Object{Path: "a/c/", Open: true}), fault.NotFound)
	require.ErrorIs(t, authz.Require(p, authz.OrderRead, authz.Object{Path: "a/b/", Household: id.New()}), fault.NotFound)
}

// Who moves in does not see what the household before reported.
func TestMembersSeeTheirOwnTimeOnly(t *testing.T) {
	home := id.New()
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleOccupant, Household: home, Path: "a/b/", Since: 100})
	for at, want := range map[clock.Instant]error{99: fault.NotFound, 100: nil, 101: nil, 0: nil} {
		err := authz.Require(p, authz.OrderRead, authz.Object{Path: "a/b/", Household: home, At: at})
		require.ErrorIs(t, err, want)
	}
	require.NoError(t, authz.Require(p, authz.OrderRead, authz.Object{Household: home, At: 99, Persons: []id.ID{p.Person}}), "one's own report stays one's own")
}

func TestCapacityIsAskedForOnlyWhereRolesDiffer(t *testing.T) {
	community, street := authz.Grant{ID: id.New(), Role: authz.RoleCommunity, Org: id.New(), Path: "a/b/"}, authz.Grant{ID: id.New(), Role: authz.RoleStreetOffice, Org: id.New(), Path: "a/"}
	p := as(community, street)
	_, err := authz.Act(p, authz.OrderDecide, authz.Object{Path: "a/b/"})
	require.ErrorIs(t, err, fault.Conflict)
	actor, err := authz.Act(p, authz.ContractFile, authz.Object{Path: "a/b/"})
	require.NoError(t, err, "only the street office may file")
	require.Equal(t, street.ID, actor.Post)
	p.Capacity = community.ID
	actor, err = authz.Act(p, authz.OrderDecide, authz.Object{Path: "a/b/"})
	require.NoError(t, err)
	require.Equal(t, authz.RoleCommunity, actor.Role)
	_, err = authz.Act(p, authz.ContractFile, authz.Object{Path: "a/b/"})
	require.ErrorIs(t, err, fault.Forbidden, "the chosen capacity alone counts")
}

func TestTokensReachNoFurtherThanTheirScopes(t *testing.T) {
	p := as(authz.Grant{ID: id.New(), Role: authz.RoleStreetOffice, Path: "a/"})
	p.Scopes = []authz.Permission{authz.OrderRead}
	require.NoError(t, authz.Require(p, authz.OrderRead, authz.Object{Path: "a/"}))
	require.ErrorIs(t, authz.Require(p, authz.OrderDecide, authz.Object{Path: "a/"}), fault.Forbidden)
	p.Scopes = []authz.Permission{}
	require.ErrorIs(t, authz.Require(p, authz.OrderRead, authz.Object{Path: "a/"}), fault.NotFound, "no scope is no permission")
}

func TestListConditions(t *testing.T) {
	org, home := id.New(), id.New()
	p := as(authz.Grant{Role: authz.RoleWorker, Org: org}, authz.Grant{Role: authz.RoleOwner, Household: home, Path: "a/b/"})
	grants, err := authz.Holds(p, authz.OrderRead)
	require.NoError(t, err)
	where, args := authz.Where(p, grants, authz.Columns{Path: "p", Org: "o", Household: "h", Person: "r"})
	require.Equal(t, "(o = ? OR h = ? OR r = ?)", where)
	require.Equal(t, []any{org, home, p.Person}, args)
	where, args = authz.Where(p, grants, authz.Columns{Path: "p", Open: true})
	require.Equal(t, "(p IN (?,?))", where)
	require.Equal(t, []any{"a/", "a/b/"}, args)
	where, _ = authz.Where(p, grants, authz.Columns{})
	require.Equal(t, "1 = 0", where, "what nothing ties is not in the list")
	_, err = authz.Holds(p, authz.ReportPublish)
	require.ErrorIs(t, err, fault.Forbidden)
}

func TestPathRangeIsExactlyThePrefix(t *testing.T) {
	a, b := id.New(), id.New()
	parent := authz.ChildPath("", a)
	low, high := authz.PathRange(parent)
	for _, in := range []string{parent, authz.ChildPath(parent, b)} {
		require.True(t, in >= low && in < high, in)
	}
	for _, out := range []string{"", authz.ChildPath("", b), parent[:len(parent)-1]} {
		require.False(t, out >= low && out < high, out)
	}
}

// No role of a rated party, and no Party organisation, may decide, verify, reveal ratings, or change the
// roll: the lines that keep the mechanism believable.
func TestRolesKeepTheirDistance(t *testing.T) {
	for role, never := range map[authz.Role][]authz.Permission{
		authz.RoleManager:     {authz.OrderDecide, authz.OrderVerify, authz.OrderRate, authz.OrderCallback, authz.MembershipCode, authz.MembershipApprove, authz.RollRead, authz.RollReveal, authz.ReportPublish, authz.AuditRead},
		authz.RoleWorker:      {authz.OrderDecide, authz.OrderVerify, authz.OrderRate, authz.MembershipCode, authz.RollRead, authz.ContractSign},
		authz.RoleCommittee:   {authz.OrderRead, authz.OrderVerify, authz.MembershipCode, authz.MembershipApprove, authz.RollRead},
		authz.RoleStreetParty: {authz.OrderDecide, authz.OrderRate, authz.ContractSign, authz.ContractNotice, authz.ArrangementSet, authz.RollManage},
		authz.RoleOperator:    {authz.OrderRead, authz.RollRead, authz.RollReveal, authz.ReportPublish, authz.MembershipApprove},
	} {
		for _, p := range never {
			require.NotContains(t, authz.PermissionsOf(role), p, role)
		}
	}
}

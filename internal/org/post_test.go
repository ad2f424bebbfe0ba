package org

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

func TestRoleFitsKind(t *testing.T) {
	each(t, func(w *world) {
		areas := map[AreaKind]id.ID{AreaStreet: w.street, AreaCommunity: w.east, AreaServiceArea: w.south}
		for kind, f := range forms {
			var area id.ID
			if f.In != nil {
				area = areas[f.In[0]]
			}
			o := w.org(kind, area, "组织")
			for _, role := range authz.Roles() {
				_, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: o.ID, Name: "王芳", Phone: phone(), Role: role, Basis: basis(o)})
				if slices.Contains(RolesOf(kind), role) {
					require.NoError(w.t, err, "%s in %s", role, kind)
				} else {
					require.Equal(w.t, "body.role org.role_kind", code(w.t, err), "%s in %s", role, kind)
				}
			}
		}
	})
}

func TestWhoAppoints(t *testing.T) {
	each(t, func(w *world) {
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)
		foreign := w.staff(w.org(StreetOffice, w.street2, "宁海街道办事处"), authz.RoleStreetOffice)
		party := w.staff(w.org(StreetParty, w.street, "文化街道党工委"), authz.RoleStreetParty)
		residents, west := w.org(Residents, w.east, "东关居委会"), w.org(Residents, w.west, "西关居委会")
		head, clerk := w.staff(residents, authz.RoleCommunity), w.staff(residents, authz.RoleCommunityWork)
		company, rival := w.org(Company, w.street, "甲物业"), w.org(Company, w.street, "乙物业")
		manager, worker := w.staff(company, authz.RoleManager), w.staff(company, authz.RoleWorker)
		committee := w.org(Committee, w.south, "南区业委会")
		member := w.staff(committee, authz.RoleCommittee)

		for _, tc := range []struct {
			name string
			p    authz.Principal
			org  Organisation
			role authz.Role
			want string
		}{
			{"office, community of its street", office, residents, authz.RoleCommunityWork, ""},
			{"office, company it keeps", office, company, authz.RoleManager, ""},
			{"office, owners' body", office, committee, authz.RoleCommittee, ""},
			{"foreign office", foreign, residents, authz.RoleCommunity, "not_found"},
			{"foreign office, company", foreign, company, authz.RoleManager, "not_found"},
			{"Party committee supervises only", party, residents, authz.RoleCommunity, "auth.forbidden"},
			{"head, own committee", head, residents, authz.RoleCommunityWork, ""},
			{"head, owners' body of the community", head, committee, authz.RoleCommittee, ""},
			{"head, company", head, company, authz.RoleWorker, "not_found"},
			{"head, other community", head, west, authz.RoleCommunityWork, "not_found"},
			{"clerk", clerk, residents, authz.RoleCommunityWork, "auth.forbidden"},
			{"manager, own company", manager, company, authz.RoleWorker, ""},
			{"manager, rival", manager, rival, authz.RoleWorker, "not_found"},
			{"manager, owners' body", manager, committee, authz.RoleCommittee, "not_found"},
			{"worker", worker, company, authz.RoleWorker, "auth.forbidden"},
			{"committee member", member, committee, authz.RoleCommittee, "not_found"},
			{"nobody", authz.Principal{}, company, authz.RoleWorker, "auth.required"},
		} {
			_, err := w.s.Appoint(ctx(), tc.p, none, Appointment{Org: tc.org.ID, Name: "李强", Phone: phone(), Role: tc.role, Basis: "备案 1"})
			if tc.want == "" {
				require.NoError(w.t, err, tc.name)
			} else {
				require.Equal(w.t, tc.want, code(w.t, err), tc.name)
			}
		}
	})
}

func TestAppointmentRules(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		manager := w.staff(company, authz.RoleManager)
		now := clock.Now(w.clock)
		try := func(p authz.Principal, a Appointment) error {
			a.Org = company.ID
			_, err := w.s.Appoint(ctx(), p, none, a)
			return err
		}
		require.Equal(w.t, "org.self_appointment", code(w.t, try(manager, Appointment{Person: manager.Person, Role: authz.RoleWorker})))
		require.Equal(w.t, "body.personId org.person_unknown", code(w.t, try(manager, Appointment{Person: id.New(), Role: authz.RoleWorker})))
		require.Equal(w.t, "body.phone org.name_and_phone", code(w.t, try(manager, Appointment{Name: "李", Role: authz.RoleWorker})))
		require.Equal(w.t, "body.phone org.phone", code(w.t, try(manager, Appointment{Name: "李", Phone: "4200000", Role: authz.RoleWorker})))
		require.Equal(w.t, "body.until org.term", code(w.t, try(manager, Appointment{Name: "李", Phone: phone(), Role: authz.RoleWorker, Until: now.Ptr()})))
		committee := w.org(Committee, w.south, "南区业委会")
		_, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: committee.ID, Name: "李", Phone: phone(), Role: authz.RoleCommittee})
		require.Equal(w.t, "body.basis org.basis_required", code(w.t, err))

		number := phone()
		require.NoError(w.t, try(manager, Appointment{Name: "李强", Phone: number, Role: authz.RoleWorker}))
		require.Equal(w.t, "org.post_held", code(w.t, try(manager, Appointment{Name: "李强", Phone: number, Role: authz.RoleWorker})))
		require.Equal(w.t, "org.person_name_differs", code(w.t, try(manager, Appointment{Name: "李刚", Phone: number, Role: authz.RoleManager})))
		require.NoError(w.t, try(manager, Appointment{Name: "李强", Phone: number, Role: authz.RoleManager}), "several posts of one person")
	})
}

func TestGrantsFollowTime(t *testing.T) {
	each(t, func(w *world) {
		office := w.org(StreetOffice, w.street, "文化街道办事处")
		company := w.org(Company, w.street, "甲物业")
		now := clock.Now(w.clock)
		from, until := now.Add(day), now.Add(3*day)
		p, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: office.ID, Name: "王芳", Phone: phone(), Role: authz.RoleStreetOffice, From: &from, Until: &until})
		require.NoError(w.t, err)
		second, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Person: p.Person, Role: authz.RoleWorker})
		require.NoError(w.t, err)
		office2 := authz.Grant{ID: p.ID, Role: authz.RoleStreetOffice, Org: office.ID, Path: w.areas[w.street].path}
		worker := authz.Grant{ID: second.ID, Role: authz.RoleWorker, Org: company.ID}
		for _, tc := range []struct {
			at   clock.Instant
			want []authz.Grant
		}{
			{now - 1, []authz.Grant{}},
			{now, []authz.Grant{worker}},
			{from - 1, []authz.Grant{worker}},
			{from, []authz.Grant{office2, worker}},
			{until - 1, []authz.Grant{office2, worker}},
			{until, []authz.Grant{worker}},
		} {
			got, err := w.s.Grants(ctx(), w.db, p.Person, tc.at)
			require.NoError(w.t, err)
			require.Equal(w.t, tc.want, got, tc.at.Sub(now))
		}
	})
}

func TestEndingAPost(t *testing.T) {
	each(t, func(w *world) {
		company, rival := w.org(Company, w.street, "甲物业"), w.org(Company, w.street, "乙物业")
		boss := w.appoint(company, authz.RoleManager)
		manager := w.as(boss.Person)
		worker, next, outsider := w.appoint(company, authz.RoleWorker), w.appoint(company, authz.RoleWorker), w.appoint(rival, authz.RoleWorker)
		end := func(p authz.Principal, held Post, e Ending) error {
			_, err := w.s.End(ctx(), p, held.ID, e)
			return err
		}

		require.Equal(w.t, "body.successorId org.successor", code(w.t, end(manager, worker, Ending{1, EndTransferred, outsider.Person})))
		require.Equal(w.t, "body.successorId org.successor", code(w.t, end(manager, worker, Ending{1, EndTransferred, worker.Person})))
		require.Equal(w.t, "body.reason org.end_reason", code(w.t, end(manager, worker, Ending{1, EndTermOver, id.Nil})))
		require.Equal(w.t, "version.stale", code(w.t, end(manager, worker, Ending{2, EndTransferred, id.Nil})))
		require.Equal(w.t, "not_found", code(w.t, end(manager, outsider, Ending{1, EndDismissed, id.Nil})))
		require.Empty(w.t, w.handed)

		w.clock.Advance(time.Hour)
		require.NoError(w.t, end(manager, worker, Ending{1, EndTransferred, next.Person}))
		require.Equal(w.t, []handed{{company.ID, worker.Person, next.Person}}, w.handed)
		require.Empty(w.t, w.as(worker.Person).Grants, "gone with the next request")
		read, err := post(ctx(), w.db, worker.ID)
		require.NoError(w.t, err)
		require.Equal(w.t, clock.Now(w.clock), *read.To)
		require.Equal(w.t, next.Person, *read.Successor)
		var payload string
		require.NoError(w.t, w.db.Get(ctx(), &payload, `SELECT payload FROM outbox WHERE topic = 'post.ended'`))
		require.Contains(w.t, payload, next.Person.String())
		require.Equal(w.t, "org.post_over", code(w.t, end(manager, worker, Ending{2, EndTransferred, id.Nil})))

		_, err = w.s.Resign(ctx(), w.as(next.Person), next.ID, next.Version)
		require.NoError(w.t, err)
		require.Equal(w.t, handed{company.ID, next.Person, id.Nil}, w.handed[1], "to the queue")
		_, err = w.s.Resign(ctx(), manager, outsider.ID, 1)
		require.Equal(w.t, "not_found", code(w.t, err))
	})
}

// The hand-over is part of the ending: when it fails nobody has left.
func TestFailedHandOverKeepsThePost(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		worker := w.appoint(company, authz.RoleWorker)
		w.handFail = errors.New("no")
		_, err := w.s.End(ctx(), operator, worker.ID, Ending{1, EndDismissed, id.Nil})
		require.ErrorIs(w.t, err, w.handFail)
		require.Len(w.t, w.as(worker.Person).Grants, 1)
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'post.ended'`))
	})
}

func TestStayingInAnotherPostKeepsTheWork(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		worker := w.appoint(company, authz.RoleWorker)
		_, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Person: worker.Person, Role: authz.RoleManager})
		require.NoError(w.t, err)
		_, err = w.s.End(ctx(), operator, worker.ID, Ending{1, EndTransferred, id.Nil})
		require.NoError(w.t, err)
		require.Empty(w.t, w.handed)
	})
}

func TestTheLastManagerStays(t *testing.T) {
	each(t, func(w *world) {
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)
		company := w.org(Company, w.street, "甲物业")
		one, two := w.appoint(company, authz.RoleManager), w.appoint(company, authz.RoleManager)
		// Two managers end each other at once: one of them stays.
		var wg sync.WaitGroup
		errs := make([]error, 2)
		first, second := w.as(one.Person), w.as(two.Person)
		wg.Go(func() { _, errs[0] = w.s.End(ctx(), first, two.ID, Ending{1, EndDismissed, id.Nil}) })
		wg.Go(func() { _, errs[1] = w.s.End(ctx(), second, one.ID, Ending{1, EndDismissed, id.Nil}) })
		wg.Wait()
		require.True(w.t, (errs[0] == nil) != (errs[1] == nil), "%v", errs)
		last := one
		if errs[1] == nil {
			last = two
		}
		_, err := w.s.Resign(ctx(), w.as(last.Person), last.ID, 1)
		require.Equal(w.t, "org.last_manager", code(w.t, err))
		_, err = w.s.End(ctx(), office, last.ID, Ending{1, EndDismissed, id.Nil})
		require.NoError(w.t, err)
	})
}

func TestTermsEndByThemselves(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		until := clock.Now(w.clock).Add(day)
		p, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Name: "王芳", Phone: phone(), Role: authz.RoleWorker, Until: &until})
		require.NoError(w.t, err)
		w.clock.Set(until.Time().Add(-time.Millisecond))
		n, err := w.s.EndDue(ctx(), 10)
		require.NoError(w.t, err)
		require.Zero(w.t, n)
		w.clock.Set(until.Time().Add(time.Hour))
		n, err = w.s.EndDue(ctx(), 10)
		require.NoError(w.t, err)
		require.Equal(w.t, 1, n)
		read, err := post(ctx(), w.db, p.ID)
		require.NoError(w.t, err)
		require.Equal(w.t, until, *read.To)
		require.Equal(w.t, EndTermOver, read.EndedReason)
		require.Len(w.t, w.handed, 1)
	})
}

func TestConflictOfInterestByPerson(t *testing.T) {
	each(t, func(w *world) {
		here, elsewhere := w.org(Company, w.street, "甲物业"), w.org(Company, w.street, "乙物业")
		w.works[here.ID], w.works[elsewhere.ID] = []string{w.areas[w.south].path}, []string{w.areas[w.north].path}
		committee := w.org(Committee, w.south, "南区业委会")
		whole := w.org(PropertyCommittee, w.estate, "全小区物管会")
		seat := func(body Organisation, person id.ID) error {
			_, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: body.ID, Person: person, Role: authz.RoleCommittee, Basis: "决定 1"})
			return err
		}
		hire := func(company Organisation, person id.ID) error {
			_, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Person: person, Role: authz.RoleWorker})
			return err
		}
		insider, outsider := w.appoint(here, authz.RoleWorker), w.appoint(elsewhere, authz.RoleManager)
		require.Equal(w.t, "org.conflict_of_interest", code(w.t, seat(committee, insider.Person)))
		require.Equal(w.t, "org.conflict_of_interest", code(w.t, seat(whole, insider.Person)), "the body of the whole estate")
		require.NoError(w.t, seat(committee, outsider.Person), "the company works elsewhere")
		require.Equal(w.t, "org.conflict_of_interest", code(w.t, hire(here, outsider.Person)), "the other way round")
		_, err := w.s.End(ctx(), operator, insider.ID, Ending{1, EndResigned, id.Nil})
		require.NoError(w.t, err)
		require.NoError(w.t, seat(committee, insider.Person), "after leaving the company")
		wide := w.appoint(whole, authz.RoleCommittee)
		require.Equal(w.t, "org.conflict_of_interest", code(w.t, hire(here, wide.Person)), "the company works in a part of the estate")
		require.NoError(w.t, hire(w.org(Company, w.street, "丙物业"), wide.Person))

		found, err := w.s.PersonsHaveConflict(ctx(), w.db, elsewhere.ID, w.areas[w.south].path)
		require.NoError(w.t, err)
		require.Len(w.t, found, 1, "what a contract with that company would bring about")
		require.Equal(w.t, outsider.Person, found[0].Person)
		require.Equal(w.t, "post", found[0].Through)
	})
}

// A seat and a job given to one person at the same moment: one of them is refused.
func TestConflictRaces(t *testing.T) {
	each(t, func(w *world) {
		company, committee := w.org(Company, w.street, "甲物业"), w.org(Committee, w.south, "南区业委会")
		w.works[company.ID] = []string{w.areas[w.south].path}
		for range 6 {
			var person id.ID
			require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) (err error) {
				person, err = w.s.EnsurePerson(ctx, tx, "赵敏", phone())
				return err
			}))
			var wg sync.WaitGroup
			errs := make([]error, 2)
			wg.Go(func() {
				_, errs[0] = w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Person: person, Role: authz.RoleWorker})
			})
			wg.Go(func() {
				_, errs[1] = w.s.Appoint(ctx(), operator, none, Appointment{Org: committee.ID, Person: person, Role: authz.RoleCommittee, Basis: "决定 1"})
			})
			wg.Wait()
			require.True(w.t, (errs[0] == nil) != (errs[1] == nil), "%v", errs)
		}
	})
}

func TestDeclaredInterests(t *testing.T) {
	each(t, func(w *world) {
		company, committee := w.org(Company, w.street, "甲物业"), w.org(Committee, w.south, "南区业委会")
		w.works[company.ID] = []string{w.areas[w.south].path}
		head := w.staff(w.org(Residents, w.east, "东关居委会"), authz.RoleCommunity)
		member := w.appoint(committee, authz.RoleCommittee)
		self := w.as(member.Person)
		_, err := w.s.Declare(ctx(), self, none, Declaration{Company: committee.ID, Holder: HolderSelf, Nature: NatureShare})
		require.Equal(w.t, "body.companyId org.interest_company", code(w.t, err))
		_, err = w.s.Declare(ctx(), head, none, Declaration{Body: committee.ID, Person: head.Person, Company: company.ID, Holder: HolderSelf, Nature: NatureShare})
		require.Equal(w.t, "body.personId org.person_unknown", code(w.t, err), "only about members of the body")

		i, err := w.s.Declare(ctx(), self, none, Declaration{Company: company.ID, Holder: HolderRelative, Nature: NatureEmployment})
		require.NoError(w.t, err)
		_, err = w.s.Declare(ctx(), self, none, Declaration{Company: company.ID, Holder: HolderRelative, Nature: NatureEmployment})
		require.Equal(w.t, "org.interest_known", code(w.t, err))
		require.Len(w.t, w.as(member.Person).Grants, 1, "a declaration ends no post")
		var payload string
		require.NoError(w.t, w.db.Get(ctx(), &payload, `SELECT payload FROM outbox WHERE topic = 'interest.declared'`))
		require.Contains(w.t, payload, member.ID.String(), "the seat that it touches")

		found, err := w.s.Conflicts(ctx(), head, w.east)
		require.NoError(w.t, err)
		require.Len(w.t, found, 1)
		require.Equal(w.t, "interest", found[0].Through)
		_, err = w.s.Conflicts(ctx(), self, w.east)
		require.Equal(w.t, "not_found", code(w.t, err))

		other, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: w.org(PropertyCommittee, w.south, "物管会").ID, Person: member.Person, Role: authz.RoleCommittee, Basis: "1"})
		require.Equal(w.t, "org.conflict_of_interest", code(w.t, err), other.ID)
		_, err = w.s.EndInterest(ctx(), head, i.ID, i.Version)
		require.Equal(w.t, "not_found", code(w.t, err), "the person declared it")
		i, err = w.s.EndInterest(ctx(), self, i.ID, i.Version)
		require.NoError(w.t, err)
		require.NotNil(w.t, i.To)
		_, err = w.s.EndInterest(ctx(), self, i.ID, i.Version)
		require.Equal(w.t, "org.interest_over", code(w.t, err))
		found, err = w.s.Conflicts(ctx(), head, w.east)
		require.NoError(w.t, err)
		require.Empty(w.t, found)

		_, err = w.s.Declare(ctx(), head, none, Declaration{Body: committee.ID, Person: member.Person, Company: company.ID, Holder: HolderSelf, Nature: NatureShare})
		require.NoError(w.t, err)
	})
}

func TestPostsAreMaskedAndRevealed(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		manager := w.staff(company, authz.RoleManager)
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)
		number := phone()
		held, err := w.s.Appoint(ctx(), manager, none, Appointment{Org: company.ID, Name: "欧阳修", Phone: number, Role: authz.RoleWorker})
		require.NoError(w.t, err)

		find := func(p authz.Principal) Held {
			var all []Held
			for req := (page.Request{Limit: 1}); ; {
				part, err := w.s.Posts(ctx(), p, company.ID, false, req)
				require.NoError(w.t, err)
				all = append(all, part.Items...)
				if req.Cursor = part.Next; part.Next == "" {
					break
				}
			}
			require.Len(w.t, all, 2)
			return all[slices.IndexFunc(all, func(h Held) bool { return h.ID == held.ID })]
		}
		require.Equal(w.t, "欧**", find(office).Name)
		require.Equal(w.t, "欧阳修", find(manager).Name, "a colleague")
		require.Equal(w.t, personal.MaskPhone(number), find(manager).Phone)
		require.Equal(w.t, "欧阳修", find(w.as(held.Person)).Name, "a worker knows whom an order can be handed to")
		_, err = w.s.Posts(ctx(), w.staff(w.org(Company, w.street, "乙物业"), authz.RoleWorker), company.ID, false, page.Request{})
		require.Equal(w.t, "not_found", code(w.t, err))

		_, err = w.s.RevealHolder(ctx(), office, held.ID, "curiosity")
		require.Equal(w.t, "body.reason personal.reason_unknown", code(w.t, err))
		who, err := w.s.RevealHolder(ctx(), office, held.ID, personal.ReasonEmergency)
		require.NoError(w.t, err)
		require.Equal(w.t, Person{ID: held.Person, Name: "欧阳修", Phone: number}, who)
		seen, err := w.reads.OfSubject(ctx(), w.db, held.Person, id.Nil, 10)
		require.NoError(w.t, err)
		require.Len(w.t, seen, 2)
		own, err := w.s.Own(ctx(), w.as(held.Person))
		require.NoError(w.t, err)
		require.Len(w.t, own, 1)
	})
}

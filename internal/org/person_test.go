package org

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

func (w *world) ensure(name, number string) (who id.ID, err error) {
	err = w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) (err error) {
		who, err = w.s.EnsurePerson(ctx, tx, name, number)
		return err
	})
	return who, err
}

func TestEnsurePerson(t *testing.T) {
	each(t, func(w *world) {
		first, err := w.ensure("王芳", "138 0000 0001")
		require.NoError(w.t, err)
		for _, same := range []string{"+86 138-0000-0001", "１３８０００００００１", "008613800000001"} {
			again, err := w.ensure("王芳", same)
			require.NoError(w.t, err, same)
			require.Equal(w.t, first, again, same)
		}
		again, err := w.ensure("", "13800000001")
		require.NoError(w.t, err)
		require.Equal(w.t, first, again)
		_, err = w.ensure("王丽", "13800000001")
		require.Equal(w.t, "org.person_name_differs", code(w.t, err))

		found, err := w.s.PersonByPhone(ctx(), w.db, "13800000001")
		require.NoError(w.t, err)
		require.Equal(w.t, first, found)
		found, err = w.s.PersonByPhone(ctx(), w.db, "13800000002")
		require.NoError(w.t, err)
		require.True(w.t, found.IsZero())

		byPhone, err := w.ensure("", "+442079460958")
		require.NoError(w.t, err)
		_, err = w.ensure("𡐓明", "+442079460958")
		require.NoError(w.t, err)
		who, err := w.s.Person(ctx(), w.db, byPhone)
		require.NoError(w.t, err)
		require.Equal(w.t, Person{ID: byPhone, Name: "𡐓明", Phone: "+442079460958"}, who, "the first name is kept")

		alone, err := w.ensure("无话", "")
		require.NoError(w.t, err)
		other, err := w.ensure("无话", "")
		require.NoError(w.t, err)
		require.NotEqual(w.t, alone, other)
		_, err = w.ensure("", "")
		require.Equal(w.t, "body.phone org.name_or_phone", code(w.t, err))
		_, err = w.ensure("王", "12345")
		require.Equal(w.t, "body.phone org.phone", code(w.t, err))
		_, err = w.ensure("王\x00", "13800000001")
		require.Equal(w.t, "body.name text.control", code(w.t, err))

		var raw struct {
			Name  []byte `db:"name_sealed"`
			Phone []byte `db:"phone_sealed"`
		}
		require.NoError(w.t, w.db.Get(ctx(), &raw, `SELECT name_sealed, phone_sealed FROM person WHERE id = ?`, first))
		require.NotContains(w.t, string(raw.Name), "王芳")
		require.NotContains(w.t, string(raw.Phone), "13800000001")
	})
}

func TestEnsurePersonAtOnce(t *testing.T) {
	each(t, func(w *world) {
		number := phone()
		ids, errs := make([]id.ID, 16), make([]error, 16)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() { ids[i], errs[i] = w.ensure("王芳", number) })
		}
		wg.Wait()
		for i := range ids {
			require.NoError(w.t, errs[i])
			require.Equal(w.t, ids[0], ids[i])
		}
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM person`))
	})
}

func TestExportAndErase(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		number := phone()
		held, err := w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Name: "王芳", Phone: number, Role: authz.RoleWorker, Title: "保洁"})
		require.NoError(w.t, err)
		_, err = w.s.Declare(ctx(), w.as(held.Person), none, Declaration{Company: company.ID, Holder: HolderSelf, Nature: NatureEmployment})
		require.NoError(w.t, err)
		out, err := w.s.ExportPerson(ctx(), w.db, held.Person)
		require.NoError(w.t, err)
		require.Equal(w.t, "王芳", out.Name)
		require.Equal(w.t, number, out.Phone)
		require.Equal(w.t, "甲物业", out.Posts[0].Organisation)
		require.Equal(w.t, "甲物业", out.Interests[0].Company)

		erase := func() error {
			return w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error { return w.s.ErasePerson(ctx, tx, held.Person) })
		}
		require.Equal(w.t, "org.posts_held", code(w.t, erase()))
		who, err := w.s.Person(ctx(), w.db, held.Person)
		require.NoError(w.t, err)
		require.Equal(w.t, "王芳", who.Name, "nothing was erased")
		_, err = w.s.Resign(ctx(), w.as(held.Person), held.ID, 1)
		require.NoError(w.t, err)
		require.NoError(w.t, erase())
		require.NoError(w.t, erase(), "twice is once")
		who, err = w.s.Person(ctx(), w.db, held.Person)
		require.NoError(w.t, err)
		require.Equal(w.t, Person{ID: held.Person, Erased: true}, who)
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM post WHERE person_id = ?`, held.Person), "the fact stays")
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM person WHERE id = ? AND (name_index IS NOT NULL OR phone_index IS NOT NULL)`, held.Person))
		_, err = w.s.Appoint(ctx(), operator, none, Appointment{Org: company.ID, Person: held.Person, Role: authz.RoleWorker})
		require.Equal(w.t, "body.personId org.person_unknown", code(w.t, err))
		anew, err := w.ensure("王芳", number)
		require.NoError(w.t, err)
		require.NotEqual(w.t, held.Person, anew)
	})
}

func TestCrossAppointments(t *testing.T) {
	each(t, func(w *world) {
		company := w.org(Company, w.street, "甲物业")
		party, residents := w.org(CommunityParty, w.east, "东关党委"), w.org(Residents, w.east, "东关居委会")
		w.works[company.ID] = []string{w.areas[w.south].path}
		head := w.staff(party, authz.RoleCommunity)
		manager, worker := w.appoint(company, authz.RoleManager), w.appoint(company, authz.RoleWorker)
		cadre := w.appoint(residents, authz.RoleCommunityWork)
		in := func(person id.ID, home, host Organisation, k CrossKind) (CrossAppointment, error) {
			return w.s.Cross(ctx(), head, none, Crossing{person, home.ID, host.ID, k})
		}
		_, err := in(manager.Person, company, company, Supervisor)
		require.Equal(w.t, "not_found", code(w.t, err), "two companies lie in no area")
		_, err = in(manager.Person, company, residents, Supervisor)
		require.Equal(w.t, "body.homeOrgId org.cross_home", code(w.t, err))
		_, err = in(worker.Person, company, residents, PartTimeMember)
		require.Equal(w.t, "body.personId org.cross_post", code(w.t, err), "managers only")
		_, err = in(manager.Person, company, party, PartTimeMember)
		require.Equal(w.t, "org.cross_consent", code(w.t, err), "it would show Party membership")
		_, err = w.s.Cross(ctx(), w.as(manager.Person), none, Crossing{manager.Person, company.ID, residents.ID, PartTimeMember})
		require.Equal(w.t, "not_found", code(w.t, err))

		lay, err := in(manager.Person, company, residents, PartTimeMember)
		require.NoError(w.t, err)
		require.Nil(w.t, lay.Consent)
		require.Equal(w.t, HomeServesThere, lay.Conflict)
		_, err = in(manager.Person, company, residents, PartTimeMember)
		require.Equal(w.t, "org.cross_held", code(w.t, err))

		wording, _ := personal.WordingOf(personal.PurposePartyLabel)
		give := func() {
			require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
				return w.consents.Give(ctx, tx, personal.Giving{Person: manager.Person, Purpose: wording.Purpose, Shown: wording.Version(), Channel: personal.ChannelSelf, RecordedBy: manager.Person})
			}))
		}
		give()
		member, err := in(manager.Person, company, party, PartTimeMember)
		require.NoError(w.t, err)
		require.NotNil(w.t, member.Consent)
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'cross.record' AND detail LIKE ?`, "%"+party.ID.String()+"%"), "no record tells the host")
		_, err = in(cadre.Person, residents, company, Supervisor)
		require.NoError(w.t, err)

		cover, err := w.s.Coverage(ctx(), w.staff(w.org(StreetOffice, w.street, "街道办"), authz.RoleStreetOffice), w.street)
		require.NoError(w.t, err)
		require.Equal(w.t, Coverage{At: cover.At, Companies: 1, CompaniesSupervised: 1, Managers: 1, ManagersPartTime: 1,
			InForce: map[CrossKind]int64{PartTimeMember: 2, Supervisor: 1}}, cover)

		list := func(past bool) int {
			part, err := w.s.CrossList(ctx(), head, past, pageAll)
			require.NoError(w.t, err)
			return len(part.Items)
		}
		require.Equal(w.t, 3, list(false))
		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
			return w.consents.Withdraw(ctx, tx, manager.Person, personal.PurposePartyLabel, manager.Person)
		}))
		require.Equal(w.t, 2, list(true), "a withdrawn consent hides it at once")
		n, err := w.s.EndDue(ctx(), 10)
		require.NoError(w.t, err)
		require.Equal(w.t, 1, n)
		read, err := cross(ctx(), w.db, member.ID)
		require.NoError(w.t, err)
		require.Equal(w.t, EndConsent, read.EndedReason)
		give()
		_, err = in(manager.Person, company, party, PartTimeMember)
		require.NoError(w.t, err, "again after a new consent")

		lay, err = w.s.EndCross(ctx(), w.as(manager.Person), lay.ID, lay.Version, "")
		require.NoError(w.t, err)
		require.Equal(w.t, EndResigned, lay.EndedReason)
		_, err = w.s.EndCross(ctx(), head, lay.ID, lay.Version, EndRecalled)
		require.Equal(w.t, "org.cross_over", code(w.t, err))
	})
}

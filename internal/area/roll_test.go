package area_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

func owner(name, phone string, units ...id.ID) area.NewOwner {
	in := area.NewOwner{Identity: area.Identity{Name: name, Phone: phone}, Kind: area.PersonOwner, UnitIDs: units, From: "2026-01-01", Evidence: area.ByRegister}
	if phone != "" {
		in.Basis = personal.BasisDuty
	}
	return in
}

func TestTheRollIsMaskedAndSealed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 8953))[0]
		community := staff(authz.RoleCommunity, w.community.Path)
		o, err := w.EnterOwner(ctx, community, noKey, owner("买买提·吐尔逊", "138 0013 8000", u.ID))
		require.NoError(t, err)
		require.Equal(t, "买**", o.Name)
		require.Equal(t, "138****8000", o.Phone)
		_, err = w.EnterOccupant(ctx, community, noKey, area.NewOccupant{Identity: area.Identity{Name: "𬱖测"}, UnitID: u.ID, Relation: area.Tenant, From: "2026-02-01"})
		require.NoError(t, err)
		_, err = w.EnterOccupant(ctx, community, noKey, area.NewOccupant{Identity: area.Identity{Name: "𬱖测"}, UnitID: u.ID, Relation: area.Tenant, From: "2026-02-01"})
		require.True(t, fault.Is(err, "area.occupant_known"), err)

		e, err := w.RollOfUnit(ctx, community, u.ID)
		require.NoError(t, err)
		require.Equal(t, "1号楼 101", e.Address)
		require.Equal(t, "买**", e.Owners[0].Name)
		require.Equal(t, "𬱖**", e.Occupants[0].Name)
		var raw []byte
		require.NoError(t, w.DB.Get(ctx, &raw, `SELECT name_sealed FROM owner`))
		require.NotContains(t, string(raw), "买买提")

		for _, p := range []authz.Principal{w.company(), resident(w.place.Path, id.New(), u.ID), staff(authz.RoleCommunity, w.byCode("370612001009").Path)} {
			_, err = w.RollOfUnit(ctx, p, u.ID)
			require.ErrorIs(t, err, fault.NotFound)
			_, err = w.EnterOwner(ctx, p, noKey, owner("某某", "", u.ID))
			require.Error(t, err)
		}
	})
}

func TestEachReadingInClearIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 8953))[0]
		community := staff(authz.RoleCommunity, w.community.Path)
		o, err := w.EnterOwner(ctx, community, noKey, owner("张三丰", "13800138000", u.ID))
		require.NoError(t, err)
		name, err := w.RevealOwner(ctx, community, o.ID, area.NamePart, personal.ReasonDelivery)
		require.NoError(t, err)
		require.Equal(t, "张三丰", name)
		phone, err := w.RevealOwner(ctx, community, o.ID, area.PhonePart, personal.ReasonDelivery)
		require.NoError(t, err)
		require.Equal(t, "13800138000", phone)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM personal_read WHERE subject_id = ? AND reader_id = ? AND reason = 'delivery'`, o.ID, community.Person))

		_, err = w.RevealOwner(ctx, community, o.ID, area.NamePart, "curiosity")
		require.ErrorIs(t, err, fault.Invalid)
		_, err = w.RevealOwner(ctx, staff(authz.RoleStreetOffice, w.street.Path), o.ID, area.NamePart, personal.ReasonDelivery)
		require.ErrorIs(t, err, fault.Forbidden)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM personal_read`))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM audit_record WHERE detail LIKE '%张三%' OR detail LIKE '%13800138000%'`), "the audit holds no personal data")
	})
}

func TestOneOwnerOfSeveralUnits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("101", 100), flat("102", 200), flat("103", 400), flat("104", 800))
		a, err := w.EnterOwner(ctx, system, noKey, owner("张三", "13800138000", us[0].ID, us[1].ID))
		require.NoError(t, err)
		again, err := w.EnterOwner(ctx, system, noKey, owner("张三", "+86 138-0013-8000", us[2].ID))
		require.NoError(t, err)
		require.Equal(t, a.ID, again.ID, "the same person is entered once")
		_, err = w.EnterOwner(ctx, system, noKey, owner("李四", "", us[0].ID))
		require.NoError(t, err, "a co-owner")
		dev := owner("某某置业", "", us[3].ID)
		dev.Kind = area.DeveloperOwner
		o, err := w.EnterOwner(ctx, system, noKey, dev)
		require.NoError(t, err)
		require.Equal(t, "某某置业", o.Name, "a company's name is no secret")
		_, err = w.EnterOwner(ctx, system, noKey, owner("张三", "13800138000", us[0].ID))
		require.True(t, fault.Is(err, "area.owner_known"), err)

		h, err := w.Heads(ctx, staff(authz.RoleCommittee, w.community.Path), w.place.ID, area.HeadcountRule{})
		require.NoError(t, err)
		require.Equal(t, area.Headcount{Units: 4, Area: 1500, Heads: 3, DeveloperUnits: 1}, h, "张三, 张三 with 李四, the developer")

		require.NoError(t, w.EndOwnership(ctx, system, noKey, us[0].ID, a.ID, "2026-11-01"))
		err = w.EndOwnership(ctx, system, noKey, us[0].ID, a.ID, "2026-11-01")
		require.True(t, fault.Is(err, "area.not_owner"), err)
		e, err := w.RollOfUnit(ctx, system, us[0].ID)
		require.NoError(t, err)
		require.Len(t, e.Owners, 1)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit_owner WHERE unit_id = ? AND to_date = '2026-11-01'`, us[0].ID), "who owned it stays known")
	})
}

func TestAPhoneNeedsABasis(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 100))[0]
		in := owner("张三", "13800138000", u.ID)
		in.Basis = ""
		_, err := w.EnterOwner(ctx, system, noKey, in)
		require.Equal(t, "area.phone_basis", fault.Of(err).Fields[0].Code)
		in.Basis, in.Phone = personal.BasisConsent, "12345"
		_, err = w.EnterOwner(ctx, system, noKey, in)
		require.Equal(t, "area.phone", fault.Of(err).Fields[0].Code)
		in.Phone, in.From = "", "2026-11-23"
		_, err = w.EnterOwner(ctx, system, noKey, in)
		require.Equal(t, "area.date", fault.Of(err).Fields[0].Code, "not in the future")
	})
}

func TestPeopleAreFoundExactlyOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("101", 100), flat("1101", 100))
		_, err := w.EnterOwner(ctx, system, noKey, owner("买买提·吐尔逊", "13800138000", us[0].ID))
		require.NoError(t, err)
		_, err = w.EnterOccupant(ctx, system, noKey, area.NewOccupant{Identity: area.Identity{Name: "王五", Phone: "13900139000", Basis: personal.BasisConsent}, UnitID: us[1].ID, Relation: area.Tenant, From: "2026-02-01"})
		require.NoError(t, err)
		community := staff(authz.RoleCommunity, w.community.Path)
		for name, c := range map[string]struct {
			q    area.PersonQuery
			want []id.ID
		}{
			"name, another dot": {area.PersonQuery{Name: "买买提•吐尔逊"}, []id.ID{us[0].ID}},
			"part of a name":    {area.PersonQuery{Name: "买买提"}, nil},
			"phone":             {area.PersonQuery{Phone: "138-0013-8000"}, []id.ID{us[0].ID}},
			"part of a phone":   {area.PersonQuery{Phone: "8000"}, nil},
			"occupant":          {area.PersonQuery{Name: "王五"}, []id.ID{us[1].ID}},
			"occupant's phone":  {area.PersonQuery{Phone: "13900139000", Area: w.place.ID}, []id.ID{us[1].ID}},
			"room":              {area.PersonQuery{Room: "0101", Area: w.place.ID}, []id.ID{us[0].ID}},
		} {
			p, err := w.FindOnRoll(ctx, community, c.q, page.Request{})
			require.NoError(t, err, name)
			var got []id.ID
			for _, e := range p.Items {
				got = append(got, e.UnitID)
			}
			require.Equal(t, c.want, got, name)
		}
		p, err := w.FindOnRoll(ctx, staff(authz.RoleCommunity, w.byCode("370612001009").Path), area.PersonQuery{Name: "王五"}, page.Request{})
		require.NoError(t, err)
		require.Empty(t, p.Items)
		for _, q := range []area.PersonQuery{{}, {Room: "101"}, {Name: "a", Phone: "b"}} {
			_, err = w.FindOnRoll(ctx, community, q, page.Request{})
			require.True(t, fault.Is(err, "area.person_query"), err)
		}
		_, err = w.FindOnRoll(ctx, w.company(), area.PersonQuery{Name: "王五"}, page.Request{})
		require.ErrorIs(t, err, fault.Forbidden)
	})
}

func TestTheRollListsEveryUnit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var in []area.NewUnit
		for _, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			in = append(in, flat(n, 1))
		}
		us := w.flats(in...)
		o, err := w.EnterOwner(ctx, system, noKey, owner("张三", "", us[0].ID, us[6].ID))
		require.NoError(t, err)
		o, err = w.UpdateOwner(ctx, system, noKey, o.ID, o.Version, area.Identity{Name: "章三"})
		require.NoError(t, err)
		_, err = w.UpdateOwner(ctx, system, noKey, o.ID, 1, area.Identity{Name: "张三"})
		require.ErrorIs(t, err, fault.Stale)
		n, owned := 0, 0
		for cursor, more := "", true; more; more = cursor != "" {
			p, err := w.Roll(ctx, system, w.place.ID, page.Request{Cursor: cursor, Limit: 3})
			require.NoError(t, err)
			for _, e := range p.Items {
				n++
				for _, o := range e.Owners {
					owned++
					require.Equal(t, "章**", o.Name)
				}
			}
			cursor = p.Next
		}
		require.Equal(t, []int{7, 2}, []int{n, owned})
	})
}

func TestAnOwnerWithAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 100))[0]
		o, err := w.EnterOwner(ctx, system, noKey, owner("张三", "13800138000", u.ID))
		require.NoError(t, err)
		person := id.New()
		_, err = w.LinkOwner(ctx, system, noKey, o.ID, o.Version, person)
		require.NoError(t, err)
		persons, err := w.OwnersOf(ctx, w.DB, u.ID)
		require.NoError(t, err)
		require.Equal(t, []id.ID{person}, persons)
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) error { return w.ErasePhones(ctx, tx, person) })
		e, err := w.RollOfUnit(ctx, system, u.ID)
		require.NoError(t, err)
		require.Empty(t, e.Owners[0].Phone)
		require.Equal(t, "张**", e.Owners[0].Name, "the roll itself is a statutory duty")
	})
}

func TestOccupantsMoveOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 100))[0]
		in := area.NewOccupant{Identity: area.Identity{Name: "王五"}, UnitID: u.ID, Relation: area.Tenant, From: "2026-02-01"}
		o, err := w.EnterOccupant(ctx, system, noKey, in)
		require.NoError(t, err)
		require.NoError(t, w.EndOccupancy(ctx, system, noKey, o.ID, o.Version, clock.DateOf(w.clock.Now())))
		require.ErrorIs(t, w.EndOccupancy(ctx, system, noKey, o.ID, o.Version, "2026-11-22"), fault.NotFound)
		_, err = w.EnterOccupant(ctx, system, noKey, in)
		require.NoError(t, err, "and in again")
	})
}

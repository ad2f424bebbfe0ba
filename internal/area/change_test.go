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
)

func sources(units ...area.Unit) (out []area.ChangeSource) {
	for _, u := range units {
		out = append(out, area.ChangeSource{UnitID: u.ID, Version: u.Version})
	}
	return out
}

func identity(number string, size int64) area.UnitIdentity {
	return area.UnitIdentity{Number: number, Areas: area.Areas{Register: size}, Use: area.Residential}
}

func (w *world) propose(p authz.Principal, in area.UnitProposal) area.UnitChange {
	w.t.Helper()
	if in.Reason == "" {
		in.Reason = "不动产权证更正"
	}
	c, err := w.ProposeChange(ctx, p, noKey, in)
	require.NoError(w.t, err)
	return c
}

func TestACorrectionTakesTwoPersons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 8953), flat("102", 9010))[0]
		company, community := w.company(), staff(authz.RoleCommunity, w.community.Path)
		c := w.propose(company, area.UnitProposal{Kind: area.ChangeCorrect, Sources: sources(u), Results: []area.UnitIdentity{identity("101A", 8960)}})
		require.Equal(t, area.ChangeProposed, c.State)
		still, err := w.Unit(ctx, w.DB, u.ID)
		require.NoError(t, err)
		require.Equal(t, u, still, "a proposal changes nothing")

		_, err = w.DecideChange(ctx, company, noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.ErrorIs(t, err, fault.Forbidden, "the company does not decide")
		own := w.propose(community, area.UnitProposal{Kind: area.ChangeCorrect, Sources: sources(u), Results: []area.UnitIdentity{identity("101B", 8960)}})
		_, err = w.DecideChange(ctx, community, noKey, own.ID, own.Version, area.Decision{Apply: true})
		require.True(t, fault.Is(err, "area.change_own"), err)
		otherPost := staff(authz.RoleStreetOffice, w.street.Path)
		otherPost.Person = community.Person
		_, err = w.DecideChange(ctx, otherPost, noKey, own.ID, own.Version, area.Decision{Apply: true})
		require.True(t, fault.Is(err, "area.change_own"), "the same person in another post: %v", err)
		_, err = w.DecideChange(ctx, system, noKey, own.ID, own.Version, area.Decision{Apply: true})
		require.True(t, fault.Is(err, "area.change_person"), err)

		done, err := w.DecideChange(ctx, community, noKey, c.ID, c.Version, area.Decision{Apply: true, Note: "已核对"})
		require.NoError(t, err)
		require.Equal(t, area.ChangeApplied, done.State)
		require.Equal(t, community.Person, *done.DecidedBy)
		now, err := w.Unit(ctx, w.DB, u.ID)
		require.NoError(t, err)
		require.Equal(t, "101A", now.Number)
		require.EqualValues(t, 8960, now.Area)
		history, err := w.UnitHistory(ctx, company, u.ID)
		require.NoError(t, err)
		require.Len(t, history, 1)
		require.Equal(t, u, history[0].Before)
		require.Equal(t, c.ID, *history[0].Change)

		_, err = w.DecideChange(ctx, staff(authz.RoleStreetOffice, w.street.Path), noKey, own.ID, own.Version, area.Decision{Apply: true})
		require.ErrorIs(t, err, fault.Stale, "the unit was changed since it was proposed")
		left, err := w.ReadChange(ctx, community, own.ID)
		require.NoError(t, err)
		require.Equal(t, area.ChangeProposed, left.State, "nothing of it happened")
	})
}

func TestACorrectionCannotTakeANumberInUse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("101", 8953), flat("102", 9010))
		c := w.propose(w.company(), area.UnitProposal{Kind: area.ChangeCorrect, Sources: sources(us[0]), Results: []area.UnitIdentity{identity("0102", 8953)}})
		_, err := w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.True(t, fault.Is(err, "area.unit_taken"), err)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit_change WHERE state = 'proposed'`))
	})
}

func TestUnitsMerge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("101", 8953), flat("102", 9010))
		_, err := w.EnterOwner(ctx, system, noKey, owner("张三", "13800138000", us[0].ID, us[1].ID))
		require.NoError(t, err)
		_, err = w.EnterOwner(ctx, system, noKey, owner("李四", "", us[1].ID))
		require.NoError(t, err)
		for _, u := range us {
			_, err = w.EnterOccupant(ctx, system, noKey, area.NewOccupant{Identity: area.Identity{Name: "王五"}, UnitID: u.ID, Relation: area.Tenant, From: "2026-02-01"})
			require.NoError(t, err)
		}
		homes := make([]id.ID, 2)
		inTx(t, w.DB, func(ctx ctxT, tx *dbx.Tx) (err error) {
			for i, u := range us {
				if homes[i], err = w.EnsureHousehold(ctx, tx, u.ID, clock.Now(w.clock)); err != nil {
					return err
				}
			}
			return nil
		})
		in := area.UnitProposal{Kind: area.ChangeMerge, Sources: sources(us...), Results: []area.UnitIdentity{identity("101", 17964)}, Reason: "两户打通"}
		_, err = w.ProposeChange(ctx, w.company(), noKey, in)
		require.Equal(t, "area.change_sum", fault.Of(err).Fields[0].Code, "0.01 m² too much needs a reason")
		in.Results[0].Areas.Register = 17963
		c := w.propose(w.company(), in)
		require.Equal(t, c.SumBefore, c.SumAfter)
		c, err = w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.NoError(t, err)
		require.Len(t, c.ResultIDs, 1)

		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM unit WHERE state = 'merged'`))
		require.Equal(t, 17963, w.count(`SELECT SUM(area_m2x100) FROM unit WHERE state = 'active'`), "the total is kept")
		e, err := w.RollOfUnit(ctx, system, c.ResultIDs[0])
		require.NoError(t, err)
		require.Len(t, e.Owners, 2, "张三 once, 李四")
		require.Len(t, e.Occupants, 1)
		up, err := w.UnitPlace(ctx, w.DB, c.ResultIDs[0])
		require.NoError(t, err)
		require.Equal(t, homes[0], up.HouseholdID, "the first unit's household stays")
		require.Equal(t, [][3]id.ID{{homes[0], homes[0], up.UnitID}, {homes[1], homes[0], up.UnitID}}, w.residents.moves)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM household WHERE ended_at IS NULL`))
		_, err = w.UnitPlace(ctx, w.DB, us[0].ID)
		require.ErrorIs(t, err, fault.NotFound)
		_, err = w.ProposeChange(ctx, w.company(), noKey, area.UnitProposal{Kind: area.ChangeVoid, Sources: sources(us[0]), Reason: "x", SumReason: "y"})
		require.ErrorIs(t, err, fault.Stale, "it is no unit any more")
	})
}

func TestAUnitSplits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 10000))[0]
		_, err := w.EnterOwner(ctx, system, noKey, owner("张三", "", u.ID))
		require.NoError(t, err)
		c := w.propose(w.company(), area.UnitProposal{Kind: area.ChangeSplit, Sources: sources(u), Results: []area.UnitIdentity{identity("101", 6000), identity("101-1", 3999)}, SumReason: "隔墙占用"})
		require.EqualValues(t, 9999, c.SumAfter)
		c, err = w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.NoError(t, err)
		require.Len(t, c.ResultIDs, 2)
		for _, r := range c.ResultIDs {
			e, err := w.RollOfUnit(ctx, system, r)
			require.NoError(t, err)
			require.Len(t, e.Owners, 1)
		}
		all, err := w.Units(ctx, system, w.building.ID, true, page.Request{})
		require.NoError(t, err)
		require.Len(t, all.Items, 3, "history shows what was")
		now, err := w.Units(ctx, system, w.building.ID, false, page.Request{})
		require.NoError(t, err)
		require.Len(t, now.Items, 2)
	})
}

func TestAUnitThatDoesNotExistIsStruckOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 10000))[0]
		o, err := w.EnterOwner(ctx, system, noKey, owner("张三", "", u.ID))
		require.NoError(t, err)
		c := w.propose(w.company(), area.UnitProposal{Kind: area.ChangeVoid, Sources: sources(u), SumReason: "录入错误"})
		_, err = w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.NoError(t, err)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit_owner WHERE owner_id = ? AND to_date = '2026-11-22'`, o.ID))
		w.flats(flat("101", 10000))
	})
}

func TestProposalsAreChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		us := w.flats(flat("101", 100), flat("102", 100))
		b, err := w.CreateBuilding(ctx, system, noKey, area.NewBuilding{ServiceAreaID: w.place.ID, BuildingFacts: area.BuildingFacts{Name: "2号楼"}})
		require.NoError(t, err)
		far, err := w.AddUnits(ctx, system, noKey, b.ID, []area.NewUnit{flat("101", 100)})
		require.NoError(t, err)
		company := w.company()
		old := sources(us[0])
		old[0].Version = 9
		for code, in := range map[string]area.UnitProposal{
			"field.enum":              {Kind: "paint", Sources: sources(us[0])},
			"area.change_counts":      {Kind: area.ChangeMerge, Sources: sources(us[0]), Results: []area.UnitIdentity{identity("1", 1)}},
			"area.change_same_unit":   {Kind: area.ChangeMerge, Sources: sources(us[0], us[0]), Results: []area.UnitIdentity{identity("1", 1)}},
			"area.change_same_number": {Kind: area.ChangeSplit, Sources: sources(us[0]), Results: []area.UnitIdentity{identity("1", 50), identity("01", 50)}},
			"area.change_building":    {Kind: area.ChangeMerge, Sources: sources(us[0], far[0]), Results: []area.UnitIdentity{identity("1", 200)}},
			"area.change_sum":         {Kind: area.ChangeSplit, Sources: sources(us[0]), Results: []area.UnitIdentity{identity("1", 50), identity("2", 51)}},
			"area.area_range":         {Kind: area.ChangeCorrect, Sources: sources(us[0]), Results: []area.UnitIdentity{identity("1", -5)}},
			"area.batch":              {Kind: area.ChangeCorrect},
			"version.stale":           {Kind: area.ChangeCorrect, Sources: old, Results: []area.UnitIdentity{identity("1", 1)}},
		} {
			in.Reason = "x"
			_, err := w.ProposeChange(ctx, company, noKey, in)
			f := fault.Of(err)
			if len(f.Fields) > 0 {
				require.Equal(t, code, f.Fields[0].Code)
			} else {
				require.Equal(t, code, f.Code)
			}
		}
		_, err = w.ProposeChange(ctx, resident(w.place.Path, id.New(), us[0].ID), noKey, area.UnitProposal{Kind: area.ChangeVoid, Sources: sources(us[0]), Reason: "x", SumReason: "x"})
		require.Error(t, err)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM unit_change`))
	})
}

func TestOneOfManyDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 10000))[0]
		c := w.propose(w.company(), area.UnitProposal{Kind: area.ChangeSplit, Sources: sources(u), Results: []area.UnitIdentity{identity("101", 6000), identity("102", 4000)}})
		won, errs := race(20, func(i int) error {
			_, err := w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: i%2 == 0, Note: "核对"})
			return err
		})
		require.Equal(t, 1, won)
		for _, err := range errs {
			require.True(t, fault.Is(err, "area.change_decided"), err)
		}
		applied := w.count(`SELECT COUNT(*) FROM unit_change WHERE state = 'applied'`)
		require.Equal(t, 2*applied, w.count(`SELECT COUNT(*) FROM unit WHERE created_at >= ? AND id <> ? AND state = 'active'`, 0, u.ID))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'unit_change.decide'`))
	})
}

// Two proposals about one unit decided at once: the second finds the unit changed.
func TestOneOfTwoProposalsForAUnitIsApplied(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 10000))[0]
		company := w.company()
		var cs []area.UnitChange
		for _, n := range []string{"201", "202", "203", "204"} {
			cs = append(cs, w.propose(company, area.UnitProposal{Kind: area.ChangeCorrect, Sources: sources(u), Results: []area.UnitIdentity{identity(n, 10000)}}))
		}
		won, errs := race(len(cs), func(i int) error {
			_, err := w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, cs[i].ID, cs[i].Version, area.Decision{Apply: true})
			return err
		})
		require.Equal(t, 1, won)
		for _, err := range errs {
			require.ErrorIs(t, err, fault.Stale)
		}
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM unit_event`))
		require.Equal(t, 3, w.count(`SELECT COUNT(*) FROM unit_change WHERE state = 'proposed'`))
	})
}

func TestAProposalIsWithdrawnByItsProposer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u := w.flats(flat("101", 10000))[0]
		company := w.company()
		c := w.propose(company, area.UnitProposal{Kind: area.ChangeVoid, Sources: sources(u), SumReason: "录入错误"})
		_, err := w.WithdrawChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version)
		require.True(t, fault.Is(err, "area.change_not_own"), err)
		c, err = w.WithdrawChange(ctx, company, noKey, c.ID, c.Version)
		require.NoError(t, err)
		require.Equal(t, area.ChangeWithdrawn, c.State)
		_, err = w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, c.ID, c.Version, area.Decision{Apply: true})
		require.True(t, fault.Is(err, "area.change_decided"), err)
		list, err := w.Changes(ctx, company, w.place.ID, area.ChangeWithdrawn, page.Request{})
		require.NoError(t, err)
		require.Len(t, list.Items, 1)
		_, err = w.DecideChange(ctx, staff(authz.RoleCommunity, w.community.Path), noKey, w.propose(company, area.UnitProposal{Kind: area.ChangeVoid, Sources: sources(u), SumReason: "x"}).ID, 1, area.Decision{})
		require.ErrorIs(t, err, fault.Invalid, "a rejection says why")
	})
}

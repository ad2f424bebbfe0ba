package membership

import (
	"context"
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

func TestRights(t *testing.T) {
	for relation, want := range map[Relation][4]bool{
		//        decide survey order members
		Owner:    {true, true, true, true},
		Occupant: {false, true, true, true},
		Helper:   {false, false, true, false},
	} {
		for i, right := range []Right{RightDecide, RightSurvey, RightOrder, RightMembers} {
			require.Equal(t, want[i], relation.Has(right), "%s %s", relation, right)
		}
	}
	require.False(t, Relation("").Has(RightOrder))
}

func TestGrantsAndPeriods(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		home := w.homes[w.units[0]]
		require.Equal(w.t, []authz.Grant{{ID: m.ID, Role: authz.RoleOccupant, Path: home.Path, Household: m.Household, Unit: m.Unit, Since: m.From}}, p.Grants)
		joined := clock.Now(w.clock)
		w.clock.Advance(time.Hour)
		_, err := w.s.Leave(ctx(), p, m.ID, m.Version)
		require.NoError(w.t, err)
		left := clock.Now(w.clock)
		require.Empty(w.t, w.again(p).Grants)
		for at, want := range map[clock.Instant]int{joined - 1: 0, joined: 1, left - 1: 1, left: 0} {
			grants, err := w.s.Grants(ctx(), w.db, p.Person, at)
			require.NoError(w.t, err)
			require.Len(w.t, grants, want, at-joined)
		}
		w.clock.Advance(time.Hour)
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: w.code(w.units[0]), Relation: Occupant})
		require.NoError(w.t, err, "back again")
		periods, err := w.s.Periods(ctx(), w.db, p.Person, m.Household)
		require.NoError(w.t, err)
		require.Equal(w.t, []Period{{joined, &left}, {left.Add(time.Hour), nil}}, periods)
		require.True(w.t, periods[0].Covers(joined) && !periods[0].Covers(left) && !periods[0].Covers(joined-1) && periods[1].Covers(left.Add(1000*time.Hour)))
	})
}

func TestMembersSeeEachOther(t *testing.T) {
	each(t, func(w *world) {
		mother, _ := w.join("欧阳娜", w.units[0])
		w.join("司马光", w.units[0])
		stranger, _ := w.join("外人", w.units[1])
		names := func(p authz.Principal) []string {
			rows, err := w.s.Members(ctx(), p, w.units[0])
			require.NoError(w.t, err)
			var out []string
			for _, m := range rows {
				out = append(out, m.Name)
			}
			return out
		}
		require.Equal(w.t, []string{"欧阳娜", "司马光"}, names(mother))
		require.Equal(w.t, []string{"欧**", "司**"}, names(w.secretary()))
		for _, p := range []authz.Principal{stranger, w.staff(authz.RoleCommunity, path(w.west)), w.staff(authz.RoleManager, "")} {
			_, err := w.s.Members(ctx(), p, w.units[0])
			require.Equal(w.t, "not_found", code(w.t, err))
		}
		rows, err := w.s.Members(ctx(), w.secretary(), w.units[2])
		require.NoError(w.t, err)
		require.Empty(w.t, rows)
		own, err := w.s.Own(ctx(), mother)
		require.NoError(w.t, err)
		require.Len(w.t, own, 1)
	})
}

func (w *world) giving(channel personal.Channel, phone string) HelperDraft {
	wording, _ := personal.WordingOf(personal.PurposeHelper)
	return HelperDraft{Name: "孝子", Phone: phone, Shown: wording.Version(), Channel: channel}
}

func TestHelpers(t *testing.T) {
	each(t, func(w *world) {
		parent, m := w.join("老王", w.units[0])
		other, _ := w.join("邻居", w.units[1])
		_, err := w.s.AddHelper(ctx(), other, none, m.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.Equal(w.t, "not_found", code(w.t, err), "only by the member's own consent")
		_, err = w.s.AddHelper(ctx(), parent, none, m.ID, w.giving(personal.ChannelPaper, "13911110000"))
		require.Equal(w.t, "body.channel membership.helper_channel", code(w.t, err))
		_, err = w.s.AddHelper(ctx(), w.secretary(), none, m.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.Equal(w.t, "body.channel membership.helper_channel", code(w.t, err))
		old := w.giving(personal.ChannelSelf, "13911110000")
		old.Shown[0]++
		_, err = w.s.AddHelper(ctx(), parent, none, m.ID, old)
		require.Equal(w.t, "personal.consent_text_changed", code(w.t, err))
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM household_member WHERE relation = 'helper'`))

		h, err := w.s.AddHelper(ctx(), parent, none, m.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.NoError(w.t, err)
		helped, err := w.s.Helped(ctx(), w.s.db, h.ID)
		require.NoError(w.t, err)
		require.Equal(w.t, parent.Person, helped, "the helper is told for whom they act")
		child := w.again(authz.Principal{Account: id.New(), Person: h.Person})
		require.Equal(w.t, []authz.Grant{{ID: h.ID, Role: authz.RoleHelper, Path: m.ScopePath, Household: m.Household, Unit: m.Unit, Since: m.From}}, child.Grants)
		_, err = w.s.AddHelper(ctx(), child, none, h.ID, w.giving(personal.ChannelSelf, "13911112222"))
		require.Equal(w.t, "membership.not_active", code(w.t, err), "a helper names no helpers")

		withdraw := func() {
			require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
				return w.consents.Withdraw(ctx, tx, parent.Person, personal.PurposeHelper, parent.Person)
			}))
		}
		withdraw()
		require.Empty(w.t, w.again(child).Grants, "a withdrawn consent ends it at once")
		paper, err := w.s.AddHelper(ctx(), w.secretary(), none, m.ID, w.giving(personal.ChannelPaper, "13911113333"))
		require.NoError(w.t, err)
		require.Len(w.t, w.again(child).Grants, 1, "consent anew")

		h, err = w.s.Leave(ctx(), parent, h.ID, h.Version)
		require.NoError(w.t, err)
		require.Equal(w.t, ReasonHelped, h.EndedReason)
		_, err = w.s.Leave(ctx(), parent, m.ID, m.Version)
		require.NoError(w.t, err)
		require.Equal(w.t, Ended, w.read(paper.ID).State, "helpers leave with the member helped")
		require.Equal(w.t, ReasonHelped, w.read(paper.ID).EndedReason)
	})
}

func TestLeavingAndRemoving(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		mate, mm := w.join("李强", w.units[0])
		_, err := w.s.Leave(ctx(), mate, m.ID, m.Version)
		require.Equal(w.t, "not_found", code(w.t, err), "not the others")
		_, err = w.s.Remove(ctx(), mate, m.ID, m.Version, ReasonMovedOut)
		require.Equal(w.t, "auth.forbidden", code(w.t, err))
		_, err = w.s.Remove(ctx(), w.staff(authz.RoleManager, ""), m.ID, m.Version, ReasonMovedOut)
		require.Equal(w.t, "not_found", code(w.t, err))
		_, err = w.s.Remove(ctx(), w.secretary(), m.ID, m.Version, ReasonErased)
		require.Equal(w.t, "body.reason membership.reason", code(w.t, err))
		insider := w.secretary()
		insider.Grants = append(insider.Grants, mate.Grants...)
		_, err = w.s.Remove(ctx(), insider, m.ID, m.Version, ReasonMovedOut)
		require.Equal(w.t, "membership.interested", code(w.t, err), "lives there")
		_, err = w.s.Remove(ctx(), w.secretary(), m.ID, m.Version+1, ReasonMovedOut)
		require.Equal(w.t, "version.stale", code(w.t, err))
		_, err = w.s.Remove(ctx(), w.secretary(), m.ID, m.Version, ReasonMovedOut)
		require.NoError(w.t, err)
		_, err = w.s.Leave(ctx(), p, m.ID, m.Version+1)
		require.Equal(w.t, "membership.over", code(w.t, err))

		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
			return w.s.EndHousehold(ctx, tx, authz.Actor{Role: authz.RoleSystem}, mm.Household)
		}))
		require.Equal(w.t, ReasonHouseholdEnd, w.read(mm.ID).EndedReason)
		require.Equal(w.t, 2, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'membership.ended'`))
	})
}

func TestContests(t *testing.T) {
	each(t, func(w *world) {
		landlord := w.person("房东")
		w.owners[w.units[0]] = []id.ID{landlord.Person}
		first, fm := w.join("王芳", w.units[0])
		second, sm := w.join("生人", w.units[0])
		outsider, _ := w.join("外人", w.units[1])
		told, err := w.s.ToTell(ctx(), w.db, sm.ID)
		require.NoError(w.t, err)
		require.ElementsMatch(w.t, []id.ID{landlord.Person, first.Person}, told)

		contest := func(p authz.Principal, m Member) error {
			_, err := w.s.Contest(ctx(), p, m.ID, w.read(m.ID).Version, ReasonUnknown)
			return err
		}
		require.Equal(w.t, "membership.contest_who", code(w.t, contest(second, fm)), "a newcomer cannot")
		require.Equal(w.t, "membership.contest_who", code(w.t, contest(second, sm)), "nor oneself")
		require.Equal(w.t, "not_found", code(w.t, contest(outsider, sm)))
		require.Equal(w.t, "not_found", code(w.t, contest(w.secretary(), sm)))
		_, err = w.s.Contest(ctx(), first, sm.ID, 1, ReasonErased)
		require.Equal(w.t, "body.reason membership.reason", code(w.t, err))

		require.NoError(w.t, contest(first, sm))
		require.Empty(w.t, w.again(second).Grants, "paused")
		periods, err := w.s.Periods(ctx(), w.db, second.Person, sm.Household)
		require.NoError(w.t, err)
		require.Empty(w.t, periods)
		require.Equal(w.t, "membership.not_active", code(w.t, contest(first, sm)))
		waiting, err := w.s.Contests(ctx(), w.secretary(), page.Request{})
		require.NoError(w.t, err)
		require.Len(w.t, waiting.Items, 1)
		require.Equal(w.t, "生**", waiting.Items[0].Name)
		waiting, err = w.s.Contests(ctx(), w.staff(authz.RoleCommunity, path(w.west)), page.Request{})
		require.NoError(w.t, err)
		require.Empty(w.t, waiting.Items)

		decide := func(p authz.Principal, uphold bool) error {
			_, err := w.s.Decide(ctx(), p, sm.ID, w.read(sm.ID).Version, uphold)
			return err
		}
		sec := w.secretary()
		asFirst := sec
		asFirst.Person = first.Person
		require.Equal(w.t, "membership.two_persons", code(w.t, decide(asFirst, false)))
		require.Equal(w.t, "auth.forbidden", code(w.t, decide(first, true)))
		require.NoError(w.t, decide(sec, false))
		require.Len(w.t, w.again(second).Grants, 1, "active again")
		require.Equal(w.t, "membership.contest_late", code(w.t, contest(first, sm)), "no second contest")
		require.Equal(w.t, "membership.not_contested", code(w.t, decide(sec, true)))

		_, tm := w.join("第三", w.units[0])
		require.NoError(w.t, contest(landlord, tm), "an owner on the roll who does not live there")
		m, err := w.s.Decide(ctx(), sec, tm.ID, w.read(tm.ID).Version, true)
		require.NoError(w.t, err)
		require.Equal(w.t, ReasonContested, m.EndedReason)

		_, late := w.join("第四", w.units[0])
		w.clock.Set(late.ContestableUntil.Time().Add(-time.Millisecond))
		w.clock.Advance(time.Millisecond)
		require.Equal(w.t, "membership.contest_late", code(w.t, contest(first, late)))

		w.clock.Advance(time.Hour)
		joined, err := w.s.Claim(ctx(), landlord, none, w.units[0])
		require.NoError(w.t, err)
		require.Equal(w.t, "membership.owner_on_roll", code(w.t, contest(first, joined)))
	})
}

func TestContestedCanStillLeave(t *testing.T) {
	each(t, func(w *world) {
		first, _ := w.join("王芳", w.units[0])
		second, sm := w.join("生人", w.units[0])
		m, err := w.s.Contest(ctx(), first, sm.ID, sm.Version, ReasonUnknown)
		require.NoError(w.t, err)
		_, err = w.s.Leave(ctx(), w.again(second), m.ID, m.Version)
		require.NoError(w.t, err)
	})
}

func TestApplications(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("") // by phone alone
		ask := func(p authz.Principal, unit id.ID) (Application, error) {
			return w.s.Apply(ctx(), p, none, Asking{Unit: unit, Relation: Occupant, Name: "王芳", Note: "租房合同 2026-8\n电话 13800001111"})
		}
		a, err := ask(p, w.units[0])
		require.NoError(w.t, err)
		_, err = ask(p, w.units[0])
		require.Equal(w.t, "membership.already_applied", code(w.t, err))
		_, err = ask(p, id.New())
		require.Equal(w.t, "not_found", code(w.t, err))
		for _, u := range w.units[1:3] {
			_, err = ask(p, u)
			require.NoError(w.t, err)
		}
		_, err = ask(p, w.units[3])
		require.Equal(w.t, "membership.too_many_applications", code(w.t, err))

		sec := w.secretary()
		list, err := w.s.Applications(ctx(), sec, Pending, page.Request{Limit: 2})
		require.NoError(w.t, err)
		require.Len(w.t, list.Items, 2)
		require.Equal(w.t, "王**", list.Items[0].Name)
		require.Equal(w.t, "***", list.Items[0].Note)
		require.Equal(w.t, "101", list.Items[0].Home.Number)
		list, err = w.s.Applications(ctx(), sec, Pending, page.Request{Limit: 2, Cursor: list.Next})
		require.NoError(w.t, err)
		require.Len(w.t, list.Items, 1)
		_, err = w.s.Applications(ctx(), w.staff(authz.RoleManager, ""), Pending, page.Request{})
		require.Equal(w.t, "auth.forbidden", code(w.t, err))

		_, err = w.s.Reveal(ctx(), sec, a.ID, "because")
		require.Equal(w.t, "body.reason personal.reason_unknown", code(w.t, err))
		clear, err := w.s.Reveal(ctx(), sec, a.ID, personal.ReasonApplication)
		require.NoError(w.t, err)
		require.Equal(w.t, "王芳", clear.Name)
		require.Contains(w.t, clear.Note, "租房合同")
		seen, err := w.reads.OfSubject(ctx(), w.db, p.Person, id.Nil, 10)
		require.NoError(w.t, err)
		require.Len(w.t, seen, 3)
		_, err = w.s.Reveal(ctx(), w.staff(authz.RoleStreetOffice, path(w.east)), a.ID, personal.ReasonApplication)
		require.Error(w.t, err)

		own := sec
		own.Person = p.Person
		_, err = w.s.Approve(ctx(), own, a.ID, a.Version)
		require.Equal(w.t, "membership.two_persons", code(w.t, err))
		_, err = w.s.Decline(ctx(), sec, a.ID, a.Version, ReasonLeft)
		require.Equal(w.t, "body.reason membership.reason", code(w.t, err))
		_, err = w.s.Approve(ctx(), w.staff(authz.RoleCommunity, path(w.west)), a.ID, a.Version)
		require.Equal(w.t, "not_found", code(w.t, err))
		_, err = w.s.Approve(ctx(), w.staff(authz.RoleStreetOffice, path(w.east)), a.ID, a.Version)
		require.Equal(w.t, "auth.forbidden", code(w.t, err), "the community's own task")

		a, err = w.s.Approve(ctx(), sec, a.ID, a.Version)
		require.NoError(w.t, err)
		require.Equal(w.t, Approved, a.State)
		m := w.read(*a.Member)
		require.Equal(w.t, ViaApplication, m.Via)
		named, err := w.Named(ctx(), w.db, []id.ID{p.Person})
		require.NoError(w.t, err)
		require.Equal(w.t, "王芳", named[p.Person].Name, "who came by phone alone has the name that was looked at")
		require.Len(w.t, w.again(p).Grants, 1)
		_, err = w.s.Decline(ctx(), sec, a.ID, a.Version, ReasonNoProof)
		require.Equal(w.t, "membership.decided", code(w.t, err))
		_, err = ask(p, w.units[0])
		require.Equal(w.t, "membership.already_member", code(w.t, err))

		mine, err := w.s.OwnApplications(ctx(), p)
		require.NoError(w.t, err)
		require.Len(w.t, mine, 3)
		for _, a := range mine {
			require.NotEmpty(w.t, a.Home.Number, "one sees which home one asked for")
			require.Empty(w.t, a.Name, "what was sealed stays sealed")
		}
		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error { return w.NameUnnamed(ctx, tx, p.Person, "李芳") }))
		named, err = w.Named(ctx(), w.db, []id.ID{p.Person})
		require.NoError(w.t, err)
		require.Equal(w.t, "王芳", named[p.Person].Name, "a name stays")
		declined, err := w.s.Decline(ctx(), sec, mine[1].ID, mine[1].Version, ReasonNoProof)
		require.NoError(w.t, err)
		require.Equal(w.t, ReasonNoProof, declined.Reason)
		_, err = w.s.Withdraw(ctx(), sec, mine[2].ID, mine[2].Version)
		require.Equal(w.t, "not_found", code(w.t, err))
		gone, err := w.s.Withdraw(ctx(), p, mine[2].ID, mine[2].Version)
		require.NoError(w.t, err)
		require.Equal(w.t, Withdrawn, gone.State)
		_, err = ask(p, w.units[2])
		require.NoError(w.t, err, "again after withdrawing")
	})
}

func TestOneDecision(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("王芳")
		a, err := w.s.Apply(ctx(), p, none, Asking{Unit: w.units[0], Relation: Occupant, Name: "王芳"})
		require.NoError(w.t, err)
		staff := make([]authz.Principal, 10)
		for i := range staff {
			staff[i] = w.secretary()
		}
		errs := make([]error, len(staff))
		var wg sync.WaitGroup
		for i := range staff {
			wg.Go(func() {
				if i%2 == 0 {
					_, errs[i] = w.s.Approve(ctx(), staff[i], a.ID, a.Version)
				} else {
					_, errs[i] = w.s.Decline(ctx(), staff[i], a.ID, a.Version, ReasonNoProof)
				}
			})
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
				read, e := w.s.loadApplication(ctx(), w.db, a.ID)
				require.NoError(w.t, e)
				require.Equal(w.t, i%2 == 0, read.State == Approved)
			} else {
				require.Contains(w.t, []string{"version.stale", "membership.decided"}, code(w.t, err))
			}
		}
		require.Equal(w.t, 1, won)
		require.LessOrEqual(w.t, w.count(`SELECT COUNT(*) FROM household_member`), 1)
	})
}

func TestExportAndErase(t *testing.T) {
	each(t, func(w *world) {
		p, m := w.join("王芳", w.units[0])
		_, err := w.s.AddHelper(ctx(), p, none, m.ID, w.giving(personal.ChannelSelf, "13911110000"))
		require.NoError(w.t, err)
		_, err = w.s.Apply(ctx(), p, none, Asking{Unit: w.units[1], Relation: Owner, Name: "王芳", Note: "房产证"})
		require.NoError(w.t, err)
		out, err := w.s.ExportPerson(ctx(), w.db, p.Person)
		require.NoError(w.t, err)
		require.Len(w.t, out.Memberships, 1)
		require.Equal(w.t, "房产证", out.Applications[0].Note)
		for range 2 { // twice is once
			require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error { return w.s.ErasePerson(ctx, tx, p.Person) }))
		}
		require.Empty(w.t, w.again(p).Grants)
		require.Equal(w.t, ReasonErased, w.read(m.ID).EndedReason)
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM household_member WHERE to_at IS NULL`), "helpers too")
		out, err = w.s.ExportPerson(ctx(), w.db, p.Person)
		require.NoError(w.t, err)
		require.Len(w.t, out.Memberships, 1, "the fact stays")
		require.Equal(w.t, Withdrawn, out.Applications[0].State)
		require.Empty(w.t, out.Applications[0].Name+out.Applications[0].Note)
	})
}

func TestPresent(t *testing.T) {
	each(t, func(w *world) {
		_, m := w.join("王芳", w.units[0])
		present, err := w.s.Present(ctx(), w.db, m.Household)
		require.NoError(w.t, err)
		require.True(w.t, slices.ContainsFunc(present, func(o Member) bool { return o.ID == m.ID }))
	})
}

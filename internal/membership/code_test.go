package membership

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

func TestParseCode(t *testing.T) {
	const want = "7QK29XWD3FRTM0VC"
	for typed, ok := range map[string]bool{
		"7QK2-9XWD-3FRT-M0VC": true, "7qk2 9xwd 3frt m0vc": true, " 7QK29XWD3FRTMOVC ": true, "７ＱＫ２－９ＸＷＤ－３ＦＲＴ－Ｍ０ＶＣ": true,
		"7QK2–9XWD—3FRT　M0VC": true, "7QK2-9XWD-3FRT-M0V": false, "7QK2-9XWD-3FRT-M0VCC": false, "7QK2-9XWD-3FRT-M0VU": false,
		"": false, "7QK2_9XWD_3FRT_M0VC": false, "7QK2-9XWD-3FRT-M0V\x00": false, strings.Repeat("-", 201): false,
	} {
		got, valid := ParseCode(typed)
		require.Equal(t, ok, valid, "%q", typed)
		if ok {
			require.Equal(t, want, got, "%q", typed)
		}
	}
	got, _ := ParseCode("oil0-0000-0000-0000")
	require.Equal(t, "0110000000000000", got)
}

func TestNewCodesParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, err := newCode()
		require.NoError(t, err)
		spelt := SpellCode(code)
		require.Len(t, spelt, 19)
		got, ok := ParseCode(strings.ToLower(spelt))
		require.True(t, ok)
		require.Equal(t, code, got)
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("7QK2-9XWD-3FRT-M0VC")
	f.Add("ｏｉｌ")
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := ParseCode(typed)
		if !ok {
			return
		}
		if len(got) != 16 || strings.Trim(got, codeAlphabet) != "" {
			t.Fatalf("%q gave %q", typed, got)
		}
		if again, ok := ParseCode(got); !ok || again != got {
			t.Fatalf("%q is not stable", got)
		}
	})
}

// Codes are made by the community alone: every role of the table, with every place it could have.
func TestWhoMakesCodes(t *testing.T) {
	each(t, func(w *world) {
		community := map[authz.Role]bool{authz.RoleCommunity: true, authz.RoleCommunityWork: true}
		home := w.homes[w.units[0]]
		for _, role := range authz.Roles() {
			for _, at := range []string{home.Path, path(w.east), path(w.west), ""} {
				p := w.staff(role, at)
				p.Grants[0].Household = id.New()
				want := community[role] && at != "" && strings.HasPrefix(home.Path, at)
				if role == authz.RoleSystem {
					p, want = authz.System("test"), true
				}
				_, err := w.s.MakeCodes(ctx(), p, none, w.building)
				_, countErr := w.s.CountCodes(ctx(), p, w.building)
				if want {
					require.NoError(w.t, err, "%s at %q", role, at)
					require.NoError(w.t, countErr, "%s at %q", role, at)
					continue
				}
				require.Contains(w.t, []string{"auth.forbidden", "not_found"}, code(w.t, err), "%s at %q", role, at)
				require.Contains(w.t, []string{"auth.forbidden", "not_found"}, code(w.t, countErr), "%s at %q", role, at)
			}
		}
		_, err := w.s.MakeCodes(ctx(), authz.Principal{}, none, w.building)
		require.Equal(w.t, "auth.required", code(w.t, err))
	})
}

// A person with a post in a company or an owners' body makes no codes in a community capacity either.
func TestInterestedPersonsMakeNoCodes(t *testing.T) {
	each(t, func(w *world) {
		for _, other := range []authz.Role{authz.RoleManager, authz.RoleWorker, authz.RoleCommittee} {
			p := w.secretary()
			p.Grants = append(p.Grants, authz.Grant{ID: id.New(), Role: other, Org: id.New()})
			p.Capacity = p.Grants[0].ID
			_, err := w.s.MakeCodes(ctx(), p, none, w.building)
			require.Equal(w.t, "membership.interested", code(w.t, err), other)
		}
	})
}

func TestCodesAreOnceAndVoided(t *testing.T) {
	each(t, func(w *world) {
		sec := w.secretary()
		key := idem.New(sec.Account, "makeJoinCodes", "sheet-0001", "/x", nil, 1)
		first, err := w.s.MakeCodes(ctx(), sec, key, w.building)
		require.NoError(w.t, err)
		require.Len(w.t, first.Slips, 4)
		_, err = w.s.MakeCodes(ctx(), sec, key, w.building)
		require.Equal(w.t, "membership.codes_shown_once", code(w.t, err))
		second, err := w.s.MakeCodes(ctx(), sec, none, w.building)
		require.NoError(w.t, err)
		require.Zero(w.t, w.count(`SELECT COUNT(*) FROM join_code WHERE code_hash = ?`, []byte(second.Slips[0].Code)), "hashed at rest")

		p := w.person("王芳")
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: first.Slips[0].Code, Relation: Occupant})
		require.Equal(w.t, "membership.code_void", code(w.t, err))
		m, err := w.s.Redeem(ctx(), p, none, Joining{Code: strings.ToLower(SpellCode(second.Slips[0].Code)), Relation: Occupant})
		require.NoError(w.t, err)
		require.Equal(w.t, w.units[0], m.Unit)
		require.Equal(w.t, m, w.read(m.ID))
		_, err = w.s.Redeem(ctx(), w.person("李强"), none, Joining{Code: second.Slips[0].Code, Relation: Occupant})
		require.Equal(w.t, "membership.code_used", code(w.t, err))

		w.clock.Set(second.Expires.Time().Add(-time.Millisecond))
		_, err = w.s.Redeem(ctx(), w.person("赵敏"), none, Joining{Code: second.Slips[1].Code, Relation: Occupant})
		require.NoError(w.t, err, "until the last moment")
		w.clock.Set(second.Expires.Time())
		_, err = w.s.Redeem(ctx(), w.person("孙"), none, Joining{Code: second.Slips[2].Code, Relation: Occupant})
		require.Equal(w.t, "membership.code_expired", code(w.t, err))
		counts, err := w.s.CountCodes(ctx(), sec, w.building)
		require.NoError(w.t, err)
		require.Equal(w.t, CodeCount{Open: 0, Used: 2, Expired: 2, Voided: 4}, counts)
	})
}

func TestRedeeming(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("王芳")
		c := w.code(w.units[0])
		_, err := w.s.Redeem(ctx(), authz.Principal{}, none, Joining{Code: c, Relation: Occupant})
		require.Equal(w.t, "auth.required", code(w.t, err))
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: "nonsense", Relation: Occupant})
		require.Equal(w.t, "body.code membership.code_form", code(w.t, err))
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: c, Relation: Helper})
		require.Equal(w.t, "body.relation membership.relation", code(w.t, err))
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: c, Relation: Owner})
		require.Equal(w.t, "membership.owner_not_on_roll", code(w.t, err))
		w.owners[w.units[0]] = []id.ID{p.Person}
		m, err := w.s.Redeem(ctx(), p, none, Joining{Code: c, Relation: Owner})
		require.NoError(w.t, err, "the refused try did not use the code up")
		require.Equal(w.t, Owner, m.Relation)
		_, err = w.s.Redeem(ctx(), w.again(p), none, Joining{Code: w.code(w.units[0]), Relation: Occupant})
		require.Equal(w.t, "membership.already_member", code(w.t, err))
		_, err = w.s.Redeem(ctx(), w.again(p), none, Joining{Code: w.code(w.units[1]), Relation: Occupant})
		require.NoError(w.t, err, "a second household of one person")
		require.Equal(w.t, 2, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'membership.joined'`))

		guesser := w.person("猜")
		for range 3 {
			_, err = w.s.Redeem(ctx(), guesser, none, Joining{Code: "0000-0000-0000-0000", Relation: Occupant})
			require.Equal(w.t, "membership.code_unknown", code(w.t, err))
		}
		_, err = w.s.Redeem(ctx(), guesser, none, Joining{Code: w.code(w.units[2]), Relation: Occupant})
		require.Equal(w.t, "rate.limited", code(w.t, err))
		require.Zero(w.t, w.spent[p.Account], "right codes are not counted")
	})
}

func TestOneCodeManyHands(t *testing.T) {
	each(t, func(w *world) {
		c := w.code(w.units[0])
		people := make([]authz.Principal, 20)
		for i := range people {
			people[i] = w.person("某")
		}
		errs := make([]error, len(people))
		var wg sync.WaitGroup
		for i := range people {
			wg.Go(func() { _, errs[i] = w.s.Redeem(ctx(), people[i], none, Joining{Code: c, Relation: Occupant}) })
		}
		wg.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
				continue
			}
			require.Equal(w.t, "membership.code_used", code(w.t, err))
		}
		require.Equal(w.t, 1, in)
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM household_member`))
	})
}

func TestRedeemOnce(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("王芳")
		c := w.code(w.units[0])
		key := idem.New(p.Account, "redeemJoinCode", "redeem-0001", "/x", nil, 1)
		first, err := w.s.Redeem(ctx(), p, key, Joining{Code: c, Relation: Occupant})
		require.NoError(w.t, err)
		again, err := w.s.Redeem(ctx(), p, key, Joining{Code: c, Relation: Occupant})
		require.NoError(w.t, err)
		require.Equal(w.t, first, again)
	})
}

func TestOwnerOnRollClaims(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("房东")
		_, err := w.s.Claim(ctx(), p, none, w.units[0])
		require.Equal(w.t, "membership.owner_not_on_roll", code(w.t, err))
		w.owners[w.units[0]] = []id.ID{p.Person}
		m, err := w.s.Claim(ctx(), p, none, w.units[0])
		require.NoError(w.t, err)
		require.Equal(w.t, ViaRoll, m.Via)
	})
}

func TestPrintedSheet(t *testing.T) {
	each(t, func(w *world) {
		west := w.staff(authz.RoleCommunityWork, path(w.west))
		sheet, err := w.s.MakeCode(ctx(), west, none, w.foreign)
		require.NoError(w.t, err)
		require.Equal(w.t, "https://rp.example/join#"+sheet.Slips[0].Code, sheet.Link(sheet.Slips[0]))
		var out bytes.Buffer
		require.NoError(w.t, sheet.WriteHTML(&out))
		html := out.String()
		require.Contains(w.t, html, SpellCode(sheet.Slips[0].Code))
		require.Contains(w.t, html, "&lt;b&gt;201", "names are escaped")
		require.NotContains(w.t, html, "<b>")
		require.NotContains(w.t, html, "http://")
		require.NotContains(w.t, html, " src=", "nothing is fetched")
		require.Contains(w.t, html, "2027-01-01")
	})
}

// A resident who came by phone alone is known to the household by the name they state, which gives way to the first one that somebody verified.
func TestJoiningWithAStatedName(t *testing.T) {
	each(t, func(w *world) {
		p := w.person("")
		name := func() Named {
			found, err := w.Named(ctx(), w.db, []id.ID{p.Person})
			require.NoError(w.t, err)
			return found[p.Person]
		}
		c := w.code(w.units[0])
		_, err := w.s.Redeem(ctx(), p, none, Joining{Code: c, Relation: Occupant, Name: strings.Repeat("名", 51)})
		require.Equal(w.t, "body.name text.length", code(w.t, err))
		_, err = w.s.Redeem(ctx(), p, none, Joining{Code: c, Relation: Occupant, Name: " 阿芳 "})
		require.NoError(w.t, err, "the refused try did not use the code up")
		require.Equal(w.t, "阿芳", name().Name)
		seen, err := w.s.Members(ctx(), w.again(p), w.units[0])
		require.NoError(w.t, err)
		require.True(w.t, seen[0].Stated)

		_, err = w.s.Redeem(ctx(), w.again(p), none, Joining{Code: w.code(w.units[1]), Relation: Occupant, Name: "李强"})
		require.NoError(w.t, err)
		require.Equal(w.t, "阿芳", name().Name, "a stated name stays until one is verified")
		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
			who, err := w.EnsurePerson(ctx, tx, "王芳", name().Phone)
			require.Equal(w.t, p.Person, who)
			return err
		}))
		require.Equal(w.t, "王芳", name().Name)
		require.False(w.t, name().Stated)

		honest := w.person("")
		_, err = w.s.Redeem(ctx(), honest, none, Joining{Code: w.code(w.units[2]), Relation: Occupant, Name: "周平"})
		require.NoError(w.t, err)
		stated, err := w.Named(ctx(), w.db, []id.ID{honest.Person})
		require.NoError(w.t, err)
		require.True(w.t, stated[honest.Person].Stated)
		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := w.EnsurePerson(ctx, tx, "周平", stated[honest.Person].Phone)
			return err
		}))
		verified, err := w.Named(ctx(), w.db, []id.ID{honest.Person})
		require.NoError(w.t, err)
		require.False(w.t, verified[honest.Person].Stated, "the name they stated is now a verified one")
		require.NoError(w.t, w.db.InTx(ctx(), func(ctx context.Context, tx *dbx.Tx) error { return w.StateName(ctx, tx, p.Person, "赵敏") }))
		require.Equal(w.t, "王芳", name().Name)
	})
}

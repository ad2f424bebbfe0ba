package org

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

func code(t *testing.T, err error) string {
	t.Helper()
	require.Error(t, err)
	f := fault.Of(err)
	if f.Code == "input.invalid" {
		return f.Fields[0].Path + " " + f.Fields[0].Code
	}
	return f.Code
}

func TestCreditCode(t *testing.T) {
	for _, tc := range []struct {
		code string
		ok   bool
	}{
		{"91350100M000100Y43", true}, // the example of GB 32100-2015
		{"91350100M000100Y44", false},
		{"19350100M000100Y43", false},
		{"91350100M000100Y4", false},
		{"91350100M000100Y433", false},
		{"91350100I000100Y43", false}, // I is not in the alphabet
		{"9135A100M000100Y43", false}, // a letter in the division code
		{"９1350100M000100Y43", false},
		{"", false},
	} {
		require.Equal(t, tc.ok, ValidCreditCode(tc.code), tc.code)
	}
}

// Any single wrong character, and any two neighbours exchanged, is noticed: the reason for a check digit.
func TestCreditCodeNoticesSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}").Draw(t, "body")
		var valid string
		for _, last := range creditDigits {
			if ValidCreditCode(body + string(last)) {
				require.Empty(t, valid, "two check digits")
				valid = body + string(last)
			}
		}
		require.NotEmpty(t, valid)
		at := rapid.IntRange(0, 17).Draw(t, "at")
		other := creditDigits[rapid.IntRange(0, 30).Draw(t, "other")]
		if other != valid[at] {
			require.False(t, ValidCreditCode(valid[:at]+string(other)+valid[at+1:]))
		}
		if at < 17 && valid[at] != valid[at+1] {
			require.False(t, ValidCreditCode(valid[:at]+string(valid[at+1])+string(valid[at])+valid[at+2:]))
		}
	})
}

func FuzzCreditCode(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Fuzz(func(t *testing.T, s string) {
		if ValidCreditCode(s) && strings.Trim(s, creditDigits) != "" {
			t.Fatal(s)
		}
	})
}

func TestEveryKindBelongsToItsArea(t *testing.T) {
	each(t, func(w *world) {
		areas := map[AreaKind]id.ID{AreaStreet: w.street, AreaCommunity: w.east, AreaEstate: w.estate, AreaServiceArea: w.south}
		for kind, f := range forms {
			if f.In == nil {
				continue
			}
			for areaKind, area := range areas {
				o, err := w.s.Create(ctx(), operator, none, Draft{Kind: kind, Name: "组织", Area: area})
				if !contains(f.In, areaKind) {
					require.Equal(w.t, "body.areaId org.area_kind", code(w.t, err), "%s in %s", kind, areaKind)
					continue
				}
				require.NoError(w.t, err, "%s in %s", kind, areaKind)
				path := w.areas[area].path
				require.Equal(w.t, path, o.KeeperPath)
				require.Equal(w.t, f.Bound, o.ScopePath == path, "%s: the scope is its area's or none", kind)
				require.Equal(w.t, f.Bound, authz.TieOf(f.Roles[0]) == authz.ByArea, "%s: bound exactly when its roles are", kind)
			}
		}
	})
}

func contains(list []AreaKind, k AreaKind) bool {
	for _, x := range list {
		if x == k {
			return true
		}
	}
	return false
}

func TestOneOfAKindInAnArea(t *testing.T) {
	each(t, func(w *world) {
		office := w.org(StreetOffice, w.street, "文化街道办事处")
		_, err := w.s.Create(ctx(), operator, none, Draft{Kind: StreetOffice, Name: "另一个", Area: w.street})
		require.Equal(w.t, "org.kind_taken", code(w.t, err))
		w.org(StreetOffice, w.street2, "宁海街道办事处")
		w.org(Company, w.street, "甲物业")
		w.org(Company, w.street, "乙物业") // companies do not exclude each other

		_, err = w.s.Close(ctx(), operator, office.ID, office.Version)
		require.NoError(w.t, err)
		w.org(StreetOffice, w.street, "文化街道办事处（新）")
	})
}

func TestCreditCodeIsUnique(t *testing.T) {
	each(t, func(w *world) {
		d := Draft{Kind: Company, Name: "甲物业", Area: w.street, CreditCode: "91350100m000100y43"}
		o, err := w.s.Create(ctx(), operator, none, d)
		require.NoError(w.t, err)
		require.Equal(w.t, "91350100M000100Y43", *o.CreditCode)
		_, err = w.s.Create(ctx(), operator, none, d)
		require.Equal(w.t, "org.credit_code_taken", code(w.t, err))
		d.CreditCode = "91350100M000100Y44"
		_, err = w.s.Create(ctx(), operator, none, d)
		require.Equal(w.t, "body.creditCode org.credit_code", code(w.t, err))
	})
}

func TestWhoMayEnterOrganisations(t *testing.T) {
	each(t, func(w *world) {
		office := w.org(StreetOffice, w.street, "文化街道办事处")
		residents := w.org(Residents, w.east, "东关居委会")
		company := w.org(Company, w.street, "甲物业")
		own := w.staff(office, authz.RoleStreetOffice)
		try := func(p authz.Principal, area id.ID) error {
			_, err := w.s.Create(ctx(), p, none, Draft{Kind: Committee, Name: "业委会", Area: area})
			return err
		}
		require.NoError(w.t, try(own, w.south))
		require.Equal(w.t, "not_found", code(w.t, try(w.staff(w.org(StreetOffice, w.street2, "宁海街道办事处"), authz.RoleStreetOffice), w.north)), "foreign street")
		require.Equal(w.t, "auth.forbidden", code(w.t, try(w.staff(residents, authz.RoleCommunity), w.north)))
		require.Equal(w.t, "not_found", code(w.t, try(w.staff(company, authz.RoleManager), w.north)))
		require.Equal(w.t, "auth.required", code(w.t, try(authz.Principal{}, w.north)))
		_, err := w.s.Create(ctx(), own, none, Draft{Kind: Operator, Name: "运维"})
		require.Equal(w.t, "not_found", code(w.t, err), "only a command enters the operator")
	})
}

func TestChangeAndClose(t *testing.T) {
	each(t, func(w *world) {
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)
		o := w.org(Company, w.street, "甲物业")
		changed, err := w.s.Change(ctx(), office, o.ID, o.Version, Draft{Name: "甲物业服务有限公司", PublicPhone: "0535-4200000", Address: "文化路1号"})
		require.NoError(w.t, err)
		read, err := w.s.Organisation(ctx(), w.db, o.ID)
		require.NoError(w.t, err)
		require.Equal(w.t, changed, read)
		require.Equal(w.t, "甲物业服务有限公司", read.Name)
		require.Equal(w.t, Company, read.Kind)
		_, err = w.s.Change(ctx(), office, o.ID, o.Version, Draft{Name: "乙物业"})
		require.Equal(w.t, "version.stale", code(w.t, err))

		held := w.appoint(o, authz.RoleWorker)
		_, err = w.s.Close(ctx(), office, o.ID, read.Version)
		require.Equal(w.t, "org.posts_in_force", code(w.t, err))
		_, err = w.s.End(ctx(), office, held.ID, Ending{Version: held.Version, Reason: EndDismissed})
		require.NoError(w.t, err)
		read, err = w.s.Close(ctx(), office, o.ID, read.Version)
		require.NoError(w.t, err)
		require.Equal(w.t, Closed, read.State)
		_, err = w.s.Change(ctx(), office, o.ID, read.Version, Draft{Name: "丙物业"})
		require.Equal(w.t, "org.closed", code(w.t, err))
		_, err = w.s.Appoint(ctx(), office, none, Appointment{Org: o.ID, Name: "李", Phone: phone(), Role: authz.RoleWorker})
		require.Equal(w.t, "org.closed", code(w.t, err))
	})
}

// An appointment and the closing of the organisation at once: never both.
func TestCloseRacesAppoint(t *testing.T) {
	each(t, func(w *world) {
		for range 8 {
			o := w.org(Company, w.street, "甲物业")
			var wg sync.WaitGroup
			var closeErr, appointErr error
			number := phone()
			wg.Go(func() { _, closeErr = w.s.Close(ctx(), operator, o.ID, o.Version) })
			wg.Go(func() {
				_, appointErr = w.s.Appoint(ctx(), operator, none, Appointment{Org: o.ID, Name: "李", Phone: number, Role: authz.RoleWorker})
			})
			wg.Wait()
			require.True(w.t, (closeErr == nil) != (appointErr == nil), "%v / %v", closeErr, appointErr)
		}
	})
}

func TestListsAndDirectory(t *testing.T) {
	each(t, func(w *world) {
		for i := range 5 {
			w.org(Company, w.street, fmt.Sprintf("物业%02d", i))
		}
		foreign := w.org(Company, w.street2, "物业99")
		closed := w.org(Company, w.street, "物业50")
		_, err := w.s.Close(ctx(), operator, closed.ID, closed.Version)
		require.NoError(w.t, err)
		worker := w.staff(foreign, authz.RoleWorker)
		office := w.staff(w.org(StreetOffice, w.street, "文化街道办事处"), authz.RoleStreetOffice)

		names := func(p authz.Principal, f Filter) (out []string) {
			for req := (page.Request{Limit: 2}); ; {
				part, err := w.s.List(ctx(), p, f, req)
				require.NoError(w.t, err)
				for _, o := range part.Items {
					out = append(out, o.Name)
				}
				if req.Cursor = part.Next; part.Next == "" {
					return out
				}
			}
		}
		require.Equal(w.t, []string{"物业00", "物业01", "物业02", "物业03", "物业04"}, names(office, Filter{Kind: Company, State: Active}))
		require.Len(w.t, names(office, Filter{}), 7)
		require.Equal(w.t, []string{"物业99"}, names(worker, Filter{}))
		require.Equal(w.t, []string{"物业03"}, names(office, Filter{Name: "物业03"}))
		resident := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: authz.RoleOwner, Path: w.areas[w.south].path, Household: id.New()}}}
		require.Len(w.t, names(resident, Filter{}), 7, "a resident sees the organisations of the own street")
		_, err = w.s.List(ctx(), office, Filter{}, page.Request{Cursor: "x"})
		require.Equal(w.t, "query.cursor page.cursor", code(w.t, err))
		_, err = w.s.List(ctx(), office, Filter{}, page.Request{Cursor: page.Encode("a", "b")})
		require.Equal(w.t, "query.cursor page.cursor", code(w.t, err))

		cards, err := w.s.Directory(ctx(), Filter{Name: "物业"}, page.Request{})
		require.NoError(w.t, err)
		require.Len(w.t, cards.Items, 6, "active ones of everywhere")
		cards, err = w.s.Directory(ctx(), Filter{Kind: Company, Area: w.street2}, page.Request{})
		require.NoError(w.t, err)
		require.Len(w.t, cards.Items, 1)
	})
}

func TestCreateOnce(t *testing.T) {
	each(t, func(w *world) {
		key := idem.New(id.New(), "createOrganisation", "key-0001", "/x", []byte("{}"), 1)
		d := Draft{Kind: Company, Name: "甲物业", Area: w.street}
		first, err := w.s.Create(ctx(), operator, key, d)
		require.NoError(w.t, err)
		again, err := w.s.Create(ctx(), operator, key, d)
		require.NoError(w.t, err)
		require.Equal(w.t, first, again)
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM organisation`))
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'org.create'`))
		require.Equal(w.t, 1, w.count(`SELECT COUNT(*) FROM outbox WHERE topic = 'org.created'`))
	})
}

var day = 24 * time.Hour

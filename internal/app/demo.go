package app

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/survey"
)

// Accounts are the demonstration's log-ins.
type Accounts struct {
	URL  string
	Rows []DemoAccount
}

// DemoAccount is one of them.
type DemoAccount struct {
	Who, UserName, Password string
	Role                    authz.Role
}

// Print writes the accounts as a table.
func (l Accounts) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintf(t, "\nRedProperty demonstration: %s  (API: %s/api/v1, description: %s/api/v1/openapi.yaml)\n\n", l.URL, l.URL, l.URL)
	fmt.Fprintln(t, "user name\tpassword\twho")
	for _, r := range l.Rows {
		fmt.Fprintf(t, "%s\t%s\t%s\n", r.UserName, r.Password, r.Who)
	}
	fmt.Fprintln(t)
	return t.Flush()
}

// cast is everybody in the demonstration: one account for every role, of the street office a second one, who decides what the first had a hand in, and the contractor of a renovation. The phones are of a range that is
// not given out.
var cast = []struct {
	role authz.Role
	org  string
	who  person
}{
	{authz.RoleOperator, "operator", person{"operator", "运维员", "19900000001", "平台管理员", ""}},
	{authz.RoleStreetParty, "street_party", person{"street-party", "周书记", "19900000002", "党工委副书记", ""}},
	{authz.RoleStreetOffice, "street_office", person{"street-office", "吴主任", "19900000003", "物业服务管理办公室主任", ""}},
	{authz.RoleStreetOffice, "street_office", person{"street-deputy", "钱副主任", "19900000014", "街道办事处副主任", ""}},
	{authz.RoleCommunity, "community", person{"community", "郑书记", "19900000004", "社区党委书记", ""}},
	{authz.RoleCommunityWork, "residents_committee", person{"community-worker", "王干事", "19900000005", "社区工作者", ""}},
	{authz.RoleManager, "company", person{"manager", "冯经理", "19900000006", "项目负责人", ""}},
	{authz.RoleWorker, "company", person{"worker", "陈师傅", "19900000007", "维修工", ""}},
	{authz.RoleCommittee, "committee", person{"committee", "褚主任", "19900000008", "业主委员会主任", "2026-03-15 业主大会选举"}},
	{authz.RoleDepartment, "department", person{"department", "卫科长", "19900000009", "综合执法中队", ""}},
	{authz.RoleUtility, "utility", person{"utility", "蒋班长", "19900000010", "供水抢修班长", ""}},
	{authz.RoleUtility, "contractor", person{"contractor", "秦工", "19900000015", "施工项目经理", ""}},
}

// residents are members of households of the demonstration estate.
var residents = []struct {
	who      person
	relation membership.Relation
}{
	{person{"owner", "沈女士", "19900000011", "", ""}, membership.Owner},
	{person{"tenant", "韩先生", "19900000012", "", ""}, membership.Occupant},
	{person{"neighbour", "杨大爷", "19900000013", "", ""}, membership.Owner},
}

// developer still owns four dwellings of the third building, which have one vote together; whom it sends lives in none of them and is
// entered in the first.
var developer = person{"developer", "许经理", "19900000016", "建设单位代表", ""}

const (
	demoStreet    = "370612001000" // 宁海街道
	demoCommunity = "370612001005"
	demoCompany   = "91370612MA3DEM000B" // a well-formed code that nobody holds
	demoMarker    = "operator"           // the account that is made last
)

// ErrNotDemonstration says that a demonstration was asked for in a database that real accounts use.
var ErrNotDemonstration = errors.New("this database has accounts and is no demonstration's: give the demonstration a database of its own (database.url)")

// demonstrated tells whether the demonstration is complete. Its company, which is entered before the first account, tells its database from a
// real one, in which invented accounts and a moved clock would do lasting harm.
func (a *App) demonstrated(ctx context.Context) (bool, error) {
	begun, err := a.begun(ctx)
	if err != nil {
		return false, err
	}
	if begun {
		return a.Accounts.Exists(ctx, demoMarker)
	}
	used, err := a.Accounts.Any(ctx)
	if err == nil && used {
		err = ErrNotDemonstration
	}
	return false, err
}

// begun tells whether the database is a demonstration's.
func (a *App) begun(ctx context.Context) (bool, error) {
	_, err := a.Orgs.CompanyByCode(ctx, a.DB, demoCompany)
	if fault.Is(err, "not_found") {
		return false, nil
	}
	return err == nil, err
}

// Demonstrate makes the demonstration estate where it is not there yet, and returns the accounts. A start
// that was cut off goes on where it stopped.
func (a *App) Demonstrate(ctx context.Context) (Accounts, error) {
	done, err := a.demonstrated(ctx)
	if err != nil {
		return Accounts{}, err
	}
	if !done {
		d := &demonstration{App: a, p: authz.System("demo"), orgs: map[string]id.ID{}}
		if err := d.build(ctx); err != nil {
			return Accounts{}, fmt.Errorf("demonstration: %w", err)
		}
	}
	return a.demoAccounts(), nil
}

func (a *App) demoAccounts() Accounts {
	l := Accounts{URL: a.Config.HTTP.PublicURL}
	for _, c := range cast {
		l.Rows = append(l.Rows, DemoAccount{c.who.Title + " " + c.who.Name, c.who.UserName, a.demoPassword(c.who.UserName), c.role})
	}
	for _, r := range residents {
		called := map[membership.Relation]string{membership.Owner: "业主", membership.Occupant: "租户"}[r.relation]
		l.Rows = append(l.Rows, DemoAccount{called + " " + r.who.Name, r.who.UserName, a.demoPassword(r.who.UserName), authz.Role(r.relation)})
	}
	return Accounts{l.URL, append(l.Rows, DemoAccount{developer.Title + " " + developer.Name, developer.UserName, a.demoPassword(developer.UserName), authz.RoleOwner})}
}

// demoPassword hangs on this installation's keys: the same at each start, different everywhere.
func (a *App) demoPassword(userName string) string {
	s := strings.ToLower(base32.StdEncoding.EncodeToString(a.Vault.Derive("demonstration password " + userName)))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}

// demonstration builds the estate through the same services that the API calls.
type demonstration struct {
	*App
	p           authz.Principal
	orgs        map[string]id.ID
	community   area.Area
	estate      area.Area
	serviceArea area.ServiceArea
	units       []area.Unit

	// The rest is for its past alone.
	now    time.Time                  // the moment of the first start
	as     map[string]authz.Principal // log-ins, by user name
	homes  []resident                 // the residents with log-ins
	others []resident                 // the residents without
	held   survey.Round               // the round of the past
	lot    id.ID                      // its lot of envelopes
	sheets []ballot.Sheet             // what is in them
}

func (d *demonstration) build(ctx context.Context) error {
	for _, step := range []func(context.Context) error{d.divisions, d.places, d.organisations, d.people, d.contract, d.households, d.developers, d.survey, d.operatorAccount} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// key makes a step of the demonstration happen once, however often it is started.
func (d *demonstration) key(step string) idem.Key {
	return idem.New(id.Nil, "demo", step, step, nil, clock.Now(d.Clock))
}

func (d *demonstration) divisions(ctx context.Context) error {
	files, err := configs.Divisions.ReadDir("divisions")
	if err != nil {
		return err
	}
	for _, f := range files {
		data, err := configs.Divisions.ReadFile("divisions/" + f.Name())
		if err != nil {
			return err
		}
		if _, err := area.NewImporter(d.Areas).ImportDivisions(ctx, d.p, area.ImportInput{Name: f.Name(), Data: data}, func(int, int) {}); err != nil {
			return err
		}
	}
	d.community, err = d.Areas.AreaByCode(ctx, d.DB, demoCommunity, clock.DateOf(d.Clock.Now()))
	return err
}

func (d *demonstration) places(ctx context.Context) (err error) {
	if d.estate, err = d.Areas.CreateEstate(ctx, d.p, d.key("estate"), area.NewEstate{CommunityID: d.community.ID, Name: "宁海花园"}); err != nil {
		return err
	}
	if d.serviceArea, err = d.Areas.CreateServiceArea(ctx, d.p, d.key("service area"), area.NewServiceArea{EstateID: d.estate.ID, Name: "宁海花园一期"}); err != nil {
		return err
	}
	for n := 1; n <= 3; n++ {
		if err := d.building(ctx, n); err != nil {
			return err
		}
	}
	for _, name := range []string{"东大门", "中心花园", "地下车库", "配电房"} {
		if _, err := d.Areas.AddPublicArea(ctx, d.p, d.key("public area "+name), area.NewPublicArea{ServiceAreaID: d.serviceArea.ID, Name: name}); err != nil {
			return err
		}
	}
	return nil
}

// building has two entrances, six floors, two flats a floor. Of the third the top of the second entrance was never sold.
func (d *demonstration) building(ctx context.Context, n int) error {
	name := fmt.Sprintf("%d号楼", n)
	b, err := d.Areas.CreateBuilding(ctx, d.p, d.key(name), area.NewBuilding{ServiceAreaID: d.serviceArea.ID, BuildingFacts: area.BuildingFacts{Name: name, Order: n, FloorsAbove: 6}})
	if err != nil {
		return err
	}
	var list []area.NewUnit
	for entrance := 1; entrance <= 2; entrance++ {
		for floor := 1; floor <= 6; floor++ {
			for door := 1; door <= 2; door++ {
				size := int64(8650 + 1234*(door-1) + 50*floor)
				facts := area.UnitFacts{Delivery: area.Delivered, Occupied: area.ByOwner}
				if n == 3 && entrance == 2 && floor >= 5 {
					facts = area.UnitFacts{Delivery: area.Unsold, Occupied: area.Vacant}
				}
				list = append(list, area.NewUnit{
					UnitIdentity: area.UnitIdentity{Entrance: fmt.Sprintf("%d单元", entrance), Number: fmt.Sprintf("%d%02d", floor, door), Floor: &floor,
						Areas: area.Areas{Register: size}, Use: area.Residential},
					UnitFacts: facts,
				})
			}
		}
	}
	units, err := d.Areas.AddUnits(ctx, d.p, d.key("units of "+name), b.ID, list)
	d.units = append(d.units, units...)
	return err
}

func (d *demonstration) organisations(ctx context.Context) error {
	street, err := d.Areas.AreaByCode(ctx, d.DB, demoStreet, clock.DateOf(d.Clock.Now()))
	if err != nil {
		return err
	}
	for _, o := range []struct {
		key   string
		draft org.Draft
	}{
		{"street_party", org.Draft{Kind: org.StreetParty, Name: "中共宁海街道工作委员会", Area: street.ID}},
		{"street_office", org.Draft{Kind: org.StreetOffice, Name: "宁海街道办事处", Area: street.ID, PublicPhone: "0535-0000001"}},
		{"community", org.Draft{Kind: org.CommunityParty, Name: d.community.Name + "社区党委", Area: d.community.ID}},
		{"residents_committee", org.Draft{Kind: org.Residents, Name: d.community.Name, Area: d.community.ID}},
		{"company", org.Draft{Kind: org.Company, Name: "烟台示范物业服务有限公司", CreditCode: demoCompany, Area: street.ID, PublicPhone: "0535-0000000"}},
		{"committee", org.Draft{Kind: org.Committee, Name: "宁海花园业主委员会", Area: d.estate.ID}},
		{"department", org.Draft{Kind: org.Department, Name: "宁海街道综合执法中队", Area: street.ID}},
		{"utility", org.Draft{Kind: org.Utility, Name: "牟平供水公司", Area: street.ID}},
		{"contractor", org.Draft{Kind: org.Contractor, Name: "烟台示范建设工程有限公司", Area: street.ID, PublicPhone: "0535-0000002"}},
	} {
		made, err := d.Orgs.Create(ctx, d.p, d.key("organisation "+o.key), o.draft)
		if err != nil {
			return fmt.Errorf("%s: %w", o.key, err)
		}
		d.orgs[o.key] = made.ID
	}
	return nil
}

// people are given their posts and accounts, all but the operator, whose account marks the end.
func (d *demonstration) people(ctx context.Context) error {
	for _, c := range cast {
		if c.role == authz.RoleOperator {
			continue
		}
		if err := d.staff(ctx, d.orgs[c.org], c.role, c.who); err != nil {
			return err
		}
	}
	return nil
}

func (d *demonstration) operatorAccount(ctx context.Context) error {
	operator, err := d.operator(ctx, d.p)
	if err != nil {
		return err
	}
	return d.staff(ctx, operator, authz.RoleOperator, cast[0].who)
}

func (d *demonstration) staff(ctx context.Context, organisation id.ID, role authz.Role, who person) error {
	holder, err := d.appoint(ctx, d.p, d.key("post of "+who.UserName), organisation, role, who)
	if err != nil {
		return err
	}
	return d.account(ctx, holder, who.UserName)
}

// account makes an account unless a start that was cut off has made it. It is asked for only after a write: an
// account that was still on its way to the disk when that start ended lies there by then.
func (d *demonstration) account(ctx context.Context, holder id.ID, userName string) error {
	if there, err := d.Accounts.Exists(ctx, userName); err != nil || there {
		return err
	}
	return d.App.account(ctx, holder, userName, d.demoPassword(userName), true)
}

// households: each resident is put on the roll and joins by a code, as residents do.
func (d *demonstration) households(ctx context.Context) error {
	for i, r := range residents {
		if err := d.resident(ctx, d.units[i*5], r.who, r.relation); err != nil {
			return fmt.Errorf("%s: %w", r.who.UserName, err)
		}
	}
	return nil
}

func (d *demonstration) resident(ctx context.Context, unit area.Unit, who person, relation membership.Relation) error {
	natural, err := d.onRoll(ctx, unit, who, relation)
	if err != nil {
		return err
	}
	if err := d.account(ctx, natural, who.UserName); err != nil {
		return err
	}
	return d.joins(ctx, unit, natural, who, relation)
}

// unsold are the dwellings of the developer.
func (d *demonstration) unsold() []area.Unit {
	return slices.DeleteFunc(slices.Clone(d.units), func(u area.Unit) bool { return u.Delivery != area.Unsold })
}

// developers puts the developer on the roll and whom it sends into the first of its dwellings.
func (d *demonstration) developers(ctx context.Context) error {
	unsold := d.unsold()
	ids := make([]id.ID, len(unsold))
	for i, u := range unsold {
		ids[i] = u.ID
	}
	sent, err := d.known(ctx, developer)
	if err != nil {
		return err
	}
	_, err = d.Areas.EnterOwner(ctx, d.p, d.key("owner developer"), area.NewOwner{Identity: area.Identity{Name: "烟台示范置业有限公司"}, Kind: area.DeveloperOwner,
		UnitIDs: ids, From: "2004-06-01", Evidence: area.ByRegister, PersonID: sent})
	if err != nil {
		return err
	}
	if err := d.account(ctx, sent, developer.UserName); err != nil {
		return err
	}
	return d.joins(ctx, unsold[0], sent, developer, membership.Owner)
}

// known makes a person.
func (d *demonstration) known(ctx context.Context, who person) (natural id.ID, err error) {
	err = d.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) (err error) {
		natural, err = d.Orgs.EnsurePerson(ctx, tx, who.Name, who.Phone)
		return err
	})
	return natural, err
}

// onRoll makes a person, and an owner of one who is.
func (d *demonstration) onRoll(ctx context.Context, unit area.Unit, who person, relation membership.Relation) (natural id.ID, err error) {
	natural, err = d.known(ctx, who)
	if err != nil || relation != membership.Owner {
		return natural, err
	}
	_, err = d.Areas.EnterOwner(ctx, d.p, d.key("owner "+who.UserName), area.NewOwner{Identity: area.Identity{Name: who.Name}, Kind: area.PersonOwner,
		UnitIDs: []id.ID{unit.ID}, From: "2020-06-01", Evidence: area.ByRegister, PersonID: natural})
	return natural, err
}

// joins enters a person in a household by a code, as residents join.
func (d *demonstration) joins(ctx context.Context, unit area.Unit, natural id.ID, who person, relation membership.Relation) error {
	sheet, err := d.Members.MakeCode(ctx, d.p, idem.Key{}, unit.ID)
	if err != nil {
		return err
	}
	self := authz.Principal{Account: natural, Person: natural, Request: "demo"}
	_, err = d.Members.Redeem(ctx, self, d.key("household of "+who.UserName), membership.Joining{Code: sheet.Slips[0].Code, Relation: relation})
	return err
}

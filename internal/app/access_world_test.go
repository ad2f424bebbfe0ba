package app_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
)

// things are identifiers and values by the names of the parameters and fields that take them. A name with a dot
// is a variant: "order.closed" is a closed order.
type things map[string]string

// with returns a copy with more things, which win.
func (th things) with(more things) things {
	out := things{}
	for _, part := range []things{th, more} {
		for k, v := range part {
			out[k] = v
		}
	}
	return out
}

// streets is the world of the access matrix: the demonstration ("own"), another estate with a company of its own in
// the next community of the same street ("sibling"), and another street with the same ("foreign").
type streets struct {
	*app.App
	t       *testing.T
	roles   map[string]*caller // the demonstration's people, by the name of their column
	own     *estate
	sibling *estate
	foreign *estate
	asOwn   map[string]things // what is one's own, where it differs from the estate's, by role
	phones  int
}

// estate is a service area with everybody and everything in it.
type estate struct {
	things
	name                                          string
	office, community, manager, worker, committee *caller
	owner, neighbour, applicant                   *caller
	neighbours                                    things // what belongs to the other household
	secrets                                       []string
}

// today is the day of the world. Its clock stands still: nothing falls due while the matrix is asked. People moved in
// the month before, so that there is a month to publish.
var (
	today     = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	lastMonth = time.Date(2026, 10, 12, 2, 0, 0, 0, time.UTC)
)

const accessPassword = "matrix-of-access-2026"

func newStreets(t *testing.T) *streets {
	t.Helper()
	ctx := context.Background()
	watch := clock.NewFake(lastMonth)
	a, err := app.NewAt(ctx, migratedNode(t, "REDPROPERTY_LOGIN__IDLE=2000h", "REDPROPERTY_LOGIN__ABSOLUTE=4000h"), quiet, "test", watch)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	s := &streets{App: a, t: t, roles: map[string]*caller{}, asOwn: map[string]things{}}
	accounts, err := a.Demonstrate(ctx)
	require.NoError(t, err)
	for _, row := range accounts.Rows {
		column := map[string]string{"tenant": "occupant", "community-worker": "community_work"}[row.UserName]
		if column == "" {
			column = strings.ReplaceAll(row.UserName, "-", "_")
		}
		s.roles[column] = s.logIn(row.UserName, row.Password)
	}
	s.demonstration()
	s.siblingStreet()
	s.foreignStreet()
	all := []*estate{s.own, s.sibling, s.foreign}
	for _, e := range all {
		s.households(e)
		s.work(e, e.owner, s.report(e.owner, "water.home_plumbing", form{"unitId": e.things["unitId"]}, nil), "rated")
	}
	s.surveysHeld(all, watch)
	s.votesHeld(all, watch)
	watch.Set(today)
	for i, e := range all {
		s.happenings(e, i)
	}
	s.outsiders()
	s.ownThings()
	s.surveyOwn()
	s.settle()
	return s
}

func (s *streets) logIn(name, password string) *caller {
	s.t.Helper()
	c := s.nobody()
	r := c.do("POST", "/auth/sessions", form{"login": name, "password": password}).want(201)
	cookie, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	require.NoError(s.t, err)
	c.cookie = cookie
	self := c.get("/account")
	c.account, c.person = self.text("account"), self.text("person")
	s.unlimited(limits, c.account)
	return c
}

func (s *streets) nobody() *caller { return &caller{t: s.t, serve: s.API} }

// account gives a person an account and logs it in.
func (s *streets) account(person id.ID, name string) *caller {
	s.t.Helper()
	require.NoError(s.t, s.DB.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := s.Accounts.Create(ctx, tx, authn.NewAccount{Person: person, UserName: name, Password: accessPassword, Keep: true})
		return err
	}))
	return s.logIn(name, accessPassword)
}

func (s *streets) phone() string { s.phones++; return fmt.Sprintf("199222%05d", s.phones) }

// resident is a person without a post.
func (s *streets) resident(userName, name string) *caller {
	s.t.Helper()
	var person id.ID
	phone := s.phone()
	require.NoError(s.t, s.DB.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) (err error) {
		person, err = s.Orgs.EnsurePerson(ctx, tx, name, phone)
		return err
	}))
	return s.account(person, userName)
}

// staff is a person with a post. The installation appoints: how posts are given is not what is tested here.
func (s *streets) staff(userName, name, organisation string, role authz.Role) *caller {
	s.t.Helper()
	in := org.Appointment{Org: s.id(organisation), Name: name, Phone: s.phone(), Role: role, Title: name}
	if role == authz.RoleCommittee {
		in.Basis = "2026-03-15 业主大会选举"
	}
	post, err := s.Orgs.Appoint(context.Background(), authz.System("test"), idem.Key{}, in)
	require.NoError(s.t, err)
	return s.account(post.Person, userName)
}

func (s *streets) organisation(kind org.Kind, name, area string) string {
	s.t.Helper()
	o, err := s.Orgs.Create(context.Background(), authz.System("test"), idem.Key{}, org.Draft{Kind: kind, Name: name, Area: s.id(area)})
	require.NoError(s.t, err)
	return o.ID.String()
}

func (s *streets) id(text string) id.ID {
	s.t.Helper()
	parsed, err := id.Parse(text)
	require.NoError(s.t, err)
	return parsed
}

func (s *streets) demonstration() {
	office := s.roles["street_office"]
	area := office.get("/service-areas")
	e := &estate{name: "own", office: office, community: s.roles["community"], manager: s.roles["manager"], worker: s.roles["worker"],
		committee: s.roles["committee"], owner: s.roles["owner"], neighbour: s.roles["neighbour"], things: things{
			"serviceAreaId": area.text("items.0.id"), "estateId": area.text("items.0.estateId"), "streetId": area.text("items.0.streetId"), "communityId": area.text("items.0.communityId")}}
	e.things["buildingId"] = office.get("/service-areas/" + e.things["serviceAreaId"] + "/buildings").text("items.0.id")
	e.things["publicAreaId"] = office.get("/service-areas/" + e.things["serviceAreaId"] + "/public-areas").text("items.0.id")
	units := office.get("/buildings/" + e.things["buildingId"] + "/units")
	e.things["vacantUnitId"], e.things["splitUnitId"] = units.text("items.20.id"), units.text("items.21.id")
	var more []form // four lots of paper are for 73 dwellings at least
	for n := range 5 {
		more = append(more, form{"number": fmt.Sprintf("3%d02", n+1), "use": "residential", "areas": form{"register": 8800 + n}, "delivery": "delivered", "occupied": "owner"})
	}
	office.made("/buildings/"+office.get("/service-areas/"+e.things["serviceAreaId"]+"/buildings").text("items.1.id")+"/units", form{"units": more})
	orgs := office.get("/organisations?limit=200")
	for _, kind := range []string{"company", "committee", "department", "utility", "community_party", "residents_committee", "street_office", "street_party"} {
		e.things["org."+kind] = orgs.text("items.kind=" + kind + ".id")
	}
	e.things["org.operator"] = s.roles["operator"].get("/organisations?kind=operator").text("items.0.id")
	e.things["contractId"] = s.roles["manager"].get("/contracts").text("items.number=NH-2026-001.id")
	e.secrets = []string{"沈女士", "韩先生", "杨大爷", "19900000011", "19900000012", "19900000013"}
	s.own = e
}

func (s *streets) siblingStreet() {
	e := &estate{name: "sibling", office: s.own.office, things: things{"streetId": s.own.things["streetId"],
		"communityId":       s.anotherChild(s.own.office, s.own.things["streetId"], s.own.things["communityId"]),
		"org.street_office": s.own.things["org.street_office"], "org.street_party": s.own.things["org.street_party"]}}
	s.newEstate(e, "邻里新村", "邻")
	s.sibling = e
}

func (s *streets) foreignStreet() {
	district := s.own.office.get("/areas/" + s.own.things["streetId"]).text("parentId")
	street := s.anotherChild(s.own.office, district, s.own.things["streetId"])
	e := &estate{name: "foreign", things: things{"streetId": street, "communityId": ""}}
	e.things["org.street_office"] = s.organisation(org.StreetOffice, "远街道办事处", street)
	e.things["org.street_party"] = s.organisation(org.StreetParty, "中共远街道工作委员会", street)
	e.office = s.staff("foreign-office", "远主任", e.things["org.street_office"], authz.RoleStreetOffice)
	s.staff("foreign-party", "远党委", e.things["org.street_party"], authz.RoleStreetParty)
	e.things["communityId"] = s.anotherChild(e.office, street, "")
	s.newEstate(e, "远方家园", "远")
	s.foreign = e
}

// anotherChild is an area below parent that is not the one named.
func (s *streets) anotherChild(as *caller, parent, not string) string {
	s.t.Helper()
	for _, v := range as.get("/areas?limit=200&parentId=" + parent).at("items").([]any) {
		if which := v.(map[string]any)["id"].(string); which != not {
			return which
		}
	}
	s.t.Fatal("no other area")
	return ""
}

// newEstate builds what the demonstration builds, with people and organisations of its own.
func (s *streets) newEstate(e *estate, name, mark string) {
	th, user := e.things, e.name
	th["estateId"] = e.office.made("/estates", form{"communityId": th["communityId"], "name": name}).text("id")
	th["serviceAreaId"] = e.office.made("/service-areas", form{"estateId": th["estateId"], "name": name + "一期"}).text("id")
	th["buildingId"] = e.office.made("/service-areas/"+th["serviceAreaId"]+"/buildings", form{"name": "9号楼", "floorsAbove": 30}).text("id")
	var units []form
	for n := range 30 { // as many as a survey needs
		units = append(units, form{"number": fmt.Sprintf("%d01", n+1), "use": "residential", "areas": form{"register": 9000 + n}, "delivery": "delivered", "occupied": "owner"})
	}
	made := e.office.made("/buildings/"+th["buildingId"]+"/units", form{"units": units})
	th["unitId"], th["vacantUnitId"], th["splitUnitId"] = made.text("0.id"), made.text("2.id"), made.text("3.id")
	th["publicAreaId"] = e.office.made("/service-areas/"+th["serviceAreaId"]+"/public-areas", form{"name": "北门"}).text("id")
	th["org.company"] = s.organisation(org.Company, name+"物业公司", th["streetId"])
	th["org.community_party"] = s.organisation(org.CommunityParty, name+"社区党委", th["communityId"])
	th["org.residents_committee"] = s.organisation(org.Residents, name+"居委会", th["communityId"])
	th["org.committee"] = s.organisation(org.Committee, name+"业主委员会", th["estateId"])
	th["org.department"] = s.organisation(org.Department, name+"执法中队", th["streetId"])
	th["org.utility"] = s.organisation(org.Utility, name+"供水公司", th["streetId"])
	e.community = s.staff(user+"-community", mark+"书记", th["org.community_party"], authz.RoleCommunity)
	e.manager = s.staff(user+"-manager", mark+"经理", th["org.company"], authz.RoleManager)
	e.worker = s.staff(user+"-worker", mark+"师傅", th["org.company"], authz.RoleWorker)
	e.committee = s.staff(user+"-committee", mark+"委员", th["org.committee"], authz.RoleCommittee)
	e.owner = s.joined(e, user+"-owner", mark+"甲业主", th["unitId"])
	e.neighbour = s.joined(e, user+"-neighbour", mark+"乙业主", made.text("1.id"))
	e.secrets = []string{mark + "甲业主", mark + "乙业主", mark + "丙申请人", praise + user}
	terms := s.terms(th, "HT-"+user, "serviceAreaId")
	terms["bands"] = []form{{"from": 0, "below": 7000, "share": 9500}, {"from": 7000, "below": 10001, "share": 10000}}
	th["contractId"] = e.office.made("/running-contracts", terms).text("id")
}

// joined is an owner who used a joining code.
func (s *streets) joined(e *estate, userName, name, unit string) *caller {
	c := s.resident(userName, name)
	from := form{"name": name, "kind": "person", "evidence": "register", "from": "2020-06-01", "unitIds": []string{unit}, "personId": c.person}
	e.community.made("/owners", from)
	c.made("/memberships", form{"code": e.community.made("/units/"+unit+"/join-code", nil).text("slips.0.code"), "relation": "owner"})
	return c
}

// terms are a contract's, for the service area that the thing names.
func (s *streets) terms(th things, number, area string) form {
	return form{"serviceAreaId": th[area], "companyId": th["org.company"], "ownersId": th["org.committee"], "number": number, "kind": "ordinary", "feeMethod": "lump_sum",
		"startsOn": "2026-01-01", "endsOn": "2028-12-31", "fees": []form{{"unitKind": "residential", "fen": 120, "per": "area_month"}}, "items": []form{{"name": "保洁", "standard": "每日一次"}},
		"sla": []form{{"severity": "normal", "acceptMin": 20, "fixMin": 600, "clock": "working"}}}
}

const paper = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 16, 16))))
	return out.Bytes()
}

// outsiders are the helper of an owner, and an account of somebody who has nothing but an application.
func (s *streets) outsiders() {
	shown, _ := personal.WordingOf(personal.PurposeHelper)
	phone := s.phone()
	s.roles["owner"].made("/memberships/"+s.own.things["membershipId"]+"/helpers", form{"name": "沈小妹", "phone": phone, "consentVersion": shown.Version().String(), "channel": "self"})
	var helper id.ID
	require.NoError(s.t, s.DB.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) (err error) {
		helper, err = s.Orgs.EnsurePerson(ctx, tx, "沈小妹", phone)
		return err
	}))
	s.roles["helper"] = s.account(helper, "helper")
	helps := s.roles["helper"].get("/me/memberships").text("0.id")
	s.asOwn["helper"], s.asOwn["owner"] = things{"membershipId": helps}, things{"contestId": helps}
	s.roles["account"] = s.own.applicant
	s.roles["anonymous"] = s.nobody()
}

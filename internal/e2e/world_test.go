package e2e

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// world is a running demonstration and the places in it, as its users find them.
type world struct {
	*installation
	street, communityArea    string
	estate, serviceArea      string
	unit, household          string // of the owner
	company, committee, team string // organisations; team is the worker's person
}

// explore finds the demonstration's places over the API.
func explore(in *installation) *world {
	in.t.Helper()
	w := &world{installation: in}
	office := in.as("street-office")
	areas := office.get("/service-areas").want(200)
	first := areas.find("items", "name", "宁海花园一期")
	w.serviceArea, w.estate = areas.id(first+".id"), areas.id(first+".estateId")
	w.street, w.communityArea = areas.id(first+".streetId"), areas.id(first+".communityId")

	orgs := office.get("/organisations?limit=200").want(200)
	w.company = orgs.id(orgs.find("items", "kind", "company") + ".id")
	w.committee = orgs.id(orgs.find("items", "kind", "committee") + ".id")

	self := in.as("owner").get("/account").want(200)
	mine := self.find("capacities", "role", "owner")
	w.unit, w.household = self.id(mine+".unit"), self.id(mine+".household")

	posts := in.as("manager").get("/organisations/" + w.company + "/posts").want(200)
	w.team = posts.id(posts.find("items", "role", "worker") + ".personId")
	return w
}

// report makes a resident's order for their home and returns its id.
func (w *world) report(who *user, unit string) string {
	w.t.Helper()
	return who.post("/work-orders", obj{
		"where": obj{"unitId": unit, "detail": "厨房"}, "category": "water.home_plumbing", "title": "水龙头漏水", "description": "厨房水龙头关不紧，一直滴水。",
	}, once()...).want(201).id("order.id")
}

// step takes a step of an order.
func (w *world) step(who *user, order, verb string, body any) reply {
	w.t.Helper()
	return who.post("/work-orders/"+order+"/"+verb, body)
}

var lastPhone atomic.Int64

// newPhone is a number of the range that is not given out, new in this run.
func newPhone() string { return fmt.Sprintf("199111%05d", lastPhone.Add(1)) }

// appointed gives a new person a post, as keeper may, and logs the person in by a code.
func (in *installation) appointed(keeper *user, org, role, name, basis string) *user {
	in.t.Helper()
	phone := newPhone()
	keeper.post("/organisations/"+org+"/posts", obj{"name": name, "phone": phone, "role": role, "basis": basis}, once()...).want(201)
	return in.byCode(phone)
}

// organisation enters an organisation.
func organisation(keeper *user, kind, name, area string) string {
	return keeper.post("/organisations", obj{"kind": kind, "name": name, "areaId": area}, once()...).want(201).id("id")
}

// sibling is another community of the street.
func (w *world) sibling(office *user) string {
	w.t.Helper()
	for _, v := range office.get("/areas?limit=200&parentId=" + w.street).want(200).list("items") {
		if area := v.(map[string]any); area["id"] != w.communityArea && area["kind"] == "community" {
			return area["id"].(string)
		}
	}
	w.t.Fatal("the street has one community only")
	return ""
}

// homes is an estate with one building of four units, entered by the street office.
type homes struct {
	estate, serviceArea, building string
	units                         []string
}

func newHomes(office *user, community, name string) homes {
	h := homes{estate: office.post("/estates", obj{"communityId": community, "name": name}, once()...).want(201).id("id")}
	h.serviceArea = office.post("/service-areas", obj{"estateId": h.estate, "name": name}, once()...).want(201).id("id")
	h.building = office.post("/service-areas/"+h.serviceArea+"/buildings", obj{"name": "1号楼", "floorsAbove": 2}, once()...).want(201).id("id")
	var units []obj
	for _, number := range []string{"101", "102", "201", "202"} {
		units = append(units, obj{"number": number, "use": "residential", "areas": obj{"register": 8000}, "delivery": "delivered", "occupied": "owner"})
	}
	made := office.post("/buildings/"+h.building+"/units", obj{"units": units}, once()...).want(201)
	for i := range units {
		h.units = append(h.units, made.id(fmt.Sprintf("%d.id", i)))
	}
	return h
}

// joins makes a joining code for a unit, as the community does, and a person who uses it.
func (in *installation) joins(community *user, unit, relation string) *user {
	in.t.Helper()
	code := community.post("/units/"+unit+"/join-code", nil, once()...).want(201).id("slips.0.code")
	u := in.byCode(newPhone())
	u.post("/memberships", obj{"code": strings.ToLower(code), "relation": relation}, once()...).want(201)
	return u
}

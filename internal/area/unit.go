package area

import (
	"strings"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// AreaSource is where an area is known from.
type AreaSource string

// The sources, the weightier first: the register of real estate, else a survey's measurement, else the
// sale contract (SPC-D 8).
const (
	FromRegister AreaSource = "register"
	FromSurvey   AreaSource = "survey"
	FromContract AreaSource = "contract"
	FromNowhere  AreaSource = "unknown"
)

// Areas are the areas of a unit by source, in 0.01 m²; zero means that the source says nothing.
type Areas struct {
	Register int64 `json:"register,omitempty" minimum:"0" maximum:"100000000" doc:"Registered area in 0.01 m²"`
	Survey   int64 `json:"survey,omitempty" minimum:"0" maximum:"100000000" doc:"Measured area in 0.01 m²"`
	Contract int64 `json:"contract,omitempty" minimum:"0" maximum:"100000000" doc:"Area by the sale contract in 0.01 m²"`
}

// maxArea is a square kilometre, in 0.01 m².
const maxArea = 100_000_000

// InForce is the area that counts in owners' decisions and fees, and its source (SPC-D 8). It is zero
// where nothing is known.
func (a Areas) InForce() (int64, AreaSource) {
	switch {
	case a.Register > 0:
		return a.Register, FromRegister
	case a.Survey > 0:
		return a.Survey, FromSurvey
	case a.Contract > 0:
		return a.Contract, FromContract
	}
	return 0, FromNowhere
}

// With returns the areas with the one of source set to size.
func (a Areas) With(source AreaSource, size int64) Areas {
	switch source {
	case FromRegister:
		a.Register = size
	case FromSurvey:
		a.Survey = size
	case FromContract:
		a.Contract = size
	}
	return a
}

// Of is the area that source says; zero where it says nothing.
func (a Areas) Of(source AreaSource) int64 {
	switch source {
	case FromRegister:
		return a.Register
	case FromSurvey:
		return a.Survey
	case FromContract:
		return a.Contract
	}
	return 0
}

// Use is what a unit is for.
type Use string

// The uses.
const (
	Residential Use = "residential"
	Commercial  Use = "commercial"
	Parking     Use = "parking" // counted among exclusive parts only where it can be registered (SPC-D 2)
	OtherUse    Use = "other"
)

// UnitState tells whether a unit is in use or what became of it.
type UnitState string

// The states. Only an active unit is a unit of its building; the others are history.
const (
	UnitActive UnitState = "active"
	UnitMerged UnitState = "merged" // became part of another
	UnitSplit  UnitState = "split"  // became several others
	UnitVoid   UnitState = "void"   // was entered by mistake
)

// Delivery tells whether the developer has handed a unit over. Units not sold, or sold and not handed
// over, count as the developer's one head (SPC-D 9).
type Delivery string

// The states of delivery.
const (
	Unsold          Delivery = "unsold"
	Undelivered     Delivery = "undelivered"
	Delivered       Delivery = "delivered"
	DeliveryUnknown Delivery = "unknown"
)

// Occupied tells who uses a unit.
type Occupied string

// The states of use.
const (
	ByOwner         Occupied = "owner"
	Let             Occupied = "let"
	Vacant          Occupied = "vacant"
	OccupiedUnknown Occupied = "unknown"
)

// UnitIdentity is what a unit is: changed only by a reviewed correction.
type UnitIdentity struct {
	Code     string `json:"code,omitempty" maxLength:"60" doc:"House code of the authority or of an older system"`
	Entrance string `json:"entrance,omitempty" maxLength:"20" doc:"Entrance (单元); absent where the building has one"`
	Number   string `json:"number" minLength:"1" maxLength:"40" doc:"Room number"`
	Floor    *int   `json:"floor,omitempty" minimum:"-20" maximum:"200" doc:"Floor; below ground negative"`
	Areas    Areas  `json:"areas" doc:"Areas by source"`
	Use      Use    `json:"use" enum:"residential,commercial,parking,other" doc:"What it is for"`
}

// UnitFacts are what changes in the course of life.
type UnitFacts struct {
	Delivery Delivery `json:"delivery" enum:"unsold,undelivered,delivered,unknown" doc:"Whether the developer has handed it over"`
	Occupied Occupied `json:"occupied" enum:"owner,let,vacant,unknown" doc:"Who uses it"`
}

// Unit is a flat, shop, parking space or other exclusive part (专有部分).
type Unit struct {
	ID            id.ID `json:"id" doc:"Identifier"`
	BuildingID    id.ID `json:"buildingId" doc:"The building it is in"`
	ServiceAreaID id.ID `json:"serviceAreaId" doc:"The service area it is in"`
	UnitIdentity
	UnitFacts
	Area       int64         `json:"area" doc:"Area in force in 0.01 m²: register, else survey, else contract (SPC-D 8); 0 when none is known"`
	AreaSource AreaSource    `json:"areaSource" enum:"register,survey,contract,unknown" doc:"ChangeSource of the area in force"`
	State      UnitState     `json:"state" enum:"active,merged,split,void" doc:"Whether it is a unit now, or what became of it"`
	CreatedAt  clock.Instant `json:"createdAt" doc:"When it was entered"`
	ChangedAt  clock.Instant `json:"changedAt" doc:"When it was last changed"`
	Version    int64         `json:"version" doc:"Version, for If-Match"`
}

// NewUnit is a unit to be entered.
type NewUnit struct {
	UnitIdentity
	UnitFacts
}

// check cleans the identity; path names it in field errors.
func (u UnitIdentity) check(path string) (UnitIdentity, error) {
	var wrong fault.Collect
	line := func(field, s string, least, most int) string {
		clean, err := text.Line(path+"."+field, s, least, most)
		if err != nil {
			wrong.Add(path+"."+field, fault.Of(err).Fields[0].Code, "least", least, "most", most)
		}
		return clean
	}
	u.Code = line("code", u.Code, 0, maxUnitCode)
	u.Entrance = line("entrance", u.Entrance, 0, maxEntrance)
	u.Number = line("number", u.Number, 1, maxNumber)
	if utf8.RuneCountInString(unitKey(u.Entrance, u.Number)) > maxUnitKey {
		wrong.Add(path+".number", "text.length", "least", 1, "most", maxNumber)
	}
	if u.Floor != nil {
		between(&wrong, path+".floor", *u.Floor, -20, 200)
	}
	for _, a := range []int64{u.Areas.Register, u.Areas.Survey, u.Areas.Contract} {
		if a < 0 || a > maxArea {
			wrong.Add(path+".areas", "area.area_range", "most", maxArea/100)
		}
	}
	if u.Use == "" {
		u.Use = Residential
	}
	oneOf(&wrong, path+".use", string(u.Use), "residential", "commercial", "parking", "other")
	return u, wrong.Err()
}

// check fills what is not known and refuses unknown words.
func (f UnitFacts) check(path string) (UnitFacts, error) {
	var wrong fault.Collect
	if f.Delivery == "" {
		f.Delivery = DeliveryUnknown
	}
	if f.Occupied == "" {
		f.Occupied = OccupiedUnknown
	}
	oneOf(&wrong, path+".delivery", string(f.Delivery), "unsold", "undelivered", "delivered", "unknown")
	oneOf(&wrong, path+".occupied", string(f.Occupied), "owner", "let", "vacant", "unknown")
	return f, wrong.Err()
}

// oneOf notes a word that is not among words.
func oneOf(wrong *fault.Collect, path, word string, words ...string) {
	for _, w := range words {
		if w == word {
			return
		}
	}
	wrong.Add(path, "field.enum", "expected", strings.Join(words, ", "))
}

package area

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sheet"
	"github.com/redproperty/redproperty/internal/text"
)

// maxPersonName is the longest name of an owner or occupant, in characters.
const maxPersonName = 60

// OwnerKind is what sort of owner one is.
type OwnerKind string

// The kinds of owner.
const (
	PersonOwner    OwnerKind = "person"
	CompanyOwner   OwnerKind = "company"
	DeveloperOwner OwnerKind = "developer" // of units not sold: together one head (SPC-D 9)
)

// Relation is what an occupant is to the owner.
type Relation string

// The relations.
const (
	Family    Relation = "family"
	Tenant    Relation = "tenant"
	OtherUser Relation = "other"
)

// Evidence is where it is known from that somebody owns a unit.
type Evidence string

// The kinds of evidence.
const (
	ByRegister    Evidence = "register"
	ByContract    Evidence = "contract"
	ByDeclaration Evidence = "declared"
	ByImport      Evidence = "import"
)

// Identity is a name and a phone as they are entered.
type Identity struct {
	Name  string
	Phone string
	Basis personal.Basis // why the phone may be kept (PIPL 13); required with a phone
}

// NewOwner is an owner to be entered with the units owned, which lie in one service area.
type NewOwner struct {
	Identity
	Kind     OwnerKind
	UnitIDs  []id.ID
	From     clock.Date
	Evidence Evidence
	PersonID id.ID // the natural person, where an account is known to be theirs
}

// NewOccupant is somebody who uses a unit without owning it.
type NewOccupant struct {
	Identity
	UnitID   id.ID
	Relation Relation
	From     clock.Date
}

// Owner is an owner on the roll; name and phone are masked, save the names of companies.
type Owner struct {
	ID         id.ID          `json:"id" doc:"Identifier"`
	Kind       OwnerKind      `json:"kind" enum:"person,company,developer" doc:"Sort of owner"`
	Name       string         `json:"name" doc:"Name; of a person masked"`
	Phone      string         `json:"phone,omitempty" doc:"Phone, masked; absent when none is kept"`
	PhoneBasis personal.Basis `json:"phoneBasis,omitempty" enum:"contract,duty,consent" doc:"Why the phone is kept"`
	PersonID   *id.ID         `json:"personId,omitempty" doc:"The natural person, where known"`
	From       clock.Date     `json:"from,omitempty" doc:"First day of owning the unit"`
	Evidence   Evidence       `json:"evidence,omitempty" enum:"register,contract,declared,import" doc:"Where it is known from"`
	Version    int64          `json:"version" doc:"Version, for If-Match"`
}

// Occupant is a user of a unit on the roll, masked.
type Occupant struct {
	ID         id.ID          `json:"id" doc:"Identifier"`
	Relation   Relation       `json:"relation" enum:"family,tenant,other" doc:"What they are to the owner"`
	Name       string         `json:"name" doc:"Name, masked"`
	Phone      string         `json:"phone,omitempty" doc:"Phone, masked; absent when none is kept"`
	PhoneBasis personal.Basis `json:"phoneBasis,omitempty" enum:"contract,duty,consent" doc:"Why the phone is kept"`
	From       clock.Date     `json:"from" doc:"First day"`
	Version    int64          `json:"version" doc:"Version, for If-Match"`
}

// RollEntry is a unit with who owns and uses it.
type RollEntry struct {
	UnitID    id.ID      `json:"unitId" doc:"The unit"`
	Address   string     `json:"address" doc:"Building, entrance and number"`
	Area      int64      `json:"area" doc:"Area in force in 0.01 m²"`
	Owners    []Owner    `json:"owners" doc:"Present owners"`
	Occupants []Occupant `json:"occupants" doc:"Present occupants"`
}

// check cleans an identity; path names it in field errors.
func (i Identity) check(path string) (Identity, error) {
	var err error
	if i.Name, err = text.Line(path+".name", i.Name, 1, maxPersonName); err != nil {
		return i, err
	}
	if i.Phone == "" {
		i.Basis = ""
		return i, nil
	}
	phone, problem := sheet.ParsePhone(i.Phone)
	if problem != nil {
		return i, fault.InvalidField(path+".phone", "area.phone")
	}
	i.Phone = phone
	var wrong fault.Collect
	if i.Basis == "" {
		wrong.Add(path+".phoneBasis", "area.phone_basis")
	} else {
		oneOf(&wrong, path+".phoneBasis", string(i.Basis), "contract", "duty", "consent")
	}
	return i, wrong.Err()
}

// checkDay refuses what is no day, and days to come.
func checkDay(path string, d, today clock.Date) error {
	if _, err := clock.ParseDate(string(d)); err != nil || d > today {
		return fault.InvalidField(path, "area.date")
	}
	return nil
}

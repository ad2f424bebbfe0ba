// Package renovation is 老旧小区改造: projects that begin with what residents wish, rest item by item on what the
// owners decided, show every fen, and end with acceptance by residents and somebody who looks after the place (R2.9);
// and requests for the maintenance fund, by decision or in an emergency (R2.8). state.go says which stage follows which
// and what must be there first. The owners decide: nothing here casts, changes or replaces their vote.
package renovation

import (
	"cmp"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Part is a building, or one entrance of it, that something is done to.
type Part struct {
	BuildingID id.ID  `json:"buildingId"`
	Entrance   string `json:"entrance,omitempty" maxLength:"20" doc:"单元; absent for the whole building"`
}

// Inspection is what was found when the place was looked at before anything was planned.
type Inspection struct {
	Subject string `json:"subject" minLength:"1" maxLength:"60" doc:"What was looked at: roofs, drains, stairs"`
	Finding string `json:"finding" minLength:"2" maxLength:"500" doc:"What is wrong with it"`
	Grave   bool   `json:"grave,omitempty" doc:"A danger to life or home"`
}

// Project is the renovation of an estate, of a service area, or of parts of one.
type Project struct {
	ID        id.ID  `db:"id" json:"id"`
	AreaID    id.ID  `db:"area_id" json:"areaId" doc:"The estate or service area"`
	ScopePath string `db:"scope_path" json:"-"`
	Division  string `db:"division" json:"-"`
	PartsText string `db:"parts" json:"-"`
	Name      string `db:"name" json:"name"`
	Why       string `db:"why" json:"why" doc:"Why it is to be renovated"`
	FoundText string `db:"inspections" json:"-"`
	State     State  `db:"state" json:"state" enum:"proposed,wishes,plan,consent,funded,tendered,works,acceptance,warranty,closed,withdrawn"`

	SponsorID       *id.ID      `db:"sponsor_org_id" json:"sponsorId,omitempty" doc:"The office that carries it out"`
	ContractorID    *id.ID      `db:"contractor_org_id" json:"contractorId,omitempty"`
	TenderReference string      `db:"tender_reference" json:"tenderReference,omitempty" doc:"Number of the announced result of the tender"`
	TenderedOn      *clock.Date `db:"tendered_on" json:"tenderedOn,omitempty"`
	ContractFen     *int64      `db:"contract_fen" json:"contractFen,omitempty" doc:"Price of the works contract, in fen"`
	PlanNumber      int64       `db:"plan_number" json:"planNumber" doc:"The version of the plan in force; 0 without one"`
	BudgetFen       int64       `db:"budget_fen" json:"budgetFen" doc:"What the plan in force costs, in fen"`

	WishesRound        *id.ID      `db:"wishes_round_id" json:"wishesRoundId,omitempty" doc:"The survey of what residents wish"`
	WishesDocument     *blob.Hash  `db:"wishes_document" json:"wishesDocument,omitempty" doc:"The record of a residents' meeting instead, where there are too few dwellings for a survey"`
	CompletionRound    *id.ID      `db:"completion_round_id" json:"completionRoundId,omitempty"`
	CompletionDocument *blob.Hash  `db:"completion_document" json:"completionDocument,omitempty"`
	YearRound          *id.ID      `db:"year_round_id" json:"yearRoundId,omitempty"`
	YearDocument       *blob.Hash  `db:"year_document" json:"yearDocument,omitempty"`
	AcceptedOn         *clock.Date `db:"accepted_on" json:"acceptedOn,omitempty"`
	WarrantyUntil      *clock.Date `db:"warranty_until" json:"warrantyUntil,omitempty" doc:"Last day of the warranty"`
	ClosedOn           *clock.Date `db:"closed_on" json:"closedOn,omitempty"`
	EarnedValue        bool        `db:"earned_value" json:"earnedValue" doc:"Earned value is computed, for large projects"`

	RuleHash  rules.Hash    `db:"rule_hash" json:"ruleHash" doc:"The rules of renovations in force when the project was made"`
	Changes   int64         `db:"changes" json:"-"`
	CreatedAt clock.Instant `db:"created_at" json:"createdAt"`
	ChangedAt clock.Instant `db:"changed_at" json:"changedAt"`
	Version   int64         `db:"version" json:"version" doc:"Send it in If-Match to change the project"`

	Parts       []Part       `db:"-" json:"parts" doc:"Empty for the whole"`
	Inspections []Inspection `db:"-" json:"inspections"`
}

// object is a project as permissions see it: of its place, open to who lives there, and in the hands of who carries it
// out, who builds and who looks after the place.
func (p Project) object(handlers []id.ID) authz.Object {
	orgs := slices.Clone(handlers)
	for _, org := range []*id.ID{p.SponsorID, p.ContractorID} {
		if org != nil {
			orgs = append(orgs, *org)
		}
	}
	return authz.Object{Path: p.ScopePath, Orgs: orgs, Open: true}
}

// sortParts brings parts into their one order and drops what is named twice: a whole building includes its entrances.
func sortParts(parts []Part) []Part {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.BuildingID.String(), b.BuildingID.String()), cmp.Compare(a.Entrance, b.Entrance))
	})
	out := []Part{}
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].BuildingID == p.BuildingID && (out[n-1].Entrance == "" || out[n-1].Entrance == p.Entrance) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// within tells whether every one of some parts lies in others; no parts are the whole.
func within(parts, of []Part) bool {
	if len(of) == 0 {
		return true
	}
	inside := func(p Part) bool {
		return slices.ContainsFunc(of, func(o Part) bool {
			return o.BuildingID == p.BuildingID && (o.Entrance == "" || o.Entrance == p.Entrance)
		})
	}
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p Part) bool { return !inside(p) })
}

// holds tells whether a unit lies in some parts; no parts are the whole.
func holds(parts []Part, u Unit) bool {
	return len(parts) == 0 || within([]Part{{BuildingID: u.BuildingID, Entrance: u.Entrance}}, parts)
}

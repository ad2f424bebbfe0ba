package renovation

import (
	"math/bits"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Source is where money for a renovation comes from (R2.9).
type Source string

// The sources.
const (
	FromCentral      Source = "central"          // 中央补助
	FromProvince     Source = "provincial"       //
	FromCity         Source = "city"             //
	FromDistrict     Source = "district"         //
	FromResidents    Source = "residents"        // 居民出资
	FromFund         Source = "maintenance_fund" // 住宅专项维修资金
	FromUtility      Source = "utility"          // 专业经营单位
	FromUnitOwner    Source = "property_unit"    // 原产权单位
	FromMarket       Source = "market"           // 社会资本
	FromCommonIncome Source = "common_income"    // 公共收益
)

// shared tells whether the money is the owners', so that it is divided among them by area.
func (s Source) shared() bool { return s == FromResidents || s == FromFund }

// EntryKind is what an amount is on its way.
type EntryKind string

// The kinds of entry.
const (
	EntryPlanned  EntryKind = "planned"
	EntryApproved EntryKind = "approved"
	EntryReceived EntryKind = "received"
	EntryPaid     EntryKind = "paid"     // to the contractor and others
	EntryReturned EntryKind = "returned" // what was left, to where it came from
)

// Line is what one source gives. Amounts are in fen.
type Line struct {
	ID            id.ID         `db:"id" json:"id"`
	ProjectID     id.ID         `db:"renovation_id" json:"-"`
	ItemID        *id.ID        `db:"item_id" json:"itemId,omitempty" doc:"The item it is for; absent for the project as a whole"`
	Source        Source        `db:"source" json:"source" enum:"central,provincial,city,district,residents,maintenance_fund,utility,property_unit,market,common_income"`
	Payer         string        `db:"payer" json:"payer,omitempty" doc:"Who pays: an office, a company; never a person"`
	PlannedFen    int64         `db:"planned_fen" json:"plannedFen"`
	ApprovedFen   int64         `db:"approved_fen" json:"approvedFen"`
	ReceivedFen   int64         `db:"received_fen" json:"receivedFen"`
	PaidFen       int64         `db:"paid_fen" json:"paidFen"`
	ReturnedFen   int64         `db:"returned_fen" json:"returnedFen"`
	Round         int64         `db:"allocation_round" json:"allocationRound" doc:"How often it was divided among the owners"`
	AllocatedFen  int64         `db:"allocated_fen" json:"allocatedFen" doc:"What was divided last; 0 once others bear it"`
	CreatedAt     clock.Instant `db:"created_at" json:"createdAt"`
	NeedsDividing bool          `db:"-" json:"needsDividing" doc:"The owners' money as it is approved now is not divided yet, or among others than those who bear it now"`
}

// add brings an amount into the line. A balance that cannot be is renovation.balance (Conflict): received never exceeds what was
// approved, nor paid and returned what was received.
func (l *Line) add(kind EntryKind, fen int64) error {
	switch kind {
	case EntryPlanned:
		l.PlannedFen += fen
	case EntryApproved:
		l.ApprovedFen += fen
	case EntryReceived:
		l.ReceivedFen += fen
	case EntryPaid:
		l.PaidFen += fen
	case EntryReturned:
		l.ReturnedFen += fen
	}
	if min(l.PlannedFen, l.ApprovedFen, l.ReceivedFen, l.PaidFen, l.ReturnedFen) < 0 || max(l.PlannedFen, l.ApprovedFen) > maxFen ||
		l.ReceivedFen > l.ApprovedFen || l.PaidFen+l.ReturnedFen > l.ReceivedFen {
		return fault.New(fault.Conflict, "renovation.balance", "approvedFen", l.ApprovedFen, "receivedFen", l.ReceivedFen, "spentFen", l.PaidFen+l.ReturnedFen)
	}
	return nil
}

// divided tells whether the owners' money is divided as it is approved now.
func (l Line) divided() bool {
	return !l.Source.shared() || l.AllocatedFen == l.ApprovedFen
}

// settled tells whether nothing of what was received is left over.
func settled(lines []Line) bool {
	return !slices.ContainsFunc(lines, func(l Line) bool { return l.ReceivedFen != l.PaidFen+l.ReturnedFen })
}

// Entry is an amount as it was entered. It is never changed: a wrong one is reversed by another.
type Entry struct {
	ID        id.ID         `db:"id" json:"id"`
	FundingID id.ID         `db:"funding_id" json:"fundingId"`
	Kind      EntryKind     `db:"kind" json:"kind" enum:"planned,approved,received,paid,returned"`
	Fen       int64         `db:"fen" json:"fen" doc:"Negative in a reversal"`
	On        clock.Date    `db:"on_date" json:"on"`
	Reference string        `db:"reference" json:"reference" doc:"Number of the document; each stands once in a line and kind, and can be entered again once it is reversed"`
	ItemID    *id.ID        `db:"item_id" json:"itemId,omitempty" doc:"The item that was paid"`
	Reverses  *id.ID        `db:"reverses_id" json:"reversesId,omitempty"`
	Note      string        `db:"note" json:"note,omitempty"`
	At        clock.Instant `db:"at" json:"at"`
	PersonID  *id.ID        `db:"person_id" json:"-"`
	OrgID     *id.ID        `db:"org_id" json:"organisationId,omitempty"`
}

// Share is what falls on a unit of an amount that its owners bear.
type Share struct {
	UnitID id.ID  `db:"unit_id" json:"-"` // residents know each other's doors, not what the platform calls them
	Mine   bool   `db:"-" json:"mine" doc:"It falls on a unit of your own households"`
	Order  int64  `db:"order_no" json:"-"`
	Place  string `db:"place" json:"place" doc:"Building and number; no name"`
	Area   int64  `db:"area_m2x100" json:"area" doc:"Exclusive area, in 0.01 m²"`
	Fen    int64  `db:"fen" json:"fen"`
}

// Divide divides an amount by exclusive area (Civil Code 283): each bears the whole fen of its exact share, and the fen that are left go
// one each to those with the largest remainder, of equal ones to the first in the list. The shares make the amount exactly, each lies
// within one fen of its exact value, and a larger area never bears less. Areas and their sum are positive.
func Divide(amount int64, areas []int64) []int64 {
	total := int64(0)
	for _, a := range areas {
		total += a
	}
	out, rest := make([]int64, len(areas)), make([]uint64, len(areas))
	left := amount
	for i, a := range areas {
		hi, lo := bits.Mul64(uint64(amount), uint64(a))
		quotient, remainder := bits.Div64(hi, lo, uint64(total))
		out[i], rest[i] = int64(quotient), remainder
		left -= out[i]
	}
	order := make([]int, len(areas))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// divide makes the shares of an amount among the units of some parts. Faults (Conflict): renovation.nobody_bears, renovation.area_unknown
// with how many units have no known area.
func divide(amount int64, units []Unit, parts []Part) ([]Share, error) {
	var shares []Share
	var areas []int64
	unknown := 0
	for _, u := range units {
		if !holds(parts, u) {
			continue
		}
		if u.Area <= 0 {
			unknown++
		}
		shares, areas = append(shares, Share{UnitID: u.ID, Order: int64(len(shares)), Place: u.Address, Area: u.Area}), append(areas, u.Area)
	}
	switch {
	case len(shares) == 0:
		return nil, fault.New(fault.Conflict, "renovation.nobody_bears")
	case unknown > 0:
		return nil, fault.New(fault.Conflict, "renovation.area_unknown", "count", unknown)
	}
	for i, fen := range Divide(amount, areas) {
		shares[i].Fen = fen
	}
	return shares, nil
}

// Sums are amounts over all lines, or those of one source.
type Sums struct {
	Source      Source `json:"source,omitempty"`
	PlannedFen  int64  `json:"plannedFen"`
	ApprovedFen int64  `json:"approvedFen"`
	ReceivedFen int64  `json:"receivedFen"`
	PaidFen     int64  `json:"paidFen"`
	ReturnedFen int64  `json:"returnedFen"`
}

func (s *Sums) add(l Line) {
	s.PlannedFen, s.ApprovedFen, s.ReceivedFen = s.PlannedFen+l.PlannedFen, s.ApprovedFen+l.ApprovedFen, s.ReceivedFen+l.ReceivedFen
	s.PaidFen, s.ReturnedFen = s.PaidFen+l.PaidFen, s.ReturnedFen+l.ReturnedFen
}

// sumLines adds lines up, all together and by source in the order of their first line.
func sumLines(lines []Line) (all Sums, bySource []Sums) {
	bySource = []Sums{}
	for _, l := range lines {
		all.add(l)
		i := slices.IndexFunc(bySource, func(s Sums) bool { return s.Source == l.Source })
		if i < 0 {
			i = len(bySource)
			bySource = append(bySource, Sums{Source: l.Source})
		}
		bySource[i].add(l)
	}
	return all, bySource
}

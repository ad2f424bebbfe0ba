package contract

import (
	"slices"

	"github.com/redproperty/redproperty/internal/id"
)

// SLA is what a contract promises for one kind of trouble (R4.1): minutes from dispatch on the clock
// named; a stage of 0 minutes is not promised.
type SLA struct {
	ContractID id.ID
	AcceptMin  int64
	ArriveMin  int64
	ControlMin int64
	FixMin     int64
	Clock      string // "natural" or "working"
}

// SLARow is a row of a contract's table: for a category (or a group of categories), a severity, or both.
type SLARow struct {
	Category   string `db:"category" json:"category,omitempty" maxLength:"60" doc:"Code of a category or a group; absent for every category"`
	Severity   string `db:"severity" json:"severity,omitempty" enum:"emergency,urgent,normal,complex,complaint,inquiry" doc:"Absent for every severity"`
	AcceptMin  int64  `db:"accept_min" json:"acceptMin,omitempty" minimum:"0" maximum:"525600" doc:"Minutes to accept; 0 promises nothing"`
	ArriveMin  int64  `db:"arrive_min" json:"arriveMin,omitempty" minimum:"0" maximum:"525600" doc:"Minutes to arrive"`
	ControlMin int64  `db:"control_min" json:"controlMin,omitempty" minimum:"0" maximum:"525600" doc:"Minutes until the trouble does no more harm"`
	FixMin     int64  `db:"fix_min" json:"fixMin,omitempty" minimum:"0" maximum:"525600" doc:"Minutes until it is put right"`
	Clock      string `db:"clock" json:"clock" enum:"natural,working" doc:"Every minute, or working hours only"`
}

func (r SLARow) sla(contract id.ID) SLA {
	return SLA{contract, r.AcceptMin, r.ArriveMin, r.ControlMin, r.FixMin, r.Clock}
}

// pickSLA finds the row that speaks most closely of a trouble: lineage is its category and the groups
// above it, nearest first. A row for the category beats one for its group, that beats one for the
// severity alone; among rows of one category the one with the severity wins.
func pickSLA(rows []SLARow, lineage []string, severity string) (SLARow, bool) {
	for _, category := range append(slices.Clip(lineage), "") {
		for _, sev := range []string{severity, ""} {
			i := slices.IndexFunc(rows, func(r SLARow) bool { return r.Category == category && r.Severity == sev })
			if i >= 0 {
				return rows[i], true
			}
		}
	}
	return SLARow{}, false
}

package rules

import "github.com/redproperty/redproperty/internal/calendar"

// LeastGroup is the smallest group of answers that may be shown (R6.6). It is a principle of the platform,
// not a setting: a file may ask for more, never for less.
const LeastGroup = 5

// strictness tells which way a period may be changed by a locality without weakening it.
type strictness int

const (
	longer  strictness = iota // a longer period protects more: a notice
	shorter                   // a shorter period protects more: a duty to act, a stopgap
)

// paramSpec is what the program knows about a parameter, whatever the files say.
type paramSpec struct {
	units   []calendar.Unit
	before  bool       // counted backward from the base day
	tighter strictness // the direction in which a locality may go
	bound   int        // the statute's figure in the first unit; 0 where no statute fixes one
}

var (
	inDays   = []calendar.Unit{calendar.CalendarDays}
	inMonths = []calendar.Unit{calendar.Months}
	inYears  = []calendar.Unit{calendar.Years}
	inReply  = []calendar.Unit{calendar.CalendarDays, calendar.WorkingDays}
)

// params are the parameters a locality may state. The notices are the Civil Code's, which parties may vary
// by contract but a rule file may not shorten; an emergency service is a stopgap of six months at most.
var params = map[Param]paramSpec{
	OwnersTerminationNotice: {inDays, true, longer, 60}, // CC 946
	ProviderUnwillingNotice: {inDays, true, longer, 90}, // CC 947
	IndefiniteEndNotice:     {inDays, true, longer, 60}, // CC 948
	EmergencyServiceMax:     {inMonths, false, shorter, 6},
	ContractFiling:          {inDays, false, shorter, 0},
	Handover:                {inDays, false, shorter, 0}, // CC 949: agreed or reasonable
	EarlyStageMax:           {inYears, false, shorter, 0},
	ManagerReport:           {inReply, false, shorter, 0},
	ComplaintReply:          {inReply, false, shorter, 0},
	AuthorityComplaintReply: {inReply, false, shorter, 0},
	JointComplaintAnswer:    {inReply, false, shorter, 0},
}

// weaker tells whether count weakens what limit asks, both in one unit.
func (s strictness) weaker(count, limit int) bool {
	if s == longer {
		return count < limit
	}
	return count > limit
}

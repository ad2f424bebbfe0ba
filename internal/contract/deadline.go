package contract

import (
	"slices"
	"strconv"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// DeadlineKind names what is due. Renewal prompts carry their distance from the end of the term:
// renewal_180 before it, after_30 after it.
type DeadlineKind string

// The kinds of deadline that have one form.
const (
	DueFiling     DeadlineKind = "filing"             // the filing with the authority; never a condition of anything
	DueExpiry     DeadlineKind = "expiry"             // the last day of the term; afterwards a person must record what happens
	DueNonRenewal DeadlineKind = "non_renewal_notice" // last day for the provider's notice (CC 947)
	DueNotice     DeadlineKind = "notice_end"         // earliest end by a notice given (CC 946, 948)
	DueHandover   DeadlineKind = "handover"           // CC 949
	DueEarlyMax   DeadlineKind = "early_stage_max"    // longest early-stage contract where a locality has one
	DueEmergency  DeadlineKind = "emergency_end"      // last day of an emergency service
)

// DeadlineState is what became of a deadline.
type DeadlineState string

// The states of a deadline. A missed one can still be done late.
const (
	DueOpen   DeadlineState = "open"
	DueDone   DeadlineState = "done"
	DueMissed DeadlineState = "missed"
	DueVoid   DeadlineState = "void" // its reason is gone
)

// Stage is a moment at which a deadline is spoken of.
type Stage string

// The stages.
const (
	StageAhead  Stage = "ahead"
	StageDue    Stage = "due"
	StageMissed Stage = "missed"
)

// Deadline is a day derived from a rule and a base day. It is stored with what it was derived from, so
// that it can be computed again when the holidays are published, and checked by anyone.
type Deadline struct {
	ID            id.ID         `db:"id" json:"id"`
	SubjectID     id.ID         `db:"subject_id" json:"subjectId" doc:"The contract, the notice or the arrangement it comes from"`
	ContractID    *id.ID        `db:"contract_id" json:"contractId,omitempty"`
	ServiceAreaID id.ID         `db:"service_area_id" json:"serviceAreaId"`
	ScopePath     string        `db:"scope_path" json:"-"`
	CompanyID     *id.ID        `db:"company_org_id" json:"companyId,omitempty"`
	Kind          DeadlineKind  `db:"kind" json:"kind" example:"renewal_180"`
	Count         int           `db:"count_of" json:"count" doc:"Length of the period; 0 for the base day itself"`
	Unit          calendar.Unit `db:"unit" json:"unit" enum:"calendar_days,working_days,months,years"`
	Back          bool          `db:"counted_back" json:"countedBack" doc:"Counted backward from the base day"`
	Basis         string        `db:"basis" json:"basis" doc:"The provision it rests on"`
	RuleHash      rules.Hash    `db:"rule_hash" json:"ruleHash" doc:"Hash of the rule file it was computed by"`
	CalendarHash  rules.Hash    `db:"calendar_hash" json:"calendarHash" doc:"Hash of the holiday file it was computed by"`
	BaseOn        clock.Date    `db:"base_on" json:"baseOn"`
	DueOn         clock.Date    `db:"due_on" json:"dueOn" doc:"Last day of the period"`
	ActBy         clock.Date    `db:"act_by" json:"actBy" doc:"Last working day on which the act is in time"`
	Provisional   bool          `db:"provisional" json:"provisional" doc:"It leans on a day whose holidays are not published yet"`
	Clause        *string       `db:"clause" json:"clause,omitempty" doc:"The clause of the contract that varies the period"`
	OverridePers  *id.ID        `db:"override_person_id" json:"clauseRecordedBy,omitempty" doc:"Who recorded the clause"`
	State         DeadlineState `db:"state" json:"state" enum:"open,done,missed,void"`
	SettledOn     *clock.Date   `db:"settled_on" json:"settledOn,omitempty" doc:"The day it was done or its reason went"`
	NextStage     *Stage        `db:"next_stage" json:"-"`
	NextOn        *clock.Date   `db:"next_on" json:"-"`
	CreatedAt     clock.Instant `db:"created_at" json:"-"`
	Version       int64         `db:"version" json:"-"`
}

// duty tells whether somebody must act by the day, so that it can be missed. The other kinds only say that
// a day has come.
func (k DeadlineKind) duty() bool {
	switch k {
	case DueFiling, DueExpiry, DueHandover, DueEarlyMax, DueEmergency:
		return true
	}
	return false
}

// staged is a stage with its day.
type staged struct {
	stage Stage
	on    clock.Date
}

// aheadDays is how long before the last working day a deadline is announced, by the length of its period:
// the platform's choice.
func (d Deadline) aheadDays() int {
	if d.Unit == calendar.CalendarDays && d.Count > 0 && d.Count < 30 {
		return 3
	}
	return 14
}

// stages are the days on which the deadline is spoken of. A renewal prompt is a reminder itself and has one.
func (d Deadline) stages() []staged {
	due := staged{StageDue, d.ActBy}
	switch {
	case d.Kind.duty():
		return []staged{{StageAhead, d.ActBy.AddDays(-d.aheadDays())}, due, {StageMissed, d.DueOn.AddDays(1)}}
	case d.Kind == DueNonRenewal || d.Kind == DueNotice:
		return []staged{{StageAhead, d.ActBy.AddDays(-d.aheadDays())}, due}
	}
	return []staged{due}
}

// wait sets the first stage after done as the next one; an empty done starts from the first.
func (d *Deadline) wait(done Stage) {
	all := d.stages()
	from := slices.IndexFunc(all, func(s staged) bool { return s.stage == done }) + 1
	d.NextStage, d.NextOn = nil, nil
	if from < len(all) {
		next := all[from]
		d.NextStage, d.NextOn = &next.stage, &next.on
	}
}

// reached is the last stage whose day has come, from the next one on; false when none has. Stages that were
// passed over while nothing ran are not told one after the other.
func (d Deadline) reached(today clock.Date) (staged, bool) {
	if d.NextStage == nil {
		return staged{}, false
	}
	all := d.stages()
	from := slices.IndexFunc(all, func(s staged) bool { return s.stage == *d.NextStage })
	var last staged
	ok := false
	for _, s := range all[max(from, 0):] {
		if s.on <= today {
			last, ok = s, true
		}
	}
	return last, ok
}

// compute derives the day from the rule. A count of 0 is the base day itself, with the working day on or
// before it to act by.
func (d *Deadline) compute(cal *calendar.Calendar) error {
	rule, base := calendar.Rule{Count: d.Count, Unit: d.Unit, Before: d.Back, Basis: d.Basis}, d.BaseOn
	if d.Count == 0 {
		rule.Count, rule.Unit, rule.Before, base = 1, calendar.CalendarDays, true, d.BaseOn.AddDays(1)
	}
	due, err := cal.Deadline(rule, base)
	if err != nil {
		return err
	}
	d.DueOn, d.ActBy, d.Provisional = due.Date, due.ActBy, due.Provisional
	return nil
}

// promptKind names a renewal prompt by its distance in days from the end of the term.
func promptKind(days int) DeadlineKind {
	switch {
	case days < 0:
		return DeadlineKind("renewal_" + strconv.Itoa(-days))
	case days > 0:
		return DeadlineKind("after_" + strconv.Itoa(days))
	}
	return DueExpiry
}

// promptBasis says what a renewal prompt rests on. Only the end of the term is anybody's rule.
func promptBasis(days int) string {
	if days == 0 {
		return "合同约定的期限"
	}
	return "平台提醒，不是法定期限"
}

// prompts are the deadlines around the end of a term, in the order of days. Of those up to the end whose day
// has passed only the last is kept: it is told at once, the older ones would only be noise.
func prompts(days []int, endsOn, today clock.Date) []Deadline {
	var out []Deadline
	for _, n := range days {
		d := Deadline{Kind: promptKind(n), Count: max(n, -n), Unit: calendar.CalendarDays, Back: n < 0, BaseOn: endsOn, Basis: promptBasis(n)}
		if n <= 0 && endsOn.AddDays(n) <= today {
			out = out[:0]
		}
		out = append(out, d)
	}
	return out
}

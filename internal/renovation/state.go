package renovation

import (
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
)

// State is the stage of a project.
type State string

// The stages, in their order; withdrawn is an end before the works.
const (
	Proposed   State = "proposed"
	Wishes     State = "wishes"     // residents are asked whether, what, how, and who looks after it later
	Planning   State = "plan"       // the plan is drawn up and shown
	Consent    State = "consent"    // the owners decide item by item
	Funded     State = "funded"     // the money is there
	Tendered   State = "tendered"   // the contractor is chosen
	Works      State = "works"      //
	Acceptance State = "acceptance" //
	Warranty   State = "warranty"   //
	Closed     State = "closed"     //
	Withdrawn  State = "withdrawn"  //
)

// stages is the way of every project.
var stages = []State{Proposed, Wishes, Planning, Consent, Funded, Tendered, Works, Acceptance, Warranty, Closed}

// next is the stage after s; none at the end.
func (s State) next() (State, bool) {
	i := slices.Index(stages, s)
	if i < 0 || i+1 == len(stages) {
		return "", false
	}
	return stages[i+1], true
}

// reached tells whether a project in s has come to stage or beyond it.
func (s State) reached(stage State) bool {
	return s != Withdrawn && slices.Index(stages, s) >= slices.Index(stages, stage)
}

// Step is something that people do to a project.
type Step string

// The steps.
const (
	StepPropose  Step = "propose"
	StepEdit     Step = "edit"
	StepAdvance  Step = "advance"
	StepWithdraw Step = "withdraw"
	StepAttach   Step = "attach"
	StepSurvey   Step = "link_survey"
	StepPlan     Step = "publish_plan"
	StepConsent  Step = "record_consent"
	StepFunding  Step = "add_funding"
	StepEntry    Step = "enter_amount"
	StepReverse  Step = "reverse_amount"
	StepAllocate Step = "allocate"

	StepTender    Step = "choose_contractor"
	StepEnd       Step = "end_contract"
	StepVolunteer Step = "volunteer"
	StepConfirm   Step = "confirm_supervisor"
	StepDismiss   Step = "end_supervisor"
	StepMilestone Step = "add_milestone"
	StepReach     Step = "reach_milestone"
	StepDelay     Step = "delay_milestone"
	StepMeasure   Step = "measure"
	StepFind      Step = "record_finding"
	StepDiary     Step = "write_diary"
	StepCheck     Step = "check_item"
	StepSign      Step = "sign_item"
	StepSpeak     Step = "speak"
	StepAnswer    Step = "answer_remark"
)

var (
	planned   = []State{Planning, Consent, Funded, Tendered, Works}
	preparing = []State{Proposed, Wishes, Planning, Consent, Funded, Tendered}
	funding   = []State{Planning, Consent, Funded, Tendered, Works, Acceptance, Warranty}
	alive     = []State{Proposed, Wishes, Planning, Consent, Funded, Tendered, Works, Acceptance, Warranty}
)

// steps says in which stages a step is possible. Advancing has conditions besides: see entry.
var steps = map[Step][]State{
	StepEdit:     preparing,
	StepAdvance:  alive,
	StepWithdraw: preparing,
	StepAttach:   alive,
	StepSurvey:   alive,
	StepPlan:     planned,
	StepConsent:  {Consent, Funded, Tendered, Works},
	StepFunding:  funding,
	StepEntry:    funding,
	StepReverse:  funding,
	StepAllocate: funding,

	StepTender:    {Funded, Tendered, Works, Acceptance}, // once there is a contractor, see vacant
	StepEnd:       {Tendered, Works, Acceptance},
	StepVolunteer: {Planning, Consent, Funded, Tendered, Works, Acceptance},
	StepConfirm:   {Planning, Consent, Funded, Tendered, Works, Acceptance},
	StepDismiss:   {Planning, Consent, Funded, Tendered, Works, Acceptance, Warranty},
	StepMilestone: {Tendered, Works},
	StepReach:     {Tendered, Works, Acceptance},
	StepDelay:     {Tendered, Works},
	StepMeasure:   {Works},
	StepFind:      {Works, Acceptance, Warranty},
	StepDiary:     {Works, Acceptance},
	StepCheck:     {Works, Acceptance},
	StepSign:      {Works, Acceptance},
	StepSpeak:     alive,
	StepAnswer:    alive,
}

// order is the order in which possible steps are listed.
var order = []Step{StepEdit, StepSurvey, StepPlan, StepConsent, StepFunding, StepEntry, StepReverse, StepAllocate,
	StepTender, StepEnd, StepVolunteer, StepConfirm, StepDismiss, StepMilestone, StepReach, StepDelay, StepMeasure, StepFind, StepDiary, StepCheck, StepSign,
	StepSpeak, StepAnswer, StepAttach, StepAdvance, StepWithdraw}

// Steps lists what is possible in a stage.
func Steps(s State) []Step {
	out := []Step{}
	for _, step := range order {
		if slices.Contains(steps[step], s) {
			out = append(out, step)
		}
	}
	return out
}

// allow refuses a step that is not possible in a stage: renovation.step_illegal (Conflict) lists those that are.
func allow(s State, step Step) error {
	if slices.Contains(steps[step], s) {
		return nil
	}
	names := []string{}
	for _, st := range Steps(s) {
		names = append(names, string(st))
	}
	return fault.New(fault.Conflict, "renovation.step_illegal", "state", string(s), "allowed", names)
}

// Condition is what must be there before a stage begins. Its name is a word of the catalogue.
type Condition string

// The conditions.
const (
	NeedInspection Condition = "need_inspection" // what is wrong was looked at and written down
	NeedWishes     Condition = "need_wishes"     // the survey of wishes is published, or a meeting's record is there
	NeedPlan       Condition = "need_plan"       // a plan is published
	NeedConsent    Condition = "need_consent"    // the owners decided on every item that needs it, as it is now
	NeedFunding    Condition = "need_funding"    // what the plan costs is approved
	NeedDivision   Condition = "need_division"   // the owners' money is divided among them, and they can see it

	NeedContractor  Condition = "need_contractor"        // the result of the tender is recorded
	NeedSupervisors Condition = "need_supervisors"       // residents look after the works
	NeedMilestones  Condition = "need_milestones"        // there are days by which to tell whether it is late
	NeedUtility     Condition = "need_utility"           // who takes a line over is named, while the plan can still name it
	NeedProgress    Condition = "need_progress"          // everything planned is built
	NeedOrders      Condition = "need_orders"            // what was found is put right
	NeedChecks      Condition = "need_checks"            // everything was looked at and nothing is wrong
	NeedSignatures  Condition = "need_signatures"        // office, contractor and residents' representatives signed
	NeedTakeover    Condition = "need_takeover"          // utilities have taken their lines over
	NeedWarranty    Condition = "need_warranty_over"     // the warranty has run out
	NeedResults     Condition = "need_completion_survey" // residents were asked at completion
	NeedYear        Condition = "need_year_survey"       // and again a year later
	NeedManagement  Condition = "need_management"        // somebody looks after every service area for good
	NeedBooks       Condition = "need_books"             // everything received is paid or returned
)

// requirement is a condition with how it is told from the facts.
type requirement struct {
	condition Condition
	met       func(f *facts) bool
}

// entry is what must be there before each stage begins. What a stage asked for is asked again by those after it, up to the works:
// a plan can change meanwhile.
var entry = map[State][]requirement{
	Wishes:   {{NeedInspection, func(f *facts) bool { return len(f.project.Inspections) > 0 }}},
	Planning: {{NeedWishes, func(f *facts) bool { return f.asked(f.project.WishesRound, f.project.WishesDocument) }}},
	Consent:  {{NeedPlan, hasPlan}},
	Funded:   secured,
	Tendered: append(slices.Clone(secured), requirement{NeedContractor, hasContractor}),
	Works: append(slices.Clone(secured), requirement{NeedContractor, hasContractor},
		requirement{NeedSupervisors, func(f *facts) bool { return f.supervisors >= f.law.Supervisors }},
		requirement{NeedMilestones, func(f *facts) bool { return f.milestones > 0 }}),
	Acceptance: {{NeedPlan, hasPlan}, {NeedConsent, consented}, {NeedContractor, hasContractor}, {NeedUtility, func(f *facts) bool {
		return f.every(func(it Item, _ accepting) bool { return !it.Takeover || it.UtilityID != nil })
	}}, {NeedOrders, mended}, {NeedProgress, func(f *facts) bool {
		return f.every(func(it Item, _ accepting) bool { return it.DoneQuantity == it.Quantity })
	}}},
	Warranty: {{NeedConsent, consented}, {NeedContractor, hasContractor}, {NeedOrders, mended}, {NeedProgress, func(f *facts) bool {
		return f.every(func(it Item, _ accepting) bool { return it.DoneQuantity == it.Quantity })
	}}, {NeedChecks, func(f *facts) bool {
		return f.every(func(_ Item, a accepting) bool { return a.checked() })
	}}, {NeedSignatures, func(f *facts) bool {
		return f.every(func(it Item, a accepting) bool { return a.signed(it, f.law.Representatives) })
	}}, {NeedTakeover, func(f *facts) bool {
		return f.every(func(it Item, a accepting) bool { return a.takenOver(it) })
	}}},
	Closed: {{NeedOrders, mended},
		{NeedWarranty, func(f *facts) bool { return f.project.WarrantyUntil != nil && f.today > *f.project.WarrantyUntil }},
		{NeedResults, func(f *facts) bool { return f.asked(f.project.CompletionRound, f.project.CompletionDocument) }},
		{NeedYear, func(f *facts) bool { return f.asked(f.project.YearRound, f.project.YearDocument) }},
		{NeedManagement, func(f *facts) bool { return f.managed }},
		{NeedBooks, func(f *facts) bool { return settled(f.lines) }}},
}

func hasContractor(f *facts) bool { return f.project.ContractorID != nil }

func mended(f *facts) bool { return f.openOrders == 0 }

// secured is asked from the money on until the works begin.
var secured = []requirement{{NeedPlan, hasPlan}, {NeedConsent, consented}, {NeedFunding, covered}, {NeedDivision, divided}}

func covered(f *facts) bool {
	all, _ := sumLines(f.lines)
	return all.ApprovedFen >= f.project.BudgetFen
}

func divided(f *facts) bool {
	return !slices.ContainsFunc(f.lines, func(l Line) bool { return !l.divided() })
}

func hasPlan(f *facts) bool { return f.project.PlanNumber > 0 && len(f.items) > 0 }

func consented(f *facts) bool { return len(f.unconsented()) == 0 }

// asked lists what a stage asks for.
func asked(stage State) []string {
	out := []string{}
	for _, r := range entry[stage] {
		out = append(out, string(r.condition))
	}
	return out
}

// missing lists what a stage still lacks; none where it may begin.
func missing(f *facts, stage State) []string {
	out := []string{}
	for _, r := range entry[stage] {
		if !r.met(f) {
			out = append(out, string(r.condition))
		}
	}
	return out
}

package contract

import (
	"slices"

	"github.com/redproperty/redproperty/internal/fault"
)

// Step is something that people do to a contract.
type Step string

// The steps.
const (
	StepReplace  Step = "replace"
	StepDecision Step = "record_decision"
	StepSign     Step = "sign"
	StepWithdraw Step = "withdraw"
	StepConfirm  Step = "confirm_start"
	StepEnforce  Step = "bring_into_force"
	StepAttach   Step = "attach"
	StepFile     Step = "file"
	StepPeriod   Step = "set_period"
	StepNotice   Step = "notice"
	StepRenew    Step = "renew" // by another contract with the same company that takes effect
	StepContinue Step = "record_continuation"
	StepEnd      Step = "terminate"
	StepDeliver  Step = "deliver"
	StepWithhold Step = "withhold"
	StepReceive  Step = "receive"
	StepTakeOver Step = "take_over"
)

// row is one step: from which states it is possible, and which states it can lead to; none keeps the state.
type row struct {
	step Step
	from []State
	to   []State
}

var live = []State{Signed, InForce, Indefinite, Terminated, Handover}

// table is the whole life of a contract. Nothing here happens by itself.
var table = []row{
	{StepReplace, []State{Draft}, nil},
	{StepDecision, []State{Draft}, nil},
	{StepSign, []State{Draft}, []State{Draft, Signed}},
	{StepWithdraw, []State{Draft, Signed}, []State{Closed}},
	{StepConfirm, []State{Signed}, []State{Signed, InForce}},
	{StepEnforce, []State{Signed}, []State{InForce}},
	{StepAttach, append([]State{Draft}, live...), nil},
	{StepFile, append([]State{Renewed}, live...), nil},
	{StepPeriod, live, nil},
	{StepNotice, []State{InForce, Indefinite}, nil},
	{StepRenew, []State{InForce, Indefinite}, []State{Renewed}},
	{StepContinue, []State{InForce}, []State{Indefinite}},
	{StepEnd, []State{InForce, Indefinite}, []State{Terminated}},
	{StepDeliver, []State{Terminated, Handover}, []State{Handover}},
	{StepWithhold, []State{Terminated, Handover}, []State{Handover}},
	{StepReceive, []State{Handover}, []State{Handover}},
	{StepTakeOver, []State{Terminated, Handover}, []State{Closed}},
}

// Steps lists what is possible in a state, in the order of the table.
func Steps(s State) []Step {
	out := []Step{}
	for _, r := range table {
		if slices.Contains(r.from, s) {
			out = append(out, r.step)
		}
	}
	return out
}

// allow refuses a step that is not possible in a state: contract.step_illegal (Conflict) lists those that are.
func allow(s State, step Step) error {
	steps := Steps(s)
	if slices.Contains(steps, step) {
		return nil
	}
	names := make([]string, len(steps))
	for i, st := range steps {
		names[i] = string(st)
	}
	return fault.New(fault.Conflict, "contract.step_illegal", "state", string(s), "allowed", names)
}

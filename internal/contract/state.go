package contract

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
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

// row is one step: which permission it needs, from which states it is possible, and which states it can lead
// to; none keeps the state.
type row struct {
	step Step
	perm authz.Permission
	from []State
	to   []State
}

var live = []State{Signed, InForce, Indefinite, Terminated, Handover}

// table is the whole life of a contract. Nothing here happens by itself; renewal alone has no permission, being
// the other side of another contract that takes effect.
var table = []row{
	{StepReplace, authz.ContractDraft, []State{Draft}, nil},
	{StepDecision, authz.ContractSign, []State{Draft}, nil},
	{StepSign, authz.ContractSign, []State{Draft}, []State{Draft, Signed}},
	{StepWithdraw, authz.ContractDraft, []State{Draft, Signed}, []State{Closed}},
	{StepConfirm, authz.ContractSign, []State{Signed}, []State{Signed, InForce}},
	{StepEnforce, authz.ArrangementSet, []State{Signed}, []State{InForce}},
	{StepAttach, authz.ContractNotice, append([]State{Draft}, live...), nil},
	{StepFile, authz.ContractFile, append([]State{Renewed}, live...), nil},
	{StepPeriod, authz.ContractFile, live, nil},
	{StepNotice, authz.ContractNotice, []State{InForce, Indefinite}, nil},
	{StepRenew, "", []State{InForce, Indefinite}, []State{Renewed}},
	{StepContinue, authz.ArrangementSet, []State{InForce}, []State{Indefinite}},
	{StepEnd, authz.ContractNotice, []State{InForce, Indefinite}, []State{Terminated}},
	{StepDeliver, authz.ContractHandover, []State{Terminated, Handover}, []State{Handover}},
	{StepWithhold, authz.ContractHandover, []State{Terminated, Handover}, []State{Handover}},
	{StepReceive, authz.ContractHandover, []State{Handover}, []State{Handover}},
	{StepTakeOver, authz.ContractHandover, []State{Terminated, Handover}, []State{Closed}},
}

func rowOf(step Step) row {
	return table[slices.IndexFunc(table, func(r row) bool { return r.step == step })]
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

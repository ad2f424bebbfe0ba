package renovation

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// PlanItem is an item as a plan has it. Quantities are in hundredths of the item's unit.
type PlanItem struct {
	Key          string      `json:"key" pattern:"^[a-z0-9_-]{1,40}$" doc:"Names the item over all versions of the plan"`
	Code         string      `json:"code" minLength:"1" maxLength:"40" doc:"Of the dictionary: roof, lift, parking"`
	Title        string      `json:"title" minLength:"2" maxLength:"100"`
	Detail       string      `json:"detail,omitempty" maxLength:"2000" doc:"What is done, with what, to what standard"`
	Parts        []Part      `json:"parts" doc:"The buildings or entrances it is done to, and whose owners decide; empty for the whole project"`
	Quantity     int64       `json:"quantity" minimum:"1" maximum:"100000000000" doc:"In hundredths of the item's unit"`
	BudgetFen    int64       `json:"budgetFen" minimum:"0" maximum:"1000000000000"`
	UtilityID    *id.ID      `json:"utilityId,omitempty" doc:"The utility that takes the line over, of an item that has one"`
	PlannedFrom  *clock.Date `json:"plannedFrom,omitempty"`
	PlannedUntil *clock.Date `json:"plannedUntil,omitempty"`
}

// Item is an item of the plan in force with what has become of it.
type Item struct {
	ID           id.ID       `db:"id" json:"id"`
	ProjectID    id.ID       `db:"renovation_id" json:"-"`
	Key          string      `db:"item_key" json:"key"`
	Code         string      `db:"code" json:"code"`
	Class        string      `db:"class" json:"class" doc:"基础类, 完善类, 提升类 or a class of the locality"`
	Title        string      `db:"title" json:"title"`
	Detail       string      `db:"detail" json:"detail,omitempty"`
	PartsText    string      `db:"parts" json:"-"`
	Unit         string      `db:"unit" json:"unit" enum:"m,m2,set,place"`
	Quantity     int64       `db:"quantity" json:"quantity" doc:"In hundredths of the unit"`
	BudgetFen    int64       `db:"budget_fen" json:"budgetFen"`
	DecisionItem int64       `db:"decision_item" json:"decisionItem" doc:"Item of Civil Code 278 that the owners decide it under; 0 where they need not"`
	ShareNum     int64       `db:"share_num" json:"shareNum,omitempty" doc:"A higher share of who took part than the law asks, as a fraction; absent without one"`
	ShareDen     int64       `db:"share_den" json:"shareDen,omitempty"`
	Takeover     bool        `db:"takeover" json:"takeover" doc:"A utility takes the line over"`
	UtilityID    *id.ID      `db:"utility_org_id" json:"utilityId,omitempty" doc:"Which"`
	PlannedFrom  *clock.Date `db:"planned_from" json:"plannedFrom,omitempty"`
	PlannedUntil *clock.Date `db:"planned_until" json:"plannedUntil,omitempty"`
	State        ItemState   `db:"state" json:"state" enum:"planned,dropped"`
	DoneQuantity int64       `db:"done_quantity" json:"doneQuantity" doc:"Measured so far, in hundredths of the unit"`
	ContentHash  blob.Hash   `db:"content_hash" json:"contentHash" doc:"Of what the owners decide on, the cost apart"`
	PlanNumber   int64       `db:"plan_number" json:"planNumber" doc:"The version of the plan that last changed it"`
	AcceptedOn   *clock.Date `db:"accepted_on" json:"acceptedOn,omitempty"`
	Order        int64       `db:"order_no" json:"-"`

	Parts []Part `db:"-" json:"parts"`
}

// ItemState tells whether an item is still part of the plan.
type ItemState string

// The states of an item.
const (
	ItemPlanned ItemState = "planned"
	ItemDropped ItemState = "dropped"
)

// mostItems bounds a plan.
const mostItems = 100

// hash is what an owners' decision on the item is bound to: everything but the cost and the days, which have rules of their own.
func (i PlanItem) hash() blob.Hash {
	body, err := json.Marshal([]any{"redproperty renovation item 1", i.Code, i.Title, i.Detail, i.Parts, i.Quantity})
	if err != nil {
		panic(fmt.Sprintf("renovation: item: %v", err)) // texts, numbers and identifiers always marshal
	}
	return sha256.Sum256(body)
}

var itemKey = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)

// planner knows what a place may plan.
type planner struct {
	rules *rules.RenovationRules
	place Place
	parts []Part // of the project

	utilities []id.ID // of those that the plan names, the ones that are utilities
}

// clean checks the items of a plan and brings them into their one form. Faults: input.invalid with renovation.items,
// renovation.item_key, rules.renovation_item_unknown, renovation.part, renovation.days.
func (pl planner) clean(items []PlanItem) ([]PlanItem, error) {
	if len(items) == 0 || len(items) > mostItems {
		return nil, fault.InvalidField("body.items", "renovation.items", "most", mostItems)
	}
	out, seen := make([]PlanItem, len(items)), map[string]bool{}
	for n, it := range items {
		at := fmt.Sprintf("body.items[%d]", n)
		if !itemKey.MatchString(it.Key) || seen[it.Key] {
			return nil, fault.InvalidField(at+".key", "renovation.item_key")
		}
		seen[it.Key] = true
		var err error
		if out[n], err = pl.cleanItem(at, it); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (pl planner) cleanItem(at string, it PlanItem) (PlanItem, error) {
	kind, err := pl.rules.Item(it.Code, pl.place.Division)
	if err != nil {
		return it, fault.InvalidField(at+".code", "rules.renovation_item_unknown")
	}
	if it.UtilityID != nil && (!kind.Takeover || !slices.Contains(pl.utilities, *it.UtilityID)) {
		return it, fault.InvalidField(at+".utilityId", "renovation.utility")
	}
	if it.Title, err = text.Line(at+".title", it.Title, 2, 100); err != nil {
		return it, err
	}
	if it.Detail, err = text.Paragraph(at+".detail", it.Detail, 0, 2000); err != nil {
		return it, err
	}
	if it.Quantity < 1 || it.BudgetFen < 0 || it.BudgetFen > maxFen {
		return it, fault.InvalidField(at+".quantity", "renovation.amount")
	}
	if it.Parts, err = pl.place.cleanParts(at+".parts", it.Parts); err != nil {
		return it, err
	}
	if len(it.Parts) == 0 {
		it.Parts = pl.parts
	}
	if !within(it.Parts, pl.parts) {
		return it, fault.InvalidField(at+".parts", "renovation.part")
	}
	if (it.PlannedFrom == nil) != (it.PlannedUntil == nil) || it.PlannedFrom != nil && *it.PlannedUntil < *it.PlannedFrom {
		return it, fault.InvalidField(at+".plannedUntil", "renovation.days")
	}
	return it, nil
}

// item makes the row of a plan's item.
func (pl planner) item(project id.ID, it PlanItem, number, order int64) Item {
	kind, err := pl.rules.Item(it.Code, pl.place.Division)
	if err != nil {
		panic("renovation: an item that was not checked") // clean has found it
	}
	num, den := pl.rules.Locality(pl.place.Division).Share(it.Code)
	return Item{ID: id.New(), ProjectID: project, Key: it.Key, Code: it.Code, Class: kind.Class, Title: it.Title, Detail: it.Detail, Parts: it.Parts, Unit: kind.Unit,
		Quantity: it.Quantity, BudgetFen: it.BudgetFen, DecisionItem: kind.Decision, ShareNum: num, ShareDen: den, Takeover: kind.Takeover, UtilityID: it.UtilityID,
		PlannedFrom: it.PlannedFrom, PlannedUntil: it.PlannedUntil, State: ItemPlanned, ContentHash: it.hash(), PlanNumber: number, Order: order}
}

// Change is what a version of the plan did to an item.
type Change struct {
	Key          string     `json:"key"`
	Title        string     `json:"title"`
	Kind         ChangeKind `json:"kind" enum:"added,removed,changed"`
	Fields       []string   `json:"fields" doc:"What changed: code, title, detail, parts, quantity, budgetFen, utilityId, days"`
	BudgetBefore int64      `json:"budgetBefore"`
	BudgetAfter  int64      `json:"budgetAfter"`
}

// ChangeKind is how an item changed.
type ChangeKind string

// The kinds of change.
const (
	ItemAdded   ChangeKind = "added"
	ItemRemoved ChangeKind = "removed"
	ItemChanged ChangeKind = "changed"
)

// Diff tells what became of the items between two versions of a plan, in the order of the later one; what was removed comes last.
func Diff(before, after []PlanItem) []Change {
	out := []Change{}
	find := func(list []PlanItem, key string) (PlanItem, bool) {
		i := slices.IndexFunc(list, func(it PlanItem) bool { return it.Key == key })
		if i < 0 {
			return PlanItem{}, false
		}
		return list[i], true
	}
	for _, now := range after {
		was, known := find(before, now.Key)
		switch fields := changedFields(was, now); {
		case !known:
			out = append(out, Change{now.Key, now.Title, ItemAdded, []string{}, 0, now.BudgetFen})
		case len(fields) > 0:
			out = append(out, Change{now.Key, now.Title, ItemChanged, fields, was.BudgetFen, now.BudgetFen})
		}
	}
	for _, was := range before {
		if _, stays := find(after, was.Key); !stays {
			out = append(out, Change{was.Key, was.Title, ItemRemoved, []string{}, was.BudgetFen, 0})
		}
	}
	return out
}

func changedFields(a, b PlanItem) []string {
	fields := []string{}
	for _, f := range []struct {
		name string
		same bool
	}{
		{"code", a.Code == b.Code}, {"title", a.Title == b.Title}, {"detail", a.Detail == b.Detail}, {"parts", slices.Equal(a.Parts, b.Parts)},
		{"quantity", a.Quantity == b.Quantity}, {"budgetFen", a.BudgetFen == b.BudgetFen}, {"utilityId", id.OrNil(a.UtilityID) == id.OrNil(b.UtilityID)}, {"days", sameDay(a.PlannedFrom, b.PlannedFrom) && sameDay(a.PlannedUntil, b.PlannedUntil)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

func sameDay(a, b *clock.Date) bool {
	return (a == nil) == (b == nil) && (a == nil || cmp.Compare(*a, *b) == 0)
}

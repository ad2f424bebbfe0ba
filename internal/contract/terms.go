package contract

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// Item is a service that the company owes.
type Item struct {
	Name     string `db:"name" json:"name" minLength:"1" maxLength:"100" doc:"The service: cleaning of stairs, lifts, greening"`
	Standard string `db:"standard" json:"standard" minLength:"1" maxLength:"1000" doc:"How well and how often"`
}

// Subcontract hands one service item to a specialised firm. All of the service may not be handed on, whole
// or carved up (CC 941).
type Subcontract struct {
	Item       int    `db:"item_no" json:"item" minimum:"1" maximum:"200" doc:"Number of the service item, from 1"`
	Contractor string `db:"contractor" json:"contractor" minLength:"1" maxLength:"100" doc:"Name of the firm"`
}

// Period is a clause that varies a period of the law or the locality.
type Period struct {
	Param  rules.Param   `db:"param" json:"param" enum:"owners_termination_notice,provider_unwilling_notice,indefinite_end_notice,handover"`
	Count  int           `db:"count_of" json:"count" minimum:"1" maximum:"3650"`
	Unit   calendar.Unit `db:"unit" json:"unit" enum:"calendar_days,working_days,months"`
	Clause string        `db:"clause" json:"clause" minLength:"1" maxLength:"200" doc:"The clause of the contract that says so"`
	Person *id.ID        `db:"person_id" json:"recordedBy,omitempty" readOnly:"true" doc:"Who recorded the clause"`
}

// Terms are what the parties agree.
type Terms struct {
	Number       string        `json:"number" minLength:"1" maxLength:"60" doc:"The number on the paper; one per service area"`
	Kind         Kind          `json:"kind" enum:"early_stage,ordinary"`
	OwnersID     *id.ID        `json:"ownersId,omitempty" doc:"The owners' side: their committee, or the developer of an early-stage contract"`
	FeeMethod    FeeMethod     `json:"feeMethod" enum:"lump_sum,commission,trust" doc:"包干, 酬金, 信托"`
	StartsOn     clock.Date    `json:"startsOn"`
	EndsOn       *clock.Date   `json:"endsOn,omitempty" doc:"Last day of the term"`
	Fees         []Fee         `json:"fees" required:"false" maxItems:"4" doc:"One standard per kind of unit"`
	Items        []Item        `json:"items" required:"false" maxItems:"200"`
	SLA          []SLARow      `json:"sla" required:"false" maxItems:"400" doc:"Promised times by category and severity"`
	Bands        []Band        `json:"bands" required:"false" maxItems:"20" doc:"Fee linkage: bands from 0 to 10001 in order, each beginning where the one before ends; empty without a linkage clause"`
	Promises     []string      `json:"promises" required:"false" maxItems:"50" doc:"What the company promised in public; part of the contract by law (Civil Code 938)"`
	Subcontracts []Subcontract `json:"subcontracts" required:"false" maxItems:"200"`
	Periods      []Period      `json:"periods" required:"false" maxItems:"4" doc:"Clauses that vary the periods of the law"`
}

// variable are the periods that a contract may vary, and whether it may only lengthen them: the notice that
// ends a contract of indefinite term is the law's without exception (CC 948).
var variable = map[rules.Param]bool{
	rules.OwnersTerminationNotice: false, rules.ProviderUnwillingNotice: false, rules.Handover: false, rules.IndefiniteEndNotice: true,
}

// clean normalises the terms and checks them. Every wrong field is in the one fault input.invalid;
// contract.whole_subcontract (Conflict) when nothing would be left for the company to do itself (CC 941).
func (t Terms) clean(dict *rules.Dictionary, place *rules.Locality) (Terms, error) {
	var c fault.Collect
	line := func(path string, s *string, least, most int, lines bool) {
		clean := text.Line
		if lines {
			clean = text.Paragraph
		}
		v, err := clean("body."+path, *s, least, most)
		if err != nil {
			f := fault.Of(err)
			c.Add(f.Fields[0].Path, f.Fields[0].Code, "least", least, "most", most)
		}
		*s = v
	}
	t = t.copied()
	line("number", &t.Number, 1, 60, false)
	t.checkHead(&c)
	for i := range t.Fees {
		line(fmt.Sprintf("fees[%d].basis", i), &t.Fees[i].Basis, 0, 200, false)
	}
	for i := range t.Items {
		line(fmt.Sprintf("items[%d].name", i), &t.Items[i].Name, 1, 100, false)
		line(fmt.Sprintf("items[%d].standard", i), &t.Items[i].Standard, 1, 1000, true)
	}
	for i := range t.Promises {
		line(fmt.Sprintf("promises[%d]", i), &t.Promises[i], 1, 500, true)
	}
	for i := range t.Subcontracts {
		line(fmt.Sprintf("subcontracts[%d].contractor", i), &t.Subcontracts[i].Contractor, 1, 100, false)
	}
	for i := range t.Periods {
		line(fmt.Sprintf("periods[%d].clause", i), &t.Periods[i].Clause, 1, 200, false)
		t.Periods[i].check(&c, fmt.Sprintf("body.periods[%d]", i), place)
	}
	t.checkFees(&c)
	t.checkSLA(&c, dict)
	checkBands(&c, t.Bands)
	t.checkLists(&c)
	if err := c.Err(); err != nil {
		return t, err
	}
	return t, t.checkSubcontracts()
}

// copied has lists of its own, none of them nil, so that equal terms have equal hashes.
func (t Terms) copied() Terms {
	t.Fees, t.Items, t.SLA, t.Bands = own(t.Fees), own(t.Items), own(t.SLA), own(t.Bands)
	t.Promises, t.Subcontracts, t.Periods = own(t.Promises), own(t.Subcontracts), own(t.Periods)
	for i := range t.Periods {
		t.Periods[i].Person = nil
	}
	return t
}

func own[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

func (t Terms) checkHead(c *fault.Collect) {
	want := func(path, code string, ok bool) {
		if !ok {
			c.Add("body."+path, code)
		}
	}
	want("kind", "contract.kind", t.Kind == EarlyStage || t.Kind == Ordinary)
	want("feeMethod", "contract.fee_method", t.FeeMethod == LumpSum || t.FeeMethod == Commission || t.FeeMethod == Trust)
	want("startsOn", "contract.term", realDay(t.StartsOn))
	want("endsOn", "contract.term", t.EndsOn == nil || (realDay(*t.EndsOn) && *t.EndsOn >= t.StartsOn))
}

func realDay(d clock.Date) bool {
	_, err := clock.ParseDate(string(d))
	return err == nil
}

func (t Terms) checkFees(c *fault.Collect) {
	seen := map[string]bool{}
	for i, f := range t.Fees {
		kinds := []string{"residential", "commercial", "parking", "other"}
		if !slices.Contains(kinds, f.UnitKind) || seen[f.UnitKind] || f.Fen < 0 || (f.Per != PerArea && f.Per != PerUnit) {
			c.Add(fmt.Sprintf("body.fees[%d]", i), "contract.fee")
		}
		seen[f.UnitKind] = true
	}
}

func (t Terms) checkSLA(c *fault.Collect, dict *rules.Dictionary) {
	seen := map[string]bool{}
	for i, r := range t.SLA {
		path, key := fmt.Sprintf("body.sla[%d]", i), r.Category+"/"+r.Severity
		if !knownCategory(dict, r.Category) {
			c.Add(path+".category", "contract.category")
		}
		if r.Severity != "" && !slices.Contains(rules.Severities(), rules.Severity(r.Severity)) {
			c.Add(path+".severity", "contract.severity")
		}
		if seen[key] {
			c.Add(path, "contract.sla_twice")
		}
		if seen[key] = true; !r.sensible() {
			c.Add(path, "contract.sla_times")
		}
	}
}

// knownCategory accepts categories and groups; the empty code stands for all.
func knownCategory(dict *rules.Dictionary, code string) bool {
	if code == "" {
		return true
	}
	if _, err := dict.Find(code); err == nil {
		return true
	}
	return slices.ContainsFunc(dict.Groups(), func(g rules.Group) bool { return g.Code == code })
}

// sensible wants a known clock, at least one promise, and no later stage before an earlier one.
func (r SLARow) sensible() bool {
	last, any := int64(0), false
	for _, m := range []int64{r.AcceptMin, r.ArriveMin, r.FixMin} {
		if m < 0 || (m > 0 && m < last) {
			return false
		}
		if last = max(last, m); m > 0 {
			any = true
		}
	}
	controlled := r.ControlMin >= 0 && (r.ControlMin == 0 || (r.ControlMin >= r.AcceptMin && (r.FixMin == 0 || r.ControlMin <= r.FixMin)))
	return (any || r.ControlMin > 0) && controlled && (r.Clock == string(calendar.Natural) || r.Clock == string(calendar.Working))
}

func (t Terms) checkLists(c *fault.Collect) {
	for i, s := range t.Subcontracts {
		if s.Item < 1 || s.Item > len(t.Items) || slices.Contains(t.Subcontracts[:i], s) {
			c.Add(fmt.Sprintf("body.subcontracts[%d].item", i), "contract.subcontract_item")
		}
	}
	for i, p := range t.Periods {
		if slices.ContainsFunc(t.Periods[:i], func(q Period) bool { return q.Param == p.Param }) {
			c.Add(fmt.Sprintf("body.periods[%d].param", i), "contract.period_twice")
		}
	}
	for _, l := range []struct {
		name       string
		have, most int
	}{{"items", len(t.Items), 200}, {"sla", len(t.SLA), 400}, {"promises", len(t.Promises), 50}, {"subcontracts", len(t.Subcontracts), 200}} {
		if l.have > l.most {
			c.Add("body."+l.name, "field.max_items", "expected", l.most)
		}
	}
}

// checkSubcontracts refuses to hand on the whole service, at once or in parts (CC 941).
func (t Terms) checkSubcontracts() error {
	handed := map[int]bool{}
	for _, s := range t.Subcontracts {
		handed[s.Item] = true
	}
	if len(handed) > 0 && len(handed) == len(t.Items) {
		return fault.New(fault.Conflict, "contract.whole_subcontract")
	}
	return nil
}

// rule is the clause's period as the calendar counts it, before or after its base day as the law counts.
func (p Period) rule(before bool) calendar.Rule {
	return calendar.Rule{Count: p.Count, Unit: p.Unit, Before: before, Basis: p.Clause}
}

func (p Period) check(c *fault.Collect, path string, place *rules.Locality) {
	longerOnly, known := variable[p.Param]
	if !known {
		c.Add(path+".param", "contract.period_fixed")
		return
	}
	if p.rule(false).Check() != nil || p.Unit == calendar.Years {
		c.Add(path+".count", "contract.period")
		return
	}
	law, ok := place.Period(p.Param)
	if longerOnly && ok && (p.Unit != law.Unit || p.Count < law.Count) {
		c.Add(path+".count", "contract.period_shorter", "least", law.Count)
	}
}

// complete refuses terms that lack what a written contract must have (CC 938): contract.incomplete (Conflict).
func (t Terms) complete() error {
	var lacking []string
	if len(t.Fees) == 0 {
		lacking = append(lacking, "fees")
	}
	if len(t.Items) == 0 {
		lacking = append(lacking, "items")
	}
	if t.EndsOn == nil {
		lacking = append(lacking, "endsOn")
	}
	if len(lacking) > 0 {
		return fault.New(fault.Conflict, "contract.incomplete", "lacking", lacking)
	}
	return nil
}

// hash is what a signature is for: the place, the company and the terms in one fixed form.
func (t Terms) hash(serviceArea, company id.ID) [sha256.Size]byte {
	body, _ := json.Marshal(struct {
		ServiceArea, Company id.ID
		Terms                Terms
	}{serviceArea, company, t.copied()}) // numbers, texts and identifiers always marshal
	return sha256.Sum256(body)
}

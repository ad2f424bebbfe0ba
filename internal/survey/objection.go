package survey

import (
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// ObjectionState is how far an objection to a score is. From filed on it is public and in the ledger; what it says is not.
type ObjectionState string

// The states of an objection.
const (
	Gathering ObjectionState = "gathering" // households are joining; the rated company does not see it
	Filed     ObjectionState = "filed"
	Upheld    ObjectionState = "upheld" // the score is audited
	Dismissed ObjectionState = "dismissed"
	Withdrawn ObjectionState = "withdrawn"
)

// objectionTopics are the topics under which people are told that an objection came into a state.
var objectionTopics = map[ObjectionState]string{
	Filed:     "survey.objection_filed",
	Upheld:    "survey.objection_upheld",
	Dismissed: "survey.objection_dismissed",
	Withdrawn: "survey.objection_withdrawn",
}

// Objector is which party objects.
type Objector string

// The parties.
const (
	ByCompany    Objector = "company"
	ByCommittee  Objector = "committee"
	ByHouseholds Objector = "households" // as many as the rule wants, together
)

// Objection is one party's objection to the score of a service area in one revision.
type Objection struct {
	ID            id.ID          `db:"id" json:"id"`
	RoundID       id.ID          `db:"round_id" json:"roundId"`
	Number        int64          `db:"number" json:"number,omitempty" doc:"From 1 within the round; absent until it is filed"`
	ServiceAreaID id.ID          `db:"service_area_id" json:"serviceAreaId"`
	ScopePath     string         `db:"scope_path" json:"-"`
	Revision      int64          `db:"revision" json:"revision" doc:"Of the score that it is about"`
	By            Objector       `db:"by_kind" json:"by" enum:"company,committee,households"`
	PartyID       id.ID          `db:"party_id" json:"-"` // the organisation; zero for households, who have one together
	State         ObjectionState `db:"state" json:"state" enum:"gathering,filed,upheld,dismissed,withdrawn"`
	Content       string         `db:"content" json:"content,omitempty" doc:"For the parties concerned alone; other parties read it without personal data"`
	Joined        int64          `db:"joined" json:"joined,omitempty" doc:"Households that have joined, while they are gathering; who they are is shown to nobody"`
	BegunBy       id.ID          `db:"begun_by" json:"-"`
	BegunRole     string         `db:"begun_role" json:"-"`
	BegunAt       clock.Instant  `db:"begun_at" json:"-"`
	FiledAt       *clock.Instant `db:"filed_at" json:"filedAt,omitempty"`
	DecideUntil   *clock.Instant `db:"decide_until" json:"decideUntil,omitempty"`
	DecidedAt     *clock.Instant `db:"decided_at" json:"decidedAt,omitempty" doc:"Or withdrawn"`
	DecidedBy     *id.ID         `db:"decided_by" json:"-"`
	DecidedRole   string         `db:"decided_role" json:"-"`
	Reasons       string         `db:"reasons" json:"reasons,omitempty" doc:"Of the decision; for the parties concerned"`
	Version       int64          `db:"version" json:"version"`
}

// ObjectionStatus is what everybody may know of an objection.
type ObjectionStatus struct {
	Number      int64          `json:"number"`
	ServiceArea string         `json:"serviceArea" doc:"By its name"`
	Revision    int64          `json:"revision" doc:"Of the score that it is about"`
	By          Objector       `json:"by" enum:"company,committee,households"`
	State       ObjectionState `json:"state" enum:"filed,upheld,dismissed,withdrawn"`
	FiledOn     clock.Date     `json:"filedOn"`
	DecideUntil clock.Date     `json:"decideUntil" doc:"The first day on which the decision is late"`
	DecidedOn   clock.Date     `json:"decidedOn,omitempty"`
	Late        bool           `json:"late" doc:"It was not decided in time"`
}

// status is what is public of a filed objection.
func (o Objection) status(serviceArea string, now clock.Instant) ObjectionStatus {
	out := ObjectionStatus{Number: o.Number, ServiceArea: serviceArea, Revision: o.Revision, By: o.By, State: o.State,
		FiledOn: clock.DateOf(o.FiledAt.Time()), DecideUntil: clock.DateOf(o.DecideUntil.Time()), Late: now >= *o.DecideUntil}
	if o.DecidedAt != nil {
		out.DecidedOn, out.Late = clock.DateOf(o.DecidedAt.Time()), *o.DecidedAt >= *o.DecideUntil
	}
	return out
}

// leaf tells the ledger how far an objection is.
func (o Objection) leaf(at clock.Instant) ballot.Objection {
	return ballot.Objection{Round: o.RoundID, Number: int(o.Number), By: string(o.By), Status: string(o.State), Day: clock.DateOf(at.Time())}
}

// wholeDays is the moment after n whole calendar days: the day of the event is not counted (CC 201).
func wholeDays(from clock.Instant, n int) clock.Instant {
	return clock.At(clock.DateOf(from.Time()).AddDays(n + 1).Start())
}

// side is the party that an organisation is in a project; false for others.
func (p Project) side(org id.ID) (Objector, bool) {
	switch {
	case org.IsZero():
		return "", false
	case p.CompanyID != nil && *p.CompanyID == org:
		return ByCompany, true
	case p.OwnersID != nil && *p.OwnersID == org:
		return ByCommittee, true
	}
	return "", false
}

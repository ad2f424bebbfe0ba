// Package credit keeps what is on record about property companies and grades them by the authority's rules: items with their
// evidence and the time they count, the blacklist as a status of its own, and grades that name the rules they come from and can be
// computed again for any past day. An item against a company counts only after notice, time to reply and a decision by another
// person, and not while an appeal is open (R1.8, R6.11).
package credit

import (
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Kind is what an item says of a company.
type Kind string

// The kinds.
const (
	Basic     Kind = "basic"     // what the company is: qualification, staff, completeness of its record
	Good      Kind = "good"      // 良好信息
	Bad       Kind = "bad"       // 不良信息
	Blacklist Kind = "blacklist" // 严重失信: a status by event, never a score
)

// against tells whether an item is held against the company, so that it is heard first.
func (k Kind) against() bool { return k == Bad || k == Blacklist }

// State is how far an item is.
type State string

// The states of an item. That one has expired is told by its days, not by a state.
const (
	Noticed    State = "noticed"    // entered and told to the company; counts for nothing
	InForce    State = "in_force"   // decided: it counts
	Dropped    State = "dropped"    // decided: it is not entered
	Appealed   State = "appealed"   // it does not count until the appeal is decided
	Overturned State = "overturned" // the appeal was right
	Ended      State = "ended"      // rectified, the fact ended, or taken off the blacklist
)

// Step is what moves an item.
type Step string

// The steps.
const (
	StepReply  Step = "reply"
	StepDecide Step = "decide"
	StepAppeal Step = "appeal"
	StepRule   Step = "rule" // on the appeal
	StepEnd    Step = "end"
)

// from says in which state a step is possible. A decision leads to one of two states.
var from = map[Step]State{StepReply: Noticed, StepDecide: Noticed, StepAppeal: InForce, StepRule: Appealed, StepEnd: InForce}

// Item is one fact on a company's record.
type Item struct {
	ID         id.ID       `db:"id" json:"id"`
	CompanyID  id.ID       `db:"company_id" json:"companyId"`
	KeeperPath string      `db:"keeper_path" json:"-"`
	RuleSet    string      `db:"rule_set" json:"ruleSet"`
	Kind       Kind        `db:"kind" json:"kind" enum:"basic,good,bad,blacklist"`
	Party      bool        `db:"party" json:"party" doc:"A good item of Party building: capped and shown apart"`
	Serious    bool        `db:"serious" json:"serious" doc:"A bad item that counts until it is rectified"`
	Points     int64       `db:"points" json:"points" doc:"In hundredths; 0 for the blacklist"`
	Reference  string      `db:"reference" json:"reference" doc:"Number of the document that shows the fact; each is entered once"`
	Title      string      `db:"title" json:"title"`
	Evidence   string      `db:"evidence" json:"evidence" doc:"What shows it, and where it is kept"`
	ValidFrom  clock.Date  `db:"valid_from" json:"validFrom" doc:"First day on which it counts"`
	ValidUntil *clock.Date `db:"valid_until" json:"validUntil,omitempty" doc:"Last day; absent where it counts until it is ended"`
	State      State       `db:"state" json:"state" enum:"noticed,in_force,dropped,appealed,overturned,ended"`

	NoticedBy   id.ID         `db:"noticed_by" json:"-"`
	NoticedRole string        `db:"noticed_role" json:"-"`
	NoticedAt   clock.Instant `db:"noticed_at" json:"noticedAt"`
	ReplyUntil  *clock.Date   `db:"reply_until" json:"replyUntil,omitempty" doc:"Last day for the company's reply, before which no decision against it is made"`

	Reply     string         `db:"reply" json:"reply,omitempty"`
	RepliedBy *id.ID         `db:"replied_by" json:"-"`
	RepliedAt *clock.Instant `db:"replied_at" json:"repliedAt,omitempty"`

	DecidedBy   *id.ID         `db:"decided_by" json:"-"`
	DecidedRole string         `db:"decided_role" json:"-"`
	DecidedAt   *clock.Instant `db:"decided_at" json:"decidedAt,omitempty"`
	Accepted    bool           `db:"accepted" json:"-"`
	Reasons     string         `db:"reasons" json:"reasons,omitempty"`
	AppealUntil *clock.Date    `db:"appeal_until" json:"appealUntil,omitempty" doc:"Last day for an appeal"`

	Appeal     string         `db:"appeal" json:"appeal,omitempty"`
	AppealedBy *id.ID         `db:"appealed_by" json:"-"`
	AppealedAt *clock.Instant `db:"appealed_at" json:"appealedAt,omitempty"`

	RuledBy    *id.ID         `db:"appeal_decided_by" json:"-"`
	RuledRole  string         `db:"appeal_decided_role" json:"-"`
	RuledAt    *clock.Instant `db:"appeal_decided_at" json:"appealDecidedAt,omitempty"`
	Kept       bool           `db:"appeal_kept" json:"-"`
	RuledWords string         `db:"appeal_reasons" json:"appealReasons,omitempty"`

	EndedOn   *clock.Date    `db:"ended_on" json:"endedOn,omitempty" doc:"First day on which it counts no more"`
	EndedAt   *clock.Instant `db:"ended_at" json:"endedAt,omitempty"`
	EndedBy   *id.ID         `db:"ended_by" json:"-"`
	EndedRole string         `db:"ended_role" json:"-"`
	EndReason string         `db:"end_reason" json:"endReason,omitempty"`
	Version   int64          `db:"version" json:"version"`
}

// Standing is what an item did at a moment, as it was known then.
type Standing int

// The standings.
const (
	Idle     Standing = iota // not decided yet, not accepted, not begun, over
	Held                     // under appeal
	Counting                 // part of the score
)

// at is the item's standing at a moment. What was recorded later changes nothing of it, so that any past day can be computed again.
func (i Item) at(moment clock.Instant) Standing {
	day := clock.DateOf(moment.Time())
	by := func(t *clock.Instant) bool { return t != nil && *t <= moment }
	switch {
	case !by(i.DecidedAt) || !i.Accepted || i.ValidFrom > day || i.ValidUntil != nil && *i.ValidUntil < day:
		return Idle
	case by(i.EndedAt) && *i.EndedOn <= day:
		return Idle
	case by(i.RuledAt) && !i.Kept:
		return Idle
	case by(i.AppealedAt) && !by(i.RuledAt):
		return Held
	}
	return Counting
}

// Company is a property company as credit needs it.
type Company struct {
	ID         id.ID
	Name       string
	KeeperPath string // of the street whose office keeps its record
	Division   string // that street's code
}

// object is the company as permissions see it.
func (c Company) object() authz.Object {
	return authz.Object{Path: c.KeeperPath, Orgs: []id.ID{c.ID}}
}

// Grade is a company's grade at a moment with everything that it was computed from.
type Grade struct {
	CompanyID id.ID              `json:"companyId"`
	RuleSet   string             `json:"ruleSet"`
	Rules     rules.Hash         `json:"rules" doc:"The rules of credit grades in force at that moment"`
	At        clock.Instant      `json:"at"`
	Status    rules.CreditStatus `json:"status" enum:"by_score,no_data,blacklisted"`
	Grade     string             `json:"grade,omitempty" doc:"Absent where the authority names none for the status"`
	Enrolled  bool               `json:"enrolled" doc:"Takes part in the credit system; a company at work that does not is missing, never zero"`
	// Score is absent without data.
	Score        *int64      `json:"score,omitempty" doc:"Basic + good − bad, in hundredths; absent without data"`
	Basic        int64       `json:"basic" doc:"As capped"`
	Good         int64       `json:"good" doc:"Good items and the survey score, as capped, without Party building"`
	Party        int64       `json:"party" doc:"Party building, as capped"`
	Bad          int64       `json:"bad"`
	BadItems     int64       `json:"badItems"`
	WithoutParty *Apart      `json:"withoutParty,omitempty" doc:"What there would be without Party building, so that it hides no bad service"`
	Survey       *SurveyPart `json:"survey,omitempty" doc:"Where the rules take a survey score"`
	Counting     []Part      `json:"counting" doc:"The items that count"`
	Held         []id.ID     `json:"held" doc:"Items under appeal, which do not count until it is decided"`
}

// Apart is the score and grade without Party building.
type Apart struct {
	Score int64  `json:"score"`
	Grade string `json:"grade,omitempty"`
}

// Part is an item's part in a grade.
type Part struct {
	ID     id.ID `json:"id"`
	Kind   Kind  `json:"kind" enum:"basic,good,bad,blacklist"`
	Party  bool  `json:"party"`
	Points int64 `json:"points"`
}

// SurveyPart is what published survey scores add: only those with the time for objections over, no objection or audit under way, and
// none that an audit rejected.
type SurveyPart struct {
	Index     string   `json:"index" doc:"Over the service areas that count, weighted by dwellings, with six decimals"`
	Points    int64    `json:"points" doc:"In hundredths, cut off"`
	Answers   int64    `json:"answers" doc:"n"`
	Dwellings int64    `json:"dwellings" doc:"N"`
	Waiting   int64    `json:"waiting" doc:"Service areas whose score is held up"`
	Results   []string `json:"results" doc:"Hashes of the published scores"`
}

// compute grades a company from its items at a moment.
func compute(set *rules.CreditRuleSet, items []Item, enrolled bool, survey *SurveyPart, moment clock.Instant) (Grade, error) {
	g := Grade{RuleSet: set.Code, At: moment, Enrolled: enrolled, Survey: survey, Counting: []Part{}, Held: []id.ID{}}
	listed, basics, party := false, 0, int64(0)
	for _, i := range items {
		switch i.at(moment) {
		case Held:
			g.Held = append(g.Held, i.ID)
			continue
		case Idle:
			continue
		}
		g.Counting = append(g.Counting, Part{i.ID, i.Kind, i.Party, i.Points})
		switch {
		case i.Kind == Blacklist:
			listed = true
		case i.Kind == Basic:
			g.Basic += i.Points
			basics++
		case i.Kind == Bad:
			g.Bad += i.Points
			g.BadItems++
		case i.Party:
			party += i.Points
		default:
			g.Good += i.Points
		}
	}
	if survey != nil {
		g.Good += survey.Points
	}
	g.Basic, g.Good = min(g.Basic, int64(set.BaseMax)), min(g.Good, int64(set.GoodMax))
	g.Party = min(party, int64(set.PartyMax), int64(set.GoodMax)-g.Good)
	return g, g.judge(set, listed, basics > 0)
}

// judge gives the grade. Without a basic item there is no score: missing data is a state of its own (R1.4).
func (g *Grade) judge(set *rules.CreditRuleSet, listed, known bool) error {
	graded := func(score int64) (rules.CreditGrade, error) {
		return rules.Grade(set, rules.CreditInput{Score: int(score), HasBadItems: g.BadItems > 0, Blacklisted: listed, Enrolled: g.Enrolled})
	}
	without := g.Basic + g.Good - g.Bad
	out, err := graded(without + g.Party)
	if err != nil {
		return err
	}
	apart, err := graded(without)
	if err != nil {
		return err
	}
	g.Status, g.Grade = out.Status, out.Grade
	if out.Status == rules.ByScore && !known {
		g.Status, g.Grade = rules.NoData, ""
	}
	if g.Status == rules.ByScore {
		score := without + g.Party
		g.Score, g.WithoutParty = &score, &Apart{without, apart.Grade}
	}
	return nil
}

// weigh turns the index into points: most hundredths at 100, cut off, never rounded up into a better band.
func (p *SurveyPart) weigh(most int) error {
	var index score.Micro
	if err := index.UnmarshalText([]byte(p.Index)); err != nil {
		return err
	}
	p.Points = int64(index) * int64(most) / (100 * int64(score.One))
	return nil
}

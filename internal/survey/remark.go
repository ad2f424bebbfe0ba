package survey

import (
	"slices"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// RemarkState is what was decided about an answer in words.
type RemarkState string

// The states of a remark.
const (
	RemarkWaiting  RemarkState = "waiting"
	RemarkReleased RemarkState = "released" // published with the score, among at least as many as the rule wants
	RemarkWithheld RemarkState = "withheld"
)

// RemarkReason is why a remark is withheld. That it is critical is none.
type RemarkReason string

// The reasons.
const (
	TellsWho  RemarkReason = "tells_who" // it tells who wrote it, or accuses somebody by name
	Insults   RemarkReason = "insult"
	Unlawful  RemarkReason = "unlawful"
	Unrelated RemarkReason = "unrelated" // it is not about the service: advertising, chain letters
)

var remarkReasons = []RemarkReason{TellsWho, Insults, Unlawful, Unrelated}

// Remark is an answer in words, by itself: nothing leads from it to a ballot, to another answer of it, or to a moment. Its name is
// random and made at the count, so that the order of names says nothing.
type Remark struct {
	RoundID       id.ID          `db:"round_id" json:"-"`
	Name          ballot.Hash    `db:"name" json:"id" doc:"Random; made when the round was counted"`
	ServiceAreaID id.ID          `db:"service_area_id" json:"serviceAreaId"`
	Item          string         `db:"item" json:"item" doc:"The question that it answers"`
	Content       string         `db:"content" json:"content" doc:"Phone and identity numbers are masked"`
	State         RemarkState    `db:"state" json:"state" enum:"waiting,released,withheld"`
	Shown         string         `db:"shown" json:"shown,omitempty" doc:"Of a released one: what is published, with what was blacked out"`
	Reason        RemarkReason   `db:"reason" json:"reason,omitempty" enum:"tells_who,insult,unlawful,unrelated"`
	ReviewedBy    *id.ID         `db:"reviewed_by" json:"-"`
	ReviewedRole  string         `db:"reviewed_role" json:"reviewedRole,omitempty"`
	ReviewedAt    *clock.Instant `db:"reviewed_at" json:"reviewedAt,omitempty"`
}

// RemarkDecision releases or withholds a remark that its reviewer saw in a state.
type RemarkDecision struct {
	Name   ballot.Hash  `json:"id"`
	From   RemarkState  `json:"from" enum:"waiting,released,withheld" doc:"The state in which it was seen"`
	To     RemarkState  `json:"to" enum:"released,withheld"`
	Shown  string       `json:"shown,omitempty" maxLength:"4000" doc:"To release: the content with characters blacked out, each by ■; left out to release it as it is"`
	Reason RemarkReason `json:"reason,omitempty" enum:"tells_who,insult,unlawful,unrelated" doc:"To withhold. That it is critical is no reason"`
}

// blackout stands for a character that is not published.
const blackout = '■'

// blackedOut tells whether shown is content with nothing but characters blacked out: a reviewer hides, and never writes.
func blackedOut(content, shown string) bool {
	if utf8.RuneCountInString(content) != utf8.RuneCountInString(shown) {
		return false
	}
	want := []rune(content)
	for i, r := range []rune(shown) {
		if r != want[i] && r != blackout {
			return false
		}
	}
	return true
}

// decide applies a decision to the remark that it names. Faults about field: survey.remark_state, survey.remark_reason,
// survey.remark_shown, survey.remark_same_person.
func (m Remark) decide(d RemarkDecision, field string, person id.ID) (Remark, error) {
	withhold := d.To == RemarkWithheld
	switch {
	case m.State != d.From || d.From == d.To:
		return m, fault.New(fault.Conflict, "survey.remark_state", "state", string(m.State))
	case withhold != slices.Contains(remarkReasons, d.Reason):
		return m, fault.InvalidField(field+".reason", "survey.remark_reason")
	case d.Shown != "" && (withhold || !blackedOut(m.Content, d.Shown)):
		return m, fault.InvalidField(field+".shown", "survey.remark_shown")
	case m.State == RemarkWithheld && id.OrNil(m.ReviewedBy) == person:
		return m, fault.New(fault.Forbidden, "survey.remark_same_person")
	}
	m.State, m.Reason, m.Shown = d.To, d.Reason, d.Shown
	if !withhold && m.Shown == "" {
		m.Shown = m.Content
	}
	return m, nil
}

// RemarkGroup counts the remarks of a service area to a question. One with fewer than the rule's least is nowhere: neither its remarks
// nor how many they are.
type RemarkGroup struct {
	ServiceAreaID id.ID  `db:"service_area_id" json:"serviceAreaId"`
	Item          string `db:"item" json:"item"`
	Given         int64  `db:"given" json:"given"`
	Released      int64  `db:"released" json:"released"`
	Withheld      int64  `db:"withheld" json:"withheld"`
}

// PublicRemark is a released remark.
type PublicRemark struct {
	Name          ballot.Hash `db:"name" json:"id"`
	ServiceAreaID id.ID       `db:"service_area_id" json:"serviceAreaId"`
	Item          string      `db:"item" json:"item"`
	Text          string      `db:"shown" json:"text"`
}

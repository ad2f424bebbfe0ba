// Package vote keeps owners' decisions (Civil Code 278 and 279): proposed, announced, held over a posted and frozen roll of owners, by real
// name with the choice sealed to a key that three tellers made (package teller), counted by two of them, published with all four
// tests (package tally), and effective until an authority orders otherwise. Owners alone decide: nobody else casts, sees or changes
// a choice.
package vote

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// State is where a vote is in its life.
type State string

// The states, in their order. A vote that did not pass is published and takes effect too: it is decided not to.
const (
	Proposed   State = "proposed"    // what is asked can still change; owners may support it
	Announced  State = "announced"   // told to every owner; what is asked never changes again
	RollPosted State = "roll_posted" // who votes is posted, open to objections; tellers make the key
	Open       State = "open"        // the roll is frozen, ballots are taken
	Extended   State = "extended"    // the same, for longer than was announced, once
	Closed     State = "closed"      // no ballot is taken any more; two tellers count
	Counted    State = "counted"     // two tellers counted the same, or the official result was entered
	Published  State = "published"   // posted with all tests
	Effective  State = "effective"   // the time of posting is over
	Ordered    State = "ordered"     // an authority ordered a correction
	Revoked    State = "revoked"     // an authority revoked it
	Cancelled  State = "cancelled"   // before it opened
)

// Step is what moves a vote.
type Step string

// The steps.
const (
	StepPropose   Step = "propose"
	StepEdit      Step = "edit"
	StepAnnounce  Step = "announce"
	StepPost      Step = "post_roll"
	StepDeveloper Step = "authorise_developer"
	StepKey       Step = "make_key"
	StepOpen      Step = "open"
	StepExtend    Step = "extend"
	StepClose     Step = "close"
	StepCount     Step = "count"
	StepOfficial  Step = "official_result"
	StepPublish   Step = "publish"
	StepEffect    Step = "take_effect"
	StepOrder     Step = "order_correction"
	StepRevoke    Step = "revoke"
	StepLift      Step = "lift_order"
	StepCancel    Step = "cancel"
)

// steps is the whole of what can happen to a vote: from which states to which; empty keeps the state.
var steps = map[Step]struct {
	from []State
	to   State
}{
	StepEdit:      {[]State{Proposed}, ""},
	StepAnnounce:  {[]State{Proposed}, Announced},
	StepPost:      {[]State{Announced, RollPosted}, RollPosted},
	StepDeveloper: {[]State{RollPosted, Open, Extended}, ""},
	StepKey:       {[]State{RollPosted}, ""},
	StepOpen:      {[]State{RollPosted}, Open},
	StepExtend:    {[]State{Open}, Extended},
	StepClose:     {[]State{Open, Extended}, Closed},
	StepCount:     {[]State{Closed}, Counted},
	StepOfficial:  {[]State{RollPosted, Closed}, Counted},
	StepPublish:   {[]State{Counted}, Published},
	StepEffect:    {[]State{Published}, Effective},
	StepOrder:     {[]State{Published, Effective}, Ordered},
	StepRevoke:    {[]State{Published, Effective}, Revoked},
	StepLift:      {[]State{Ordered, Revoked}, Published},
	StepCancel:    {[]State{Proposed, Announced, RollPosted}, Cancelled},
}

// can tells whether a step is possible in a state.
func (s State) can(step Step) bool { return slices.Contains(steps[step].from, s) }

// after is the state that a step leads to.
func (s State) after(step Step) State {
	if to := steps[step].to; to != "" {
		return to
	}
	return s
}

// Taking tells whether ballots are taken.
func (s State) Taking() bool { return s == Open || s == Extended }

// Over tells whether a result is known.
func (s State) Over() bool {
	return slices.Contains([]State{Counted, Published, Effective, Ordered, Revoked}, s)
}

// Public tells whether everybody may see the result.
func (s State) Public() bool { return s.Over() && s != Counted }

// Stands tells whether the decision can be relied upon: published and neither ordered to be corrected nor revoked.
func (s State) Stands() bool { return s == Published || s == Effective }

// Scope is who votes.
type Scope string

// The scopes. Costs and consent follow the affected owners: a lift is voted on by its unit door.
const (
	Estate      Scope = "estate"
	ServiceArea Scope = "service_area"
	Building    Scope = "building"
	Entrance    Scope = "entrance" // 单元
)

// Kind is what meeting it is.
type Kind string

// The kinds. They differ in the notice that a place asks for.
const (
	Regular       Kind = "regular"
	Extraordinary Kind = "extraordinary"
)

// Vote is one decision of the owners of a scope on one or several items.
type Vote struct {
	ID               id.ID          `db:"id" json:"id"`
	Scope            Scope          `db:"scope" json:"scope" enum:"estate,service_area,building,entrance"`
	PlaceID          id.ID          `db:"place_id" json:"placeId" doc:"The estate, service area or building; of an entrance its building"`
	Entrance         string         `db:"entrance" json:"entrance,omitempty"`
	ScopePath        string         `db:"scope_path" json:"-"`
	PlaceName        string         `db:"place_name" json:"placeName"`
	Kind             Kind           `db:"kind" json:"kind" enum:"regular,extraordinary"`
	Title            string         `db:"title" json:"title"`
	Reason           string         `db:"reason" json:"reason" doc:"Why it is put to the owners"`
	ProposerID       *id.ID         `db:"proposer_id" json:"-"` // the owner who proposed it
	OrganiserID      *id.ID         `db:"organiser_org_id" json:"organiserId,omitempty" doc:"The organisation that holds it; none yet where an owner proposed it"`
	OrganiserRole    string         `db:"organiser_role" json:"-"`
	State            State          `db:"state" json:"state" enum:"proposed,announced,roll_posted,open,extended,closed,counted,published,effective,ordered,revoked,cancelled"`
	Procedure        string         `db:"procedure_code" json:"procedure" doc:"Whose procedure applies: national, shandong, weifang …"`
	RuleHash         rules.Hash     `db:"rule_hash" json:"ruleHash" doc:"The rules of votes in force when it was proposed"`
	EachUnit         bool           `db:"each_unit" json:"eachUnit" doc:"By the owners' own rules each unit is one head, though somebody owns several"`
	CountParking     bool           `db:"count_parking" json:"countParking" doc:"Parking spaces count as exclusive parts: registrable ones alone can"`
	Silent           bool           `db:"silent" json:"silent" doc:"By the owners' own rules whoever was given the ballot, was warned and is silent goes with the majority; results are shown both ways"`
	Bylaw            *blob.Hash     `db:"bylaw" json:"bylaw,omitempty" doc:"The owners' own rules that say so, by hash"`
	OpensAt          *clock.Instant `db:"opens_at" json:"opensAt,omitempty"`
	ClosesAt         *clock.Instant `db:"closes_at" json:"closesAt,omitempty"`
	ExtendedWhy      string         `db:"extended_why" json:"extendedWhy,omitempty" doc:"Why it was extended"`
	FormHash         *rules.Hash    `db:"form_hash" json:"formHash,omitempty" doc:"Hash of the items as they were announced; every sealed choice is bound to it"`
	RollHash         *rules.Hash    `db:"roll_hash" json:"rollHash,omitempty"`
	RollArea         int64          `db:"roll_area" json:"rollArea" doc:"Area of all owners on the roll, in 0.01 m²"`
	RollHeads        int64          `db:"roll_heads" json:"rollHeads" doc:"All owners on the roll, by head"`
	ExposureBP       int64          `db:"exposure_bp" json:"exposureBp" doc:"Share of the outcomes, in 1/100 of a per cent, in which exact totals would give single votes away"`
	KeyPublic        []byte         `db:"key_public" json:"keyPublic,omitempty" doc:"Choices are sealed to it; base64"`
	KeyHash          *rules.Hash    `db:"key_hash" json:"keyHash,omitempty"`
	OfficialSystem   string         `db:"official_system" json:"officialSystem,omitempty" doc:"The municipal system that held the vote: the result is its result, entered here"`
	OfficialDocument *blob.Hash     `db:"official_document" json:"officialDocument,omitempty"`
	Outcome          *string        `db:"outcome" json:"-"`
	ResultDocument   *blob.Hash     `db:"result_document" json:"resultDocument,omitempty" doc:"The published result as a document, by hash"`
	AnnouncedAt      *clock.Instant `db:"announced_at" json:"announcedAt,omitempty"`
	PostedAt         *clock.Instant `db:"posted_at" json:"postedAt,omitempty" doc:"When the roll was first posted"`
	OpenedAt         *clock.Instant `db:"opened_at" json:"openedAt,omitempty"`
	ClosedAt         *clock.Instant `db:"closed_at" json:"closedAt,omitempty"`
	CountedAt        *clock.Instant `db:"counted_at" json:"countedAt,omitempty"`
	PublishedAt      *clock.Instant `db:"published_at" json:"publishedAt,omitempty"`
	EffectiveAt      *clock.Instant `db:"effective_at" json:"effectiveAt,omitempty"`
	DeveloperPaper   *blob.Hash     `db:"developer_paper" json:"developerPaper,omitempty" doc:"The developer's authority for whoever casts the one ballot of what it has not sold or not handed over, a document of the vote; without it nobody does"`
	DeveloperUnit    *id.ID         `db:"developer_unit" json:"developerUnit,omitempty" doc:"The dwelling in which whom it names is entered"`
	DeveloperAt      *clock.Instant `db:"developer_at" json:"developerAt,omitempty" doc:"When the authority was recorded"`
	Shown            *string        `db:"shown" json:"-"`       // how much of each item's totals is shown, a letter each: settled at the count
	BallotSalt       *rules.Hash    `db:"ballot_salt" json:"-"` // marks the vote's ballots in the ledger; told at the closing
	CreatedAt        clock.Instant  `db:"created_at" json:"createdAt"`
	ChangedAt        clock.Instant  `db:"changed_at" json:"changedAt"`
	Version          int64          `db:"version" json:"version"`
}

// Small tells whether exact totals are too telling to be shown: voters are told, and tests alone are published.
func (v Vote) Small() bool { return v.ExposureBP >= tally.TooTelling }

// leafHash is the ledger's leaf of a body. Ballots are marked by a salt that nobody knows before the closing.
func (v Vote) leafHash(kind, body string) [32]byte {
	if kind == "ballot" && v.BallotSalt != nil {
		return votebundle.BallotLeaf(votebundle.Hash(*v.BallotSalt), body)
	}
	return votebundle.StepLeaf(v.ID, body)
}

// total is everybody on the roll.
func (v Vote) total() tally.Weight { return tally.Weight{Area: v.RollArea, Heads: v.RollHeads} }

// object is a vote as permissions see it: whoever lives there sees it, whoever works there does not by that.
func (v Vote) object(persons ...id.ID) authz.Object {
	return authz.Object{Path: v.ScopePath, Open: v.State != Cancelled, Persons: persons}
}

// SubjectKind is what a decision is about.
type SubjectKind string

// The kinds of subject.
const (
	NoSubject      SubjectKind = ""
	SubjectOf      SubjectKind = "contract"   // the choice of a provider (item 4)
	SubjectProject SubjectKind = "renovation" // an item of a plan of works
	SubjectFund    SubjectKind = "fund"       // a request to use or raise the maintenance fund
)

// Name is an option's name in the words of the notice.
type Name struct {
	Text string `json:"text" minLength:"1" maxLength:"200"`
}

// Item is one question, with the options on every ballot beside against and abstain.
type Item struct {
	No            int         `db:"no" json:"no" doc:"From 1"`
	Matter        tally.Item  `db:"matter" json:"matter" enum:"1,2,3,4,5,6,7,8,9,279" doc:"Which item of Civil Code 278 it is, or 279 for a dwelling turned into business premises"`
	Title         string      `db:"title" json:"title"`
	Content       string      `db:"content" json:"content" doc:"What exactly is decided"`
	Options       []Name      `db:"-" json:"options" doc:"One where owners say yes or no; several where they choose. Against (of several: none of them) and abstain are on every ballot"`
	Most          int         `db:"most" json:"most" doc:"How many options may be chosen"`
	SubjectKind   SubjectKind `db:"subject_kind" json:"subjectKind,omitempty" enum:"contract,renovation,fund" doc:"What the decision is about, where the platform keeps it"`
	SubjectID     *id.ID      `db:"subject_id" json:"subjectId,omitempty"`
	SubjectOption int         `db:"subject_option" json:"subjectOption,omitempty" doc:"Which option stands for the subject, from 1"`
}

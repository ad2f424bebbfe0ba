package survey

import (
	"crypto/sha256"
	"slices"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/integrity"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/score"
)

// Examination is what the program finds out by itself about a score: whether it recomputes, and the integrity flags. A flag is a
// reason to look, never a verdict.
type Examination struct {
	RoundID    id.ID            `json:"-"`
	Revision   int64            `json:"revision"`
	Recomputed bool             `json:"recomputed" doc:"The stored score is what the stored responses give, to the digit"`
	Report     integrity.Report `json:"report" doc:"Each flag with its method, the rate at which it is raised in honest rounds, and what it found"`
	RuleHash   rules.Hash       `json:"ruleHash"`
	Seed       ballot.Hash      `json:"seed" doc:"Of the permutations: SHA-256 over a label and the leaf that closed the round"`
	MadeAt     clock.Instant    `json:"madeAt"`
}

// AuditState is how far an audit is.
type AuditState string

// The states of an audit.
const (
	AuditOpen      AuditState = "open"
	AuditConcluded AuditState = "concluded"  // the auditor has proposed an outcome
	AuditDecided   AuditState = "decided"    // somebody else has decided
	AuditSignedOff AuditState = "signed_off" // looked at and found quiet, without an audit
)

// Outcome is what comes of an audit.
type Outcome string

// The outcomes.
const (
	Uphold Outcome = "uphold"
	Revise Outcome = "revise"
	Reject Outcome = "reject" // 审计不采信: the score stays visible and nothing may rest on it
)

// Audit is the street's look at one revision of a round's score.
type Audit struct {
	ID          id.ID          `db:"id" json:"id"`
	RoundID     id.ID          `db:"round_id" json:"roundId"`
	Number      int64          `db:"number" json:"number" doc:"From 1 within the round"`
	Revision    int64          `db:"revision" json:"revision" doc:"Of the score that is audited"`
	ScopePath   string         `db:"scope_path" json:"-"`
	State       AuditState     `db:"state" json:"state" enum:"open,concluded,decided,signed_off"`
	Reason      string         `db:"reason" json:"reason" doc:"Why it was opened"`
	OpenedBy    *id.ID         `db:"opened_by" json:"-"`
	OpenedRole  string         `db:"opened_role" json:"openedRole"`
	OpenedAt    clock.Instant  `db:"opened_at" json:"openedAt"`
	Proposal    Outcome        `db:"proposal" json:"proposal,omitempty" doc:"What the auditor proposes" enum:"uphold,revise,reject"`
	Finding     string         `db:"finding" json:"finding,omitempty"`
	ConcludedBy *id.ID         `db:"concluded_by" json:"-"`
	ConcludedAt *clock.Instant `db:"concluded_at" json:"concludedAt,omitempty"`
	Outcome     Outcome        `db:"outcome" json:"outcome,omitempty" enum:"uphold,revise,reject"`
	Reasons     string         `db:"reasons" json:"reasons,omitempty" doc:"Of the decision; public with it"`
	ReasonSalt  *ballot.Hash   `db:"reason_salt" json:"reasonSalt,omitempty" doc:"With it the reasons hash to what the ledger has"`
	DecidedBy   *id.ID         `db:"decided_by" json:"-"`
	DecidedRole string         `db:"decided_role" json:"decidedRole,omitempty"`
	DecidedAt   *clock.Instant `db:"decided_at" json:"decidedAt,omitempty"`
	Version     int64          `db:"version" json:"version"`
}

// open tells whether an audit still waits for its decision.
func (a Audit) open() bool { return a.State == AuditOpen || a.State == AuditConcluded }

// involves tells whether a person opened the audit, concluded it or proposed one of the exclusions: whoever did does not decide it.
func (a Audit) involves(person id.ID, exclusions []Exclusion) bool {
	if person.IsZero() {
		return false
	}
	return id.OrNil(a.OpenedBy) == person || id.OrNil(a.ConcludedBy) == person ||
		slices.ContainsFunc(exclusions, func(e Exclusion) bool { return e.AuditID == a.ID && e.ProposedBy == person })
}

// Exclusion leaves responses out of later revisions, by an attribute on their leaves, never by content. Nothing is deleted.
type Exclusion struct {
	ID            id.ID          `db:"id" json:"id"`
	RoundID       id.ID          `db:"round_id" json:"-"`
	Number        int64          `db:"number" json:"number" doc:"From 1 within the round"`
	AuditID       id.ID          `db:"audit_id" json:"auditId"`
	By            string         `db:"attribute" json:"by" enum:"channel,lot,stratum"`
	Value         string         `db:"value" json:"value"`
	Count         int64          `db:"excluded" json:"count" doc:"Responses left out by it, beside those that an earlier one leaves out"`
	Reason        string         `db:"reason" json:"reason"`
	ReasonSalt    ballot.Hash    `db:"reason_salt" json:"reasonSalt" doc:"With it the reason hashes to what the ledger has"`
	ProposedBy    id.ID          `db:"proposed_by" json:"-"`
	ProposedRole  string         `db:"proposed_role" json:"proposedRole"`
	ProposedAt    clock.Instant  `db:"proposed_at" json:"proposedAt"`
	First         ballot.Hash    `db:"first" json:"-"` // salts the proposer's name in the ledger
	ConfirmedBy   *id.ID         `db:"confirmed_by" json:"-"`
	ConfirmedRole string         `db:"confirmed_role" json:"confirmedRole,omitempty"`
	ConfirmedAt   *clock.Instant `db:"confirmed_at" json:"confirmedAt,omitempty" doc:"By another natural person; absent while it is only proposed"`
	Second        *ballot.Hash   `db:"second" json:"-"`
	FromRevision  *int64         `db:"from_revision" json:"fromRevision,omitempty" doc:"Revisions of the score from this one on leave them out"`
}

// covers tells whether the exclusion leaves a response out; stratum is the code of its stratum.
func (e Exclusion) covers(r Response, stratum string) bool {
	switch e.By {
	case "channel":
		return r.Channel == e.Value
	case "lot":
		return r.Lot == e.Value
	}
	return stratum == e.Value
}

func excludes(list []Exclusion, r Response, stratum string) bool {
	for _, e := range list {
		if e.covers(r, stratum) {
			return true
		}
	}
	return false
}

// The answers of a re-contacted dwelling to "did you fill it in yourselves?".
const (
	AnsweredYes = "yes"
	AnsweredNo  = "no"
	NotReached  = "not_reached"
)

// Recontact is a drawn dwelling that a neutral person asks after closing whether it filled in its ballot itself. It is not asked
// what it answered, and nothing leads to that.
type Recontact struct {
	RoundID    id.ID          `db:"round_id" json:"-"`
	DwellingID id.ID          `db:"dwelling_id" json:"dwellingId"`
	Label      string         `db:"label" json:"label"`
	Area       id.ID          `db:"service_area_id" json:"serviceAreaId"`
	Answer     string         `db:"answer" json:"answer,omitempty" enum:"yes,no,not_reached"`
	EnteredAt  *clock.Instant `db:"entered_at" json:"enteredAt,omitempty"`
	MissedAt   *clock.Instant `db:"missed_at" json:"-"` // when nobody was reached for the first time
	Version    int64          `db:"version" json:"version"`
}

// answeredBy is a list as it stood at a moment: what was entered later had not been, and who had been missed by then was not reached.
func answeredBy(list []Recontact, at clock.Instant) []Recontact {
	out := slices.Clone(list)
	for i, r := range out {
		switch {
		case r.EnteredAt == nil || *r.EnteredAt <= at:
		case r.MissedAt != nil && *r.MissedAt <= at:
			out[i].Answer = NotReached
		default:
			out[i].Answer = ""
		}
	}
	return out
}

// RecontactVerdict is what the re-contact says of a round.
type RecontactVerdict string

// The verdicts.
const (
	RecontactPending  RecontactVerdict = "pending"   // answers are missing
	RecontactClean    RecontactVerdict = "clean"     // nobody who was reached said no
	RecontactWidened  RecontactVerdict = "widened"   // some said no: the interval is widened
	RecontactSetAside RecontactVerdict = "set_aside" // certainly more than the rule allows said no: the round is to be rejected
)

// RecontactResult is the re-contact in figures.
type RecontactResult struct {
	Drawn      int64            `json:"drawn" doc:"Dwellings that drew a ballot"`
	Chosen     int64            `json:"chosen" doc:"Of them asked again, by the seed"`
	Seed       ballot.Hash      `json:"seed" doc:"SHA-256 over a label and the leaf that closed the round; the keys are the tags of the final list of draws"`
	Reached    int64            `json:"reached"`
	NotReached int64            `json:"notReached"`
	No         int64            `json:"no"`
	Share      *score.Interval  `json:"share,omitempty" doc:"Of no among those reached, in per cent, with Wilson's 95 % interval; from two reached on"`
	Verdict    RecontactVerdict `json:"verdict" enum:"pending,clean,widened,set_aside"`
}

// recontacted judges the answers: of chosen among drawn dwellings so many were reached and so many of these said no. Certainly too
// many is when the lower end of Wilson's interval lies above setAside per cent.
func recontacted(drawn int64, list []Recontact, setAside int64) (RecontactResult, error) {
	out := RecontactResult{Drawn: drawn, Chosen: int64(len(list)), Verdict: RecontactPending}
	waiting := false
	for _, r := range list {
		switch r.Answer {
		case AnsweredNo:
			out.No++
			out.Reached++
		case AnsweredYes:
			out.Reached++
		case NotReached:
			out.NotReached++
		default:
			waiting = true
		}
	}
	if out.Reached < 2 { // one answer has no spread
		return out, nil
	}
	share, err := score.Proportion([]score.Share{{N: max(drawn, 2), Answers: out.Reached, Valid: out.Reached, Hits: out.No}})
	if err != nil {
		return out, err
	}
	out.Share = &share
	switch {
	case share.Low > score.Micro(setAside)*score.One:
		out.Verdict = RecontactSetAside
	case waiting:
	case out.No > 0:
		out.Verdict = RecontactWidened
	default:
		out.Verdict = RecontactClean
	}
	return out, nil
}

// widen makes an estimate's interval as wide as it has to be when up to the upper end of the share said no: their ballots may have
// said anything, so the households' own mean is anything that the observed one allows. Of the interval (a, b) and the share u it
// is (a − 100u)/(1 − u) to b/(1 − u), within 0 to 100.
func (r RecontactResult) widen(e score.Estimate) score.Estimate {
	if r.Verdict != RecontactWidened || e.State != score.Scored {
		return e
	}
	const whole = int64(100 * score.One)
	left := max(1, whole-int64(r.Share.High))
	wide := *e.Interval
	wide.Low = score.Micro(max(0, (int64(wide.Low)-int64(r.Share.High))*whole/left))
	wide.High = score.Micro(min(whole, (int64(wide.High)*whole+left-1)/left))
	e.Interval = &wide
	return e
}

// seedFor draws what an audit draws: from the leaf that closed the round, so that nobody can choose it and everybody can redraw.
func seedFor(label string, closing ballot.Hash) ballot.Hash {
	h := sha256.New()
	h.Write([]byte("redproperty survey " + label + " 1\x00"))
	h.Write(closing[:])
	return ballot.Hash(h.Sum(nil))
}

// ratings are a response's answers to the rating items, in the questionnaire's order.
func ratings(form questionnaire.Questionnaire, answers questionnaire.Answers) []int8 {
	seen := map[string]bool{}
	for _, c := range form.Visible(answers) {
		seen[c] = true
	}
	var out []int8
	for _, i := range form.Items() {
		if i.Kind != questionnaire.Rating {
			continue
		}
		given, ok := answers[i.Code]
		n, isNumber := given.Number()
		switch {
		case !seen[i.Code]:
			out = append(out, score.NotAsked)
		case !ok:
			out = append(out, score.NoAnswer)
		case isNumber:
			out = append(out, int8(n)) // 1 to 5, checked when it was cast
		default:
			out = append(out, score.DontKnow)
		}
	}
	return out
}

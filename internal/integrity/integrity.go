// Package integrity looks at a closed survey round for signs that answers were not given by households: one
// interviewer who fills them in, a lot of paper with one handwriting, answers copied many times, ballots fetched
// by the dozen on one evening. It is pure: no database, no HTTP, no clock.
//
// A flag is a reason to look, never a verdict: nothing is removed or weighed down by it. Each flag states how
// often it is raised in an honest round (Rate), and holds that rate over all its comparisons together, by Holm's
// or Bonferroni's correction. Honest rounds are not made of independent and equal households: neighbours agree,
// interviewers and buildings differ a little, in a well-kept estate half of all answers are five throughout. So
// answers are compared between groups inside one stratum, never against a fixed share, and each flag has an
// allowance: how far groups may differ for honest reasons. What is tested is whether they differ by more.
// Where nothing honest can be stated the figure is published without a flag (Figures).
//
// Every result depends on the set of answers alone, not on their order, and on a public seed: anyone who has the
// answers finds the same digits. docs/integrity.md has methods, rates and power, and what cannot be detected.
package integrity

import (
	"crypto/sha256"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/score"
)

// Version names methods, allowances and minimums together; an audit cites it.
const Version = "integrity/1"

// Hash is a SHA-256 value.
type Hash = [sha256.Size]byte

// Input is a round after closing.
type Input struct {
	// Seed draws the permutations. It must be public and fixed only after the answers are, as the root of the
	// ledger's tree after closing is, so that nobody can shape answers to it.
	Seed Hash
	// Strata in any order; a response names its stratum by the position here.
	Strata []Stratum
	// Days from the opening to the closing, one after the other.
	Days []Day
	// Responses that count, in any order.
	Responses []Response
	// Apart are the texts that lie apart from the answers, so that nothing says in which lot they came in: they are
	// counted, never compared. As Response.Texts otherwise.
	Apart []Hash
}

// Stratum is a group of dwellings with its own signing key.
type Stratum struct {
	Key       string
	Dwellings int64   // on the frozen roll
	Sampled   int64   // drawn into the sample; all of them in a census
	Drawn     []int64 // ballots fetched on each of the round's days, as the daily seals have them
}

// Day is one day of the round.
type Day struct {
	Date clock.Date
	// Announced marks the opening and every day on which all were reminded, or paper was handed out. On these
	// and on the day after more households answer, for an honest reason.
	Announced bool
}

// Response is an answer without a trace to its household.
type Response struct {
	Stratum int
	Channel score.Channel
	Lot     string // code of the interviewer or of the lot of paper; empty where there is none
	Values  []int8 // answers to the rating items in the questionnaire's order, as score has them
	// Texts are the salted hashes of the answers in words; equal texts have equal hashes. Leave out texts of
	// fewer than MinTextRunes characters, which many people write alike ("没有", "很好").
	Texts []Hash
}

// MinTextRunes is the length from which a text is long enough that two people seldom write it alike.
const MinTextRunes = 8

// Limits of what is examined: beyond them counts would no longer be exact.
const (
	maxItems     = 200
	maxDays      = 400
	maxDwellings = 1 << 40
)

// Flag is one kind of sign.
type Flag string

// The flags.
const (
	Interviewers   Flag = "interviewers"    // the answers of one interviewer against those of the others
	PaperLots      Flag = "paper_lots"      // the answers in one lot of paper against those in the others
	Channels       Flag = "channels"        // paper and assisted answers against those on the web
	StraightLining Flag = "straight_lining" // the same rating for everything, by lot
	CopiedAnswers  Flag = "copied_answers"  // the same uncommon answers again and again
	EqualTexts     Flag = "equal_texts"     // the same words again and again in one lot
	DrawingDays    Flag = "drawing_days"    // ballots fetched by the dozen on one day
)

// Method is how a flag is raised.
type Method struct {
	Flag Flag        `json:"flag"`
	Test string      `json:"test"` // code of the test; docs/integrity.md describes each
	Rate score.Micro `json:"rate"` // per cent of honest rounds in which it is raised at most
	// Allowance is the difference that honest rounds may have: rating points, or a ratio of odds or of rates.
	Allowance score.Micro `json:"allowance"`
	Least     int64       `json:"least"` // answers (drawings) on each side below which nothing is said
}

// Tests.
const (
	TestPermutation = "stratified_permutation" // difference of means, labels permuted inside strata
	TestOdds        = "conditional_odds"       // exact, given the totals: non-central hypergeometric
	TestNeighbours  = "binomial_neighbours"    // exact: copies against nearly equal answers
	TestPairs       = "permutation_pairs"      // number of equal pairs, labels permuted inside strata
	TestDays        = "odds_and_binomial"      // exact: a stratum's day against other strata, a day against its neighbours
)

// one per cent: what each flag states.
const onePercent = score.One

// Methods lists every flag with its method, in the order of Report.Flags.
func Methods() []Method {
	return []Method{
		{Interviewers, TestPermutation, onePercent, 250_000, leastLot},
		{PaperLots, TestPermutation, onePercent, 250_000, leastLot},
		{Channels, TestPermutation, onePercent, 500_000, leastChannel},
		{StraightLining, TestOdds, onePercent, 2 * score.One, leastLot},
		{CopiedAnswers, TestNeighbours, onePercent, score.One / 2, leastComplex},
		{EqualTexts, TestPairs, onePercent, 0, leastTexts},
		{DrawingDays, TestDays, onePercent, 2 * score.One, leastDrawn},
	}
}

// Minimums of the flags.
const (
	leastLot     = 8  // answers in a lot, and beside it in the same strata and channel
	leastChannel = 15 // answers in a channel, and on the web in the same strata
	leastComplex = 20 // answers that are neither short nor nearly all alike
	leastTexts   = 5  // answers with a text in a lot, and beside it
	leastDrawn   = 20 // drawings of a stratum, and of the others; or on the days around a day
)

// State is what a flag or one of its comparisons says.
type State string

// The states. NotAssessable is an answer of its own: too little to compare says nothing good either.
const (
	Raised        State = "raised"
	Quiet         State = "quiet"
	NotAssessable State = "not_assessable"
)

// Finding is one comparison.
type Finding struct {
	State   State      `json:"state"`
	Channel string     `json:"channel,omitempty"` // of a lot, or the channel compared with the web
	Lot     string     `json:"lot,omitempty"`
	Stratum string     `json:"stratum,omitempty"`
	Day     clock.Date `json:"day,omitempty"`
	Values  []int8     `json:"values,omitempty"` // answers that were copied
	Count   int64      `json:"count"`            // answers, copies, texts or drawings looked at
	Against int64      `json:"against"`          // with how many they were compared
	// Figure is what was seen: a difference in rating points, or a share in per cent.
	Figure score.Micro `json:"figure"`
	// Usual is the share in per cent on the other side; zero for a difference.
	Usual score.Micro `json:"usual"`
	// P is the chance, at most, that an honest round shows as much in any of the flag's comparisons. The flag is
	// raised where it is not above the stated rate.
	P score.Micro `json:"p"`
}

// FlagReport is one flag in one round.
type FlagReport struct {
	Method
	State State `json:"state"`
	// Comparisons that were made; those of no use (NotAssessable) are listed but not counted.
	Comparisons int64     `json:"comparisons"`
	Findings    []Finding `json:"findings"`
}

// Report is everything that the flags have to say about a round.
type Report struct {
	Version string       `json:"version"`
	Flags   []FlagReport `json:"flags"`
	Figures Figures      `json:"figures"`
}

// Raised lists the flags that are raised.
func (r Report) Raised() []Flag {
	var out []Flag
	for _, f := range r.Flags {
		if f.State == Raised {
			out = append(out, f.Flag)
		}
	}
	return out
}

// Audit examines a round. Faults: integrity.design, integrity.response.
func Audit(in Input) (Report, error) {
	if err := in.check(); err != nil {
		return Report{}, err
	}
	a := newAudit(in)
	r := Report{Version: Version, Figures: a.figures()}
	for _, m := range Methods() {
		r.Flags = append(r.Flags, a.flag(m))
	}
	return r, nil
}

func (a *audit) flag(m Method) FlagReport {
	var found []compared
	switch m.Flag {
	case Interviewers:
		found = a.lotMeans(m, score.Assisted)
	case PaperLots:
		found = a.lotMeans(m, score.Paper)
	case Channels:
		found = a.channels(m)
	case StraightLining:
		found = a.straight(m)
	case CopiedAnswers:
		found = a.copies(m)
	case EqualTexts:
		found = a.texts(m)
	case DrawingDays:
		found = a.days(m)
	}
	return judge(m, found)
}

func (in Input) check() error {
	if len(in.Strata) == 0 || len(in.Days) > maxDays || !daysFollow(in.Days) {
		return fault.New(fault.Invalid, "integrity.design")
	}
	keys := map[string]bool{}
	for _, s := range in.Strata {
		if keys[s.Key] || !s.ok(len(in.Days)) {
			return fault.New(fault.Invalid, "integrity.design")
		}
		keys[s.Key] = true
	}
	return in.checkResponses()
}

func (in Input) checkResponses() error {
	for _, r := range in.Responses {
		items := len(in.Responses[0].Values)
		if r.Stratum < 0 || r.Stratum >= len(in.Strata) || r.Channel > score.Assisted || len(r.Values) != items || items > maxItems {
			return fault.New(fault.Invalid, "integrity.response")
		}
		for _, v := range r.Values {
			if v < score.NotAsked || v > score.Highest {
				return fault.New(fault.Invalid, "integrity.response")
			}
		}
	}
	return nil
}

func (s Stratum) ok(days int) bool {
	if s.Key == "" || s.Dwellings < 1 || s.Dwellings > maxDwellings || s.Sampled < 1 || s.Sampled > s.Dwellings || len(s.Drawn) != days {
		return false
	}
	left := s.Sampled
	for _, n := range s.Drawn {
		if n < 0 || n > left {
			return false
		}
		left -= n
	}
	return true
}

func daysFollow(days []Day) bool {
	for i, d := range days {
		if _, err := clock.ParseDate(string(d.Date)); err != nil {
			return false
		}
		if i > 0 && days[i-1].Date.AddDays(1) != d.Date {
			return false
		}
	}
	return true
}

package score

import "github.com/redproperty/redproperty/internal/fault"

// Design says from what the answers were asked: the roll, the draw, the items and their weights.
type Design struct {
	// Strata, in an order in which neighbours are alike (buildings in their order): neighbours are merged
	// where a stratum has too few answers.
	Strata []Stratum `json:"strata"`
	// Items in the questionnaire's order.
	Items []Item `json:"items"`
	// Weights of the dimensions in hundredths of a per cent; together WeightSum.
	Weights map[string]int64 `json:"weights"`
}

// Stratum is a part of the roll from which was drawn on its own.
type Stratum struct {
	Key     string `json:"key"`
	N       int64  `json:"dwellings"` // dwellings on the frozen roll
	Sampled int64  `json:"sampled"`   // drawn into the sample; all of them in a census
}

// Item is a question answered by 1 to 5.
type Item struct {
	Code      string `json:"code"`
	Dimension string `json:"dimension"`
}

// WeightSum is what the weights of all dimensions add up to.
const WeightSum = 10_000

// Answers that are not a rating. None of them enters a mean.
const (
	NoAnswer int8 = 0  // asked and left empty
	DontKnow int8 = -1 // "don't know"
	NotAsked int8 = -2 // hidden by an earlier answer
)

// Lowest and Highest are the ends of the rating scale.
const (
	Lowest  int8 = 1
	Highest int8 = 5
)

// Channel is the way in which an answer came.
type Channel uint8

// The channels.
const (
	Web Channel = iota
	Paper
	Assisted // by a neutral interviewer
	channels
)

// Policy holds the thresholds of the rule under which a round is scored.
type Policy struct {
	MinAnswers int64 `json:"minAnswers"` // answers below which the round says nothing (R1.4); at least 2
	MinItem    int64 `json:"minItem"`    // valid answers below which an item says nothing; at least 2
	MinStratum int64 `json:"minStratum"` // answers below which a stratum is merged with a neighbour; at least 2
}

func (p Policy) check() error {
	if p.MinAnswers < 2 || p.MinItem < 2 || p.MinStratum < 2 {
		return fault.New(fault.Invalid, "score.policy")
	}
	return nil
}

// maxDwellings bounds a roll so that no sum of products overflows.
const maxDwellings = 1 << 40

func (d Design) check() error {
	if !strataOK(d.Strata) {
		return fault.New(fault.Invalid, "score.strata")
	}
	codes := map[string]bool{}
	asked := map[string]bool{}
	for _, item := range d.Items {
		if item.Code == "" || item.Dimension == "" || codes[item.Code] {
			return fault.New(fault.Invalid, "score.items")
		}
		codes[item.Code], asked[item.Dimension] = true, true
	}
	if len(codes) == 0 {
		return fault.New(fault.Invalid, "score.items")
	}
	return checkWeights(d.Weights, asked)
}

func strataOK(strata []Stratum) bool {
	keys, total := map[string]bool{}, int64(0)
	for _, s := range strata {
		if keys[s.Key] || s.N < 1 || s.N > maxDwellings || s.Sampled < 1 || s.Sampled > s.N {
			return false
		}
		keys[s.Key] = true
		total += s.N
		if total > maxDwellings {
			return false
		}
	}
	return total > 0
}

// checkWeights wants a positive weight for each dimension that has an item, and for no other.
func checkWeights(weights map[string]int64, asked map[string]bool) error {
	sum := int64(0)
	for dimension, w := range weights {
		if w < 1 || w > WeightSum || !asked[dimension] {
			return fault.New(fault.Invalid, "score.weights", "sum", WeightSum)
		}
		sum += w
	}
	if sum != WeightSum || len(weights) != len(asked) {
		return fault.New(fault.Invalid, "score.weights", "sum", WeightSum)
	}
	return nil
}

// dimensions lists the dimensions in the order of their first items.
func (d Design) dimensions() []string {
	var out []string
	seen := map[string]bool{}
	for _, item := range d.Items {
		if !seen[item.Dimension] {
			seen[item.Dimension] = true
			out = append(out, item.Dimension)
		}
	}
	return out
}

func (d Design) dwellings() (n, sampled int64) {
	for _, s := range d.Strata {
		n += s.N
		sampled += s.Sampled
	}
	return n, sampled
}

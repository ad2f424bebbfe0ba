package bundle

import (
	"slices"

	"github.com/redproperty/redproperty/internal/ballot"
)

// wayIn is what an exclusion can go by, and the revision from which it does.
type wayIn struct {
	revision              int
	channel, lot, stratum string
}

// mostWays bounds the memory that a file can ask for: lots, interviewers and strata that were left out.
const mostWays = 100_000

// exclusion is one with the revision that it made, whose score follows it in the ledger.
type exclusion struct {
	ballot.Exclusion
	revision int
}

func (e exclusion) covers(w wayIn) bool {
	switch e.By {
	case "channel":
		return w.channel == e.Value
	case "lot":
		return w.lot == e.Value
	}
	return w.stratum == e.Value
}

// excluding counts a response that was left out.
func (h *history) excluding(number int64, c *checked) {
	if c.Excluded == nil {
		return
	}
	way := wayIn{c.Excluded.Revision, c.Excluded.Channel, c.Excluded.Lot, h.v.pre.Strata[c.stratum].Stratum}
	if h.left[way]++; len(h.left) > mostWays {
		delete(h.left, way)
		h.v.report.at(number, "more kinds of responses are left out than any round has")
	}
}

// leftOf counts what is left out of some strata, by the revision that begins it.
func (h *history) leftOf(strata []int, revisions int) []int64 {
	out := make([]int64, revisions)
	for way, n := range h.left {
		if way.revision > 0 && way.revision < revisions && slices.Contains(strata, h.v.codes[way.stratum]) {
			out[way.revision] += n
		}
	}
	return out
}

// excluded compares what was left out with the exclusions: each response by the first that covers it, from that one's revision on, and
// of each exclusion as many as its entry says.
func (h *history) excluded() {
	found := make([]int64, len(h.exclusions))
	for way, n := range h.left {
		at := 0
		for at < len(h.exclusions) && !h.exclusions[at].covers(way) {
			at++
		}
		if at == len(h.exclusions) || h.exclusions[at].revision != way.revision {
			h.v.report.add("%d responses of stratum %s are left out of revision %d by no exclusion in the ledger", n, way.stratum, way.revision)
			continue
		}
		found[at] += n
	}
	for i, e := range h.exclusions {
		if found[i] != int64(e.Count) {
			h.v.report.add("exclusion %d leaves out %d responses, the file has %d of them", e.Number, e.Count, found[i])
		}
	}
}

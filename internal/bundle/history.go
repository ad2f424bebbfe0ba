package bundle

import (
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
)

// mostVoided bounds how many void ballots are remembered, to find one that was counted all the same.
const mostVoided = 1 << 20

// history is what the round's other entries say, in their order.
type history struct {
	v       *verifier
	opened  *ballot.RoundOpened
	closed  *ballot.Closed
	sealed  map[ballot.Hash]string // the last sealed day, by key
	voided  map[ballot.Hash]bool
	lots    map[string]bool      // codes of lots of paper envelopes
	issued  map[ballot.Hash]int  // envelopes, by key
	void    map[ballot.Hash]int  // of them void ones, by key
	results map[int]ballot.Score // by revision

	left       map[wayIn]int64 // responses that were left out
	exclusions []exclusion     // as they stand in the ledger
}

// leaf takes in an entry that is no response.
func (v *verifier) leaf(number int64, l Leaf) {
	leaf := ballot.Leaf([]byte(l.Body))
	if l.Leaf != nil && leaf != *l.Leaf {
		v.report.at(number, "the entry is not the one of its leaf: it was altered")
		leaf = *l.Leaf
	}
	v.set(number, l.Pos, recordHash(leaf))
	v.report.Leaves++
	e, err := ballot.ParseEntry([]byte(l.Body))
	if err != nil {
		v.report.at(number, "the entry is not in the form of one")
		return
	}
	for _, w := range v.history.take(e) {
		v.report.at(number, "%s: %s", ballot.KindOf(e), w)
	}
}

// take checks an entry against what came before it.
func (h *history) take(e ballot.Entry) []string {
	w := &wrongs{}
	if opened, ok := e.(ballot.RoundOpened); ok {
		h.open(w, opened)
		return w.list
	}
	w.want(h.opened != nil, "it stands before the entry that opens the round")
	if h.opened == nil {
		return w.list
	}
	switch e := e.(type) {
	case ballot.DrawSeal:
		h.seal(w, e)
	case ballot.Lot:
		h.lot(w, e)
	case ballot.Voided:
		h.voiding(w, e)
	case ballot.Closed:
		h.close(w, e)
	case ballot.Score:
		h.score(w, e)
	case ballot.Response:
		w.want(false, "a response has a line of its own kind")
	case ballot.Exclusion:
		w.want(e.Round == h.opened.Round, "of another round")
		h.exclusions = append(h.exclusions, exclusion{Exclusion: e, revision: len(h.results)})
		w.want(e.By != "lot" || h.lots[e.Value] || strings.HasPrefix(e.Value, "i"), "it leaves out a lot that was never issued")
	case ballot.Objection:
		w.want(e.Round == h.opened.Round, "of another round")
	case ballot.Revision:
		w.want(e.Round == h.opened.Round, "of another round")
	}
	return w.list
}

// wrongs collects what is wrong.
type wrongs struct{ list []string }

func (w *wrongs) want(ok bool, otherwise string) {
	if !ok {
		w.list = append(w.list, otherwise)
	}
}

// open compares the entry that opens the round with the preamble.
func (h *history) open(w *wrongs, e ballot.RoundOpened) {
	v := h.v
	w.want(h.opened == nil, "the round was opened before")
	w.want(e.Round == v.pre.Header.Round, "of another round")
	w.want(e.Questionnaire == v.frame.Form.Hash(), "the questionnaire of the file is not the one that the round was opened with")
	w.want(e.Rules == ballot.Hash(v.frame.Rules.Hash), "the rules of the file are not those that the round was opened under")
	w.want(len(e.Keys) == len(v.pre.Strata), "it has other strata than the file")
	var asked int64
	for i, st := range v.pre.Strata {
		asked += st.Sampled
		if i < len(e.Keys) {
			k := e.Keys[i]
			w.want(k.Stratum == st.Stratum && k.Key == v.keys[i].ID() && int64(k.Dwellings) == st.Sampled, "stratum "+st.Stratum+" has another key or number of dwellings than the file says")
		}
		w.want(v.pre.Header.Method != "census" || st.Sampled == st.Dwellings, "a census asks every dwelling of stratum "+st.Stratum)
	}
	w.want(int64(e.Dwellings) == asked, "another number of dwellings is asked than the file says")
	h.opened = &e
	v.roll.open(w, &v.pre, e)
	v.kept.opened(e)
}

func (h *history) seal(w *wrongs, e ballot.DrawSeal) {
	k, ok := h.opened.Key(e.Key)
	w.want(ok && e.Round == h.opened.Round, "of another round")
	w.want(h.closed == nil, "it stands behind the end of the round")
	w.want(e.Count == k.Dwellings, "it has not one commitment for each dwelling that is asked")
	w.want(h.sealed[e.Key] == "" || clock.Date(h.sealed[e.Key]).AddDays(1) == e.Day, "a day was sealed twice or not at all")
	h.sealed[e.Key] = string(e.Day)
}

// lot takes in a lot of paper envelopes.
func (h *history) lot(w *wrongs, e ballot.Lot) {
	_, ok := h.opened.Key(e.Key)
	w.want(ok && e.Round == h.opened.Round, "of another round")
	w.want(h.closed == nil && h.v.report.Responses == 0, "it stands behind the end of the casting")
	w.want(!h.lots[e.Lot], "lot "+e.Lot+" was issued before")
	h.lots[e.Lot] = true
	h.issued[e.Key] += e.Issued
	h.v.report.Envelopes += int64(e.Issued)
}

// voiding takes in a void ballot. It stands before the responses, so that none of them can have been called void afterwards.
func (h *history) voiding(w *wrongs, e ballot.Voided) {
	_, ok := h.opened.Key(e.Key)
	w.want(ok && e.Round == h.opened.Round, "of another round")
	w.want(h.closed == nil && h.v.report.Responses == 0, "it stands behind responses: a ballot is void before anything is counted or never")
	w.want(!h.voided[e.Token], "the ballot is void twice")
	h.void[e.Key]++
	w.want(h.void[e.Key] <= h.issued[e.Key], "more envelopes are void than were issued in the stratum")
	h.v.report.Void++
	if w.want(len(h.voided) < mostVoided, "more void ballots than any round has"); len(h.voided) < mostVoided {
		h.voided[e.Token] = true
	}
}

// response checks that responses stand between the opening and the end.
func (h *history) response(number int64, token ballot.Hash) {
	switch {
	case h.opened == nil:
		h.v.report.at(number, "response %s stands before the entry that opens the round", token)
	case h.closed != nil:
		h.v.report.at(number, "response %s was added behind the end of the round", token)
	case h.voided[token]:
		h.v.report.at(number, "response %s was cast with a ballot that is void", token)
	}
}

// close compares the balance with what is in the file.
func (h *history) close(w *wrongs, e ballot.Closed) {
	v := h.v
	w.want(h.closed == nil, "the round was closed before")
	w.want(e.Round == h.opened.Round, "of another round")
	w.want(int64(e.Counted) == v.report.Responses, "it counts another number of responses than the file has: responses were dropped or added")
	w.want(len(e.Strata) == len(v.pre.Strata), "it has other strata than the file")
	for i, st := range v.pre.Strata {
		if i >= len(e.Strata) {
			break
		}
		c := e.Strata[i]
		w.want(c.Key == v.keys[i].ID() && int64(c.Dwellings) == st.Sampled, "stratum "+st.Stratum+" is another one")
		w.want(int64(c.Drawn) == st.Drawn, "stratum "+st.Stratum+": another number of ballots was drawn than the file says")
		w.want(int64(c.Counted) == st.Counted && st.Counted == v.counted[i], "stratum "+st.Stratum+": another number of responses was counted than the file has")
	}
	h.closed = &e
}

func (h *history) score(w *wrongs, e ballot.Score) {
	v := h.v
	w.want(h.closed != nil, "a score before the responses were counted")
	w.want(e.Round == h.opened.Round, "of another round")
	w.want(e.Rules == h.opened.Rules, "made under other rules than the round was opened under")
	if h.results == nil {
		h.results = map[int]ballot.Score{}
	}
	_, before := h.results[e.Revision]
	w.want(!before && e.Revision == len(h.results), "revisions do not follow one another")
	h.results[e.Revision] = e
	w.want(e.Revision < len(v.pre.Cards), "the file has no card of this revision")
	if e.Revision < len(v.pre.Cards) {
		w.want(hashOf(v.pre.Cards[e.Revision].Text) == e.Result, "the card of this revision is not the one that was sealed")
	}
}

// finish checks that nothing is missing.
func (h *history) finish() {
	r := &h.v.report
	switch {
	case h.opened == nil:
		r.add("the entry that opens the round is missing")
	case h.closed == nil:
		r.add("the entry that ends the round is missing")
	case len(h.results) == 0:
		r.add("the entry of the score is missing")
	case len(h.results) != len(h.v.pre.Cards):
		r.add("there are %d cards, and %d of them are in the ledger", len(h.v.pre.Cards), len(h.results))
	}
	h.excluded()
	if h.closed == nil {
		return
	}
	for i, key := range h.v.keys {
		if last := h.sealed[key.ID()]; last != string(h.closed.Day) {
			r.add("stratum %s: the draws were last sealed for %q, the round ended on %s", h.v.pre.Strata[i].Stratum, last, h.closed.Day)
		}
	}
}

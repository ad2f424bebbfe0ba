package votebundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
)

// Options is what a verification is given beside the bundle.
type Options struct {
	VerifierKey string            // the ledger's, from a place other than the bundle; empty: the ledger is not looked at
	Tellers     [2]*teller.Secret // to count again; nil for not
	Receipts    []teller.Receipt  // to find among the ballots
}

// Report is what a verification found. It is sound when Wrong is empty.
type Report struct {
	Total     tally.Weight    // everybody on the roll
	Joined    tally.Weight    // whose ballots are there
	Tests     []ItemTests     // of the outcome
	Recounted *teller.Outcome // by the two tellers' secrets
	Wrong     []string        // each thing that does not fit, with its head where it is a ballot's
}

// ItemTests are the law's tests of an item's options.
type ItemTests struct {
	Matter tally.Item
	Counts []tally.Count
	Tests  []tally.Tests
}

func (r *Report) wrong(format string, args ...any) {
	r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...))
}

// entry is what a leaf's body can say; each kind says some of it.
type entry struct {
	Kind       string        `json:"kind"`
	Vote       string        `json:"vote"`
	Form       *Hash         `json:"form"`
	Roll       *Hash         `json:"roll"`
	Key        *Hash         `json:"key"`
	Heads      int64         `json:"heads"`
	Area       int64         `json:"area"`
	Head       int           `json:"head"`
	Revision   int           `json:"revision"`
	Commitment *Hash         `json:"commitment"`
	Ballots    int           `json:"ballots"`
	Box        *Hash         `json:"box"`
	Joined     *tally.Weight `json:"joined"`
	Outcome    *Hash         `json:"outcome"`
	Public     []byte        `json:"public"`
	Parts      [][]byte      `json:"parts"`
	Scans      []Hash        `json:"scans"`
	Opening    string        `json:"opening"`
	Salt       *Hash         `json:"salt"`       // hash of the ballots' salt, in the opening
	BallotSalt *Hash         `json:"ballotSalt"` // in the closing
}

// Verify checks a bundle against itself, against the ledger, and with two tellers' secrets against the ballots themselves.
func Verify(b Bundle, o Options) (Report, error) {
	var r Report
	entries, err := b.leaves(&r, o)
	if err != nil {
		return r, err
	}
	areas := b.roll(&r, entries)
	key := b.key(&r, entries)
	b.ballots(&r, entries, areas)
	b.outcome(&r, entries)
	b.receipts(&r, o)
	if o.Tellers[0] != nil {
		return r, b.recount(&r, key, areas, o.Tellers)
	}
	return r, nil
}

// leaves reads what the ledger has, and checks that it has it and nothing else of the vote.
func (b Bundle) leaves(r *Report, o Options) ([]entry, error) {
	out := make([]entry, len(b.Leaves))
	for i, l := range b.Leaves {
		if err := json.Unmarshal([]byte(l.Body), &out[i]); err != nil || out[i].Kind != l.Kind || out[i].Vote != b.Vote.String() {
			r.wrong("leaf %d (%s) is not of this vote", l.Entry, l.Kind)
		}
	}
	if kind := twice(out); kind != "" {
		r.wrong("the ledger has two leaves %q of this vote", kind)
	}
	if o.VerifierKey == "" {
		return out, nil
	}
	log, head, err := ledger.OpenCheckpoint(o.VerifierKey, b.Checkpoint)
	if err != nil {
		return nil, err
	}
	if log != Log {
		return nil, fmt.Errorf("the checkpoint is of the log %q", log)
	}
	if b.Range == nil {
		b.proved(r, head, out)
		return out, nil
	}
	return out, b.ranged(r, head, out)
}

// proved checks the leaves of the first form, each with its proof.
func (b Bundle) proved(r *Report, head ledger.Head, entries []entry) {
	for i, l := range b.Leaves {
		leaf := firstLeafHash(l.Body)
		if err := tlog.CheckRecord(l.Proof, head.Size, head.Root, l.Entry, tlog.RecordHash(leaf[:])); err != nil {
			r.wrong("leaf %d (%s) is not in the ledger as it stands here", l.Entry, name(entries[i]))
		}
	}
}

// ranged checks the leaves against everything that the ledger holds from the first of them on.
func (b Bundle) ranged(r *Report, head ledger.Head, entries []entry) error {
	all := make([][32]byte, len(b.Range.Leaves))
	for i, leaf := range b.Range.Leaves {
		if len(leaf) != len(all[i]) {
			return fmt.Errorf("the ledger's leaf %d is none", b.Range.From+int64(i))
		}
		all[i] = [32]byte(leaf)
	}
	if err := ledger.CheckRange(head, b.Range.From, all, b.Range.First); err != nil {
		r.wrong("what the bundle has of the ledger is not what its checkpoint was signed for")
	}
	m, err := marksOf(b.Vote, entries)
	if err != nil {
		r.wrong("the ballots' salt is not the one that the opening promised")
	}
	known := map[[32]byte]bool{}
	for i, l := range b.Leaves {
		leaf, at := m.leaf(l.Kind, l.Body), l.Entry-b.Range.From
		if known[leaf] = true; at < 0 || at >= int64(len(all)) || all[at] != leaf {
			r.wrong("leaf %d (%s) is not in the ledger as it stands here", l.Entry, name(entries[i]))
		}
	}
	for _, at := range m.unlisted(b.Range.From, all, known) {
		r.wrong("the ledger has a leaf of this vote, entry %d, that the bundle does not show", at)
	}
	return nil
}

func name(e entry) string {
	if e.Kind == "ballot" {
		return fmt.Sprintf("ballot of head %d, revision %d", e.Head, e.Revision)
	}
	return e.Kind
}

// last is the newest leaf of a kind.
func last(entries []entry, kind string) (entry, bool) {
	for _, e := range slices.Backward(entries) {
		if e.Kind == kind {
			return e, true
		}
	}
	return entry{}, false
}

// same notes where a hash differs from the one in a leaf of a kind.
func (r *Report) same(entries []entry, kind, what string, got Hash, of func(entry) *Hash) {
	e, ok := last(entries, kind)
	switch {
	case !ok:
		r.wrong("the ledger has no leaf %q of this vote", kind)
	case of(e) == nil || *of(e) != got:
		r.wrong("%s is not the one of the leaf %q", what, kind)
	}
}

// roll checks the roll and returns the area of each head.
func (b Bundle) roll(r *Report, entries []entry) map[int]int64 {
	areas := map[int]int64{}
	for _, u := range b.Roll {
		areas[u.Head] += u.Area
		r.Total.Area += u.Area
	}
	r.Total.Heads = int64(len(areas))
	hash := RollHash(b.Vote, b.Roll)
	r.same(entries, "post_roll", "the roll", hash, func(e entry) *Hash { return e.Roll })
	r.same(entries, "announce", "the text of the items", FormHash(b.Items), func(e entry) *Hash { return e.Form })
	if e, ok := last(entries, "open"); ok && (e.Heads != r.Total.Heads || e.Area != r.Total.Area || e.Roll == nil || *e.Roll != hash) {
		r.wrong("the roll is not the one that was frozen at the opening")
	}
	return areas
}

func (b Bundle) key(r *Report, entries []entry) teller.Key {
	if b.Official != "" {
		return teller.Key{}
	}
	key, err := teller.Combine(b.Vote, b.Reach, b.Dealings)
	if err != nil {
		r.wrong("the tellers' dealings make no key: %v", err)
		return key
	}
	r.same(entries, "make_key", "the key", Hash(key.Hash), func(e entry) *Hash { return e.Key })
	r.same(entries, "open", "the key", Hash(key.Hash), func(e entry) *Hash { return e.Key })
	return key
}

// ballots compares each ballot with the newest leaf of its head: one that was changed, put in or taken out is named.
func (b Bundle) ballots(r *Report, entries []entry, areas map[int]int64) {
	newest := (&Record{entries: entries}).newest()
	var box []Hash
	seen := map[int]bool{}
	for _, ballot := range b.Ballots {
		area, known := areas[ballot.Head]
		r.Joined = r.Joined.Add(tally.Weight{Area: area, Heads: 1})
		c := b.context(ballot.Head)
		got := Hash(teller.Commitment(c, ballot.Revision, ballot.Channel, ballot.Sealed))
		e, promised := newest[ballot.Head]
		switch {
		case !known || seen[ballot.Head]:
			r.wrong("the ballot of head %d has no head on the roll", ballot.Head)
		case !promised:
			r.wrong("the ballot of head %d is not in the ledger", ballot.Head)
		case e.Commitment == nil || *e.Commitment != got || e.Revision != ballot.Revision || got != ballot.Commitment:
			r.wrong("the ballot of head %d is not the one that was cast", ballot.Head)
		}
		seen[ballot.Head] = true
		box = append(box, got)
	}
	for head := range newest {
		if !seen[head] {
			r.wrong("the ballot of head %d was taken out", head)
		}
	}
	slices.Sort(r.Wrong)
	if e, ok := last(entries, "close"); ok {
		if e.Box == nil || *e.Box != BoxHash(b.Vote, box) || e.Ballots != len(b.Ballots) || e.Joined == nil || *e.Joined != r.Joined {
			r.wrong("the ballots are not the ones with which the vote was closed")
		}
	} else if b.Official == "" {
		r.wrong("the ledger has no leaf %q of this vote", "close")
	}
}

func (b Bundle) context(head int) teller.Context {
	return teller.Context{Vote: b.Vote, Form: FormHash(b.Items), Head: head, Items: len(b.Questions)}
}

// outcome checks the outcome against its leaf, and applies the law to it.
func (b Bundle) outcome(r *Report, entries []entry) {
	if b.Outcome == nil {
		return
	}
	kind := "count"
	if b.Official != "" {
		kind = "official_result"
	}
	if b.Salt == nil {
		r.wrong("the outcome has no salt")
		return
	}
	hash, err := OutcomeHash(*b.Salt, *b.Outcome)
	if err != nil {
		r.wrong("the outcome cannot be read")
		return
	}
	r.same(entries, kind, "the outcome", hash, func(e entry) *Hash { return e.Outcome })
	if len(b.Outcome.Items) != len(b.Questions) || len(b.Matters) != len(b.Questions) {
		r.wrong("the outcome is of other items")
		return
	}
	for i, item := range b.Outcome.Items {
		t := ItemTests{Matter: b.Matters[i]}
		for _, favour := range item.Options {
			c := tally.Count{Total: r.Total, Joined: b.Outcome.Joined, Favour: favour}
			t.Counts, t.Tests = append(t.Counts, c), append(t.Tests, c.Tests(t.Matter))
		}
		r.Tests = append(r.Tests, t)
	}
}

func (b Bundle) receipts(r *Report, o Options) {
	for _, receipt := range o.Receipts {
		at := slices.IndexFunc(b.Ballots, func(x Ballot) bool { return x.Head == receipt.Head })
		switch {
		case receipt.Vote != b.Vote:
			r.wrong("the receipt is of another vote")
		case at < 0:
			r.wrong("the ballot of head %d, which the receipt promises to count, is not there", receipt.Head)
		case b.Ballots[at].Revision == receipt.Revision && b.Ballots[at].Commitment != Hash(receipt.Commitment):
			r.wrong("the ballot of head %d is not the one of the receipt", receipt.Head)
		case b.Ballots[at].Revision < receipt.Revision:
			r.wrong("the ballot of head %d is an earlier one than the receipt's", receipt.Head)
		}
	}
}

// recount counts again with the secrets of two tellers.
func (b Bundle) recount(r *Report, key teller.Key, areas map[int]int64, secrets [2]*teller.Secret) error {
	if secrets[1] == nil || secrets[0].No == secrets[1].No {
		return errors.New("two different tellers are needed: one alone opens nothing")
	}
	list := make([]teller.Ballot, len(b.Ballots))
	for i, x := range b.Ballots {
		list[i] = teller.NewBallot(b.context(x.Head), x.Head, tally.Weight{Area: areas[x.Head], Heads: 1}, x.Sealed)
	}
	var parts [2]teller.Part
	for i, s := range secrets {
		if s.Vote != b.Vote {
			return errors.New("a teller's secret is of another vote")
		}
		var err error
		if parts[i], err = s.Part(key, list); err != nil {
			return err
		}
	}
	out, spoiled, err := teller.Count(key, b.context(0), b.Questions, list, parts[0], parts[1])
	if err != nil {
		return err
	}
	r.Recounted = &out
	for _, head := range spoiled {
		if !slices.Contains(b.Spoiled, head) {
			r.wrong("the ballot of head %d does not open, and it did when it was counted", head)
		}
	}
	if b.Outcome != nil && !reflect.DeepEqual(out, *b.Outcome) {
		r.wrong("counted again the outcome is another one")
	}
	return nil
}

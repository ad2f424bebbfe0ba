package bundle

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Options of a verification.
type Options struct {
	// VerifierKey of the ledger in the text form of signed notes, from a place other than the file. Empty: the file's own is
	// used, and the report says so.
	VerifierKey string
	// Receipts whose promises are to be checked against the file.
	Receipts []ballot.Receipt
	// Progress is called now and then with the number of responses checked; nil for no calls.
	Progress func(responses int64)

	unsigned bool // leaves the ballots' signatures unchecked, to measure the rest
}

// Verify checks a bundle. What is wrong with it is in the report; an error says that the file or the key given could not be
// read at all. Memory does not grow with the number of responses.
func Verify(r io.Reader, o Options) (Report, error) {
	in, err := open(r)
	if err != nil {
		return Report{}, err
	}
	v := &verifier{in: in, o: o}
	if err := v.preamble(); err != nil {
		return v.report, err
	}
	if err := v.prepare(); err != nil {
		v.report.add("%v", err)
		return v.report, nil
	}
	v.run(max(1, runtime.GOMAXPROCS(0)))
	v.finish()
	return v.report, nil
}

// verifier is the work on one file.
type verifier struct {
	in     *lines
	o      Options
	report Report
	pre    Preamble
	held   []byte // the first line after the preamble
	rank   int    // of the last line's kind

	frame   *scorecard.Frame
	counter *scorecard.Counter // reads answers

	counters []*scorecard.Counter // by revision

	keys    []*ballot.PublicKey // by stratum
	codes   map[string]int
	shown   []scorecard.Shown
	textual bool // a condition looks at free text
	root    tlog.Hash
	budgets [][]budget // by revision and project

	tree    tree
	broken  bool // an entry is missing, so that the root cannot be computed
	last    ballot.Hash
	counted []int64
	history history
	draws   drawing
	roll    rolled
	texts   together
	kept    promises
	ended   bool
}

// preamble reads the lines before the ledger's entries. A file that does not begin as a bundle does is an error.
func (v *verifier) preamble() error {
	read := 0
	for {
		line, err := v.in.next(nil)
		if err != nil {
			return fmt.Errorf("line %d: %w", v.in.number+1, cut(err))
		}
		if read += len(line); read > maxPreamble || len(v.pre.Strata) > maxStrata || len(v.pre.Projects) > maxStrata || len(v.pre.Cards) > maxStrata || len(v.pre.Pledges) > maxStrata {
			return errors.New("this is no bundle: it never comes to the entries of the ledger")
		}
		kind := kindOf(line)
		rank, known := ranks[kind]
		single := rank <= ranks[kindRules] && v.in.number != int64(rank)+1
		if !known || rank < v.rank || single || v.in.number <= int64(ranks[kindRules]) && int64(rank) != v.in.number-1 {
			return fmt.Errorf("line %d: this is no bundle, or its lines are not in their order", v.in.number)
		}
		if v.rank = rank; rank >= ranks[kindLeaf] {
			v.held = line
			return nil
		}
		if err := v.take(kind, line); err != nil {
			return fmt.Errorf("line %d: %s: %w", v.in.number, kind, err)
		}
	}
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends here: it was cut")
	}
	return err
}

// take reads a line of the preamble.
func (v *verifier) take(kind string, line []byte) (err error) {
	p := &v.pre
	switch kind {
	case kindHeader:
		p.Header, err = decode[Header](line)
		if err == nil && (p.Header.Format != Format || (p.Header.V < versionWithoutRoll || p.Header.V > Version)) {
			err = fmt.Errorf("a form that this program does not know")
		}
	case kindQuestionnaire:
		p.Questionnaire, err = text(line)
	case kindRules:
		p.Rules, err = text(line)
	case kindProject:
		p.Projects, err = appended(p.Projects, line)
	case kindStratum:
		p.Strata, err = appended(p.Strata, line)
	case kindCard:
		p.Cards, err = appended(p.Cards, line)
	case kindPledge:
		p.Pledges, err = appended(p.Pledges, line)
	}
	return err
}

func text(line []byte) (string, error) {
	t, err := decode[Text](line)
	return t.Text, err
}

func appended[T any](list []T, line []byte) ([]T, error) {
	one, err := decode[T](line)
	return append(list, one), err
}

// prepare reads what every response is checked by. An error means that nothing more can be checked.
func (v *verifier) prepare() (err error) {
	h := v.pre.Header
	v.report.Round, v.report.Strata, v.report.VerifierKey = h.Round, len(v.pre.Strata), v.o.VerifierKey
	if v.report.VerifierKey == "" {
		v.report.VerifierKey, v.report.KeyFromFile = h.VerifierKey, true
	}
	trust, err := ballot.NewTrust(v.report.VerifierKey)
	if err != nil {
		return errors.New("the verifier key is none")
	}
	if v.report.Log, v.report.Size, v.root, err = trust.Open(h.Checkpoint); err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	if v.report.VerifierKey != h.VerifierKey {
		v.report.add("line 1: the file names another verifier key than the one given")
	}
	if v.frame, err = v.pre.frame(); err != nil {
		return err
	}
	if err := v.strata(); err != nil {
		return err
	}
	if v.counter, err = scorecard.New(v.frame); err != nil {
		return fmt.Errorf("service areas and strata: %w", err)
	}
	v.shown, v.counted = shownOf(v.frame), make([]int64, len(v.pre.Strata))
	v.textual = textual(v.frame.Form)
	v.draws = newDrawing(v.pre.Strata)
	v.roll = newRolled(&v.pre)
	v.texts, v.kept = newTogether(v.frame), newPromises(v.o.Receipts)
	v.history = history{v: v, sealed: map[ballot.Hash]string{}, voided: map[ballot.Hash]bool{},
		left: map[wayIn]int64{}, lots: map[string]bool{}, issued: map[ballot.Hash]int{}, void: map[ballot.Hash]int{}}
	return v.cards()
}

// strata reads the keys.
func (v *verifier) strata() error {
	v.codes = map[string]int{}
	last := ""
	for i, st := range v.pre.Strata {
		if st.Stratum <= last || st.Counted < 0 || st.Counted > st.Drawn || st.Drawn > st.Sampled || st.Sampled > st.Dwellings {
			return fmt.Errorf("stratum %s: out of order, or more counted than drawn, drawn than asked, or asked than there are", st.Stratum)
		}
		key, err := ballot.ParsePublicKey(st.Key)
		if err != nil {
			return fmt.Errorf("stratum %s: the key: %w", st.Stratum, err)
		}
		v.keys, last, v.codes[st.Stratum] = append(v.keys, key), st.Stratum, i
	}
	return nil
}

// finish checks what can be checked at the end only.
func (v *verifier) finish() {
	r := &v.report
	if !v.ended {
		r.add("the file ends after line %d: it was cut", v.in.number)
		return
	}
	switch {
	case v.broken:
		r.add("the root of the tree cannot be computed, since entries are missing, added or out of place")
	case v.tree.next != r.Size:
		r.add("the checkpoint covers %d entries, the file accounts for %d", r.Size, v.tree.next)
	case v.tree.root() != v.root:
		r.add("the entries do not make the root that the checkpoint signs: at least one of them, or of the gaps between them, was altered")
	}
	v.history.finish()
	v.draws.finish(v)
	v.roll.finish(v)
	v.texts.finish(v)
	v.kept.finish(v)
	v.compare()
}

package bundle

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Lines are read one after the other, checked in batches by all cores, and taken in in their order again.
const (
	batchLines = 256
	batchBytes = 1 << 20
)

// batch is some lines on their way. Its memory goes round: there are as many batches as can be under way.
type batch struct {
	first int64 // number of the first line
	buf   []byte
	ends  []int
	found []checked // of each line, once done tells
	done  chan struct{}
	err   error // why there is no line after these
}

func newBatch() *batch {
	return &batch{buf: make([]byte, 0, batchBytes/2), ends: make([]int, 0, batchLines), found: make([]checked, batchLines), done: make(chan struct{}, 1)}
}

// checked is a response that was looked at by itself.
type checked struct {
	scanned
	stratum int
	name    ballot.Hash // the token's hash
	record  tlog.Hash   // its leaf in the tree
	values  scorecard.Values
	wrong   []string
}

// reading is a verifier in one goroutine, with the answers that it reads one after the other.
type reading struct {
	*verifier
	given questionnaire.Answers
}

func (v *verifier) reading() *reading { return &reading{v, questionnaire.Answers{}} }

// run reads, checks and takes in everything behind the preamble.
func (v *verifier) run(cores int) {
	work, order, free := make(chan *batch, cores), make(chan *batch, 2*cores), make(chan *batch, 4*cores)
	for range cap(free) {
		free <- newBatch()
	}
	for range cores {
		go func() {
			r := v.reading()
			for b := range work {
				r.check(b)
				b.done <- struct{}{}
			}
		}()
	}
	go func() {
		defer close(work)
		defer close(order)
		for b := range free {
			v.fill(b)
			work <- b
			order <- b
			if b.err != nil {
				return
			}
		}
	}()
	for b := range order {
		<-b.done
		v.takeIn(b)
		free <- b
	}
}

// fill reads the next batch.
func (v *verifier) fill(b *batch) {
	b.first, b.buf, b.ends, b.err = v.in.number+1, b.buf[:0], b.ends[:0], nil
	if v.held != nil {
		b.first, b.buf = v.in.number, append(b.buf, v.held...)
		b.ends, v.held = append(b.ends, len(b.buf)), nil
	}
	for len(b.ends) < batchLines && len(b.buf) < batchBytes && b.err == nil {
		var more []byte
		if more, b.err = v.in.next(b.buf); b.err == nil {
			b.buf = more
			b.ends = append(b.ends, len(more))
		}
	}
}

// line is the i-th of the batch.
func (b *batch) line(i int) []byte {
	from := 0
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.buf[from:b.ends[i]]
}

// check looks at the responses of a batch, each by itself. It is the part that many cores do at once.
func (v *reading) check(b *batch) {
	for i := range b.ends {
		if line := b.line(i); kindOf(line) == kindResponse {
			v.response(line, &b.found[i])
		}
	}
}

// response checks a response by itself: everything but its place.
func (v *reading) response(line []byte, c *checked) {
	c.wrong, c.stratum, c.name, c.record = nil, -1, ballot.Hash{}, tlog.Hash{}
	c.values.Clear()
	if !c.scan(line) {
		c.wrong = append(c.wrong, "not in the form of a response")
		return
	}
	c.name, c.record = c.Token.Hash(v.pre.Header.Round), recordHash(c.leaf)
	stratum, ok := v.codes[string(c.code)]
	if !ok {
		c.wrong = append(c.wrong, "a stratum that the round does not have")
		return
	}
	c.stratum = stratum
	key := v.keys[c.stratum]
	if !v.o.unsigned && key.Verify(v.pre.Header.Round, ballot.Ballot{Key: key.ID(), Token: c.Token, Prefix: c.Prefix, Signature: c.Signature}) != nil {
		c.wrong = append(c.wrong, "the ballot was not signed by the stratum's key")
	}
	if c.Token.CheckOpening(c.Revision, c.Opening) != nil {
		c.wrong = append(c.wrong, "the proof of the right to the revision is wrong")
	}
	if leaf, err := ballot.ResponseLeaf(c.entry(v.pre.Header.Round, key.ID())); err != nil {
		c.wrong = append(c.wrong, "no entry of the ledger can say this")
	} else if leaf != c.leaf {
		c.wrong = append(c.wrong, "the entry of the ledger is not that of this response: one of the two was altered")
	}
	v.said(c)
	if e := c.Excluded; e != nil {
		switch {
		case ballot.AttributesHash(e.Salt, e.Channel, e.Lot) != c.Attributes:
			c.wrong = append(c.wrong, "it did not come in the way for which it was left out")
		case e.Revision < 1 || e.Revision >= len(v.pre.Cards):
			c.wrong = append(c.wrong, "it was left out of a revision that there is not")
		}
	}
}

// said checks the answers.
func (v *reading) said(c *checked) {
	if c.open != (v.shown[c.stratum] == scorecard.Each) {
		c.wrong = append(c.wrong, "its answers are shown though they could tell who gave them, or are missing")
		return
	}
	if !c.open {
		return
	}
	if ballot.Commitment(v.pre.Header.Round, c.name, c.Salt, []byte(c.Answers), c.Text) != c.Commitment {
		c.wrong = append(c.wrong, "the answers are not those that were committed to")
	}
	if err := v.read(c.Answers, &c.values); err != nil {
		c.wrong = append(c.wrong, err.Error())
	}
}

// read reads answers and accepts those that could have been cast, but for free text, which is not here.
func (v *reading) read(text string, into *scorecard.Values) error {
	given := v.given
	if !questionnaire.ReadCanonical(text, given) {
		var err error
		if given, err = questionnaire.ParseAnswers([]byte(text)); err != nil || string(given.Canonical()) != text {
			return errors.New("the answers are not in their canonical form")
		}
	}
	if err := v.frame.Form.CheckAnswers(given); err != nil && !v.excused(err) {
		return errors.New("the answers do not fit the questionnaire")
	}
	v.counter.Read(given, into)
	return nil
}

// excused tells whether what is wrong with answers comes of free text, which no bundle has: that it is missing, or that a
// condition on it cannot be told.
func (v *verifier) excused(err error) bool {
	for _, field := range fault.Of(err).Fields {
		item, known := v.frame.Form.Item(field.Path[strings.LastIndexByte(field.Path, '.')+1:])
		absent := known && field.Code == "answer.required" && item.Kind == questionnaire.FreeText
		branched := known && v.textual && (field.Code == "answer.required" || field.Code == "answer.hidden")
		if !absent && !branched {
			return false
		}
	}
	return true
}

// textual tells whether a condition of the questionnaire looks at free text.
func textual(q questionnaire.Questionnaire) bool {
	var looks func(c *questionnaire.Condition) bool
	looks = func(c *questionnaire.Condition) bool {
		if c == nil {
			return false
		}
		for _, list := range [][]questionnaire.Condition{c.All, c.Any} {
			for i := range list {
				if looks(&list[i]) {
					return true
				}
			}
		}
		item, ok := q.Item(c.Item)
		return ok && item.Kind == questionnaire.FreeText
	}
	for _, s := range q.Sections {
		if looks(s.ShowIf) {
			return true
		}
		for _, i := range s.Items {
			if looks(i.ShowIf) {
				return true
			}
		}
	}
	return false
}

// takeIn goes through the lines of a batch in their order.
func (v *verifier) takeIn(b *batch) {
	for i := range b.ends {
		number, line := b.first+int64(i), b.line(i)
		kind := kindOf(line)
		rank, known := ranks[kind]
		switch {
		case v.ended:
			v.report.at(number, "stands behind the end")
		case !known:
			v.report.at(number, "no line of a bundle")
		case rank < v.rank:
			v.report.at(number, "a %s out of its order", kind)
		default:
			v.rank = rank
			v.one(number, kind, line, &b.found[i])
		}
	}
	switch {
	case b.err == nil:
	case !errors.Is(b.err, io.EOF):
		v.report.add("after line %d the file is damaged: %v", v.in.number, cut(b.err))
	case v.in.trailing():
		v.report.add("something stands behind the end of the file")
	}
}

// one takes in one line.
func (v *verifier) one(number int64, kind string, line []byte, c *checked) {
	var err error
	switch kind {
	case kindResponse:
		v.count(number, c)
	case kindLeaf:
		var l Leaf
		if l, err = decode[Leaf](line); err == nil {
			v.leaf(number, l)
		}
	case kindGap:
		var g gap
		if g, err = decode[gap](line); err == nil {
			err = v.gap(g)
		}
	case kindDraw:
		var d draw
		if d, err = scanDraw(line); err == nil {
			err = v.draws.add(d)
		}
	case kindDwelling:
		var d Dwelling
		if d, err = scanDwelling(line); err == nil {
			err = v.roll.add(v, d)
		}
	case kindAnswers:
		var a answers
		if a, err = decode[answers](line); err == nil {
			err = v.texts.add(v, a)
		}
	case kindEnd:
		var e end
		v.ended = true
		if e, err = decode[end](line); err == nil && e.Lines != number-1 {
			err = fmt.Errorf("the file was written with %d lines, there are %d: lines were dropped or added", e.Lines+1, number)
		}
	}
	if err != nil {
		v.report.at(number, "%s: %v", kind, err)
		v.broken = v.broken || ranks[kind] == ranks[kindLeaf]
	}
}

// place checks that an entry stands where the one before it ends.
func (v *verifier) place(number, pos int64) {
	if pos != v.tree.next {
		v.report.at(number, "entry %d of the ledger stands where entry %d should: entries were dropped, added or moved", pos, v.tree.next)
		v.broken = true
	}
}

// set appends an entry to the tree.
func (v *verifier) set(number, pos int64, record tlog.Hash) {
	if v.place(number, pos); v.broken {
		v.tree.next = pos + 1
		return
	}
	v.tree.add(0, record)
}

// gap appends the entries of other rounds.
func (v *verifier) gap(g gap) error {
	if g.From != v.tree.next || g.To <= g.From || g.To > v.report.Size {
		return fmt.Errorf("entries %d to %d stand where entry %d should", g.From, g.To-1, v.tree.next)
	}
	parts := cover(g.From, g.To)
	if len(parts) != len(g.Hashes) {
		return fmt.Errorf("entries %d to %d need %d hashes, there are %d", g.From, g.To-1, len(parts), len(g.Hashes))
	}
	if v.broken {
		v.tree.next = g.To
		return nil
	}
	for i, p := range parts {
		v.tree.add(p.level, [32]byte(g.Hashes[i]))
	}
	return nil
}

// count takes in a response.
func (v *verifier) count(number int64, c *checked) {
	for _, w := range c.wrong {
		v.report.at(number, "response %s: %s", c.name, w)
	}
	v.set(number, c.Pos, c.record)
	v.report.Responses++
	if v.o.Progress != nil && v.report.Responses%10_000 == 0 {
		v.o.Progress(v.report.Responses)
	}
	switch order := v.last.Compare(c.name); {
	case c.stratum < 0:
	case order == 0:
		v.report.at(number, "response %s is there twice", c.name)
	case order > 0:
		v.report.at(number, "response %s is not in the ascending order of the tokens' hashes", c.name)
	}
	v.last = c.name
	v.history.response(number, c.name)
	v.kept.response(v, number, c)
	if c.stratum < 0 {
		return
	}
	v.counted[c.stratum]++
	v.history.excluding(number, c)
	switch v.shown[c.stratum] {
	case scorecard.Together:
		v.report.Together++
	case scorecard.Nothing:
		v.report.Hidden++
	case scorecard.Each:
		if c.values.OK() {
			from := 0
			if c.Excluded != nil {
				from = c.Excluded.Revision
			}
			if err := v.sum(c.stratum, from, &c.values); err != nil {
				v.report.at(number, "the answers cannot be counted: %v", err)
			}
		}
	}
}

// sum adds answers up for the score of every revision that counts them: all, or those before one that leaves them out.
func (v *verifier) sum(stratum, excludedFrom int, values *scorecard.Values) error {
	for i, counter := range v.counters {
		if excludedFrom > 0 && i >= excludedFrom {
			counter.LeaveOut(stratum)
			continue
		}
		if err := counter.Add(stratum, values, v.budgets[i][counter.Project(stratum)].next()); err != nil {
			return err
		}
	}
	return nil
}

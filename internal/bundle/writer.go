package bundle

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Source is where the parts of a bundle come from, one after the other.
type Source interface {
	// Responses gives every counted response, ascending by the hash of its token.
	Responses(ctx context.Context, yield func(*Response) error) error
	// Hashes reads stored hashes of the log of surveys, by the indexes of golang.org/x/mod/sumdb/tlog.
	Hashes(ctx context.Context, indexes []int64) ([]tlog.Hash, error)
	// Draws is the final list of a stratum, ascending by tag.
	Draws(ctx context.Context, stratum int) ([]ballot.FinalDraw, error)
	// Roll gives every line of the frozen roll, ascending.
	Roll(ctx context.Context, yield func(Dwelling) error) error
	// Answers gives the answers of all responses of some strata, ascending by their text, then by the revision from which
	// they are left out, 0 for those that all revisions count.
	Answers(ctx context.Context, strata []int, yield func(text string, excludedFrom int) error) error
}

// writer is the work on one file.
type writer struct {
	out    *bufio.Writer
	lines  int64
	src    Source
	pre    *Preamble
	frame  *scorecard.Frame
	groups []scorecard.Group
	shown  []scorecard.Shown // by stratum
	keys   []ballot.Hash     // by stratum
	leaves []Leaf            // not written yet
	next   int64             // position
	buffer []byte
}

// Write writes the bundle of a round. leaves are its entries in the ledger beside the responses, ascending by position; size is
// how many entries the checkpoint covers. What may not be seen of small groups is left out here, whatever the
// source gives.
func Write(ctx context.Context, to io.Writer, pre Preamble, leaves []Leaf, size int64, src Source) error {
	packed := gzip.NewWriter(to)
	w := &writer{out: bufio.NewWriterSize(packed, 1<<16), src: src, pre: &pre, leaves: leaves}
	if err := w.prepare(); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	for _, part := range []func(context.Context) error{w.preamble, w.responses, func(ctx context.Context) error { return w.rest(ctx, size) }, w.draws, w.roll, w.answers} {
		if err := part(ctx); err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
	}
	return errors.Join(w.line(end{kindEnd, w.lines}), w.out.Flush(), packed.Close())
}

func (w *writer) prepare() (err error) {
	h := &w.pre.Header
	h.Type, h.Format, h.V = kindHeader, Format, Version
	if w.frame, err = w.pre.frame(); err != nil {
		return err
	}
	w.groups = w.frame.Groups()
	w.shown, w.keys = shownOf(w.frame), make([]ballot.Hash, len(w.pre.Strata))
	for i, st := range w.pre.Strata {
		key, err := ballot.ParsePublicKey(st.Key)
		if err != nil {
			return fmt.Errorf("stratum %s: %w", st.Stratum, err)
		}
		w.keys[i] = key.ID()
	}
	return nil
}

// shownOf tells of each stratum how much may be seen.
func shownOf(f *scorecard.Frame) []scorecard.Shown {
	out := make([]scorecard.Shown, len(f.Strata))
	for _, g := range f.Groups() {
		for _, i := range g.Strata {
			out[i] = g.Shown
		}
	}
	return out
}

func (w *writer) line(v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return w.raw(body)
}

func (w *writer) raw(body []byte) error {
	w.lines++
	_, err := w.out.Write(body)
	return errors.Join(err, w.out.WriteByte('\n'))
}

func (w *writer) preamble(context.Context) error {
	p := w.pre
	all := []any{p.Header, Text{kindQuestionnaire, p.Questionnaire}, Text{kindRules, p.Rules}}
	for _, pr := range p.Projects {
		pr.Type = kindProject
		all = append(all, pr)
	}
	for _, st := range p.Strata {
		st.Type = kindStratum
		all = append(all, st)
	}
	for _, c := range p.Cards {
		c.Type = kindCard
		all = append(all, c)
	}
	for _, pl := range p.Pledges {
		pl.Type = kindPledge
		all = append(all, pl)
	}
	for _, v := range all {
		if err := w.line(v); err != nil {
			return err
		}
	}
	return nil
}

// upTo writes the round's other leaves before a position, and what of other rounds stands between.
func (w *writer) upTo(ctx context.Context, pos int64) error {
	for len(w.leaves) > 0 && w.leaves[0].Pos < pos {
		l := w.leaves[0]
		w.leaves = w.leaves[1:]
		if err := w.skip(ctx, l.Pos); err != nil {
			return err
		}
		leaf := ballot.Hash(ballot.Leaf([]byte(l.Body)))
		l.Type, l.Leaf = kindLeaf, &leaf
		if err := w.line(l); err != nil {
			return err
		}
		w.next++
	}
	return w.skip(ctx, pos)
}

// skip writes the gap before a position, if there is one.
func (w *writer) skip(ctx context.Context, pos int64) error {
	if pos < w.next {
		return fmt.Errorf("entry %d comes after entry %d", pos, w.next-1)
	}
	if pos == w.next {
		return nil
	}
	g := gap{Type: kindGap, From: w.next, To: pos}
	var indexes []int64
	for _, s := range cover(g.From, g.To) {
		indexes = append(indexes, s.index())
	}
	hashes, err := w.src.Hashes(ctx, indexes)
	for _, h := range hashes {
		g.Hashes = append(g.Hashes, ballot.Hash(h))
	}
	w.next = pos
	return errors.Join(err, w.line(g))
}

func (w *writer) responses(ctx context.Context) error {
	return w.src.Responses(ctx, func(r *Response) error {
		if r.Pos != w.next {
			if err := w.upTo(ctx, r.Pos); err != nil {
				return err
			}
		}
		body, err := ballot.Encode(r.entry(w.pre.Header.Round, w.keys[r.Stratum]))
		if err != nil {
			return err
		}
		w.buffer, err = appendResponse(w.buffer[:0], r, w.pre.Strata[r.Stratum].Stratum, ballot.Leaf(body), w.shown[r.Stratum] == scorecard.Each)
		w.next++
		return errors.Join(err, w.raw(w.buffer))
	})
}

// rest writes what comes after the responses, to the end of the tree.
func (w *writer) rest(ctx context.Context, size int64) error {
	return w.upTo(ctx, size)
}

func (w *writer) draws(ctx context.Context) error {
	for i, st := range w.pre.Strata {
		list, err := w.src.Draws(ctx, i)
		if err != nil {
			return err
		}
		for _, d := range list {
			if err := w.line(draw{kindDraw, st.Stratum, d.Tag, d.Drawn}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) roll(ctx context.Context) error {
	return w.src.Roll(ctx, func(d Dwelling) error {
		w.buffer = appendDwelling(w.buffer[:0], d)
		return w.raw(w.buffer)
	})
}

func (w *writer) answers(ctx context.Context) error {
	for _, g := range w.groups {
		if g.Shown != scorecard.Together {
			continue
		}
		err := w.src.Answers(ctx, g.Strata, func(text string, from int) error {
			return w.line(answers{kindAnswers, w.frame.Key(g), text, from})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

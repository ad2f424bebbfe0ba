package tellerclient

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

func (d *Device) box(ctx context.Context) (b box, c teller.Context, err error) {
	if err = d.call.Call(ctx, "GET", d.at("/box"), nil, &b); err != nil {
		return b, c, err
	}
	form, err := hex.DecodeString(b.Form)
	if err != nil || len(form) != 32 {
		return b, c, errors.New("the server's answer names no form")
	}
	return b, teller.Context{Vote: d.Secret.Vote, Form: [32]byte(form), Items: len(b.Questions)}, nil
}

// count sends this teller's part to the two others and, when another's is there, counts in memory and hands the totals in. Before anything of it
// the box is shown to be the one with which the vote was closed.
func (d *Device) count(ctx context.Context, v vote) error {
	b, c, err := d.box(ctx)
	if err != nil {
		return err
	}
	err = d.relied(ctx, func(r *votebundle.Record) error { return r.Box(c.Form, b.Key, c.Items, b.Ballots) })
	if err != nil {
		return err
	}
	own, err := d.Secret.Part(b.Key, b.Ballots)
	if err != nil {
		return err
	}
	if err := d.send(ctx, own, d.Secret.Vote); err != nil {
		return err
	}
	var out teller.Outcome
	var spoiled []int
	ok, err := d.received(b, d.Secret.Vote, func(got teller.Part) (err error) {
		out, spoiled, err = teller.Count(b.Key, c, b.Questions, b.Ballots, own, got)
		return err
	})
	if err != nil {
		return err
	}
	if !ok {
		d.say("Your part is sent. Run this again when another teller has sent theirs.")
		return nil
	}
	d.tell(v, out)
	if err := d.call.Call(ctx, "PUT", d.at("/teller/count"), map[string]any{"outcome": out, "spoiled": append([]int{}, spoiled...)}, &v); err != nil {
		return err
	}
	d.say("Handed in. The vote is %s.", v.State)
	return nil
}

func (d *Device) send(ctx context.Context, part teller.Part, purpose id.ID) error {
	for to := 1; to <= teller.Tellers; to++ {
		if to == d.Secret.No {
			continue
		}
		sealed, err := d.Secret.SendPart(part, purpose, to)
		if err != nil {
			return err
		}
		if err := d.call.Call(ctx, "PUT", d.at("/teller/parts"), map[string]any{"purpose": purpose, "to": to, "sealed": sealed}, nil); err != nil {
			return err
		}
	}
	return nil
}

// received uses the first part for a purpose that is in order; false where none is there. A teller whose part is not in order does not hold up the
// two others; they are named where there is no other part.
func (d *Device) received(b box, purpose id.ID, use func(teller.Part) error) (bool, error) {
	var wrong error
	for _, s := range b.Parts {
		if s.Purpose != purpose {
			continue
		}
		p, err := d.Secret.ReceivePart(s.Sealed, purpose, s.From)
		if err == nil {
			err = use(p)
		}
		if err == nil {
			return true, nil
		}
		wrong = errors.Join(wrong, fmt.Errorf("the part of teller %d is not in order: %w", s.From, err))
	}
	return false, wrong
}

func (d *Device) tell(v vote, out teller.Outcome) {
	line := func(name string, w tally.Weight) {
		d.say("  %8d owners %12d.%02d m²  %s", w.Heads, w.Area/100, w.Area%100, name)
	}
	line("took part", out.Joined)
	for i, item := range out.Items {
		if i < len(v.Items) {
			d.say("%d. %s", i+1, v.Items[i].Title)
		}
		for n, w := range item.Options {
			name := "in favour"
			if i < len(v.Items) && n < len(v.Items[i].Options) {
				name = v.Items[i].Options[n].Text
			}
			line(name, w)
		}
		line("against, or none of the options", item.Against)
		line("abstain", item.Abstain)
		line("void", item.Void)
	}
}

package tellerclient

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
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

// count sends this teller's part to the two others and, when another's is there, counts in memory and hands the totals in.
func (d *Device) count(ctx context.Context, v vote) error {
	b, c, err := d.box(ctx)
	if err != nil {
		return err
	}
	own, err := d.Secret.Part(b.Key, b.Ballots)
	if err != nil {
		return err
	}
	if err := d.send(ctx, b, own, d.Secret.Vote); err != nil {
		return err
	}
	got, ok, err := d.received(b, d.Secret.Vote)
	if err != nil || !ok {
		if err == nil {
			d.say("Your part is sent. Run this again when another teller has sent theirs.")
		}
		return err
	}
	out, spoiled, err := teller.Count(b.Key, c, b.Questions, b.Ballots, own, got)
	if err != nil {
		return err
	}
	d.tell(v, out)
	if err := d.call.Call(ctx, "PUT", d.at("/teller/count"), map[string]any{"outcome": out, "spoiled": append([]int{}, spoiled...)}, &v); err != nil {
		return err
	}
	d.say("Handed in. The vote is %s.", v.State)
	return nil
}

func (d *Device) send(ctx context.Context, b box, part teller.Part, purpose id.ID) error {
	for _, t := range b.Seats {
		if t.No == d.Secret.No {
			continue
		}
		sealed, err := d.Secret.SendPart(part, purpose, t.No, t.Reach)
		if err != nil {
			return err
		}
		if err := d.call.Call(ctx, "PUT", d.at("/teller/parts"), map[string]any{"purpose": purpose, "to": t.No, "sealed": sealed}, nil); err != nil {
			return err
		}
	}
	return nil
}

// received opens the first part that another teller has sent for a purpose.
func (d *Device) received(b box, purpose id.ID) (teller.Part, bool, error) {
	for _, s := range b.Parts {
		if s.Purpose == purpose {
			p, err := d.Secret.ReceivePart(s.Sealed, purpose, s.From)
			return p, err == nil, err
		}
	}
	return teller.Part{}, false, nil
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

// Opening does this teller's share of opening one ballot: sends the part for it or, when another's is there, shows the choice on this screen and
// records that it was opened. It is written nowhere.
func (d *Device) Opening(ctx context.Context, which id.ID) error {
	var list struct {
		Items []struct {
			ID     id.ID  `json:"id"`
			Head   int    `json:"head"`
			Basis  string `json:"basis"`
			Reason string `json:"reason"`
		} `json:"items"`
	}
	if err := d.call.Call(ctx, "GET", d.at("/openings"), nil, &list); err != nil {
		return err
	}
	for _, o := range list.Items {
		if o.ID == which {
			d.say("Ballot of head %d, for %s: %s", o.Head, o.Basis, o.Reason)
			return d.open(ctx, which, o.Head)
		}
	}
	return errors.New("nobody asked for such an opening")
}

func (d *Device) open(ctx context.Context, which id.ID, head int) error {
	b, c, err := d.box(ctx)
	if err != nil {
		return err
	}
	var one []teller.Ballot
	for _, x := range b.Ballots {
		if x.Head == head {
			one = append(one, x)
		}
	}
	own, err := d.Secret.Part(b.Key, one)
	if err != nil {
		return err
	}
	got, ok, err := d.received(b, which)
	if err != nil {
		return err
	}
	if !ok {
		d.say("Your part for it is sent. Another teller opens it with theirs.")
		return d.send(ctx, b, own, which)
	}
	err = teller.Open(b.Key, c, one, own, got, func(_ teller.Ballot, choices []teller.Choice) {
		for i, choice := range choices {
			d.say("  item %d: %s", i+1, spell(choice))
		}
		if choices == nil {
			d.say("  it holds nothing that can be read")
		}
	})
	if err != nil {
		return err
	}
	return d.call.Call(ctx, "POST", d.at("/openings/"+which.String()+"/opened"), nil, nil)
}

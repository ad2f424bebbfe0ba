package teller

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/tally"
)

// paper is what somebody wrote for one item, as a person reads it: nothing, one of the two words, or crosses.
type paper struct {
	word    string // "against", "abstain", or "" where there are crosses
	crosses []int  // options from 0, each once
}

// choice is how the ballot keeps it.
func (p paper) choice() (c Choice) {
	switch p.word {
	case "against":
		return Against
	case "abstain":
		return Abstain
	}
	for _, n := range p.crosses {
		c |= Option(n)
	}
	return c
}

func papers(q Question) *rapid.Generator[paper] {
	return rapid.Custom(func(t *rapid.T) paper {
		if word := rapid.SampledFrom([]string{"", "", "", "against", "abstain"}).Draw(t, "word"); word != "" {
			return paper{word: word}
		}
		return paper{crosses: rapid.SliceOfNDistinct(rapid.IntRange(0, q.Options), 0, q.Options, rapid.ID[int]).Draw(t, "crosses")} // sometimes one option too many
	})
}

// counted is one ballot for a recount by hand: where it is void for all items, read is nil.
type counted struct {
	area int64
	read []paper
}

// recount goes through the ballots item by item, option by option.
func recount(form []Question, ballots []counted) Outcome {
	out := NewOutcome(form)
	for _, b := range ballots {
		out.Joined.Area += b.area
		out.Joined.Heads++
	}
	for i, q := range form {
		put := func(w *tally.Weight, area int64) { w.Area, w.Heads = w.Area+area, w.Heads+1 }
		for _, b := range ballots {
			if b.read == nil {
				put(&out.Items[i].Void, b.area)
				continue
			}
			p := b.read[i]
			beyond := false
			for _, n := range p.crosses {
				beyond = beyond || n >= q.Options
			}
			switch {
			case p.word == "against":
				put(&out.Items[i].Against, b.area)
			case p.word == "abstain":
				put(&out.Items[i].Abstain, b.area)
			case beyond || len(p.crosses) == 0 || len(p.crosses) > q.Most:
				put(&out.Items[i].Void, b.area)
			}
		}
		for option := range q.Options {
			for _, b := range ballots {
				if b.read == nil || len(b.read[i].crosses) > q.Most {
					continue
				}
				favours, valid := false, true
				for _, n := range b.read[i].crosses {
					favours, valid = favours || n == option, valid && n < q.Options
				}
				if favours && valid {
					put(&out.Items[i].Options[option], b.area)
				}
			}
		}
	}
	return out
}

// Any two tellers find what a recount of the papers by hand finds, whatever was asked: several options, several choices, papers
// entered by two persons who do not agree, and ballots that were spoiled.
func TestAnyTwoTellersFindWhatARecountFinds(t *testing.T) {
	c := held(t)
	questions := rapid.Custom(func(t *rapid.T) Question {
		options := rapid.IntRange(1, 6).Draw(t, "options")
		return Question{options, rapid.IntRange(1, options).Draw(t, "most")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		form := rapid.SliceOfN(questions, 1, 4).Draw(rt, "form")
		write := func() (read []paper, choices []Choice) {
			for _, q := range form {
				p := papers(q).Draw(rt, "paper")
				read, choices = append(read, p), append(choices, p.choice())
			}
			return read, choices
		}
		var list []Ballot
		var byHand []counted
		var lost []int
		for i := range rapid.IntRange(0, 8).Draw(rt, "ballots") {
			head := i + 1
			read, choices := write()
			ballot := c.cast(head, rapid.Int64Range(1, 1_000_000).Draw(rt, "area"), choices...)
			switch rapid.SampledFrom([]string{"", "", "twice", "differing", "spoiled"}).Draw(rt, "how") {
			case "twice":
				ballot.Second = c.cast(head, 1, choices...).Sealed
			case "differing":
				choices[rapid.IntRange(0, len(choices)-1).Draw(rt, "differs")] ^= Option(7)
				ballot.Second, read = c.cast(head, 1, choices...).Sealed, nil
			case "spoiled":
				ballot.Sealed[len(ballot.Sealed)-1] ^= 1
				read = nil
			}
			if list, byHand = append(list, ballot), append(byHand, counted{ballot.Weight.Area, read}); read == nil {
				lost = append(lost, head)
			}
		}
		parts := c.parts(list)
		pair := rapid.SampledFrom([][2]int{{0, 1}, {1, 2}, {2, 0}}).Draw(rt, "tellers")
		out, spoiled, err := Count(c.key, c.context(0, len(form)), form, list, parts[pair[0]], parts[pair[1]])
		require.NoError(rt, err)
		require.Equal(rt, recount(form, byHand), out)
		require.Equal(rt, lost, spoiled)
	})
}

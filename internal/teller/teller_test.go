package teller

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
)

// ceremony makes a key among three tellers.
type ceremony struct {
	t       *testing.T
	vote    id.ID
	secrets [Tellers]*Secret
	reach   Reaches
	dealt   [Tellers]Dealing
	key     Key
}

func held(t *testing.T) *ceremony {
	t.Helper()
	c := &ceremony{t: t, vote: id.New()}
	for i := range c.secrets {
		var err error
		c.secrets[i], err = Start(c.vote, i+1)
		require.NoError(t, err)
		c.reach[i], err = c.secrets[i].Reach()
		require.NoError(t, err)
	}
	for i, s := range c.secrets {
		var err error
		c.dealt[i], err = s.Deal(c.reach)
		require.NoError(t, err)
		require.NoError(t, CheckDealing(c.dealt[i]))
		again, err := s.Deal(c.reach)
		require.NoError(t, err)
		require.Equal(t, c.dealt[i], again)
	}
	for i, s := range c.secrets {
		key, err := s.Finish(c.reach, c.dealt)
		require.NoError(t, err)
		if i > 0 {
			require.Equal(t, c.key, key)
		}
		c.key = key
	}
	return c
}

func (c *ceremony) context(head, items int) Context {
	return Context{Vote: c.vote, Form: [32]byte{7}, Head: head, Items: items}
}

func (c *ceremony) cast(head int, area int64, choices ...Choice) Ballot {
	c.t.Helper()
	sealed, err := Seal(c.key.Public, c.context(head, len(choices)), choices)
	require.NoError(c.t, err)
	require.NoError(c.t, CheckSealed(c.context(head, len(choices)), sealed))
	return Ballot{Head: head, Weight: tally.Weight{Area: area, Heads: 1}, Sealed: sealed}
}

func (c *ceremony) parts(list []Ballot) (out [Tellers]Part) {
	c.t.Helper()
	for i, s := range c.secrets {
		var err error
		out[i], err = s.Part(c.key, list)
		require.NoError(c.t, err)
	}
	return out
}

func TestAnyTwoTellersCountAndOneAloneOpensNothing(t *testing.T) {
	c := held(t)
	form := []Question{{1, 1}, {3, 2}}
	list := []Ballot{
		c.cast(1, 1000, Option(0), Option(0)|Option(2)), c.cast(2, 500, Against, Against), c.cast(3, 200, Abstain, Option(1)),
		c.cast(4, 50, Option(0), Option(0)|Option(1)|Option(2)), // more than may be chosen
	}
	spoiled := c.cast(5, 7, Option(0), Option(0))
	spoiled.Sealed[len(spoiled.Sealed)-1] ^= 1
	list = append(list, spoiled)
	parts := c.parts(list)
	var first Outcome
	for i, pair := range [][2]int{{0, 1}, {0, 2}, {2, 1}} {
		out, lost, err := Count(c.key, c.context(0, 2), form, list, parts[pair[0]], parts[pair[1]])
		require.NoError(t, err)
		require.Equal(t, []int{5}, lost, "whoever spoils a ballot does not hold up the count")
		if i == 0 {
			first = out
		}
		require.Equal(t, first, out)
	}
	require.Equal(t, tally.Weight{Area: 1757, Heads: 5}, first.Joined)
	require.Equal(t, ItemOutcome{Options: []tally.Weight{{Area: 1050, Heads: 2}}, Against: tally.Weight{Area: 500, Heads: 1}, Abstain: tally.Weight{Area: 200, Heads: 1}, Void: tally.Weight{Area: 7, Heads: 1}}, first.Items[0])
	require.Equal(t, []tally.Weight{{Area: 1000, Heads: 1}, {Area: 200, Heads: 1}, {Area: 1000, Heads: 1}}, first.Items[1].Options)
	require.Equal(t, tally.Weight{Area: 57, Heads: 2}, first.Items[1].Void)

	_, _, err := Count(c.key, c.context(0, 2), form, list, parts[0], parts[0])
	require.ErrorIs(t, err, ErrPart, "one teller alone")
	alone := parts[0]
	alone.Teller = 2
	_, _, err = Count(c.key, c.context(0, 2), form, list, parts[0], alone)
	require.ErrorIs(t, err, ErrPart, "nor under another's number")
	wrong := parts[1]
	wrong.Points = slices.Clone(wrong.Points)
	wrong.Points[0], wrong.Points[1] = wrong.Points[1], wrong.Points[0]
	_, _, err = Count(c.key, c.context(0, 2), form, list, parts[0], wrong)
	require.ErrorContains(t, err, "teller 2", "a part that its share did not make is named")
}

func TestAChoiceOpensNowhereElse(t *testing.T) {
	c := held(t)
	list := []Ballot{c.cast(1, 10, Option(0))}
	moved := []Ballot{{Head: 2, Weight: list[0].Weight, Sealed: list[0].Sealed}}
	parts := c.parts(moved)
	out, spoiled, err := Count(c.key, c.context(0, 1), []Question{{1, 1}}, moved, parts[0], parts[1])
	require.NoError(t, err)
	require.Equal(t, []int{2}, spoiled, "copied from another head")
	require.Zero(t, out.Items[0].Options[0])
	require.NotEqual(t, Commitment(c.context(1, 1), 1, "web", list[0].Sealed), Commitment(c.context(2, 1), 1, "web", list[0].Sealed))
	require.Len(t, c.cast(1, 10, Against).Sealed, c.context(1, 1).Size(), "every choice is as long as every other")
	require.Error(t, CheckSealed(c.context(1, 1), list[0].Sealed[1:]))
	require.Error(t, CheckSealed(c.context(1, 1), make([]byte, c.context(1, 1).Size())))
}

func TestADealerWhoDealsWrongIsNamed(t *testing.T) {
	c := held(t)
	for name, change := range map[string]func(*Dealing){
		"other commitments": func(d *Dealing) { d.Commitments[1] = c.dealt[0].Commitments[1] },
		"another's share":   func(d *Dealing) { d.Shares[0].Sealed = d.Shares[1].Sealed },
		"nothing":           func(d *Dealing) { d.Shares[0].Sealed = nil },
		"no point":          func(d *Dealing) { d.Commitments[0] = make([]byte, 33) },
	} {
		dealt := c.dealt
		dealt[1].Shares = slices.Clone(dealt[1].Shares)
		change(&dealt[1])
		fresh, err := Start(c.vote, 1)
		require.NoError(t, err)
		*fresh = *c.secrets[0]
		_, err = fresh.Finish(c.reach, dealt)
		require.ErrorContains(t, err, "teller 2", name)
	}
	between := c.reach
	between[2] = c.reach[0]
	_, err := c.secrets[0].Finish(between, c.dealt)
	require.ErrorIs(t, err, ErrDealing, "somebody stands between the tellers")
	other, err := Combine(c.vote, between, c.dealt)
	require.NoError(t, err)
	require.NotEqual(t, c.key.Hash, other.Hash, "which whoever compares the hash finds out")
	anew, err := c.secrets[0].Deal(between)
	require.NoError(t, err)
	require.NotEqual(t, c.dealt[0], anew, "to other tellers one deals anew")
	require.Error(t, CheckDealing(Dealing{From: 4}))
	_, err = Start(c.vote, 4)
	require.Error(t, err)
}

// What one teller has, all dealings included, says nothing about the key: for every key there is a second share that fits it. Here the
// nearest that can be run: the sum of what teller 1 received is not the key, and no teller's secret has it.
func TestNobodyHoldsTheKey(t *testing.T) {
	c := held(t)
	for _, s := range c.secrets {
		for _, secret := range [][]byte{s.Share, s.Own, s.Transport} {
			k, err := kem.NewPrivateKey(secret)
			require.NoError(t, err)
			require.NotEqual(t, c.key.Public, k.PublicKey().Bytes())
		}
	}
}

func TestPartsTravelSealed(t *testing.T) {
	c := held(t)
	list := []Ballot{c.cast(1, 10, Option(0))}
	part := c.parts(list)[0]
	purpose := id.New()
	sent, err := c.secrets[0].SendPart(part, purpose, 2)
	require.NoError(t, err)
	got, err := c.secrets[1].ReceivePart(sent, purpose, 1)
	require.NoError(t, err)
	require.Equal(t, part, got)
	_, err = c.secrets[2].ReceivePart(sent, purpose, 1)
	require.ErrorIs(t, err, ErrOpen)
	_, err = c.secrets[1].ReceivePart(sent, id.New(), 1)
	require.ErrorIs(t, err, ErrOpen, "made for something else")
}

func TestASecretSurvivesItsFile(t *testing.T) {
	c := held(t)
	raw, err := json.Marshal(c.secrets[0])
	require.NoError(t, err)
	var read Secret
	require.NoError(t, json.Unmarshal(raw, &read))
	list := []Ballot{c.cast(1, 10, Option(0))}
	part, err := read.Part(c.key, list)
	require.NoError(t, err)
	_, err = part.Check(c.key, list)
	require.NoError(t, err)
	read.Share = c.secrets[1].Share
	_, err = read.Part(c.key, list)
	require.ErrorIs(t, err, ErrSecret)
}

func TestReceipts(t *testing.T) {
	var seed [32]byte
	_, err := rand.Read(seed[:])
	require.NoError(t, err)
	r := Promise(seed, Receipt{Vote: id.New(), Head: 12, Revision: 2, Commitment: [32]byte{9}})
	read, err := ParseReceipt("  " + r.String() + "\n")
	require.NoError(t, err)
	require.Equal(t, r, read)
	require.NoError(t, read.Check(ReceiptKey(seed)))
	read.Head = 13
	require.ErrorIs(t, read.Check(ReceiptKey(seed)), ErrReceipt)
	for _, s := range []string{"", "RPV1", "RPV1.a.b.c.d.e", r.String() + ".x", "RPV2" + r.String()[4:]} {
		_, err := ParseReceipt(s)
		require.ErrorIs(t, err, ErrReceipt, s)
	}
}

func TestMarksOfTheSamePaperAgree(t *testing.T) {
	c := Context{Vote: id.New(), Head: 3, Items: 1}
	require.Equal(t, Mark(c, "K7QX", []Choice{Against}), Mark(c, "K7QX", []Choice{Against}))
	require.NotEqual(t, Mark(c, "K7QX", []Choice{Against}), Mark(c, "K7QX", []Choice{Abstain}))
	require.NotEqual(t, Mark(c, "K7QX", []Choice{Against}), Mark(c, "K7QY", []Choice{Against}))
}

func TestWhatCanBeChosen(t *testing.T) {
	yes, three := Question{1, 1}, Question{3, 2}
	for choice, want := range map[Choice][2]bool{
		Option(0): {true, true}, Against: {true, true}, Abstain: {true, true}, 0: {false, false}, Option(1): {false, true}, Option(3): {false, false},
		Option(0) | Option(1): {false, true}, Option(0) | Option(1) | Option(2): {false, false}, Against | Option(0): {false, false}, Against | Abstain: {false, false},
	} {
		require.Equal(t, want, [2]bool{yes.Fits(choice), three.Fits(choice)}, fmt.Sprint(choice))
	}
}

func BenchmarkCount(b *testing.B) {
	t := &testing.T{}
	c := held(t)
	list := make([]Ballot, 200)
	for i := range list {
		list[i] = c.cast(i+1, 10, Option(0))
	}
	parts := c.parts(list)
	for b.Loop() {
		if _, _, err := Count(c.key, c.context(0, 1), []Question{{1, 1}}, list, parts[0], parts[1]); err != nil {
			b.Fatal(err)
		}
	}
}

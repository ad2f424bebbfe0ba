package vote

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// A bundle verifies without a server; two tellers count it again; whatever was changed in it is named.
func TestABundleVerifiesAndNamesWhatWasChanged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.homes(60, regular)
	v := w.open(w.draft(yesNo(tally.Provider)))
	var receipts []teller.Receipt
	for i := range 45 {
		receipts = append(receipts, w.cast(v, i, yes))
	}
	receipts[3] = w.cast(v, 3, teller.Against)
	v = w.close(v)
	_, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	code(t, "vote.step_impossible", err)
	for _, pair := range [][2]int{{0, 1}, {1, 0}} {
		out, spoiled := w.count(v, pair[0], pair[1])
		v = w.must(w.HandIn(w.ctx(), w.tellers[pair[0]], Taken{}, v.ID, out, spoiled))
	}
	v = w.published(v)
	_, err = w.Bundle(w.ctx(), w.owner(0), v.ID)
	code(t, "vote.unsealed", err)
	w.work()
	whole, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	_, err = w.Bundle(w.ctx(), w.manager, v.ID)
	code(t, "not_found", err)
	raw, err := json.Marshal(whole)
	require.NoError(t, err)
	read := func() votebundle.Bundle {
		b, err := votebundle.Read(bytes.NewReader(raw))
		require.NoError(t, err)
		return b
	}
	o := votebundle.Options{VerifierKey: w.Ledger.VerifierKey(), Tellers: [2]*teller.Secret{w.secrets[2], w.secrets[0]}, Receipts: receipts}
	r, err := votebundle.Verify(read(), o)
	require.NoError(t, err)
	require.Empty(t, r.Wrong)
	require.Equal(t, whole.Outcome, r.Recounted)
	require.Equal(t, tally.Weight{Area: v.RollArea, Heads: 60}, r.Total)
	require.True(t, r.Tests[0].Tests[0].Passed())

	head := whole.Ballots[7].Head
	flipped := w.sealed(v, head, teller.Against)
	for name, c := range map[string]struct {
		change func(*votebundle.Bundle)
		want   string
	}{
		"one flipped ballot": {func(b *votebundle.Bundle) {
			b.Ballots[7].Sealed = flipped
			b.Ballots[7].Commitment = votebundle.Hash(teller.Commitment(v.context(head, 1), b.Ballots[7].Revision, "web", flipped))
		}, "the ballot of head 8 is not the one that was cast"},
		"one bit":       {func(b *votebundle.Bundle) { b.Ballots[7].Sealed[80] ^= 1 }, "the ballot of head 8 does not open, and it did when it was counted"},
		"a ballot less": {func(b *votebundle.Bundle) { b.Ballots = b.Ballots[1:] }, "the ballot of head 1 was taken out"},
		"a ballot more": {func(b *votebundle.Bundle) {
			b.Ballots = append(b.Ballots, votebundle.Ballot{Head: 50, Revision: 1, Channel: "web", Sealed: b.Ballots[0].Sealed})
		}, "the ballot of head 50 is not in the ledger"},
		"the older ballot":  {func(b *votebundle.Bundle) { b.Ballots[3].Revision = 1 }, "the ballot of head 4 is an earlier one than the receipt's"},
		"an area":           {func(b *votebundle.Bundle) { b.Roll[0].Area++ }, `the roll is not the one of the leaf "post_roll"`},
		"the question":      {func(b *votebundle.Bundle) { b.Items = bytes.Replace(b.Items, []byte("两年"), []byte("五年"), 1) }, `the text of the items is not the one of the leaf "announce"`},
		"the outcome":       {func(b *votebundle.Bundle) { b.Outcome.Items[0].Options[0].Heads++ }, "counted again the outcome is another one"},
		"a leaf's text":     {func(b *votebundle.Bundle) { b.Leaves[9].Body = b.Leaves[9].Body[:len(b.Leaves[9].Body)-1] + " }" }, "is not in the ledger as it stands here"},
		"a teller's points": {func(b *votebundle.Bundle) { b.Dealings[0].Commitments = b.Dealings[1].Commitments }, `the key is not the one of the leaf "make_key"`},
	} {
		b := read()
		c.change(&b)
		alone := o
		if name == "a teller's points" || name == "the question" {
			alone.Tellers = [2]*teller.Secret{}
		}
		r, err := votebundle.Verify(b, alone)
		require.NoError(t, err, name)
		found := ""
		for _, text := range r.Wrong {
			found += text + "\n"
		}
		require.Contains(t, found, c.want, name)
	}
	one := o
	one.Tellers[1] = w.secrets[2]
	_, err = votebundle.Verify(read(), one)
	require.ErrorContains(t, err, "one alone opens nothing")
	for _, bad := range []string{"", "{}", `{"form":"x"}`, "[1,2]", `{"form":"redproperty vote bundle 1","more":1}`} {
		_, err = votebundle.Read(bytes.NewReader([]byte(bad)))
		require.Error(t, err, bad)
	}
}

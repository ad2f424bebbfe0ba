package vote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/ledger"
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
	for _, i := range []int{3, 20, 21, 22, 23, 24} {
		receipts[i] = w.cast(v, i, teller.Against)
	}
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
		"the older ballot":          {func(b *votebundle.Bundle) { b.Ballots[3].Revision = 1 }, "the ballot of head 4 is an earlier one than the receipt's"},
		"an area":                   {func(b *votebundle.Bundle) { b.Roll[0].Area++ }, `the roll is not the one of the leaf "post_roll"`},
		"the question":              {func(b *votebundle.Bundle) { b.Items = bytes.Replace(b.Items, []byte("两年"), []byte("五年"), 1) }, `the text of the items is not the one of the leaf "announce"`},
		"the outcome":               {func(b *votebundle.Bundle) { b.Outcome.Items[0].Options[0].Heads++ }, "counted again the outcome is another one"},
		"a leaf less":               {func(b *votebundle.Bundle) { b.Leaves = append(b.Leaves[:5:5], b.Leaves[6:]...) }, "that the bundle does not show"},
		"a leaf of the ledger less": {func(b *votebundle.Bundle) { b.Range.Leaves = b.Range.Leaves[:len(b.Range.Leaves)-1] }, "what the bundle has of the ledger is not what its checkpoint was signed for"},
		"a leaf's text":             {func(b *votebundle.Bundle) { b.Leaves[9].Body = b.Leaves[9].Body[:len(b.Leaves[9].Body)-1] + " }" }, "is not in the ledger as it stands here"},
		"a teller's points":         {func(b *votebundle.Bundle) { b.Dealings[0].Commitments = b.Dealings[1].Commitments }, `the key is not the one of the leaf "make_key"`},
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
	r, err = votebundle.Verify(firstForm(t, w, read()), o)
	require.NoError(t, err)
	require.Empty(t, r.Wrong, "bundles of the first form are verified still")

	// A second closing, with another box, is in the ledger; no list has it.
	hidden := votebundle.StepLeaf(v.ID, `{"ballots":0,"box":"00","kind":"close","vote":"`+v.ID.String()+`"}`)
	require.NoError(t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		head, err := w.Ledger.Append(ctx, tx, votebundle.Log, [][32]byte{{1}, hidden})
		return errors.Join(err, w.Ledger.Checkpoint(ctx, tx, votebundle.Log, head))
	}))
	split, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	r, err = votebundle.Verify(split, o)
	require.NoError(t, err)
	at := whole.Range.From + int64(len(whole.Range.Leaves)) + 1
	require.Equal(t, []string{fmt.Sprintf("the ledger has a leaf of this vote, entry %d, that the bundle does not show", at)}, r.Wrong)

	// What was sealed in another form is sealed anew (migration 00421), and the bundle is whole again.
	require.NoError(t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE vote_leaf SET entry = NULL, leaf = ?`, make([]byte, 32))
		return err
	}))
	w.work()
	anew, err := w.Bundle(w.ctx(), w.owner(0), v.ID)
	require.NoError(t, err)
	r, err = votebundle.Verify(anew, o)
	require.NoError(t, err)
	require.Empty(t, r.Wrong)
	for _, bad := range []string{"", "{}", `{"form":"x"}`, "[1,2]", `{"form":"redproperty vote bundle 2"}`, `{"form":"redproperty vote bundle 1","more":1}`} {
		_, err = votebundle.Read(bytes.NewReader([]byte(bad)))
		require.Error(t, err, bad)
	}
}

// firstForm is a bundle as it was written before leaves were marked: a proof with each.
func firstForm(t *testing.T, w *world, b votebundle.Bundle) votebundle.Bundle {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = stored[at]
		}
		return out, nil
	})
	size := int64(len(b.Leaves))
	for i, l := range b.Leaves {
		leaf := sha256.Sum256([]byte("redproperty vote leaf 1\x00" + l.Body))
		hashes, err := tlog.StoredHashes(int64(i), leaf[:], reader)
		require.NoError(t, err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(size, reader)
	require.NoError(t, err)
	signed, err := w.Ledger.Sign(votebundle.Log, ledger.Head{Size: size, Root: root})
	require.NoError(t, err)
	b.Form, b.Range, b.Checkpoint = "redproperty vote bundle 1", nil, signed.Note
	for i := range b.Leaves {
		b.Leaves[i].Entry = int64(i)
		b.Leaves[i].Proof, err = tlog.ProveRecord(size, int64(i), reader)
		require.NoError(t, err)
	}
	raw, err := json.Marshal(b)
	require.NoError(t, err)
	out, err := votebundle.Read(bytes.NewReader(raw))
	require.NoError(t, err)
	return out
}

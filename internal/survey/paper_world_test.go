package survey

import (
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// box is a lot of envelopes as the machine that printed it leaves it: the sheets in the order of printing.
type box struct {
	LotView
	sheets []ballot.Sheet
}

// ordered is a lot of the first stratum of a round.
func (w *world) ordered(r Round, size int64) LotView {
	w.t.Helper()
	l, err := w.OrderLot(w.ctx(), w.office, idem.Key{}, r.ID, "s0001", size)
	require.NoError(w.t, err)
	return l
}

// batch blinds the ballots of a lot, for a key that is found in the ledger.
func (w *world) batch(r Round, l LotView) *ballot.Batch {
	w.t.Helper()
	paper, err := w.Paper(w.ctx(), r.ID)
	require.NoError(w.t, err)
	for _, k := range paper.Keys {
		if k.Stratum == l.Stratum {
			b, err := ballot.PrintBatch(w.trusted(r, k.PublicKey), int(l.Size))
			require.NoError(w.t, err)
			return b
		}
	}
	w.t.Fatal("no key")
	return nil
}

// boxed is a lot that is printed and registered.
func (w *world) boxed(r Round, size int64) box {
	w.t.Helper()
	l := w.ordered(r, size)
	b := w.batch(r, l)
	signatures, err := w.SignLot(w.ctx(), w.office, r.ID, l.ID, b.Blinded())
	require.NoError(w.t, err)
	sheets, err := b.Finish(signatures)
	require.NoError(w.t, err)
	l, err = w.RegisterLot(w.ctx(), w.office, r.ID, l.ID, ballot.Manifest(sheets))
	require.NoError(w.t, err)
	require.Equal(w.t, LotReady, l.State)
	return box{l, sheets}
}

// hand gives an envelope to the n-th home.
func (w *world) hand(r Round, b box, a id.ID, n int) {
	w.t.Helper()
	require.NoError(w.t, w.TakeEnvelope(w.ctx(), w.keeper, r.ID, b.ID, w.homes[a][n].Unit, ballot.NewHash()))
}

// keyed is a sheet as somebody keys it in.
func keyed(sheet ballot.Sheet, answers questionnaire.Answers) PaperEntry {
	opening, err := sheet.Code.Secret(sheet.Kept.Round).Opening(1)
	if err != nil {
		panic(err)
	}
	return PaperEntry{Opening: opening, Answers: answers, Salt: ballot.NewHash(), TextSalt: ballot.NewHash(), TextKey: ballot.NewHash()}
}

func (w *world) enters(by authz.Principal, r Round, sheet ballot.Sheet, answers questionnaire.Answers) (PaperEntered, error) {
	return w.EnterPaper(w.ctx(), by, r.ID, keyed(sheet, answers))
}

// entered enters a sheet by two persons.
func (w *world) entered(r Round, sheet ballot.Sheet, answers questionnaire.Answers) ballot.Receipt {
	w.t.Helper()
	first, err := w.enters(w.keeper, r, sheet, answers)
	require.NoError(w.t, err)
	require.Equal(w.t, "first", first.State)
	require.Nil(w.t, first.Receipt)
	second, err := w.enters(w.head, r, sheet, answers)
	require.NoError(w.t, err)
	require.Equal(w.t, "entered", second.State)
	return *second.Receipt
}

// openings of sheets, as void ones are told.
func openings(sheets ...ballot.Sheet) (out []ballot.Hash) {
	for _, s := range sheets {
		out = append(out, keyed(s, nil).Opening)
	}
	return out
}

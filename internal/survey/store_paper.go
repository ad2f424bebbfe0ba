package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const lotColumns = `id, round_id, stratum_id, no, size, state, batch_hash, list_hash, taken, entered, unused, spoilt, ordered_by, ordered_role, ordered_at`

func insertLot(ctx context.Context, tx *dbx.Tx, l Lot) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_lot (`+lotColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, l.ID, l.RoundID, l.StratumID, l.No, l.Size, l.State, l.Batch, l.List,
		l.Taken, l.Entered, l.Unused, l.Spoilt, l.OrderedBy, l.OrderedRole, l.OrderedAt)
	return err
}

// lotByID finds a lot of a round; the fault not_found.
func lotByID(ctx context.Context, q dbx.Querier, round, lot id.ID) (Lot, error) {
	var l Lot
	err := q.Get(ctx, &l, `SELECT `+lotColumns+` FROM survey_lot WHERE id = ? AND round_id = ?`, lot, round)
	if dbx.IsNoRow(err) {
		return l, fault.New(fault.NotFound, "not_found")
	}
	return l, err
}

func lotsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Lot, error) {
	var out []Lot
	err := q.Select(ctx, &out, `SELECT `+lotColumns+` FROM survey_lot WHERE round_id = ? ORDER BY no`, round)
	return out, err
}

// signLot keeps what was signed; dbx.ErrNoMatch when something was before, a duplicate when another lot has the same.
func signLot(ctx context.Context, tx *dbx.Tx, lot id.ID, batch ballot.Hash) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET batch_hash = ?, state = 'signed' WHERE id = ? AND batch_hash IS NULL AND state = 'ordered'`, batch, lot)
}

// readyLot keeps what was registered; dbx.ErrNoMatch when something was before.
func readyLot(ctx context.Context, tx *dbx.Tx, lot id.ID, list ballot.Hash) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET list_hash = ?, state = 'ready' WHERE id = ? AND state = 'signed'`, list, lot)
}

// takeFrom counts an envelope as taken; dbx.ErrNoMatch when none is left.
func takeFrom(ctx context.Context, tx *dbx.Tx, lot id.ID) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET taken = taken + 1 WHERE id = ? AND state = 'ready' AND taken + unused < size`, lot)
}

// enteredOf counts an envelope as entered; dbx.ErrNoMatch when as many came back as were taken.
func enteredOf(ctx context.Context, tx *dbx.Tx, lot id.ID) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET entered = entered + 1 WHERE id = ? AND entered + spoilt < taken`, lot)
}

// unusedOf counts envelopes that were never taken; dbx.ErrNoMatch when there are not as many.
func unusedOf(ctx context.Context, tx *dbx.Tx, lot id.ID, n int64) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET unused = unused + ? WHERE id = ? AND taken + unused + ? <= size`, n, lot, n)
}

// spoiltOf counts envelopes that came back spoilt, and others that were handed out instead; dbx.ErrNoMatch when not as many are out, or
// left.
func spoiltOf(ctx context.Context, tx *dbx.Tx, lot id.ID, n, replaced int64) error {
	return tx.ExecOne(ctx, `UPDATE survey_lot SET spoilt = spoilt + ?, taken = taken + ? WHERE id = ? AND entered + spoilt + ? <= taken AND taken + ? + unused <= size`,
		n, replaced, lot, n, replaced)
}

// holdUnregistered keeps the lots of a stratum whose ballots are signed but not known yet as they are until the transaction ends, so that
// casts come one after the other while there are any, and tells how many there are.
func holdUnregistered(ctx context.Context, tx *dbx.Tx, round, stratum id.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE survey_lot SET taken = taken WHERE round_id = ? AND state = 'signed' AND stratum_id = ?`, round, stratum)
}

// castAndDrawn counts the responses and the draws of a stratum.
func castAndDrawn(ctx context.Context, q dbx.Querier, round, stratum id.ID) (cast, drawn int64, err error) {
	var n struct {
		Cast  int64 `db:"was_cast"`
		Drawn int64 `db:"was_drawn"`
	}
	err = q.Get(ctx, &n, `SELECT (SELECT COUNT(*) FROM survey_cast WHERE round_id = ? AND stratum_id = ?) AS was_cast,
		(SELECT COUNT(*) FROM survey_draw WHERE stratum_id = ?) AS was_drawn`, round, stratum, stratum)
	return n.Cast, n.Drawn, err
}

const envelopeColumns = `round_id, token_hash, lot_id, prefix, signature, fate`

// insertEnvelopes is a duplicate when one of them is registered already.
func insertEnvelopes(ctx context.Context, tx *dbx.Tx, list []Envelope) error {
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{e.RoundID, e.Name, e.LotID, e.Prefix, e.Signature, e.Fate}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_envelope (`+envelopeColumns+`)`, rows)
}

// envelopeOf finds a registered envelope by its ballot's name.
func envelopeOf(ctx context.Context, q dbx.Querier, round id.ID, name ballot.Hash) (Envelope, bool, error) {
	var e Envelope
	err := q.Get(ctx, &e, `SELECT `+envelopeColumns+` FROM survey_envelope WHERE round_id = ? AND token_hash = ?`, round, name)
	if dbx.IsNoRow(err) {
		return e, false, nil
	}
	return e, err == nil, err
}

// fated decides what became of an envelope; dbx.ErrNoMatch when something was decided before.
func fated(ctx context.Context, tx *dbx.Tx, round id.ID, name ballot.Hash, lot id.ID, fate Fate) error {
	return tx.ExecOne(ctx, `UPDATE survey_envelope SET fate = ? WHERE round_id = ? AND token_hash = ? AND lot_id = ? AND fate = ''`, fate, round, name, lot)
}

// envelopesFrom reads the next envelopes of a round after a name, ascending.
func envelopesFrom(ctx context.Context, q dbx.Querier, round id.ID, after ballot.Hash, limit int) ([]Envelope, error) {
	var out []Envelope
	err := q.Select(ctx, &out, `SELECT `+envelopeColumns+` FROM survey_envelope WHERE round_id = ? AND token_hash > ? ORDER BY token_hash LIMIT ?`, round, after, limit)
	return out, err
}

// rewriteEnvelopes puts the envelopes of a round back as they are, in the order of their names: written again, they do not lie in the files in
// the order in which they came back.
func rewriteEnvelopes(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	for after := (ballot.Hash{}); ; {
		list, err := envelopesFrom(ctx, tx, round, after, MostLot)
		if err != nil || len(list) == 0 {
			return err
		}
		last := list[len(list)-1].Name
		if _, err := tx.Exec(ctx, `DELETE FROM survey_envelope WHERE round_id = ? AND token_hash > ? AND token_hash <= ?`, round, after, last); err != nil {
			return err
		}
		if err := insertEnvelopes(ctx, tx, list); err != nil {
			return err
		}
		after = last
	}
}

// void is an envelope that came back unused or spoilt.
type void struct {
	Name    ballot.Hash `db:"token_hash"`
	Stratum id.ID       `db:"stratum_id"`
}

// voidsOf lists the void envelopes of a round, ascending by name.
func voidsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]void, error) {
	var out []void
	err := q.Select(ctx, &out, `SELECT e.token_hash, l.stratum_id FROM survey_envelope e JOIN survey_lot l ON l.id = e.lot_id
		WHERE e.round_id = ? AND e.fate IN ('unused', 'spoilt') ORDER BY e.token_hash`, round)
	return out, err
}

// entryOf finds what a first person keyed in.
func entryOf(ctx context.Context, q dbx.Querier, round id.ID, name ballot.Hash) (Entry, bool, error) {
	var e Entry
	err := q.Get(ctx, &e, `SELECT round_id, token_hash, answers, entered_by, tries FROM survey_entry WHERE round_id = ? AND token_hash = ?`, round, name)
	if dbx.IsNoRow(err) {
		return e, false, nil
	}
	return e, err == nil, err
}

// insertEntry is a duplicate when somebody keyed it in at the same moment.
func insertEntry(ctx context.Context, tx *dbx.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_entry (round_id, token_hash, answers, entered_by, tries) VALUES (?,?,?,?,?)`, e.RoundID, e.Name, e.Answers, e.By, e.Tries)
	return err
}

// rekeyEntry replaces what its own first person keyed in.
func rekeyEntry(ctx context.Context, tx *dbx.Tx, e Entry, answers string) error {
	return tx.ExecOne(ctx, `UPDATE survey_entry SET answers = ? WHERE round_id = ? AND token_hash = ? AND entered_by = ?`, answers, e.RoundID, e.Name, e.By)
}

// triedEntry counts that somebody keyed something else; dbx.ErrNoMatch when the entry changed meanwhile.
func triedEntry(ctx context.Context, tx *dbx.Tx, e Entry) error {
	return tx.ExecOne(ctx, `UPDATE survey_entry SET tries = tries + 1 WHERE round_id = ? AND token_hash = ? AND entered_by = ? AND tries = ?`, e.RoundID, e.Name, e.By, e.Tries)
}

// deleteEntry forgets what a person keyed in; dbx.ErrNoMatch when it is gone, or was replaced by another's.
func deleteEntry(ctx context.Context, tx *dbx.Tx, e Entry) error {
	return tx.ExecOne(ctx, `DELETE FROM survey_entry WHERE round_id = ? AND token_hash = ? AND entered_by = ? AND answers = ?`, e.RoundID, e.Name, e.By, e.Answers)
}

// forgetEntry forgets whatever was keyed in of an envelope.
func forgetEntry(ctx context.Context, tx *dbx.Tx, round id.ID, name ballot.Hash) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_entry WHERE round_id = ? AND token_hash = ?`, round, name)
	return err
}

// forgetEntries forgets, at the end of a round, what one person alone keyed in.
func forgetEntries(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_entry WHERE round_id = ?`, round)
	return err
}

package vote

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

func seatsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Seat, error) {
	out := []Seat{}
	if err := q.Select(ctx, &out, `SELECT no, side, person_id, org_id, reach, seated_at, dealing, key_hash FROM vote_teller WHERE vote_id = ? ORDER BY no`, vote); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Raw == nil {
			continue
		}
		out[i].Dealing, out[i].DealtSeat = &teller.Dealing{}, true
		if err := json.Unmarshal([]byte(*out[i].Raw), out[i].Dealing); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func insertSeat(ctx context.Context, tx *dbx.Tx, vote id.ID, t Seat) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_teller (vote_id, no, side, person_id, org_id, reach, seated_at) VALUES (?,?,?,?,?,?,?)`, vote, t.No, t.Side, t.PersonID, t.OrgID, t.Reach, t.SeatedAt)
	return err
}

func putDealing(ctx context.Context, tx *dbx.Tx, vote id.ID, no int, d teller.Dealing) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE vote_teller SET dealing = ? WHERE vote_id = ? AND no = ? AND dealing IS NULL`, string(raw), vote, no)
}

func confirmSeat(ctx context.Context, tx *dbx.Tx, vote id.ID, no int, hash rules.Hash) error {
	return tx.ExecOne(ctx, `UPDATE vote_teller SET key_hash = ? WHERE vote_id = ? AND no = ?`, hash, vote, no)
}

// vacateSeat frees a seat; what the others dealt was dealt to its holder too and falls with it.
func vacateSeat(ctx context.Context, tx *dbx.Tx, vote id.ID, no int) error {
	if _, err := tx.Exec(ctx, `UPDATE vote_teller SET dealing = NULL, key_hash = NULL WHERE vote_id = ?`, vote); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `DELETE FROM vote_teller WHERE vote_id = ? AND no = ?`, vote, no)
}

// Sent is a teller's part, sealed to another.
type Sent struct {
	Purpose id.ID         `db:"purpose" json:"purpose" doc:"The vote itself for the count, or the opening of one ballot"`
	From    int           `db:"from_no" json:"from"`
	To      int           `db:"to_no" json:"to"`
	Sealed  []byte        `db:"sealed" json:"sealed" doc:"Base64"`
	At      clock.Instant `db:"sent_at" json:"at"`
}

// putPart keeps a part; a later one of the same teller for the same replaces it.
func putPart(ctx context.Context, tx *dbx.Tx, vote id.ID, p Sent) error {
	n, err := tx.Exec(ctx, `UPDATE vote_part SET sealed = ?, sent_at = ? WHERE vote_id = ? AND purpose = ? AND from_no = ? AND to_no = ?`, p.Sealed, p.At, vote, p.Purpose, p.From, p.To)
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO vote_part (vote_id, purpose, from_no, to_no, sealed, sent_at) VALUES (?,?,?,?,?,?)`, vote, p.Purpose, p.From, p.To, p.Sealed, p.At)
	return err
}

func partsTo(ctx context.Context, q dbx.Querier, vote id.ID, to int) ([]Sent, error) {
	out := []Sent{}
	err := q.Select(ctx, &out, `SELECT purpose, from_no, to_no, sealed, sent_at FROM vote_part WHERE vote_id = ? AND to_no = ? ORDER BY purpose, from_no`, vote, to)
	return out, err
}

// handedIn is a teller's count.
type handedIn struct {
	Teller  int           `db:"teller_no"`
	Outcome string        `db:"outcome"`
	Spoiled string        `db:"spoiled"`
	At      clock.Instant `db:"handed_in_at"`
}

func putCount(ctx context.Context, tx *dbx.Tx, vote id.ID, c handedIn) error {
	n, err := tx.Exec(ctx, `UPDATE vote_count SET outcome = ?, spoiled = ?, handed_in_at = ? WHERE vote_id = ? AND teller_no = ?`, c.Outcome, c.Spoiled, c.At, vote, c.Teller)
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO vote_count (vote_id, teller_no, outcome, spoiled, handed_in_at) VALUES (?,?,?,?,?)`, vote, c.Teller, c.Outcome, c.Spoiled, c.At)
	return err
}

func countsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]handedIn, error) {
	var out []handedIn
	err := q.Select(ctx, &out, `SELECT teller_no, outcome, spoiled, handed_in_at FROM vote_count WHERE vote_id = ? ORDER BY teller_no`, vote)
	return out, err
}

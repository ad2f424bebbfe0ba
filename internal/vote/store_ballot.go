package vote

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const ballotColumns = `head_no, revision, channel, sealed, commitment, person_id, proxy_id, scan, second_scan, cast_at`

// ballotOf reads a head's ballot; nil where it has none.
func ballotOf(ctx context.Context, q dbx.Querier, vote id.ID, head int) (*Ballot, error) {
	var b Ballot
	err := q.Get(ctx, &b, `SELECT `+ballotColumns+` FROM vote_ballot WHERE vote_id = ? AND head_no = ?`, vote, head)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &b, err
}

// putBallot writes a first ballot, or the next revision over the one before; the fault version.stale when another came between.
func putBallot(ctx context.Context, tx *dbx.Tx, vote id.ID, b Ballot) error {
	stale := fault.New(fault.Stale, "version.stale")
	if b.Revision == 1 {
		_, err := tx.Exec(ctx, `INSERT INTO vote_ballot (vote_id, `+ballotColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
			vote, b.Head, b.Revision, b.Channel, b.Sealed, b.Commitment, b.PersonID, b.ProxyID, b.Scan, b.SecondScan, b.CastAt)
		if dbx.IsDuplicate(err) {
			return stale
		}
		return err
	}
	err := tx.ExecOne(ctx, `UPDATE vote_ballot SET revision = ?, channel = ?, sealed = ?, commitment = ?, person_id = ?, proxy_id = ?, cast_at = ? WHERE vote_id = ? AND head_no = ? AND revision = ?`,
		b.Revision, b.Channel, b.Sealed, b.Commitment, b.PersonID, b.ProxyID, b.CastAt, vote, b.Head, b.Revision-1)
	if errors.Is(err, dbx.ErrNoMatch) {
		return stale
	}
	return err
}

func ballotsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Ballot, error) {
	out := []Ballot{}
	err := q.Select(ctx, &out, `SELECT `+ballotColumns+` FROM vote_ballot WHERE vote_id = ? ORDER BY head_no`, vote)
	return out, err
}

// votedOf tells which heads have a ballot.
func votedOf(ctx context.Context, q dbx.Querier, vote id.ID) (map[int]bool, error) {
	var list []int
	err := q.Select(ctx, &list, `SELECT head_no FROM vote_ballot WHERE vote_id = ?`, vote)
	out := map[int]bool{}
	for _, no := range list {
		out[no] = true
	}
	return out, err
}

const proxyColumns = `id, head_no, granted_by, code_hash, delegate_id, slot, granted_at, taken_at, ended_at`

// proxyOf reads the authority in force for a head; nil where there is none.
func proxyOf(ctx context.Context, q dbx.Querier, vote id.ID, head int) (*Proxy, error) {
	var p Proxy
	err := q.Get(ctx, &p, `SELECT `+proxyColumns+` FROM vote_proxy WHERE vote_id = ? AND current_head = ?`, vote, head)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &p, err
}

// proxiesOf lists the authorities in force.
func proxiesOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Proxy, error) {
	var out []Proxy
	err := q.Select(ctx, &out, `SELECT `+proxyColumns+` FROM vote_proxy WHERE vote_id = ? AND ended_at IS NULL ORDER BY head_no`, vote)
	return out, err
}

func proxyByCode(ctx context.Context, q dbx.Querier, vote id.ID, hash []byte) (Proxy, error) {
	var p Proxy
	err := q.Get(ctx, &p, `SELECT `+proxyColumns+` FROM vote_proxy WHERE vote_id = ? AND code_hash = ? AND ended_at IS NULL`, vote, hash)
	if dbx.IsNoRow(err) {
		return p, fault.New(fault.NotFound, "vote.no_proxy")
	}
	return p, err
}

func insertProxy(ctx context.Context, tx *dbx.Tx, vote id.ID, p Proxy) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_proxy (id, vote_id, head_no, granted_by, code_hash, granted_at) VALUES (?,?,?,?,?,?)`, p.ID, vote, p.Head, p.GrantedBy, p.CodeHash, p.GrantedAt)
	return err
}

func takeProxy(ctx context.Context, tx *dbx.Tx, vote, proxy, delegate id.ID, slot int64, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE vote_proxy SET delegate_id = ?, slot = ?, taken_at = ? WHERE id = ? AND vote_id = ? AND ended_at IS NULL AND delegate_id IS NULL`, delegate, slot, at, proxy, vote)
}

func endProxy(ctx context.Context, tx *dbx.Tx, vote id.ID, head int, at clock.Instant) (int64, error) {
	return tx.Exec(ctx, `UPDATE vote_proxy SET ended_at = ? WHERE vote_id = ? AND head_no = ? AND ended_at IS NULL`, at, vote, head)
}

// pinProxy keeps an authority in force until the transaction ends; dbx.ErrNoMatch when it has ended.
func pinProxy(ctx context.Context, tx *dbx.Tx, vote, proxy id.ID) error {
	return tx.ExecOne(ctx, `UPDATE vote_proxy SET slot = slot WHERE id = ? AND vote_id = ? AND ended_at IS NULL`, proxy, vote)
}

// slotsOf lists the places that a delegate's owners take: by an authority in force, or by a ballot cast on one that has ended and standing still.
func slotsOf(ctx context.Context, q dbx.Querier, vote, delegate id.ID) ([]int64, error) {
	var out []int64
	err := q.Select(ctx, &out, `SELECT p.slot FROM vote_proxy p LEFT JOIN vote_ballot b ON b.vote_id = p.vote_id AND b.head_no = p.head_no AND b.proxy_id = p.id
		WHERE p.vote_id = ? AND p.delegate_id = ? AND (p.ended_at IS NULL OR b.head_no IS NOT NULL)`, vote, delegate)
	return out, err
}

func delegatedTo(ctx context.Context, q dbx.Querier, vote, person id.ID) ([]int, error) {
	var out []int
	err := q.Select(ctx, &out, `SELECT head_no FROM vote_proxy WHERE vote_id = ? AND delegate_id = ? AND ended_at IS NULL ORDER BY head_no`, vote, person)
	return out, err
}

func entryOf(ctx context.Context, q dbx.Querier, vote id.ID, head int) (*Entry, error) {
	var e Entry
	err := q.Get(ctx, &e, `SELECT head_no, person_id, mark, sealed, scan, entered_at FROM vote_entry WHERE vote_id = ? AND head_no = ?`, vote, head)
	if dbx.IsNoRow(err) {
		return nil, nil
	}
	return &e, err
}

// entriesOf are the heads whose paper one person has entered.
func entriesOf(ctx context.Context, q dbx.Querier, vote id.ID) (list []int, err error) {
	err = q.Select(ctx, &list, `SELECT head_no FROM vote_entry WHERE vote_id = ?`, vote)
	return list, err
}

func putEntry(ctx context.Context, tx *dbx.Tx, vote id.ID, e Entry) error {
	if err := deleteEntry(ctx, tx, vote, e.Head); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO vote_entry (vote_id, head_no, person_id, mark, sealed, scan, entered_at) VALUES (?,?,?,?,?,?,?)`, vote, e.Head, e.PersonID, e.Mark, e.Sealed, e.Scan, e.At)
	return err
}

func deleteEntry(ctx context.Context, tx *dbx.Tx, vote id.ID, head int) error {
	_, err := tx.Exec(ctx, `DELETE FROM vote_entry WHERE vote_id = ? AND head_no = ?`, vote, head)
	return err
}

func partsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Part, error) {
	out := []Part{}
	err := q.Select(ctx, &out, `SELECT e.vote_id, e.head_no, b.channel, b.cast_at FROM vote_elector e
		LEFT JOIN vote_ballot b ON b.vote_id = e.vote_id AND b.head_no = e.head_no AND b.person_id = e.person_id WHERE e.person_id = ? ORDER BY e.vote_id, e.head_no`, person)
	return out, err
}

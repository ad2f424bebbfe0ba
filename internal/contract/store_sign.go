package contract

import (
	"context"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Act is what a party's assent is for.
type Act string

// The acts that both parties assent to.
const (
	ActSign     Act = "sign"
	ActStart    Act = "start"    // that the contract takes effect now
	ActWithdraw Act = "withdraw" // that a signed contract is not to take effect
)

// Assent is the assent of one party, given by a natural person in a post.
type Assent struct {
	Act          Act           `db:"act" json:"act" enum:"sign,start,withdraw"`
	TermsVersion int64         `db:"terms_version" json:"termsVersion" doc:"The version of the terms it is for"`
	Side         Side          `db:"side" json:"side" enum:"company,owners"`
	Person       id.ID         `db:"person_id" json:"personId"`
	Org          id.ID         `db:"org_id" json:"organisationId"`
	Post         *id.ID        `db:"post_id" json:"-"`
	TermsHash    blob.Hash     `db:"terms_hash" json:"termsHash" doc:"SHA-256 of the terms that were signed"`
	At           clock.Instant `db:"at" json:"at"`
}

const assentColumns = `act, terms_version, side, person_id, org_id, post_id, terms_hash, at`

func insertAssent(ctx context.Context, tx *dbx.Tx, contract id.ID, a Assent) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_assent (id, contract_id, `+assentColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		id.New(), contract, a.Act, a.TermsVersion, a.Side, a.Person, a.Org, a.Post, a.TermsHash, a.At)
	return err
}

// assents lists all assents to a contract, those to terms that were replaced included.
func assents(ctx context.Context, q dbx.Querier, contract id.ID) ([]Assent, error) {
	out := []Assent{}
	err := q.Select(ctx, &out, `SELECT `+assentColumns+` FROM contract_assent WHERE contract_id = ? ORDER BY at, side`, contract)
	return out, err
}

func countAssents(ctx context.Context, q dbx.Querier, contract id.ID, act Act, version int64) (n int, err error) {
	err = q.Get(ctx, &n, `SELECT COUNT(*) FROM contract_assent WHERE contract_id = ? AND act = ? AND terms_version = ?`, contract, act, version)
	return n, err
}

// Document is a file that belongs to a contract, named by the hash of its bytes.
type Document struct {
	Hash      blob.Hash     `db:"hash" json:"hash"`
	Name      string        `db:"name" json:"name"`
	MediaType string        `db:"media_type" json:"mediaType"`
	Size      int64         `db:"size_bytes" json:"size" doc:"Bytes"`
	AddedAt   clock.Instant `db:"added_at" json:"addedAt"`
}

func insertDocument(ctx context.Context, tx *dbx.Tx, contract id.ID, d Document, person, org *id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO contract_document (contract_id, hash, name, media_type, size_bytes, added_at, person_id, org_id) VALUES (?,?,?,?,?,?,?,?)`,
		contract, d.Hash, d.Name, d.MediaType, d.Size, d.AddedAt, person, org)
	return err
}

func documents(ctx context.Context, q dbx.Querier, contract id.ID) ([]Document, error) {
	out := []Document{}
	err := q.Select(ctx, &out, `SELECT hash, name, media_type, size_bytes, added_at FROM contract_document WHERE contract_id = ? ORDER BY added_at, hash`, contract)
	return out, err
}

func document(ctx context.Context, q dbx.Querier, contract id.ID, h blob.Hash) (Document, bool, error) {
	var d Document
	err := q.Get(ctx, &d, `SELECT hash, name, media_type, size_bytes, added_at FROM contract_document WHERE contract_id = ? AND hash = ?`, contract, h)
	if dbx.IsNoRow(err) {
		return d, false, nil
	}
	return d, err == nil, err
}

// Holds tells whether a contract keeps a document, for whoever removes files that nobody needs.
func (Store) Holds(ctx context.Context, q dbx.Querier, h blob.Hash) (bool, error) {
	var n int
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM contract_document WHERE hash = ?`, h)
	return n > 0, err
}

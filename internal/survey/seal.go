package survey

import (
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Seal is the root of what a stratum had drawn at the end of a day.
type Seal struct {
	RoundID   id.ID       `db:"round_id" json:"-"`
	StratumID id.ID       `db:"stratum_id" json:"stratumId"`
	Day       clock.Date  `db:"sealed_on" json:"day"`
	Dwellings int64       `db:"dwellings" json:"dwellings"`
	Root      ballot.Hash `db:"root" json:"root"`
}

// entry is the ledger's leaf of a response that was signed by the key.
func (r Response) entry(key ballot.Hash) ballot.Response {
	return ballot.Response{Round: r.RoundID, Key: key, Token: r.TokenHash, Revision: int(r.Revision), Opening: r.Opening, Commitment: r.Commitment,
		Attributes: r.attributes()}
}

// attributes is the hash of how the response came in.
func (r Response) attributes() ballot.Hash {
	return ballot.AttributesHash(r.AttributeSalt, r.Channel, r.Lot)
}

// keysOf maps strata to the names of their keys.
func keysOf(strata []Stratum) map[id.ID]ballot.Hash {
	out := map[id.ID]ballot.Hash{}
	for _, s := range strata {
		out[s.ID] = ballotHash(s.KeyID)
	}
	return out
}

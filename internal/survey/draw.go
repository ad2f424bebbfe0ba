package survey

import (
	"crypto/sha256"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Draw is that a dwelling has drawn its ballot. It keeps the day, no time and no sequence: a finer one could be compared
// with traffic.
type Draw struct {
	Name      ballot.Hash `db:"draw_hash"`
	RoundID   id.ID       `db:"round_id"`
	Dwelling  id.ID       `db:"dwelling_id"`
	StratumID id.ID       `db:"stratum_id"`
	Blinded   ballot.Hash `db:"blinded_hash"`
	DrawnOn   clock.Date  `db:"drawn_on"`
}

// newDraw names the draw by what it is unique in: round, dwelling and key.
func newDraw(d Dwelling, st Stratum, blinded []byte, on clock.Date) Draw {
	h := sha256.New()
	h.Write([]byte("redproperty survey draw 1\x00"))
	h.Write(d.RoundID[:])
	h.Write(d.ID[:])
	h.Write(st.KeyID)
	return Draw{Name: ballot.Hash(h.Sum(nil)), RoundID: d.RoundID, Dwelling: d.ID, StratumID: st.ID, Blinded: sha256.Sum256(blinded), DrawnOn: on}
}

// mayAnswer tells whether a capacity answers for the dwelling.
func (d Dwelling) mayAnswer(g authz.Grant) bool {
	if g.Unit != d.UnitID {
		return false
	}
	switch d.Elector {
	case ByTenant:
		return g.Role == authz.RoleOccupant
	case ByOwner:
		return g.Role == authz.RoleOwner
	}
	return true
}

// answers tells whether one of the capacities answers for the dwelling.
func (d Dwelling) answers(grants []authz.Grant) bool { return slices.ContainsFunc(grants, d.mayAnswer) }

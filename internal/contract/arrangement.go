package contract

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Under is what a service area is served under.
type Under string

// The kinds of arrangement. A service area has exactly one at a time.
const (
	UnderContract     Under = "contract"
	UnderContinuation Under = "continuation" // the term is over, the provider goes on (CC 948)
	UnderCustody      Under = "custody"      // the residents' committee keeps the place going
	UnderEmergency    Under = "emergency"    // 应急物业服务, appointed by the street office for a limited time
	SelfManaged       Under = "self_managed" // the owners themselves (CC 284)
	UnderNone         Under = "none"
)

// Arrangement says who handles a service area and who stands for its owners, from a moment on.
type Arrangement struct {
	ID            id.ID          `db:"id" json:"id" doc:"All zeros while nothing was ever recorded"`
	ServiceAreaID id.ID          `db:"service_area_id" json:"serviceAreaId"`
	ScopePath     string         `db:"scope_path" json:"-"`
	Kind          Under          `db:"kind" json:"kind" enum:"contract,continuation,custody,emergency,self_managed,none"`
	HandlerID     *id.ID         `db:"handler_org_id" json:"handlerId,omitempty" doc:"The organisation that handles the place"`
	OwnersRepID   *id.ID         `db:"owners_rep_org_id" json:"ownersRepId,omitempty" doc:"Who stands for the owners: a committee, a property committee or the residents' committee"`
	ContractID    *id.ID         `db:"contract_id" json:"contractId,omitempty"`
	Basis         string         `db:"basis" json:"basis" doc:"The decision or document it rests on"`
	From          clock.Instant  `db:"from_at" json:"from"`
	To            *clock.Instant `db:"to_at" json:"to,omitempty"`
	UntilOn       *clock.Date    `db:"until_on" json:"untilOn,omitempty" doc:"Last day of an emergency service"`
	PersonID      *id.ID         `db:"person_id" json:"-"`
	OrgID         *id.ID         `db:"org_id" json:"setById,omitempty" doc:"The organisation that recorded it"`
}

// held tells whether a contract governs, so that nobody sets another arrangement beside it.
func (a Arrangement) held() bool { return a.Kind == UnderContract || a.Kind == UnderContinuation }

// next is the arrangement that follows a at a moment: the same owners' representative, nothing else.
func (a Arrangement) next(kind Under, at clock.Instant) Arrangement {
	return Arrangement{ID: id.New(), ServiceAreaID: a.ServiceAreaID, ScopePath: a.ScopePath, Kind: kind, OwnersRepID: a.OwnersRepID, From: at}
}

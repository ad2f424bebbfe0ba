package contract

import (
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// ItemKind is one thing that the outgoing company hands over (CC 949, R2.7).
type ItemKind string

// The items of every hand-over.
const (
	ItemPremises     ItemKind = "premises"            // 物业服务用房
	ItemFacilities   ItemKind = "facilities"          // equipment and facilities of the common parts
	ItemFiles        ItemKind = "files"               // drawings, inspection and maintenance records
	ItemKeys         ItemKind = "keys"                // keys, access cards, system accounts
	ItemFunds        ItemKind = "funds"               // common income and fund accounts with their books
	ItemPrepaid      ItemKind = "prepaid_refunds"     // fees paid in advance (SPC-P 3)
	ItemRoll         ItemKind = "personal_data_roll"  // the register of owners goes back (PIPL 21)
	ItemDataDeletion ItemKind = "personal_data_proof" // certificate that copies were deleted (PIPL 21, 47)
)

// itemKinds is the check list, in its order.
var itemKinds = []ItemKind{ItemPremises, ItemFacilities, ItemFiles, ItemKeys, ItemFunds, ItemPrepaid, ItemRoll, ItemDataDeletion}

// proven tells whether the item is handed over by a document only.
func (k ItemKind) proven() bool { return k == ItemDataDeletion }

// ItemState is where an item stands.
type ItemState string

// The states of an item.
const (
	ItemOpen      ItemState = "open"
	ItemWithheld  ItemState = "withheld"
	ItemDelivered ItemState = "delivered" // ticked by the outgoing company
	ItemConfirmed ItemState = "confirmed" // and by whoever receives it
)

// Withheld is why an item is not handed over yet.
type Withheld string

// The reasons that can be recorded. Arrears of owners are named only to be refused: they are no ground to
// hold anything back (CC 949, BJ 76, ZB 49).
const (
	NotHeld  Withheld = "not_held" // the company never received it
	Disputed Withheld = "disputed" // whose it is, is before a court or an arbitrator
	Pending  Withheld = "pending"  // being counted or audited
	Arrears  Withheld = "arrears"
)

// HandoverItem is a line of the check list.
type HandoverItem struct {
	Item            ItemKind       `db:"item" json:"item" enum:"premises,facilities,files,keys,funds,prepaid_refunds,personal_data_roll,personal_data_proof"`
	State           ItemState      `db:"state" json:"state" enum:"open,withheld,delivered,confirmed"`
	Reason          Withheld       `db:"reason" json:"reason,omitempty" doc:"Why it is withheld"`
	Note            string         `db:"note" json:"note,omitempty" doc:"What was handed over: numbers, amounts, places"`
	Document        *blob.Hash     `db:"document" json:"document,omitempty" doc:"Hash of a list or certificate, one of the contract's documents"`
	DeliveredAt     *clock.Instant `db:"delivered_at" json:"deliveredAt,omitempty"`
	DeliveredPerson *id.ID         `db:"delivered_person_id" json:"-"`
	DeliveredOrg    *id.ID         `db:"delivered_org_id" json:"deliveredBy,omitempty" doc:"The organisation that handed it over"`
	ConfirmedAt     *clock.Instant `db:"confirmed_at" json:"confirmedAt,omitempty"`
	ConfirmedPerson *id.ID         `db:"confirmed_person_id" json:"-"`
	ConfirmedOrg    *id.ID         `db:"confirmed_org_id" json:"confirmedBy,omitempty" doc:"The organisation that received it"`
	Version         int64          `db:"version" json:"version"`
}

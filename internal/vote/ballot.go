package vote

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/teller"
)

// Channel is how a ballot came in.
type Channel string

// The channels.
const (
	ByWeb   Channel = "web"
	ByPaper Channel = "paper" // entered by two persons from one paper
	ByProxy Channel = "proxy" // a delegate, with the owner's authority
)

// Ballot is a head's ballot: that it was cast is known by name, what it says is sealed.
type Ballot struct {
	Head       int           `db:"head_no" json:"head"`
	Revision   int           `db:"revision" json:"revision"`
	Channel    Channel       `db:"channel" json:"channel" enum:"web,paper,proxy"`
	Sealed     []byte        `db:"sealed" json:"-"` // of a paper what two persons sealed, one after the other
	Commitment []byte        `db:"commitment" json:"commitment" doc:"Names the ballot in the ledger, base64"`
	PersonID   id.ID         `db:"person_id" json:"-"`
	ProxyID    *id.ID        `db:"proxy_id" json:"-"`
	Scan       []byte        `db:"scan" json:"-"` // of paper: the picture that the first person took, sealed to the tellers
	SecondScan []byte        `db:"second_scan" json:"-"`
	CastAt     clock.Instant `db:"cast_at" json:"castAt"`
}

// context is what a sealed choice for a head of the vote is bound to.
func (v Vote) context(head, items int) teller.Context {
	c := teller.Context{Vote: v.ID, Head: head, Items: items}
	if v.FormHash != nil {
		c.Form = *v.FormHash
	}
	return c
}

// Proxy is an owner's authority for somebody to vote for a head.
type Proxy struct {
	ID         id.ID          `db:"id" json:"id"`
	Head       int            `db:"head_no" json:"head"`
	GrantedBy  id.ID          `db:"granted_by" json:"-"`
	CodeHash   []byte         `db:"code_hash" json:"-"`
	DelegateID *id.ID         `db:"delegate_id" json:"-"`
	Slot       *int64         `db:"slot" json:"-"`
	GrantedAt  clock.Instant  `db:"granted_at" json:"grantedAt"`
	TakenAt    *clock.Instant `db:"taken_at" json:"takenAt,omitempty" doc:"When the delegate took it"`
	EndedAt    *clock.Instant `db:"ended_at" json:"endedAt,omitempty"`
}

// Entry is a paper ballot as the first of two persons entered it.
type Entry struct {
	Head     int    `db:"head_no"`
	PersonID id.ID  `db:"person_id"`
	Mark     []byte `db:"mark"`
	Sealed   []byte `db:"sealed"`
	Scan     []byte `db:"scan"`
	At       int64  `db:"entered_at"`
}

// EntryState is what became of an entry.
type EntryState string

// The states of an entry.
const (
	EntryWaits   EntryState = "waiting" // for another person's
	EntryMatches EntryState = "entered" // both saw the same: the ballot is in
	EntryDiffers EntryState = "differs" // they did not: this entry waits for a third look
)

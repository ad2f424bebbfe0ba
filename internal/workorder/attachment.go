package workorder

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// PhotoIntake checks a photo and draws it anew; *blob.Intake is one.
type PhotoIntake interface {
	Image(ctx context.Context, r io.Reader) (blob.Picture, error)
	Thumbnail(ctx context.Context, picture []byte) (blob.Picture, error)
}

// Shelf keeps photos by the hash of their bytes; blob.Store is one.
type Shelf interface {
	Put(ctx context.Context, data []byte) (blob.Hash, error)
	Get(ctx context.Context, h blob.Hash) (io.ReadCloser, error)
	Cellar
}

// Cellar is the side of a Shelf that the sweeper sees.
type Cellar interface {
	Stat(ctx context.Context, h blob.Hash) (blob.Info, error)
	Delete(ctx context.Context, h blob.Hash) error
	Walk(ctx context.Context, fn func(blob.Info) error) error
}

// UploadLimit bounds how many bytes a person sends in; a refusal is a RateLimited fault.
type UploadLimit interface {
	AllowBytes(ctx context.Context, person id.ID, bytes int64) error
}

// The kinds of photo. All are optional (R4.8): none is asked for, and none counts as work.
const (
	photoReport = "report" // what is wrong, by who reported it
	photoBefore = "before" // as the handler found it
	photoAfter  = "after"  // as the handler left it
	photoCheck  = "check"  // as the community found it, looking at the work
)

// OrderPhoto is a photo of an order. Who took it is not told beyond the side it came from.
type OrderPhoto struct {
	ID        id.ID         `db:"id" json:"id"`
	Slot      int64         `db:"slot" json:"slot" doc:"Place among the nine an order can have"`
	Kind      string        `db:"kind" json:"kind" enum:"report,before,after,check"`
	MediaType string        `db:"media_type" json:"mediaType"`
	Width     int64         `db:"width" json:"width"`
	Height    int64         `db:"height" json:"height"`
	Bytes     int64         `db:"size_bytes" json:"bytes"`
	At        clock.Instant `db:"at" json:"at"`
	Deletable bool          `db:"-" json:"deletable" doc:"Whether you may take it back now"`

	Hash       blob.Hash `db:"hash" json:"-"`
	ThumbHash  blob.Hash `db:"thumb_hash" json:"-"`
	ThumbType  string    `db:"thumb_type" json:"-"`
	ThumbBytes int64     `db:"thumb_bytes" json:"-"`
	PersonID   *id.ID    `db:"person_id" json:"-"`
	OrgID      *id.ID    `db:"org_id" json:"-"`
}

// mostSlots is the number of photos an order can have at all; the database's CHECK holds the same number.
const mostSlots = 9

// regretTime is how long the sender may take a photo back after work has begun.
const regretTime = 10 * time.Minute

// photoWay says in which relation, by which permission and in which states a kind of photo is added.
type photoWay struct {
	way
	states []State
}

var photoWays = map[string]photoWay{
	photoReport: {way{authz.OrderMessage, reporter}, unfinished},
	photoBefore: {way{authz.OrderWork, inHand}, []State{Accepted, Dispatched, InProgress, Deferred}},
	photoAfter:  {way{authz.OrderWork, inHand}, []State{InProgress, Resolved, Verified}},
	photoCheck:  {way{authz.OrderVerify, byArea}, []State{Resolved, Verified, Closed}},
}

// mayAdd finds the capacity in which p may add a photo of this kind now.
func mayAdd(o *Order, p authz.Principal, kind string) (authz.Actor, error) {
	if err := o.seenBy(p); err != nil {
		return authz.Actor{}, err
	}
	w, ok := photoWays[kind]
	if !ok {
		return authz.Actor{}, fault.InvalidField("body.kind", "workorder.photo_kind")
	}
	actor, err := authz.Act(p, w.permission, o.tied(w.who))
	if err != nil {
		return authz.Actor{}, forbidden(err, w.permission)
	}
	if !slices.Contains(w.states, o.State) {
		return authz.Actor{}, fault.New(fault.Conflict, "workorder.photo_late", "state", string(o.State))
	}
	return actor, nil
}

// meantFor tells whether somebody who may see the order may see the photo: households that reported the same do not
// see what the others sent, which may show a home.
func (ph OrderPhoto) meantFor(o *Order, e eyes, reader id.ID) bool {
	return ph.Kind != photoReport || e.mayReadOf(o, ph.PersonID, reader)
}

// mayTakeBack tells whether p may delete the photo: who sent it, before anybody was sent out because of it,
// or shortly after sending it while the order is open. After that it is part of the case.
func (ph OrderPhoto) mayTakeBack(o *Order, p authz.Principal, now clock.Instant) bool {
	if ph.PersonID == nil || *ph.PersonID != p.Person || !o.Open() {
		return false
	}
	return o.State == Reported || o.State == Accepted || now <= ph.At.Add(regretTime)
}

// freeSlots are the places still free among the first most.
func freeSlots(taken []OrderPhoto, most int) []int64 {
	var out []int64
	for slot := range int64(min(most, mostSlots)) {
		used := slices.ContainsFunc(taken, func(ph OrderPhoto) bool { return ph.Slot == slot+1 })
		if !used {
			out = append(out, slot+1)
		}
	}
	return out
}

package tellerclient

import (
	"context"
	"errors"
	"time"

	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// ErrWaits says that the ledger did not hold all of it in the time for which a device waits.
var ErrWaits = errors.New("the ledger does not hold all of it yet: run this again in some minutes")

// What was posted is in the ledger some seconds later; a device asks that often and for that long.
const (
	askEvery = time.Second
	patience = 30 * time.Second
)

// begin notes how far the ledger went before there was a key: whatever the vote opens, takes and closes comes after it.
func (d *Device) begin(ctx context.Context) error {
	known, head, err := d.call.Newest(ctx, votebundle.Log, d.Secret.Ledger)
	if err != nil {
		return err
	}
	if d.Secret.Ledger = known; d.Secret.Since == nil {
		d.Secret.Since = &head.Size
	}
	return d.save()
}

// relied has rely check what the server lists of the vote in the ledger, wants all that it relied on to be in the ledger and nothing of the vote
// beside what is listed, and keeps in the file what the device saw of it. It waits for what was posted just now.
func (d *Device) relied(ctx context.Context, rely func(*votebundle.Record) error) error {
	for end, told := time.Now().Add(patience), false; ; told = true {
		known, head, err := d.call.Newest(ctx, votebundle.Log, d.Secret.Ledger)
		if err != nil {
			return err
		}
		r, err := d.listed(ctx, rely) // after the ledger: whatever of the vote is in that is listed now
		if err != nil {
			return err
		}
		if r.In(head.Size) {
			return d.whole(ctx, r, known, head)
		}
		if time.Now().After(end) {
			return ErrWaits
		}
		if !told {
			d.say("Waiting for the ledger, which takes some seconds.")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(askEvery):
		}
	}
}

// listed is what the server lists, with what rely relied on of it.
func (d *Device) listed(ctx context.Context, rely func(*votebundle.Record) error) (*votebundle.Record, error) {
	var list struct {
		Items []votebundle.Posting `json:"items"`
	}
	if err := d.call.Call(ctx, "GET", d.at("/leaves"), nil, &list); err != nil {
		return nil, err
	}
	r, err := votebundle.NewRecord(d.Secret.Vote, list.Items)
	if err != nil {
		return nil, err
	}
	return r, rely(r)
}

func (d *Device) whole(ctx context.Context, r *votebundle.Record, known *teller.Known, head ledger.Head) error {
	from := r.First(head.Size)
	if d.Secret.Since != nil {
		from = min(from, *d.Secret.Since)
	}
	leaves, err := d.call.Leaves(ctx, votebundle.Log, from, head)
	if err != nil {
		return err
	}
	if err := r.Whole(from, leaves); err != nil {
		return err
	}
	d.Secret.Ledger = known
	return d.save()
}

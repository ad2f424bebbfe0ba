// Package tellerclient is a teller's device in text: it keeps the teller's secret in a file that never leaves it, and does over the API
// whatever the vote is waiting for. The server sees what is public and what is sealed.
package tellerclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/teller"
)

// Caller makes requests of the API as somebody who is logged in, and takes nobody's word for what the ledger holds.
type Caller interface {
	// Call sends in as JSON, when it is not nil, and reads the answer into out, when it is not nil.
	Call(ctx context.Context, method, path string, in, out any) error
	// Newest is the newest state of a log of the public ledger that goes on from what the device has seen of it, and what it sees now.
	Newest(ctx context.Context, log string, seen *teller.Known) (*teller.Known, ledger.Head, error)
	// Leaves are all leaves of a state of a log from a place on.
	Leaves(ctx context.Context, log string, from int64, head ledger.Head) ([][32]byte, error)
}

// seat is a teller as the server shows it.
type seat struct {
	No        int             `json:"no"`
	Side      string          `json:"side"`
	Reach     []byte          `json:"reach"`
	Mine      bool            `json:"mine"`
	Dealing   *teller.Dealing `json:"dealing"`
	Confirmed string          `json:"confirmed"`
}

type sent struct {
	Purpose id.ID  `json:"purpose"`
	From    int    `json:"from"`
	Sealed  []byte `json:"sealed"`
}

type box struct {
	Form      string            `json:"form"`
	Questions []teller.Question `json:"questions"`
	Key       teller.Key        `json:"key"`
	Ballots   []teller.Ballot   `json:"ballots"`
	Parts     []sent            `json:"parts"`
	Counts    []int             `json:"counts"`
	Differ    bool              `json:"differ"`
}

type vote struct {
	Title string `json:"title"`
	State string `json:"state"`
	Items []struct {
		Title   string                  `json:"title"`
		Options []struct{ Text string } `json:"options"`
	} `json:"items"`
}

// Device is a teller's file with what it needs to reach the server.
type Device struct {
	Secret teller.Secret
	path   string
	call   Caller
	out    io.Writer
}

// Open reads the file, or begins one for the vote.
func Open(path string, which id.ID, c Caller, out io.Writer) (*Device, error) {
	d := &Device{path: path, call: c, out: out}
	raw, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(raw, &d.Secret); err != nil {
			return nil, fmt.Errorf("%s is no teller's file: %w", path, err)
		}
		if !which.IsZero() && which != d.Secret.Vote {
			return nil, fmt.Errorf("%s is of the vote %s", path, d.Secret.Vote)
		}
		return d, nil
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	case which.IsZero():
		return nil, errors.New("there is no such file yet: name the vote to begin one")
	}
	s, err := teller.Start(which, 1) // the seat is known once it is taken
	if err != nil {
		return nil, err
	}
	d.Secret = *s
	return d, d.save()
}

// save writes the file so that a crash leaves the old one or the new one.
func (d *Device) save() error {
	raw, err := json.MarshalIndent(d.Secret, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(d.path), ".teller-*") // readable by its owner alone
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), d.path)
	}
	return err
}

func (d *Device) at(path string) string { return "/votes/" + d.Secret.Vote.String() + path }

func (d *Device) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// Step does what the vote is waiting for this teller to do, and says what comes next. It can be run again and again.
func (d *Device) Step(ctx context.Context) error {
	var v vote
	if err := d.call.Call(ctx, "GET", d.at(""), nil, &v); err != nil {
		return err
	}
	switch v.State {
	case "roll_posted":
		return d.makeKey(ctx)
	case "open", "extended":
		d.say("The vote is open. Keep %s: without two tellers' files it cannot be counted.", d.path)
		return nil
	case "closed":
		return d.count(ctx, v)
	}
	d.say("The vote is %s: there is nothing for a teller to do.", v.State)
	return nil
}

type seats struct {
	Items []seat `json:"items"`
}

func (d *Device) makeKey(ctx context.Context) error {
	var list seats
	if err := d.call.Call(ctx, "GET", d.at("/tellers"), nil, &list); err != nil {
		return err
	}
	me, err := d.sit(ctx, &list)
	if err != nil {
		return err
	}
	if len(list.Items) < teller.Tellers {
		d.say("You are teller %d (%s). %d of three seats are taken: run this again when all are.", me.No, me.Side, len(list.Items))
		return nil
	}
	if me.Dealing == nil {
		if err := d.deal(ctx, &list); err != nil {
			return err
		}
	}
	if me.Confirmed == "" {
		return d.confirm(ctx, list)
	}
	d.say("You have confirmed the key. Keep %s until the vote is counted.", d.path)
	return nil
}

// sit takes a seat, or finds the one that was taken. A file whose key is not the seat's is another device's.
func (d *Device) sit(ctx context.Context, list *seats) (seat, error) {
	reach, err := d.Secret.Reach()
	if err != nil {
		return seat{}, err
	}
	if _, ok := list.mine(); !ok {
		if err := d.call.Call(ctx, "POST", d.at("/tellers"), map[string]any{"reach": reach}, list); err != nil {
			return seat{}, err
		}
	}
	me, ok := list.mine()
	if !ok || string(me.Reach) != string(reach) {
		return me, errors.New("the seat was taken with another file")
	}
	if d.Secret.No != me.No || (d.Secret.Dealing != nil && d.Secret.Dealing.From != me.No) {
		d.Secret.No, d.Secret.Dealing, d.Secret.Own, d.Secret.Share = me.No, nil, nil, nil
	}
	return me, d.save()
}

func (s seats) mine() (seat, bool) {
	for _, t := range s.Items {
		if t.Mine {
			return t, true
		}
	}
	return seat{}, false
}

func (d *Device) deal(ctx context.Context, list *seats) error {
	dealing, err := d.Secret.Deal(list.reach())
	if err != nil {
		return err
	}
	if err := d.save(); err != nil { // before it is sent: after a lost answer the same is sent again
		return err
	}
	return d.call.Call(ctx, "PUT", d.at("/teller/dealing"), dealing, list)
}

func (s seats) reach() (out teller.Reaches) {
	for _, t := range s.Items {
		out[t.No-1] = t.Reach
	}
	return out
}

func (d *Device) confirm(ctx context.Context, list seats) error {
	var dealt [teller.Tellers]teller.Dealing
	for _, t := range list.Items {
		if t.Dealing == nil {
			d.say("You have dealt. Teller %d has not: run this again when all have.", t.No)
			return nil
		}
		dealt[t.No-1] = *t.Dealing
	}
	key, err := d.Secret.Finish(list.reach(), dealt)
	if err != nil {
		return err
	}
	if err := d.begin(ctx); err != nil {
		return err
	}
	if err := d.call.Call(ctx, "POST", d.at("/teller/confirm"), map[string]any{"keyHash": fmt.Sprintf("%x", key.Hash)}, nil); err != nil {
		return err
	}
	d.say("Every share is in order, and you have confirmed the key\n  %x\nCompare it with the two other tellers by telephone or in person: where it is the same, nobody stood between you. Keep %s until the vote is counted.", key.Hash, d.path)
	return nil
}

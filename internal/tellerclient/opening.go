package tellerclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// Opening does this teller's share of opening one ballot: sends the part for it or, when another's is there, opens the choice on this screen and
// shows it once it is on record that it was opened. It is written nowhere, save the pictures of a paper ballot, into a folder that the teller
// names; without one they are only counted.
func (d *Device) Opening(ctx context.Context, which id.ID, pictures string) error {
	var list struct {
		Items []struct {
			ID     id.ID  `json:"id"`
			Head   int    `json:"head"`
			Basis  string `json:"basis"`
			Reason string `json:"reason"`
		} `json:"items"`
	}
	if err := d.call.Call(ctx, "GET", d.at("/openings"), nil, &list); err != nil {
		return err
	}
	for _, o := range list.Items {
		if o.ID == which {
			d.say("Ballot of head %d, for %s: %s", o.Head, o.Basis, o.Reason)
			return d.open(ctx, which, o.Head, pictures)
		}
	}
	return errors.New("nobody asked for such an opening")
}

func (d *Device) open(ctx context.Context, which id.ID, head int, pictures string) error {
	b, c, err := d.box(ctx)
	if err != nil {
		return err
	}
	one, err := d.single(ctx, b, c, which, head)
	if err != nil {
		return err
	}
	own, err := d.Secret.Part(b.Key, one.List())
	if err != nil {
		return err
	}
	var opened teller.Opened
	ok, err := d.received(b, which, func(got teller.Part) (err error) {
		opened, err = teller.OpenSingle(b.Key, c, one, own, got)
		return err
	})
	if !ok {
		if sending := d.send(ctx, own, which); sending != nil || err != nil {
			return errors.Join(err, sending)
		}
		d.say("Your part for it is sent. Another teller opens it with theirs.")
		return nil
	}
	if err := d.call.Call(ctx, "POST", d.at("/openings/"+which.String()+"/opened"), nil, nil); err != nil {
		return err // nothing is shown that is not on record
	}
	for _, line := range spelled(opened.Choices) {
		d.say("  %s", line)
	}
	return d.show(head, opened.Pictures, pictures)
}

// single is the ballot with its pictures: the one of the box with which the vote was closed, asked for and with the pictures as the ledger has it.
func (d *Device) single(ctx context.Context, b box, c teller.Context, which id.ID, head int) (teller.Single, error) {
	var one teller.Single
	for _, x := range b.Ballots {
		if x.Head == head {
			one.Ballot = x
		}
	}
	if one.Head == 0 {
		return one, errors.New("there is no such ballot in the box")
	}
	var got struct {
		Scans [][]byte `json:"scans"`
	}
	if err := d.call.Call(ctx, "GET", d.at("/openings/"+which.String()+"/scans"), nil, &got); err != nil {
		return one, err
	}
	one.Scans = got.Scans
	return one, d.relied(ctx, func(r *votebundle.Record) error {
		named, err := r.Scans(head)
		return errors.Join(err, r.Box(c.Form, b.Key, c.Items, b.Ballots), r.Asked(which, head), one.CheckScans(named))
	})
}

// show writes the pictures into a folder, each readable by the teller alone.
func (d *Device) show(head int, list [][]byte, folder string) error {
	if len(list) == 0 {
		return nil
	}
	if folder == "" {
		d.say("  There are %d pictures of the paper: name a folder with --pictures to see them.", len(list))
		return nil
	}
	for i, picture := range list {
		if picture == nil {
			d.say("  picture %d does not open", i+1)
			continue
		}
		path := filepath.Join(folder, fmt.Sprintf("ballot-%d-%d%s", head, i+1, extension(picture)))
		if err := os.WriteFile(path, picture, 0o600); err != nil {
			return err
		}
		d.say("  picture %d: %s", i+1, path)
	}
	return nil
}

// extension is by what the picture holds: whoever sealed it may have sealed anything.
func extension(picture []byte) string {
	switch http.DetectContentType(picture) {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	}
	return ".bin"
}

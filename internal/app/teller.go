package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/tellerclient"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// TellerTask is what a teller asks for on the command line.
type TellerTask struct {
	Server, LedgerKey, Login, Password string

	Vote    string // names the vote when the file is begun
	Opening string // the opening of one ballot; empty for the vote itself
	// Pictures is the folder into which those of an opened paper ballot are written; none are where it is empty.
	Pictures string
}

// Teller does what a vote is waiting for a teller to do, with the secret in the file at path.
func Teller(ctx context.Context, path string, t TellerTask, out io.Writer) error {
	var which id.ID
	var err error
	if t.Vote != "" {
		if which, err = id.Parse(t.Vote); err != nil {
			return err
		}
	}
	if t.LedgerKey == "" {
		if t.LedgerKey, err = ballotclient.LedgerKey(ctx, t.Server); err != nil {
			return err
		}
	}
	client, err := ballotclient.New(t.Server, t.LedgerKey)
	if err != nil {
		return err
	}
	if err := client.LogIn(ctx, t.Login, t.Password); err != nil {
		return err
	}
	device, err := tellerclient.Open(path, which, client, out)
	if err != nil {
		return err
	}
	if t.Opening == "" {
		return device.Step(ctx)
	}
	opening, err := id.Parse(t.Opening)
	if err != nil {
		return err
	}
	return device.Opening(ctx, opening, t.Pictures)
}

// VoteCheck is a verification of a vote's bundle, which needs no settings, database or log-in.
type VoteCheck struct {
	File    string
	Key     string   // the ledger's verifier key, from a place other than the bundle; may be empty
	Tellers []string // files of two tellers, to count again
	Receipt string
	Out     io.Writer
}

// VerifyVote checks a bundle and writes what it found. It returns ErrTampered when anything is wrong.
func VerifyVote(c VoteCheck) error {
	o := votebundle.Options{VerifierKey: c.Key}
	if len(c.Tellers) != 0 && len(c.Tellers) != len(o.Tellers) {
		return errors.New("to count again the files of two tellers are needed")
	}
	for i, path := range c.Tellers {
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		o.Tellers[i] = &teller.Secret{}
		if err := json.Unmarshal(raw, o.Tellers[i]); err != nil {
			return fmt.Errorf("%s is no teller's file: %w", path, err)
		}
	}
	if c.Receipt != "" {
		r, err := teller.ParseReceipt(c.Receipt)
		if err != nil {
			return errors.New("this is no receipt: one line is wanted that begins with RPV1")
		}
		o.Receipts = []teller.Receipt{r}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := votebundle.Read(f)
	if err != nil {
		return err
	}
	r, err := votebundle.Verify(b, o)
	if err != nil {
		return err
	}
	return c.report(b, r)
}

func (c VoteCheck) report(b votebundle.Bundle, r votebundle.Report) error {
	say := func(format string, args ...any) { fmt.Fprintf(c.Out, format+"\n", args...) }
	area := func(w tally.Weight) string {
		return fmt.Sprintf("%d owners, %d.%02d m²", w.Heads, w.Area/100, w.Area%100)
	}
	say("%s, %s", b.Title, b.Place)
	if b.Official != "" {
		say("The result is that of %s.", b.Official)
	}
	say("On the roll: %s. Took part: %s, %d ballots.", area(r.Total), area(r.Joined), len(b.Ballots))
	for i, item := range r.Tests {
		for n, tests := range item.Tests {
			verdict := "passed"
			if !tests.Passed() {
				verdict = fmt.Sprintf("failed %v", tests.Failed())
			}
			say("Item %d, option %d: in favour %s: %s", i+1, n+1, area(item.Counts[n].Favour), verdict)
		}
	}
	if r.Recounted != nil {
		say("Counted again with the files of two tellers.")
	}
	if c.Key == "" {
		say("The ledger was not looked at: name its key with --key.")
	}
	for _, wrong := range r.Wrong {
		say("WRONG: %s", wrong)
	}
	if len(r.Wrong) > 0 {
		return ErrTampered
	}
	say("Nothing was altered, dropped or added.")
	return nil
}

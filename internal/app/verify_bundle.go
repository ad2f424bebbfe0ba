package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/bundle"
)

// BundleCheck is a verification of a survey's bundle, which needs no settings, database or log-in.
type BundleCheck struct {
	File     string    // the bundle; empty: Server is asked for that of the receipt's round
	Server   string    // as https://rp.example
	Key      string    // the ledger's verifier key, from a place other than the bundle; may be empty
	Out      io.Writer // for what was found
	Progress io.Writer // for how far it is
}

// VerifyBundle checks a bundle and writes what it found. It returns ErrTampered when anything is wrong.
func VerifyBundle(ctx context.Context, c BundleCheck) error { return c.verify(ctx, nil) }

// VerifyReceipt checks that the response of a receipt is counted as promised, and the whole bundle of its round.
func VerifyReceipt(ctx context.Context, c BundleCheck, text string) error {
	receipt, err := ballot.ParseReceipt(strings.TrimSpace(text))
	if err != nil {
		return errors.New("this is no receipt: one line is wanted that begins with RPR1")
	}
	return c.verify(ctx, &receipt)
}

func (c BundleCheck) verify(ctx context.Context, receipt *ballot.Receipt) error {
	in, err := openBundle(ctx, c.File, c.Server, receipt)
	if err != nil {
		return err
	}
	o := bundle.Options{VerifierKey: c.Key, Progress: progress(c.Progress)}
	if receipt != nil {
		o.Receipts = []ballot.Receipt{*receipt}
	}
	return errors.Join(verifyBundle(c.Out, in, o), in.Close())
}

// openBundle opens the file, or gets it from a server.
func openBundle(ctx context.Context, file, server string, r *ballot.Receipt) (io.ReadCloser, error) {
	if file != "" {
		return os.Open(file)
	}
	url := strings.TrimSuffix(server, "/") + "/api/v1/public/survey-rounds/" + r.Round.String() + "/bundle"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := (&http.Client{Timeout: 10 * time.Minute}).Do(req)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("the server has no bundle of round %s: %s", r.Round, answer.Status), answer.Body.Close())
	}
	return answer.Body, nil
}

// progress says how far the check is.
func progress(w io.Writer) func(int64) {
	return func(n int64) { _, _ = fmt.Fprintf(w, "%d responses checked\n", n) }
}

// verifyBundle checks a bundle and writes what it found; ErrTampered when anything is wrong.
func verifyBundle(to io.Writer, in io.Reader, o bundle.Options) error {
	r, err := bundle.Verify(in, o)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	for _, p := range r.Problems {
		fmt.Fprintln(w, "PROBLEM:", p)
	}
	if r.More > 0 {
		fmt.Fprintf(w, "PROBLEM: and %d more\n", r.More)
	}
	fmt.Fprintf(w, "round %s in %s: %d responses in %d strata, %d dwellings on the roll, %d ballots drawn, %d other entries of %d in the ledger; %d score cards computed again and the same\n",
		r.Round, r.Log, r.Responses, r.Strata, r.Dwellings, r.Draws, r.Leaves, r.Size, r.Recomputed)
	if r.NoRoll {
		fmt.Fprintln(w, "The file is of the form before this one, without the roll: neither the roll nor the draw of a sample was checked.")
	}
	if r.Envelopes > 0 {
		fmt.Fprintf(w, "%d paper envelopes were issued, %d of them are void\n", r.Envelopes, r.Void)
	}
	if r.Together+r.Hidden > 0 {
		fmt.Fprintf(w, "%d responses of small strata show their answers together only, %d show none\n", r.Together, r.Hidden)
	}
	if r.Kept > 0 {
		fmt.Fprintln(w, "The receipt's response is counted as it was cast.")
	}
	if r.Later > 0 {
		fmt.Fprintln(w, "A later revision of the receipt's ballot is counted, which only its voter can have made.")
	}
	if r.KeyFromFile {
		fmt.Fprintf(w, "The ledger's key was taken from the bundle itself. Compare it with the one you know, or give it with --key: %s\n", r.VerifierKey)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if !r.OK() {
		return ErrTampered
	}
	return nil
}

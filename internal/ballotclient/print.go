package ballotclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
)

// A lot of paper envelopes is printed in five steps, in a folder that is carried between a machine with a network and one without: order,
// blind, sign, finish, register. The second and the fourth are done on the machine without one, on which alone the codes of sheets are.

// The files of a lot's folder.
const (
	OrderFile      = "order.json"      // what is to be printed, and the proof of the key
	BatchFile      = "batch.json"      // secret: stays on the machine without a network, and is deleted by the fourth step
	BlindedFile    = "blinded.json"    // to be signed
	SignaturesFile = "signatures.json" // what came back
	SheetsFile     = "sheets.html"     // secret: to be printed
	ManifestFile   = "manifest.json"   // the ballots without their codes, to be registered
)

// PrintOrder is everything that a machine without a network needs to print a lot.
type PrintOrder struct {
	Round   id.ID        `json:"round"`
	LotID   id.ID        `json:"lotId"`
	Lot     string       `json:"lot"`
	Stratum string       `json:"stratum"`
	Size    int          `json:"size"`
	Key     []byte       `json:"key"`
	Opened  string       `json:"opened"` // the entry that opened the round
	Proof   ballot.Proof `json:"proof"`  // that it is in the ledger
	Paper   Paper        `json:"paper"`
}

// OrderLot orders a lot and writes what the other machine needs. An order that is in the folder already is not made again.
func (c *Client) OrderLot(ctx context.Context, dir string, round id.ID, stratum string, size int) (PrintOrder, error) {
	if o, err := readJSON[PrintOrder](dir, OrderFile); !errors.Is(err, os.ErrNotExist) {
		return o, err
	}
	o := PrintOrder{Round: round, Stratum: stratum, Size: size}
	var err error
	if o.Paper, err = c.Paper(ctx, round); err != nil {
		return o, err
	}
	for _, k := range o.Paper.Keys {
		if k.Stratum == stratum {
			o.Key = k.PublicKey
		}
	}
	if o.Key == nil {
		return o, fmt.Errorf("the round has no stratum %q", stratum)
	}
	opened, err := c.opening(ctx, round)
	if err != nil {
		return o, err
	}
	o.Opened = opened.Body
	if o.Proof, _, err = c.proof(ctx, *opened.Entry); err != nil {
		return o, err
	}
	if _, err := c.trust.Key(o.Key, []byte(o.Opened), o.Proof); err != nil {
		return o, err
	}
	var made struct {
		ID  id.ID  `json:"id"`
		Lot string `json:"lot"`
	}
	if err := call(ctx, c.named, http.MethodPost, c.lots(round), map[string]any{"stratum": stratum, "size": size}, &made); err != nil {
		return o, err
	}
	o.LotID, o.Lot = made.ID, made.Lot
	return o, writeJSON(dir, OrderFile, o)
}

func (c *Client) lots(round id.ID) string {
	return c.base + "/survey-rounds/" + round.String() + "/lots"
}

func (c *Client) lot(o PrintOrder) string { return c.lots(o.Round) + "/" + o.LotID.String() }

// BlindLot makes the ballots of an ordered lot and blinds them, on a machine without a network. ledgerKey is the ledger's verifier key from a
// printed copy. A batch that is in the folder is kept: were it made anew, what was signed would be lost.
func BlindLot(dir, ledgerKey string) error {
	o, err := readJSON[PrintOrder](dir, OrderFile)
	if err != nil {
		return err
	}
	trust, err := ballot.NewTrust(ledgerKey)
	if err != nil {
		return fmt.Errorf("ledger key: %w", err)
	}
	key, err := trust.Key(o.Key, []byte(o.Opened), o.Proof)
	if err != nil {
		return err
	}
	if key.Opened().Round != o.Round || key.Stratum().Stratum != o.Stratum {
		return errors.New("the key in the order is of another round or stratum")
	}
	batch, err := readBatch(dir)
	if errors.Is(err, os.ErrNotExist) {
		if batch, err = ballot.PrintBatch(key, o.Size); err == nil {
			err = writeJSON(dir, BatchFile, batch)
		}
	}
	if err != nil {
		return err
	}
	return writeJSON(dir, BlindedFile, batch.Blinded())
}

// SignLot has the blinded ballots signed.
func (c *Client) SignLot(ctx context.Context, dir string) error {
	o, err := readJSON[PrintOrder](dir, OrderFile)
	if err != nil {
		return err
	}
	blinded, err := readJSON[[][]byte](dir, BlindedFile)
	if err != nil {
		return err
	}
	var out struct {
		BlindSignatures [][]byte `json:"blindSignatures"`
	}
	if err := call(ctx, c.named, http.MethodPost, c.lot(o)+"/signatures", map[string]any{"blinded": blinded}, &out); err != nil {
		return err
	}
	return writeJSON(dir, SignaturesFile, out.BlindSignatures)
}

// FinishLot makes the sheets of the signatures on the machine without a network, shuffles them, writes the page to print and the manifest, and
// forgets the batch: from then on the codes are on the page alone.
func FinishLot(dir string) (sheets int, err error) {
	o, err := readJSON[PrintOrder](dir, OrderFile)
	if err != nil {
		return 0, err
	}
	batch, err := readBatch(dir)
	if err != nil {
		return 0, err
	}
	signatures, err := readJSON[[][]byte](dir, SignaturesFile)
	if err != nil {
		return 0, err
	}
	made, err := batch.Finish(signatures)
	if err != nil {
		return 0, err
	}
	err = writeFile(dir, SheetsFile, func(f *os.File) error { return WriteSheets(f, o, made) })
	if err == nil {
		err = writeJSON(dir, ManifestFile, ballot.Manifest(made))
	}
	if err == nil {
		err = os.Remove(filepath.Join(dir, BatchFile))
	}
	return len(made), err
}

// RegisterLot tells the server the finished ballots of a lot, without their codes. From then on envelopes may be handed out.
func (c *Client) RegisterLot(ctx context.Context, dir string) error {
	o, err := readJSON[PrintOrder](dir, OrderFile)
	if err != nil {
		return err
	}
	list, err := readJSON[[]ballot.Ballot](dir, ManifestFile)
	if err != nil {
		return err
	}
	return call(ctx, c.named, http.MethodPut, c.lot(o)+"/ballots", map[string]any{"ballots": list}, nil)
}

func readBatch(dir string) (*ballot.Batch, error) {
	raw, err := os.ReadFile(filepath.Join(dir, BatchFile))
	if err != nil {
		return nil, err
	}
	return ballot.ParseBatch(raw)
}

func readJSON[T any](dir, name string) (v T, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

func writeJSON(dir, name string, v any) error {
	return writeFile(dir, name, func(f *os.File) error { return json.NewEncoder(f).Encode(v) })
}

// writeFile writes a file that its owner alone reads, so that a crash leaves the old one or the new one.
func writeFile(dir, name string, write func(*os.File) error) error {
	f, err := os.CreateTemp(dir, ".lot-*")
	if err != nil {
		return err
	}
	err = write(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

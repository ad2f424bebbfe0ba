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
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// Envelope is everything that a household's device keeps of a ballot. Who reads it can vote and sees the answers, so it
// never leaves the device.
type Envelope struct {
	Server     string          `json:"server"`
	LedgerKey  string          `json:"ledgerKey"`
	Checkpoint string          `json:"checkpoint"` // the newest seen
	Round      id.ID           `json:"round"`
	Unit       id.ID           `json:"unit"`
	ReceiptKey ballot.Hash     `json:"receiptKey"`
	Pending    json.RawMessage `json:"pending,omitempty"` // blinded and not yet signed
	Ballot     *ballot.Kept    `json:"ballot,omitempty"`
	TextKey    ballot.Hash     `json:"textKey"`
	Casts      []CastKept      `json:"casts,omitempty"`
	Badge      string          `json:"badge,omitempty"` // of the interviewer whose device it is

	path string
}

// CastKept is what was cast in one revision, with what opens its commitment.
type CastKept struct {
	Revision int                   `json:"revision"`
	Answers  questionnaire.Answers `json:"answers"`
	Salt     ballot.Hash           `json:"salt"`
	TextSalt ballot.Hash           `json:"textSalt"`
	Receipt  *ballot.Receipt       `json:"receipt,omitempty"` // absent while the server's answer is not known
}

// Start makes an envelope in a new file.
func Start(path, server, ledgerKey string, round, unit id.ID) (*Envelope, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s is there already: it may hold a ballot", path)
	}
	e := &Envelope{Server: server, LedgerKey: ledgerKey, Round: round, Unit: unit, TextKey: ballot.NewHash(), path: path}
	return e, e.save()
}

// Read opens an envelope.
func Read(path string) (*Envelope, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	e := &Envelope{path: path}
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// save writes the envelope so that a crash leaves the old one or the new one.
func (e *Envelope) save() error {
	raw, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(e.path), ".ballot-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), e.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Draw draws the ballot of the envelope's dwelling; the client is logged in. The blinded token is kept before it is sent,
// so that after a lost answer the same ballot is drawn again.
func (e *Envelope) Draw(ctx context.Context, c *Client) error {
	if e.Ballot != nil {
		return nil
	}
	var own struct {
		Stratum string `json:"stratum"`
		MayDraw bool   `json:"mayDraw"`
		Sampled bool   `json:"sampled"`
	}
	at := c.base + "/survey-rounds/" + e.Round.String() + "/dwellings/" + e.Unit.String()
	if err := call(ctx, c.named, http.MethodGet, at, nil, &own); err != nil {
		return err
	}
	pending, err := e.blind(ctx, c, own.Stratum)
	if err != nil {
		return err
	}
	return e.signed(ctx, c, pending, at+"/ballot")
}

// blind is the pending ballot of the envelope, made where there is none yet.
func (e *Envelope) blind(ctx context.Context, c *Client, stratum string) (*ballot.Pending, error) {
	if e.Pending != nil {
		return ballot.ParsePending(e.Pending)
	}
	paper, err := c.Paper(ctx, e.Round)
	if err != nil {
		return nil, err
	}
	for _, k := range paper.Keys {
		if k.Stratum != stratum {
			continue
		}
		key, note, err := c.key(ctx, e.Round, k.PublicKey)
		if err != nil {
			return nil, err
		}
		pending, err := ballot.Prepare(key)
		if err != nil {
			return nil, err
		}
		e.Checkpoint, e.ReceiptKey = note, key.Opened().ReceiptKey
		if e.Pending, err = json.Marshal(pending); err != nil {
			return nil, err
		}
		return pending, e.save()
	}
	return nil, fmt.Errorf("the round has no key for stratum %q", stratum)
}

// Cast sends the answers without a name. Called again with the same answers after a lost answer it repeats the same
// revision; with others it makes the next one, which replaces them.
func (e *Envelope) Cast(ctx context.Context, c *Client, answers questionnaire.Answers) (ballot.Receipt, error) {
	if e.Ballot == nil {
		return ballot.Receipt{}, errors.New("no ballot is drawn yet")
	}
	last := len(e.Casts) - 1
	if last < 0 || e.Casts[last].Receipt != nil || string(e.Casts[last].Answers.Canonical()) != string(answers.Canonical()) {
		e.Casts = append(e.Casts, CastKept{Revision: len(e.Casts) + 1, Answers: answers, Salt: ballot.NewHash(), TextSalt: ballot.NewHash()})
		last++
		if err := e.save(); err != nil {
			return ballot.Receipt{}, err
		}
	}
	return e.send(ctx, c, &e.Casts[last])
}

func (e *Envelope) send(ctx context.Context, c *Client, k *CastKept) (ballot.Receipt, error) {
	opening, err := e.Ballot.Secret.Opening(k.Revision)
	if err != nil {
		return ballot.Receipt{}, err
	}
	in := map[string]any{"ballot": e.Ballot.Ballot(), "revision": k.Revision, "opening": opening, "answers": k.Answers, "salt": k.Salt, "textSalt": k.TextSalt, "textKey": e.TextKey}
	if e.Badge != "" {
		in["badge"] = e.Badge
	}
	var out struct {
		Receipt ballot.Receipt `json:"receipt"`
	}
	if err := call(ctx, c.unnamed, http.MethodPost, c.round(e.Round)+"/responses", in, &out); err != nil {
		return ballot.Receipt{}, err
	}
	if err := e.promised(ctx, c, k, out.Receipt); err != nil {
		return ballot.Receipt{}, err
	}
	k.Receipt = &out.Receipt
	return out.Receipt, e.save()
}

// promised checks that a receipt promises what was sent.
func (e *Envelope) promised(ctx context.Context, c *Client, k *CastKept, r ballot.Receipt) error {
	if err := r.Verify(e.ReceiptKey); err != nil {
		return err
	}
	paper, err := c.Paper(ctx, e.Round)
	if err != nil {
		return err
	}
	if r.Commitment != k.commitment(e, paper.Questionnaire) || r.Token != e.Ballot.Name() || r.Revision != k.Revision {
		return errors.New("the receipt promises something else than was sent: keep it and tell the street")
	}
	return nil
}

// commitment is what fixes the answers, computed by the device itself.
func (k CastKept) commitment(e *Envelope, q questionnaire.Questionnaire) ballot.Hash {
	words := questionnaire.Answers{}
	for item, text := range q.Texts(k.Answers) {
		words[item] = questionnaire.Words(text)
	}
	return ballot.Commitment(e.Round, e.Ballot.Name(), k.Salt, q.Scored(k.Answers).Canonical(), ballot.TextHash(k.TextSalt, string(words.Canonical())))
}

// Check finds the ballot in the ledger once the round is closed, and compares it with the last receipt.
func (e *Envelope) Check(ctx context.Context, c *Client) error {
	if len(e.Casts) == 0 || e.Casts[len(e.Casts)-1].Receipt == nil {
		return errors.New("nothing was cast with this ballot")
	}
	receipt := e.Casts[len(e.Casts)-1].Receipt
	var counted struct {
		Entry string `json:"entry"`
		Pos   int64  `json:"pos"`
	}
	if err := call(ctx, c.unnamed, http.MethodGet, c.round(e.Round)+"/responses/"+e.Ballot.Name().String(), nil, &counted); err != nil {
		return err
	}
	entry, err := ballot.ParseEntry([]byte(counted.Entry))
	if err != nil {
		return err
	}
	if response, ok := entry.(ballot.Response); !ok || !receipt.Kept(response) {
		return errors.New("what was counted is not what the receipt promises: keep the file and tell the street")
	}
	note, err := c.included(ctx, []byte(counted.Entry), counted.Pos, e.Checkpoint)
	if err != nil {
		return err
	}
	e.Checkpoint = note
	return e.save()
}

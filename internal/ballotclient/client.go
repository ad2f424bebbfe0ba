// Package ballotclient draws, casts and checks ballots over the API, as a household's device does: the drawing with a
// log-in, the casting on connections of its own without one, and nothing taken on trust that the ledger can show.
package ballotclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// Client talks to one server. What it sends under a name and what it sends without one share no connection and no cookie.
type Client struct {
	base    string
	ledger  string // its verifier key
	named   *http.Client
	unnamed *http.Client
	trust   ballot.Trust
}

// New makes a client for a server such as "https://rp.example". key is the ledger's verifier key as it was learned before
// and elsewhere: the server's word for it would be worth nothing.
func New(server, key string) (*Client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is not a server's address", server)
	}
	trust, err := ballot.NewTrust(key)
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Client{base: strings.TrimSuffix(server, "/") + "/api/v1", ledger: key, trust: trust,
		named:   &http.Client{Timeout: time.Minute, Jar: jar, Transport: http.DefaultTransport.(*http.Transport).Clone()},
		unnamed: &http.Client{Timeout: time.Minute, Transport: http.DefaultTransport.(*http.Transport).Clone()}}, nil
}

// LedgerKey asks a server for its ledger's verifier key. It is for keeping at a first visit; comparing it with a printed
// one is better.
func LedgerKey(ctx context.Context, server string) (string, error) {
	var out struct {
		VerifierKey string `json:"verifierKey"`
	}
	err := call(ctx, http.DefaultClient, http.MethodGet, strings.TrimSuffix(server, "/")+"/api/v1/ledger/key", nil, &out)
	return out.VerifierKey, err
}

// Problem is a refusal of the server.
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Path   string `json:"path"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

// Error tells the problem and its fields.
func (p *Problem) Error() string {
	text := p.Detail + " (" + p.Code + ")"
	for _, e := range p.Errors {
		text += "\n  " + e.Path + ": " + e.Detail
	}
	return text
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 32 << 20

func call(ctx context.Context, c *http.Client, method, address string, in, out any) error {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		p := &Problem{Status: resp.StatusCode, Detail: resp.Status}
		_ = json.Unmarshal(raw, p) // whatever it is, the status says enough
		return p
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}

// LogIn opens a session for drawing.
func (c *Client) LogIn(ctx context.Context, name, password string) error {
	return call(ctx, c.named, http.MethodPost, c.base+"/auth/sessions", map[string]string{"login": name, "password": password}, nil)
}

// Paper is what a round asks.
type Paper struct {
	Title         string                      `json:"title"`
	State         string                      `json:"state"`
	ClosesAt      time.Time                   `json:"closesAt"`
	Questionnaire questionnaire.Questionnaire `json:"questionnaire"`
	ReceiptKey    ballot.Hash                 `json:"receiptKey"`
	Keys          []struct {
		Stratum   string `json:"stratum"`
		PublicKey []byte `json:"publicKey"`
	} `json:"keys"`
}

func (c *Client) round(round id.ID) string { return c.base + "/public/survey-rounds/" + round.String() }

// Paper fetches what a round asks, without a name.
func (c *Client) Paper(ctx context.Context, round id.ID) (p Paper, err error) {
	return p, call(ctx, c.unnamed, http.MethodGet, c.round(round), nil, &p)
}

// checkpoint is a signed state of the log of surveys.
type checkpoint struct {
	Size int64  `json:"size"`
	Note string `json:"note"`
}

type proof struct {
	Hashes []tlog.Hash `json:"hashes"`
}

func (c *Client) checkpoint(ctx context.Context) (out checkpoint, err error) {
	return out, call(ctx, c.unnamed, http.MethodGet, c.base+"/ledger/"+ballot.Log+"/checkpoint", nil, &out)
}

// included proves that an entry is in the newest checkpoint, and that this extends the one kept from before. It returns
// the newest checkpoint for keeping.
func (c *Client) included(ctx context.Context, entry []byte, pos int64, kept string) (string, error) {
	p, note, err := c.proof(ctx, pos)
	if err != nil {
		return "", err
	}
	if err := c.trust.Included(entry, p); err != nil {
		return "", err
	}
	return note, c.extends(ctx, kept, note)
}

func (c *Client) proof(ctx context.Context, pos int64) (ballot.Proof, string, error) {
	head, err := c.checkpoint(ctx)
	if err != nil {
		return ballot.Proof{}, "", err
	}
	var out proof
	q := url.Values{"size": {strconv.FormatInt(head.Size, 10)}, "index": {strconv.FormatInt(pos, 10)}}
	err = call(ctx, c.unnamed, http.MethodGet, c.base+"/ledger/"+ballot.Log+"/inclusion?"+q.Encode(), nil, &out)
	return ballot.Proof{Note: head.Note, Index: pos, Hashes: out.Hashes}, head.Note, err
}

// extends checks that history was not rewritten since the kept checkpoint.
func (c *Client) extends(ctx context.Context, kept, newest string) error {
	if kept == "" || kept == newest {
		return nil
	}
	from, to, err := sizes(kept, newest)
	if err != nil {
		return err
	}
	var out proof
	q := url.Values{"from": {strconv.FormatInt(from, 10)}, "to": {strconv.FormatInt(to, 10)}}
	if err := call(ctx, c.unnamed, http.MethodGet, c.base+"/ledger/"+ballot.Log+"/consistency?"+q.Encode(), nil, &out); err != nil {
		return err
	}
	return c.trust.Extends(kept, newest, out.Hashes)
}

// sizes reads the second lines of two checkpoints; their signatures are checked by Extends.
func sizes(notes ...string) (from, to int64, err error) {
	var n [2]int64
	for i, note := range notes {
		lines := strings.SplitN(note, "\n", 3)
		if len(lines) < 3 {
			return 0, 0, errors.New("not a checkpoint")
		}
		if n[i], err = strconv.ParseInt(lines[1], 10, 64); err != nil {
			return 0, 0, err
		}
	}
	return n[0], n[1], nil
}

// leaf is an entry of a round in the ledger.
type leaf struct {
	Kind  string `json:"kind"`
	Body  string `json:"body"`
	Entry *int64 `json:"entry"`
}

// ErrNotSealed says that the ledger does not hold it yet: it takes some seconds.
var ErrNotSealed = errors.New("not in the ledger yet; ask again in some seconds")

// leaves lists what a round has in the ledger, in order.
func (c *Client) leaves(ctx context.Context, round id.ID) ([]leaf, error) {
	var list struct {
		Items []leaf `json:"items"`
	}
	err := call(ctx, c.unnamed, http.MethodGet, c.round(round)+"/leaves", nil, &list)
	return list.Items, err
}

// opening finds the entry that opened a round.
func (c *Client) opening(ctx context.Context, round id.ID) (leaf, error) {
	list, err := c.leaves(ctx, round)
	if err != nil {
		return leaf{}, err
	}
	for _, l := range list {
		if l.Kind == ballot.KindOf(ballot.RoundOpened{}) && l.Entry != nil {
			return l, nil
		}
	}
	return leaf{}, ErrNotSealed
}

// key finds a stratum's key, shown to be in the entry that opened the round, and that entry to be in the ledger.
func (c *Client) key(ctx context.Context, round id.ID, spki []byte) (ballot.TrustedKey, string, error) {
	l, err := c.opening(ctx, round)
	if err != nil {
		return ballot.TrustedKey{}, "", err
	}
	p, note, err := c.proof(ctx, *l.Entry)
	if err != nil {
		return ballot.TrustedKey{}, "", err
	}
	key, err := c.trust.Key(spki, []byte(l.Body), p)
	return key, note, err
}

// Find resolves what a resident leaves open: the newest open round of their home, and their own unit where they have one.
func (c *Client) Find(ctx context.Context, round, unit string) (r, u id.ID, err error) {
	if round == "" {
		r, err = c.newestOpen(ctx)
	} else {
		r, err = id.Parse(round)
	}
	if err != nil {
		return r, u, err
	}
	if unit == "" {
		u, err = c.ownUnit(ctx)
	} else {
		u, err = id.Parse(unit)
	}
	return r, u, err
}

func (c *Client) newestOpen(ctx context.Context) (id.ID, error) {
	var list struct {
		Items []struct {
			ID    id.ID  `json:"id"`
			State string `json:"state"`
		} `json:"items"`
	}
	if err := call(ctx, c.named, http.MethodGet, c.base+"/survey-rounds", nil, &list); err != nil {
		return id.Nil, err
	}
	for _, r := range list.Items {
		if r.State == "open" {
			return r.ID, nil
		}
	}
	return id.Nil, errors.New("no round is open where you live")
}

func (c *Client) ownUnit(ctx context.Context) (id.ID, error) {
	var me struct {
		Capacities []struct {
			Unit *id.ID `json:"unit"`
		} `json:"capacities"`
	}
	if err := call(ctx, c.named, http.MethodGet, c.base+"/account", nil, &me); err != nil {
		return id.Nil, err
	}
	var found id.ID
	for _, g := range me.Capacities {
		if g.Unit == nil || *g.Unit == found {
			continue
		}
		if !found.IsZero() {
			return id.Nil, errors.New("you have several dwellings: name one with --unit")
		}
		found = *g.Unit
	}
	if found.IsZero() {
		return found, errors.New("you have no dwelling here")
	}
	return found, nil
}

// Call makes a request of the API as who is logged in: in is sent as JSON and the answer read into out, each when it is not nil.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	return call(ctx, c.named, method, c.base+path, in, out)
}

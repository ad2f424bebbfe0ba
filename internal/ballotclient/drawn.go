package ballotclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Sealed is what the ledger says of a dwelling: whether a ballot had been drawn for it by the end of a day.
type Sealed struct {
	Day   clock.Date
	Drawn bool
}

// Drawn finds one's own dwelling in the newest sealed list of draws; the client is logged in. The list is asked for without a name, is the
// one in the ledger, and must agree with what the server says to the household: an invented draw would stand there beside a dwelling.
// ErrNotSealed before the first day of the round is over.
func (c *Client) Drawn(ctx context.Context, round, unit id.ID) (Sealed, error) {
	var own struct {
		DwellingID id.ID       `json:"dwellingId"`
		Nonce      ballot.Hash `json:"nonce"`
		Stratum    string      `json:"stratum"`
		DrawnOn    *clock.Date `json:"drawnOn"`
	}
	if err := call(ctx, c.named, http.MethodGet, c.base+"/survey-rounds/"+round.String()+"/dwellings/"+unit.String(), nil, &own); err != nil {
		return Sealed{}, err
	}
	if own.Stratum == "" {
		return Sealed{}, errors.New("the dwelling is not on the roll of this round")
	}
	seal, err := c.newestSeal(ctx, round, own.Stratum)
	if err != nil {
		return Sealed{}, err
	}
	var list struct {
		Items []ballot.Hash `json:"items"`
	}
	if err := call(ctx, c.unnamed, http.MethodGet, c.round(round)+"/strata/"+own.Stratum+"/seals/"+string(seal.Day), nil, &list); err != nil {
		return Sealed{}, err
	}
	if err := ballot.CheckDay(seal, list.Items); err != nil {
		return Sealed{}, err
	}
	drawn, err := ballot.Drew(list.Items, round, seal.Day, own.DwellingID, own.Nonce)
	if err != nil {
		return Sealed{}, err
	}
	if said := own.DrawnOn != nil && *own.DrawnOn <= seal.Day; said != drawn {
		return Sealed{}, fmt.Errorf("the sealed list of %s and the server say different things of the dwelling: drawn is %t in the one and %t in the other; keep this and tell the street", seal.Day, drawn, said)
	}
	return Sealed{seal.Day, drawn}, nil
}

// newestSeal is the last day's seal of a stratum, which the entry that opened the round names by its key; both are shown to be in the ledger.
func (c *Client) newestSeal(ctx context.Context, round id.ID, stratum string) (ballot.DrawSeal, error) {
	var newest ballot.DrawSeal
	key, err := c.keyOf(ctx, round, stratum)
	if err != nil {
		return newest, err
	}
	list, err := c.leaves(ctx, round)
	if err != nil {
		return newest, err
	}
	var at leaf
	for _, l := range list {
		if l.Kind != ballot.KindOf(ballot.DrawSeal{}) || l.Entry == nil {
			continue
		}
		entry, err := ballot.ParseEntry([]byte(l.Body))
		if err != nil {
			return newest, err
		}
		if e, ok := entry.(ballot.DrawSeal); ok && e.Round == round && e.Key == key && e.Day > newest.Day {
			newest, at = e, l
		}
	}
	if at.Entry == nil {
		return newest, ErrNotSealed
	}
	_, err = c.included(ctx, []byte(at.Body), *at.Entry, "")
	return newest, err
}

// keyOf is the hash of a stratum's key.
func (c *Client) keyOf(ctx context.Context, round id.ID, stratum string) (ballot.Hash, error) {
	l, err := c.opening(ctx, round)
	if err != nil {
		return ballot.Hash{}, err
	}
	entry, err := ballot.ParseEntry([]byte(l.Body))
	if err != nil {
		return ballot.Hash{}, err
	}
	if _, err := c.included(ctx, []byte(l.Body), *l.Entry, ""); err != nil {
		return ballot.Hash{}, err
	}
	if opened, ok := entry.(ballot.RoundOpened); ok && opened.Round == round {
		for _, k := range opened.Keys {
			if k.Stratum == stratum {
				return k.Key, nil
			}
		}
	}
	return ballot.Hash{}, errors.New("the entry that opened the round does not name the stratum of the dwelling")
}

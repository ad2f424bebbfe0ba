package ballotclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/teller"
)

// Errors of a ledger that is not the one that everybody else is shown.
var (
	ErrLedger  = errors.New("the ledger is not in order")
	ErrRekeyed = errors.New("the ledger's key is not the one that this device saw before: ask whoever runs the platform, and name the right one with --key")
)

// Newest is the newest state of a log that goes on from what this device has seen, with what is to be kept for the next time; nothing of a log
// that holds nothing yet. What is asked goes without a name.
func (c *Client) Newest(ctx context.Context, log string, seen *teller.Known) (*teller.Known, ledger.Head, error) {
	if seen != nil && seen.Key != c.ledger {
		return nil, ledger.Head{}, ErrRekeyed
	}
	var newest checkpoint
	err := call(ctx, c.unnamed, http.MethodGet, c.log(log)+"/checkpoint", nil, &newest)
	var refused *Problem
	if seen == nil && errors.As(err, &refused) && refused.Status == http.StatusNotFound {
		return nil, ledger.Head{}, nil
	}
	if err != nil {
		return nil, ledger.Head{}, err
	}
	head, err := c.head(log, newest.Note)
	now := &teller.Known{Key: c.ledger, Note: newest.Note}
	if err != nil || seen == nil || seen.Note == newest.Note {
		return now, head, err
	}
	before, err := c.head(log, seen.Note)
	if err != nil {
		return nil, head, err
	}
	if head.Size < before.Size { // another replica may be some seconds behind
		return seen, before, c.grown(ctx, c.log(log), head, before)
	}
	return now, head, c.grown(ctx, c.log(log), before, head)
}

func (c *Client) log(name string) string { return c.base + "/ledger/" + name }

// leavesAtOnce is how many leaves are asked for at a time.
const leavesAtOnce = 5000

// Leaves are all that a state of a log holds from a place on, shown to be.
func (c *Client) Leaves(ctx context.Context, log string, from int64, head ledger.Head) ([][32]byte, error) {
	var first proof
	q := url.Values{"size": {strconv.FormatInt(head.Size, 10)}, "index": {strconv.FormatInt(from, 10)}}
	if err := call(ctx, c.unnamed, http.MethodGet, c.log(log)+"/inclusion?"+q.Encode(), nil, &first); err != nil {
		return nil, err
	}
	var out [][32]byte
	for at := from; at < head.Size; at = from + int64(len(out)) {
		var some []ledger.Leaf
		q := url.Values{"from": {strconv.FormatInt(at, 10)}, "limit": {strconv.FormatInt(min(leavesAtOnce, head.Size-at), 10)}}
		if err := call(ctx, c.unnamed, http.MethodGet, c.log(log)+"/leaves?"+q.Encode(), nil, &some); err != nil {
			return nil, err
		}
		for _, l := range some {
			if l.Index != from+int64(len(out)) || len(l.Hash) != 32 {
				return nil, fmt.Errorf("%w: entry %d is missing", ErrLedger, from+int64(len(out)))
			}
			out = append(out, [32]byte(l.Hash))
		}
		if len(some) == 0 {
			return nil, fmt.Errorf("%w: entry %d is missing", ErrLedger, at)
		}
	}
	if err := ledger.CheckRange(head, from, out, first.Hashes); err != nil {
		return nil, fmt.Errorf("%w: from entry %d on it holds others than the server lists: %w", ErrLedger, from, err)
	}
	return out, nil
}

func (c *Client) head(log, note string) (ledger.Head, error) {
	of, head, err := ledger.OpenCheckpoint(c.ledger, note)
	if err == nil && of != log {
		err = fmt.Errorf("the checkpoint is of the log %q", of)
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrLedger, err)
	}
	return head, err
}

// grown wants the newer of two states of a log to begin with the older one. A server that has fewer entries than it has signed can prove nothing
// about them.
func (c *Client) grown(ctx context.Context, at string, older, newer ledger.Head) error {
	var shown proof
	if older.Size < newer.Size {
		q := url.Values{"from": {strconv.FormatInt(older.Size, 10)}, "to": {strconv.FormatInt(newer.Size, 10)}}
		if err := call(ctx, c.unnamed, http.MethodGet, at+"/consistency?"+q.Encode(), nil, &shown); err != nil {
			return fmt.Errorf("%w: %w", ErrLedger, err)
		}
	}
	if err := tlog.CheckTree(shown.Hashes, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("%w: its history was rewritten: %w", ErrLedger, err)
	}
	return nil
}

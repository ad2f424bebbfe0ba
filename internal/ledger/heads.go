package ledger

import (
	"context"

	"github.com/redproperty/redproperty/internal/dbx"
)

// LogHead is where a log stands, with its newest signed checkpoint.
type LogHead struct {
	Log string `json:"log"`
	Head
	Checkpoint string `json:"checkpoint,omitempty"` // a signed note; empty before the first
}

// Heads tells where every log in the database stands. It needs no key.
func Heads(ctx context.Context, q dbx.Querier) ([]LogHead, error) {
	names, err := logNames(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]LogHead, len(names))
	for i, name := range names {
		out[i].Log = name
		if out[i].Head, err = head(ctx, q, name); err != nil {
			return nil, err
		}
		c, err := newestCheckpoint(ctx, q, name)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out[i].Checkpoint = c.Note
		}
	}
	return out, nil
}

package ledger

import (
	"context"
	"net/http"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
)

// LogInput is the path of one log.
type LogInput struct {
	Log string `path:"log" enum:"audit,decisions,rates,surveys" doc:"Name of the log"`
}

type inclusionInput struct {
	LogInput
	Index int64 `query:"index" minimum:"0" required:"true" doc:"The leaf, counted from 0"`
	Size  int64 `query:"size" minimum:"1" required:"true" doc:"The tree to prove it in"`
}

type consistencyInput struct {
	LogInput
	From int64 `query:"from" minimum:"1" required:"true" doc:"Size of the older tree"`
	To   int64 `query:"to" minimum:"1" required:"true" doc:"Size of the newer tree"`
}

type leavesInput struct {
	LogInput
	From  int64 `query:"from" minimum:"0" doc:"First leaf, counted from 0"`
	Limit int   `query:"limit" minimum:"1" maximum:"5000" default:"100" doc:"Leaves in the answer"`
}

// KeyView is the public key of the ledger.
type KeyView struct {
	VerifierKey string `json:"verifierKey" doc:"Signed-note verifier key: name, key id and Ed25519 key"`
}

// CheckpointView is a signed checkpoint.
type CheckpointView struct {
	Size int64  `json:"size" doc:"Number of leaves"`
	Note string `json:"note" doc:"The signed note (C2SP tlog-checkpoint), to be kept as it is"`
}

// ProofView is a proof with the root it leads to.
type ProofView struct {
	Root   tlog.Hash   `json:"root" doc:"Root hash of the (newer) tree, base64"`
	Hashes []tlog.Hash `json:"hashes" doc:"The proof, base64 hashes as in RFC 6962"`
}

// Register adds the public operations of the ledger: they show hashes only, so that anybody can watch.
func Register(a *httpapi.API, l *Ledger, q dbx.Querier) {
	op := func(id, path, summary string) httpapi.Op {
		return httpapi.Op{ID: id, Method: http.MethodGet, Path: path, Tag: "Ledger", Summary: summary, Public: true}
	}
	httpapi.Register(a, op("getLedgerKey", "/ledger/key", "The key that checkpoints are signed with"),
		func(context.Context, *struct{}) (*httpapi.Body[KeyView], error) {
			return &httpapi.Body[KeyView]{Body: KeyView{l.VerifierKey()}}, nil
		})
	httpapi.Register(a, op("getCheckpoint", "/ledger/{log}/checkpoint", "The newest signed checkpoint of a log"),
		func(ctx context.Context, in *LogInput) (*httpapi.Body[CheckpointView], error) {
			c, err := l.Newest(ctx, q, in.Log)
			if err == nil && c == nil {
				err = fault.New(fault.NotFound, "not_found")
			}
			if err != nil {
				return nil, err
			}
			return &httpapi.Body[CheckpointView]{Body: CheckpointView{c.Size, c.Note}}, nil
		})
	httpapi.Register(a, op("proveInclusion", "/ledger/{log}/inclusion", "Proof that a leaf is in a tree"),
		func(ctx context.Context, in *inclusionInput) (*httpapi.Body[ProofView], error) {
			proof, err := l.Inclusion(ctx, q, in.Log, in.Size, in.Index)
			return l.proof(ctx, q, in.Log, in.Size, proof, err)
		})
	httpapi.Register(a, op("proveConsistency", "/ledger/{log}/consistency", "Proof that a tree begins with an older one"),
		func(ctx context.Context, in *consistencyInput) (*httpapi.Body[ProofView], error) {
			proof, err := l.Consistency(ctx, q, in.Log, in.From, in.To)
			return l.proof(ctx, q, in.Log, in.To, proof, err)
		})
	httpapi.Register(a, op("listLeaves", "/ledger/{log}/leaves", "The leaves of a log"),
		func(ctx context.Context, in *leavesInput) (*httpapi.Body[[]Leaf], error) {
			return httpapi.Answer(leaves(ctx, q, in.Log, in.From, in.Limit))
		})
}

func (l *Ledger) proof(ctx context.Context, q dbx.Querier, log string, size int64, hashes []tlog.Hash, err error) (*httpapi.Body[ProofView], error) {
	if err != nil {
		return nil, err
	}
	root, err := l.RootAt(ctx, q, log, size)
	if hashes == nil {
		hashes = []tlog.Hash{}
	}
	return httpapi.Answer(ProofView{root, hashes}, err)
}

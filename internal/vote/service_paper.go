package vote

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

// maxScan bounds the sealed picture of a paper ballot, in bytes.
const maxScan = 4 << 20

// Paper is a paper ballot as one person enters it. The choice and the scan are sealed on the entering person's device; the mark is the same
// for two persons who enter the same paper and tells nobody else what it says.
type Paper struct {
	Head   int
	Mark   [32]byte
	Sealed []byte
	Scan   []byte // sealed to the vote's key by the client; opaque here
}

// Enter takes a paper ballot from one of two persons. The first entry waits; when another natural person enters the same, the ballot is in, with
// what each of them sealed: where the count finds that it is not the same the ballot is void, and its line is named.
// When they differ, the later entry waits for a third look. Faults: vote.developer_unauthorised, vote.same_person, vote.voted_on_web, vote.sealed, vote.scan, vote.not_open.
func (s *Service) Enter(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, in Paper) (EntryState, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return "", err
	}
	actor, err := authz.Act(p, authz.VotePaper, v.object())
	if err != nil {
		return "", err
	}
	head, err := headOf(ctx, s.DB, v.ID, in.Head)
	if err == nil && head.Developer && v.DeveloperPaper == nil {
		err = fault.New(fault.Conflict, "vote.developer_unauthorised")
	}
	if err != nil {
		return "", err
	}
	if err := s.checkPaper(v, len(items), in); err != nil {
		return "", err
	}
	scan, err := s.Files.Put(ctx, in.Scan)
	if err != nil {
		return "", err
	}
	e := Entry{Head: in.Head, PersonID: actor.Person, Mark: in.Mark[:], Sealed: in.Sealed, Scan: scan[:], At: int64(s.now())}
	var state EntryState
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return fault.Or(err, entered(ctx, tx, v.ID, in.Head, &state))
		}
		if err := pinVote(ctx, tx, v); err != nil {
			return orNotOpen(err)
		}
		if err := s.stillTaking(ctx, tx, v.ID); err != nil {
			return err
		}
		state, err = s.enter(ctx, tx, actor, v, len(items), e)
		return err
	})
	return state, err
}

// entered is what became of an entry that comes again.
func entered(ctx context.Context, q dbx.Querier, vote id.ID, head int, state *EntryState) error {
	b, err := ballotOf(ctx, q, vote, head)
	if *state = EntryWaits; b != nil && b.Channel == ByPaper {
		*state = EntryMatches
	}
	return err
}

func orNotOpen(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "vote.not_open")
	}
	return err
}

func (s *Service) checkPaper(v Vote, items int, in Paper) error {
	switch {
	case !v.State.Taking():
		return fault.New(fault.Conflict, "vote.not_open")
	case teller.CheckSealed(v.context(in.Head, items), in.Sealed) != nil:
		return fault.InvalidField("body.sealed", "vote.sealed")
	case len(in.Scan) > maxScan || teller.CheckScan(in.Scan) != nil:
		return fault.InvalidField("body.scan", "vote.scan", "most", maxScan)
	}
	return nil
}

// enter compares an entry with the one that waits. The vote is held, so that two who enter at once come one after the other.
func (s *Service) enter(ctx context.Context, tx *dbx.Tx, actor authz.Actor, v Vote, items int, e Entry) (EntryState, error) {
	b := Ballot{Head: e.Head, Revision: 1, Channel: ByPaper, PersonID: e.PersonID, CastAt: s.now()}
	before, err := ballotOf(ctx, tx, v.ID, e.Head)
	if err != nil {
		return "", err
	}
	if before != nil {
		code := "vote.voted_on_web"
		if before.Channel == ByPaper {
			code = "vote.voted_on_paper"
		}
		return "", fault.New(fault.Conflict, code)
	}
	waits, err := entryOf(ctx, tx, v.ID, e.Head)
	if err != nil {
		return "", err
	}
	if waits != nil && waits.PersonID == e.PersonID {
		return "", fault.New(fault.Forbidden, "vote.same_person")
	}
	if waits == nil || !bytes.Equal(waits.Mark, e.Mark) {
		state := EntryWaits
		if waits != nil {
			state = EntryDiffers
		}
		if err := putEntry(ctx, tx, v.ID, e); err != nil {
			return "", err
		}
		return state, s.audit(ctx, tx, actor, v, "vote.enter_paper", map[string]any{"head": e.Head, "state": state})
	}
	if err := deleteEntry(ctx, tx, v.ID, e.Head); err != nil {
		return "", err
	}
	b.Sealed = slices.Concat(waits.Sealed, e.Sealed)
	if err := s.keepPaper(ctx, tx, v, items, b, [2][]byte{waits.Scan, e.Scan}); err != nil {
		return "", err
	}
	return EntryMatches, s.audit(ctx, tx, actor, v, "vote.cast", map[string]any{"head": e.Head, "channel": ByPaper, "first": waits.PersonID})
}

func (s *Service) keepPaper(ctx context.Context, tx *dbx.Tx, v Vote, items int, b Ballot, scans [2][]byte) error {
	commitment := teller.Commitment(v.context(b.Head, items), b.Revision, string(b.Channel), b.Sealed)
	b.Commitment, b.Scan, b.SecondScan = commitment[:], scans[0], scans[1]
	leaf := map[string]any{"head": b.Head, "revision": b.Revision, "commitment": rules.Hash(commitment), "scans": []blob.Hash{blob.Hash(scans[0]), blob.Hash(scans[1])}}
	if err := addLeaf(ctx, tx, v, "ballot", b.CastAt, leaf); err != nil {
		return err
	}
	if _, err := deliver(ctx, tx, v.ID, b.Head, "door", b.PersonID, "", b.CastAt); err != nil {
		return err
	}
	return putBallot(ctx, tx, v.ID, b)
}

package vote

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/text"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// Jobs is the background work of votes, done by one replica at a time.
func (s *Service) Jobs() []job.Job {
	return []job.Job{
		{Name: "vote.advance", Every: 10 * time.Second, Do: s.Advance},
		{Name: "vote.seal", Every: 2 * time.Second, Do: s.Seal},
	}
}

// Advance opens, closes and lets take effect what is due.
func (s *Service) Advance(ctx context.Context, l job.Lease) (bool, error) {
	return false, errors.Join(
		s.each(ctx, []State{RollPosted}, "opens_at", func(v Vote) error { return s.openDue(ctx, l, v) }),
		s.each(ctx, []State{Open, Extended}, "closes_at", func(v Vote) error { return s.closeDue(ctx, l, v) }),
		s.each(ctx, []State{Published}, "published_at", func(v Vote) error { return s.effectDue(ctx, l, v) }))
}

const duePage = 50

// each does something with every vote whose moment has come; one that fails does not stop the others.
func (s *Service) each(ctx context.Context, states []State, column string, do func(Vote) error) error {
	var all error
	for after := id.Nil; ; {
		due, err := dueVotes(ctx, s.DB, states, column, s.now(), after)
		all = errors.Join(all, err)
		for _, v := range due {
			if e := do(v); e != nil {
				all = errors.Join(all, fmt.Errorf("vote %s: %w", v.ID, e))
			}
			after = v.ID
		}
		if len(due) < duePage || ctx.Err() != nil {
			return errors.Join(all, ctx.Err())
		}
	}
}

func (s *Service) automatic(ctx context.Context, l job.Lease, v Vote, step Step, do effect) error {
	actor := authz.Actor{Role: authz.RoleSystem, Request: "vote." + string(step)}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		return s.step(ctx, tx, actor, v, step, do)
	})
	if fault.Is(err, "version.stale") {
		return nil // somebody moved it meanwhile: the next turn reads it anew
	}
	return err
}

// openDue freezes the roll and opens a vote whose moment has come, when its key is made, nothing is open against its roll, and there is still the
// shortest time for voting that the place asks for. Until then it waits, and its organiser sees why.
func (s *Service) openDue(ctx context.Context, l job.Lease, v Vote) error {
	err := s.waitsFor(ctx, s.DB, v)
	if errors.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.automatic(ctx, l, v, StepOpen, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		if err := s.waitsFor(ctx, tx, v); err != nil {
			return err
		}
		salt := newSalt()
		m.next.OpenedAt, m.next.BallotSalt = &m.at, &salt
		m.leaf = map[string]any{"salt": votebundle.SaltHash(votebundle.Hash(salt)), "form": v.FormHash, "roll": v.RollHash, "key": v.KeyHash, "heads": v.RollHeads, "area": v.RollArea, "closesAt": v.ClosesAt, "small": v.Small()}
		return nil
	})
}

// waitsFor is why a vote cannot open: vote.key_missing, vote.objections_open, vote.roll_late, vote.window_short; nil when it can.
func (s *Service) waitsFor(ctx context.Context, q dbx.Querier, v Vote) error {
	switch {
	case v.State != RollPosted:
		return nil
	case v.KeyHash == nil:
		return fault.New(fault.Conflict, "vote.key_missing")
	case v.ClosesAt.Sub(max(s.now(), *v.OpensAt)) < s.days(v, rules.VoteWindowMinDays):
		return fault.New(fault.Conflict, "vote.window_short", "days", s.procedure(v).Get(rules.VoteWindowMinDays))
	}
	return s.openRoll(ctx, q, v, max(s.now(), *v.OpensAt))
}

func (s *Service) closeDue(ctx context.Context, l job.Lease, v Vote) error {
	return s.automatic(ctx, l, v, StepClose, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		list, err := ballotsOf(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		joined, err := joinedWeight(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		m.next.ClosedAt = &m.at
		m.next.ExposureBP, err = exposedAtClosing(ctx, tx, v)
		m.detail["ballots"] = len(list)
		m.leaf = map[string]any{"ballots": len(list), "box": boxHash(v.ID, list), "joined": joined}
		if v.BallotSalt != nil {
			m.leaf["ballotSalt"] = v.BallotSalt
		}
		return err
	})
}

// exposedAtClosing is how telling totals are by those who took part, who may be few of many owners.
func exposedAtClosing(ctx context.Context, tx *dbx.Tx, v Vote) (int64, error) {
	if v.Small() {
		return v.ExposureBP, nil
	}
	areas, err := joinedAreas(ctx, tx, v.ID)
	if err != nil {
		return 0, err
	}
	items, err := itemsOf(ctx, tx, v.ID)
	return max(v.ExposureBP, exposed(areas, items, tally.Exposed)), err
}

func newSalt() (salt rules.Hash) {
	_, _ = rand.Read(salt[:]) // never fails
	return salt
}

// boxHash is the hash of the ballots that are counted, in the order of the heads.
func boxHash(vote id.ID, list []Ballot) votebundle.Hash {
	commitments := make([]votebundle.Hash, len(list))
	for i, b := range list {
		commitments[i] = votebundle.Hash(b.Commitment)
	}
	return votebundle.BoxHash(vote, commitments)
}

// effectDue lets a published result take effect once it was posted for long enough.
func (s *Service) effectDue(ctx context.Context, l job.Lease, v Vote) error {
	until, err := s.postedUntil(v)
	if err != nil || s.now() < until {
		return err
	}
	return s.automatic(ctx, l, v, StepEffect, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.EffectiveAt = &m.at
		return nil
	})
}

// Extend prolongs a vote once, for a reason that everybody reads. Faults: input.invalid with vote.extension.
func (s *Service) Extend(ctx context.Context, p authz.Principal, which id.ID, t Taken, until clock.Instant, why string) (Vote, error) {
	v, _, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	if why, err = text.Paragraph("body.reason", why, 5, 500); err != nil {
		return Vote{}, err
	}
	if v.ClosesAt == nil || until <= *v.ClosesAt || until.Sub(*v.ClosesAt) > s.days(v, rules.VoteExtensionMaxDays) {
		return Vote{}, fault.InvalidField("body.closesAt", "vote.extension", "most", s.procedure(v).Get(rules.VoteExtensionMaxDays))
	}
	return s.take(ctx, t, actor, v, StepExtend, func(_ context.Context, _ *dbx.Tx, m *move) error {
		if m.at >= *v.ClosesAt {
			return impossible(v)
		}
		m.next.ClosesAt, m.next.ExtendedWhy = &until, why
		m.detail["closesAt"] = until
		m.leaf = map[string]any{"closesAt": until, "reason": why}
		return nil
	})
}

// Box is what tellers open and count with: the ballots sealed, the key, and the parts that others sent to the caller.
type Box struct {
	Form      rules.Hash        `json:"form"`
	Questions []teller.Question `json:"questions"`
	Key       teller.Key        `json:"key"`
	KeyHash   rules.Hash        `json:"keyHash"`
	Ballots   []teller.Ballot   `json:"ballots"`
	Seats     []Seat            `json:"seats"`
	Me        int               `json:"me"`
	Parts     []Sent            `json:"parts" doc:"Sealed to the caller"`
	Counts    []int             `json:"counts" doc:"Tellers who have handed in a count"`
	Differ    bool              `json:"differ" doc:"Counts were handed in and no two are the same"`
}

// Open gives a teller the box of a closed vote. Faults: vote.not_teller, vote.step_impossible.
func (s *Service) Open(ctx context.Context, p authz.Principal, which id.ID) (Box, error) {
	v, items, seats, mine, err := s.counting(ctx, p, which)
	if err != nil {
		return Box{}, err
	}
	key, err := keyOf(v.ID, seats)
	if err != nil {
		return Box{}, err
	}
	box := Box{Form: *v.FormHash, Questions: form(items), Key: key, KeyHash: key.Hash, Seats: seats, Me: mine.No, Counts: []int{}}
	if box.Ballots, err = s.sealedBallots(ctx, v, len(items)); err != nil {
		return Box{}, err
	}
	if box.Parts, err = partsTo(ctx, s.DB, v.ID, mine.No); err != nil {
		return Box{}, err
	}
	counts, err := countsOf(ctx, s.DB, v.ID)
	for _, c := range counts {
		box.Counts = append(box.Counts, c.Teller)
	}
	box.Differ = len(counts) > 1 && v.State == Closed
	return box, err
}

// counting reads a vote for one of its tellers after it has closed.
func (s *Service) counting(ctx context.Context, p authz.Principal, which id.ID) (Vote, []Item, []Seat, Seat, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return v, nil, nil, Seat{}, err
	}
	seats, err := seatsOf(ctx, s.DB, v.ID)
	if err != nil {
		return v, nil, nil, Seat{}, err
	}
	mine, err := mySeat(seats, p.Person)
	if err == nil && (v.State != Closed && !v.State.Over() || v.KeyHash == nil || v.ClosedAt == nil) {
		err = impossible(v)
	}
	return v, items, seats, mine, err
}

func (s *Service) sealedBallots(ctx context.Context, v Vote, items int) ([]teller.Ballot, error) {
	list, err := ballotsOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(ctx, s.DB, v.ID)
	areas := map[int]int64{}
	for _, h := range heads {
		areas[h.No] = h.Area
	}
	out := make([]teller.Ballot, len(list))
	for i, b := range list {
		out[i] = teller.NewBallot(v.context(b.Head, items), b.Head, tally.Weight{Area: areas[b.Head], Heads: 1}, b.Sealed)
	}
	return out, err
}

// maxPart bounds a sealed part: some 150 bytes a ballot in JSON.
const maxPart = 12 << 20

// SendPart passes a teller's part on to another, sealed to them: for the count, or for the opening of one ballot. Nobody else can open it.
func (s *Service) SendPart(ctx context.Context, p authz.Principal, t Taken, which, purpose id.ID, to int, sealed []byte) error {
	v, _, _, mine, err := s.counting(ctx, p, which)
	if err != nil {
		return err
	}
	if to < 1 || to > teller.Tellers || to == mine.No || len(sealed) == 0 || len(sealed) > maxPart {
		return fault.InvalidField("body", "vote.part")
	}
	if purpose != v.ID {
		if _, err := openingByID(ctx, s.DB, v.ID, purpose); err != nil {
			return err
		}
	}
	actor := s.asTeller(p, mine)
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := pinVote(ctx, tx, v); err != nil {
			return orImpossible(err, v)
		}
		if err := putPart(ctx, tx, v.ID, Sent{Purpose: purpose, From: mine.No, To: to, Sealed: sealed, At: s.now()}); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.send_part", map[string]any{"purpose": purpose, "from": mine.No, "to": to})
	})
}

// asTeller is the caller in the capacity in which they took their seat.
func (s *Service) asTeller(p authz.Principal, mine Seat) authz.Actor {
	for role, side := range sides {
		if side == mine.Side {
			return authz.Actor{Account: p.Account, Person: p.Person, Org: id.OrNil(mine.OrgID), Role: role, Request: p.Request}
		}
	}
	return authz.Actor{Account: p.Account, Person: p.Person, Request: p.Request}
}

// HandIn takes what a teller counted. The vote is counted when two tellers hand in the same; until then each may hand in anew. Nothing of a
// single ballot is in it, and nothing that was opened comes here. Faults: input.invalid with vote.count_balance.
func (s *Service) HandIn(ctx context.Context, p authz.Principal, t Taken, which id.ID, out teller.Outcome, spoiled []int) (Vote, error) {
	v, items, _, mine, err := s.counting(ctx, p, which)
	if err != nil {
		return v, err
	}
	joined, err := joinedWeight(ctx, s.DB, v.ID)
	if err != nil {
		return Vote{}, err
	}
	if err := balanced(items, out, joined); err != nil {
		return Vote{}, err
	}
	mineCount, err := counted(mine.No, out, spoiled, s.now())
	if err != nil {
		return Vote{}, err
	}
	if v.State == Closed { // who voted is settled then, and so is what follows from the totals: looked for before anything is held
		if v.Shown, err = s.shownOf(ctx, s.DB, v, items, out, false); err != nil {
			return Vote{}, err
		}
	}
	actor := s.asTeller(p, mine)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if v.State != Closed {
			return impossible(v)
		}
		if err := pinVote(ctx, tx, v); err != nil {
			return orImpossible(err, v)
		}
		if err := putCount(ctx, tx, v.ID, mineCount); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, v, "vote.hand_in", map[string]any{"teller": mine.No}); err != nil {
			return err
		}
		return s.agree(ctx, tx, actor, v, mineCount)
	})
	if err != nil {
		return Vote{}, err
	}
	return voteByID(ctx, s.DB, v.ID)
}

func counted(no int, out teller.Outcome, spoiled []int, at clock.Instant) (handedIn, error) {
	slices.Sort(spoiled)
	outcome, err := json.Marshal(out)
	if err != nil {
		return handedIn{}, err
	}
	heads, err := json.Marshal(append([]int{}, spoiled...))
	return handedIn{Teller: no, Outcome: string(outcome), Spoiled: string(heads), At: at}, err
}

// agree ends the count when another teller handed in the same.
func (s *Service) agree(ctx context.Context, tx *dbx.Tx, actor authz.Actor, v Vote, mine handedIn) error {
	counts, err := countsOf(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	same := func(c handedIn) bool {
		return c.Teller != mine.Teller && c.Outcome == mine.Outcome && c.Spoiled == mine.Spoiled
	}
	at := slices.IndexFunc(counts, same)
	if at < 0 {
		return nil
	}
	hash, err := s.outcomeHash(v.ID, mine.Outcome)
	if err != nil {
		return err
	}
	return s.step(ctx, tx, actor, v, StepCount, func(_ context.Context, _ *dbx.Tx, m *move) error {
		m.next.Outcome, m.next.CountedAt = &mine.Outcome, &m.at
		m.detail["tellers"] = []int{mine.Teller, counts[at].Teller}
		m.leaf = map[string]any{"tellers": []int{mine.Teller, counts[at].Teller}, "outcome": hash}
		return nil
	})
}

// outcomeHash is what the ledger keeps of an outcome.
func (s *Service) outcomeHash(vote id.ID, outcome string) (votebundle.Hash, error) {
	var out teller.Outcome
	if err := json.Unmarshal([]byte(outcome), &out); err != nil {
		return votebundle.Hash{}, err
	}
	return votebundle.OutcomeHash(s.outcomeSalt(vote), out)
}

// outcomeSalt hides a vote's outcome in the ledger from whoever has not the totals. It is made of the vote's receipt seed, which never leaves
// the server.
func (s *Service) outcomeSalt(vote id.ID) votebundle.Hash {
	seed := s.Keys.VoteReceipts(vote)
	return sha256.Sum256(append([]byte("redproperty vote outcome salt 1\x00"), seed[:]...))
}

// sealBatch is how many leaves are appended in one transaction.
const sealBatch = 1000

// Seal appends what waits to the log of decisions.
func (s *Service) Seal(ctx context.Context, l job.Lease) (bool, error) {
	sealer := ledger.Sealer{DB: s.DB, Ledger: s.Ledger, Log: votebundle.Log, Batch: sealBatch}
	sealer.Waiting = func(ctx context.Context, tx *dbx.Tx, limit int) ([]ledger.Entry, error) {
		list, err := unsealedLeaves(ctx, tx, limit)
		out := make([]ledger.Entry, len(list))
		for i, leaf := range list {
			hash := Vote{ID: leaf.Vote, BallotSalt: leaf.Salt}.leafHash(leaf.Kind, leaf.Body)
			out[i] = ledger.Entry{Leaf: hash, Number: func(ctx context.Context, tx *dbx.Tx, seq int64) error { return numberLeaf(ctx, tx, leaf.ID, seq, hash) }}
		}
		return out, err
	}
	return sealer.Do(ctx, l)
}

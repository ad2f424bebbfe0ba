package vote

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

// Own is a head that the caller speaks for, as an owner or as a delegate.
type Own struct {
	Head     int        `json:"head"`
	Area     int64      `json:"area"`
	Units    []RollUnit `json:"units"`
	Delegate bool       `json:"delegate" doc:"By an owner's authority"`
	// Developer marks what the developer has not sold or not handed over, together.
	Developer bool    `json:"developer,omitempty" doc:"What the developer has not sold or not handed over, together"`
	Ballot    *Ballot `json:"ballot,omitempty" doc:"That it was cast; what it says nobody sees"`
	ByMe      bool    `json:"byMe" doc:"The caller cast it"`
	Proxy     *Proxy  `json:"proxy,omitempty" doc:"The authority in force for the head"`
}

// Mine lists the heads that the caller speaks for.
func (s *Service) Mine(ctx context.Context, p authz.Principal, which id.ID) ([]Own, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	if err := authz.Require(p, authz.VoteCast, v.object(p.Person)); err != nil {
		return nil, err
	}
	heads, err := headsOfPerson(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return nil, err
	}
	delegated, err := delegatedTo(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return nil, err
	}
	return s.ownHeads(ctx, v, heads, delegated, p.Person)
}

// ownHeads reads the lines that a person speaks for, as an owner and as a delegate, with their units, ballots and authorities.
func (s *Service) ownHeads(ctx context.Context, v Vote, heads, delegated []int, person id.ID) ([]Own, error) {
	all := append(slices.Clone(heads), delegated...)
	out := []Own{}
	if len(all) == 0 {
		return out, nil
	}
	lines, err := linesOf(ctx, s.DB, v.ID, all)
	if err != nil {
		return nil, err
	}
	for _, no := range all {
		if l := lines[no]; l != nil { // the roll may have been posted anew meanwhile
			own := Own{Head: no, Area: l.Area, Units: l.units, Delegate: !slices.Contains(heads, no), Developer: l.Developer, Ballot: l.ballot, Proxy: l.proxy}
			own.ByMe = l.ballot != nil && l.ballot.PersonID == person
			out = append(out, own)
		}
	}
	return out, nil
}

// Cast seals nothing and opens nothing: it takes the sealed choice of a head from an owner on the frozen roll, or a delegate, while ballots
// are taken. The owner's own later ballot replaces theirs and their delegate's; co-owners have one vote together, so another's stands.
// Faults: vote.not_elector, vote.web_reserved (the place reserves electronic votes to the municipal system), vote.sealed, vote.not_open,
// vote.co_owner_voted, vote.owner_voted, vote.voted_on_paper.
func (s *Service) Cast(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, head int, sealed []byte) (teller.Receipt, error) {
	v, items, err := s.vote(ctx, p, which)
	if err != nil {
		return teller.Receipt{}, err
	}
	actor, err := authz.Act(p, authz.VoteCast, v.object(p.Person))
	if err != nil {
		return teller.Receipt{}, err
	}
	if s.procedure(v).Get(rules.VoteReservedOnline) == 1 {
		return teller.Receipt{}, fault.New(fault.Forbidden, "vote.web_reserved")
	}
	b := Ballot{Head: head, Channel: ByWeb, Sealed: sealed, PersonID: actor.Person}
	if err := s.entitle(ctx, v, &b); err != nil {
		return teller.Receipt{}, err
	}
	if !v.State.Taking() {
		return teller.Receipt{}, fault.New(fault.Conflict, "vote.not_open")
	}
	if err := teller.CheckSealed(v.context(head, len(items)), sealed); err != nil {
		return teller.Receipt{}, fault.InvalidField("body.sealed", "vote.sealed")
	}
	return s.keep(ctx, once, actor, v, len(items), b)
}

// entitle finds by what right a person votes for a head.
func (s *Service) entitle(ctx context.Context, v Vote, b *Ballot) error {
	heads, err := headsOfPerson(ctx, s.DB, v.ID, b.PersonID)
	if err != nil || slices.Contains(heads, b.Head) {
		return err
	}
	proxy, err := proxyOf(ctx, s.DB, v.ID, b.Head)
	if err != nil {
		return err
	}
	if proxy == nil || id.OrNil(proxy.DelegateID) != b.PersonID || b.PersonID.IsZero() {
		return fault.New(fault.Forbidden, "vote.not_elector")
	}
	b.Channel, b.ProxyID = ByProxy, &proxy.ID
	return nil
}

// keep writes a ballot with its leaf and answers with the receipt. The leaf comes first: it holds the vote against being closed until the
// transaction ends, so that what is read of its state afterwards stays true.
func (s *Service) keep(ctx context.Context, once idem.Key, actor authz.Actor, v Vote, items int, b Ballot) (teller.Receipt, error) {
	before, err := ballotOf(ctx, s.DB, v.ID, b.Head)
	if err != nil {
		return teller.Receipt{}, err
	}
	if before != nil && bytes.Equal(before.Sealed, b.Sealed) && before.PersonID == b.PersonID {
		return s.receipt(v, *before), nil // sent again after a lost answer
	}
	if err := replaces(before, b); err != nil {
		return teller.Receipt{}, err
	}
	if b.Revision = 1; before != nil {
		b.Revision = before.Revision + 1
	}
	commitment := teller.Commitment(v.context(b.Head, items), b.Revision, string(b.Channel), b.Sealed)
	b.Commitment, b.CastAt = commitment[:], s.now()
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := addLeaf(ctx, tx, v, "ballot", b.CastAt, map[string]any{"head": b.Head, "revision": b.Revision, "commitment": rules.Hash(commitment)}); err != nil {
			return err
		}
		if err := putBallot(ctx, tx, v.ID, b); err != nil {
			return err
		}
		if err := s.stillTaking(ctx, tx, v.ID); err != nil {
			return err
		}
		if err := stillDelegate(ctx, tx, v.ID, b); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.cast", map[string]any{"head": b.Head, "revision": b.Revision, "channel": b.Channel})
	})
	if err != nil {
		return teller.Receipt{}, err
	}
	kept, err := ballotOf(ctx, s.DB, v.ID, b.Head)
	if err != nil || kept == nil {
		return teller.Receipt{}, fault.Or(err, fault.New(fault.Conflict, "vote.not_open"))
	}
	return s.receipt(v, *kept), nil
}

// stillTaking refuses what comes after the end, to the millisecond, whether or not the job has closed the vote.
func (s *Service) stillTaking(ctx context.Context, tx *dbx.Tx, which id.ID) error {
	now, err := voteByID(ctx, tx, which)
	if err == nil && (!now.State.Taking() || s.now() >= *now.ClosesAt) {
		err = fault.New(fault.Conflict, "vote.not_open")
	}
	return err
}

// stillDelegate wants the authority that a delegate votes by to be in force still, and keeps it so until the transaction ends.
func stillDelegate(ctx context.Context, tx *dbx.Tx, vote id.ID, b Ballot) error {
	if b.ProxyID == nil {
		return nil
	}
	err := pinProxy(ctx, tx, vote, *b.ProxyID)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Forbidden, "vote.not_elector")
	}
	return err
}

// replaces tells whether a ballot may take the place of the one before.
func replaces(before *Ballot, b Ballot) error {
	switch {
	case before == nil || before.PersonID == b.PersonID && before.Channel == b.Channel:
		return nil
	case before.Channel == ByPaper:
		return fault.New(fault.Conflict, "vote.voted_on_paper")
	case b.Channel == ByPaper:
		return fault.New(fault.Conflict, "vote.voted_on_web")
	case b.Channel == ByProxy:
		return fault.New(fault.Conflict, "vote.owner_voted")
	case before.Channel == ByProxy:
		return nil // the owner comes in person
	}
	return fault.New(fault.Conflict, "vote.co_owner_voted")
}

func (s *Service) receipt(v Vote, b Ballot) teller.Receipt {
	return teller.Promise(s.Keys.VoteReceipts(v.ID), teller.Receipt{Vote: v.ID, Head: b.Head, Revision: b.Revision, Commitment: [32]byte(b.Commitment)})
}

// Granted is an authority with the code that the delegate takes it by, shown once.
type Granted struct {
	Proxy
	Code string `json:"code" doc:"For the delegate; shown here and nowhere else"`
}

// Grant gives somebody authority to vote for a head: whoever takes the code with their own account. Faults: vote.proxy_given.
func (s *Service) Grant(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, head int) (Granted, error) {
	v, actor, err := s.ownHead(ctx, p, which, head)
	if err != nil {
		return Granted{}, err
	}
	code, hash := newCode()
	proxy := Proxy{ID: id.New(), Head: head, GrantedBy: actor.Person, CodeHash: hash, GrantedAt: s.now()}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, proxy.ID); err != nil || again {
			return fault.Or(err, fault.New(fault.Conflict, "vote.code_shown"))
		}
		err := insertProxy(ctx, tx, v.ID, proxy)
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "vote.proxy_given")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.grant_proxy", map[string]any{"head": head})
	})
	return Granted{proxy, code}, err
}

// ownHead wants a head that the caller owns, of a vote that has not closed.
func (s *Service) ownHead(ctx context.Context, p authz.Principal, which id.ID, head int) (Vote, authz.Actor, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return v, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.VoteCast, v.object(p.Person))
	if err != nil {
		return v, actor, err
	}
	heads, err := headsOfPerson(ctx, s.DB, v.ID, p.Person)
	switch {
	case err != nil:
	case !slices.Contains(heads, head):
		err = fault.New(fault.Forbidden, "vote.not_elector")
	case v.State != RollPosted && !v.State.Taking():
		err = impossible(v)
	}
	return v, actor, err
}

var codes = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// newCode is 80 random bits as a delegate types them, and the hash that is kept.
func newCode() (string, []byte) {
	var raw [10]byte
	_, _ = rand.Read(raw[:]) // never fails
	code := codes.EncodeToString(raw[:])
	return code, codeHash(code)
}

func codeHash(code string) []byte {
	h := sha256.Sum256([]byte("redproperty vote proxy 1\x00" + code))
	return h[:]
}

// EndProxy takes an authority back before the vote closes. A ballot that the delegate cast stands until the owner casts their own, and until
// then the delegate stands for that owner.
func (s *Service) EndProxy(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, head int) error {
	v, actor, err := s.ownHead(ctx, p, which, head)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		n, err := endProxy(ctx, tx, v.ID, head, s.now())
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "vote.no_proxy")
		}
		return s.audit(ctx, tx, actor, v, "vote.end_proxy", map[string]any{"head": head})
	})
}

// TakeProxy makes the caller the delegate of the owner who gave them the code. One delegate stands for no more owners than the place
// allows. Faults: vote.no_proxy, vote.proxy_taken, vote.proxy_cap.
func (s *Service) TakeProxy(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, code string) ([]Own, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	actor, err := authz.Act(p, authz.VoteCast, v.object(p.Person))
	if err != nil {
		return nil, err
	}
	if actor.Person.IsZero() || (v.State != RollPosted && !v.State.Taking()) {
		return nil, impossible(v)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		proxy, err := proxyByCode(ctx, tx, v.ID, codeHash(code))
		if err != nil {
			return err
		}
		if proxy.DelegateID != nil && *proxy.DelegateID != actor.Person {
			return fault.New(fault.Conflict, "vote.proxy_taken")
		}
		if err := s.takeSlot(ctx, tx, v, proxy, actor.Person); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.take_proxy", map[string]any{"head": proxy.Head})
	})
	if err != nil {
		return nil, err
	}
	return s.Mine(ctx, p, which)
}

// takeSlot gives the delegate one of the places that there are for owners one stands for; the database holds each once.
func (s *Service) takeSlot(ctx context.Context, tx *dbx.Tx, v Vote, proxy Proxy, delegate id.ID) error {
	if proxy.DelegateID != nil {
		return nil
	}
	limit := int64(s.procedure(v).Get(rules.VoteProxyCap))
	used, err := slotsOf(ctx, tx, v.ID, delegate)
	if err != nil {
		return err
	}
	for slot := int64(1); slot <= limit; slot++ {
		if slices.Contains(used, slot) {
			continue
		}
		err := takeProxy(ctx, tx, v.ID, proxy.ID, delegate, slot, s.now())
		switch {
		case dbx.IsDuplicate(err):
			return fault.New(fault.Stale, "version.stale") // the slot was taken at the same moment: ask again
		case errors.Is(err, dbx.ErrNoMatch):
			return fault.New(fault.Conflict, "vote.proxy_taken") // the code was
		}
		return err
	}
	return fault.New(fault.Conflict, "vote.proxy_cap", "most", limit)
}

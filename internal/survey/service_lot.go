package survey

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// OrderLot orders a lot of paper envelopes for a stratum of an open round. Who holds the round orders: the street office or the community.
// Faults: survey.not_open, survey.no_stratum, survey.lot_least, survey.lot_most, survey.paper_author.
func (s *Service) OrderLot(ctx context.Context, p authz.Principal, once idem.Key, round id.ID, stratum string, size int64) (LotView, error) {
	r, actor, strata, err := s.printing(ctx, p, round)
	if err != nil {
		return LotView{}, err
	}
	at := slices.IndexFunc(strata, func(st Stratum) bool { return st.Code() == stratum })
	if at < 0 {
		return LotView{}, fault.InvalidField("body.stratum", "survey.no_stratum")
	}
	l := Lot{ID: id.New(), RoundID: round, StratumID: strata[at].ID, Size: size, State: LotOrdered, OrderedBy: actor.Person, OrderedRole: string(actor.Role)}
	made := l.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, l.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := pinRound(ctx, tx, round, Open); err != nil {
			return notOpen(err)
		}
		return s.order(ctx, tx, actor, r, strata[at], l)
	})
	if err != nil {
		return LotView{}, err
	}
	return s.lot(ctx, round, made)
}

// order writes a lot under a round that is held, so that two orders at once see each other.
func (s *Service) order(ctx context.Context, tx *dbx.Tx, actor authz.Actor, r Round, st Stratum, l Lot) error {
	if err := stillOpen(ctx, tx, r.ID, s.now()); err != nil {
		return err
	}
	before, err := lotsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	var ordered int64
	for _, b := range before {
		l.No = max(l.No, b.No)
		if b.StratumID == st.ID {
			ordered += b.Size
		}
	}
	l.No++
	least, most := lotSizes(st.Sampled, ordered, int64(s.Rules.Surveys.Publication.RunningFrom))
	switch {
	case l.Size < least:
		return fault.InvalidField("body.size", "survey.lot_least", "least", least)
	case l.Size > most:
		return fault.InvalidField("body.size", "survey.lot_most", "most", max(0, most))
	}
	l.OrderedAt = s.now()
	if err := insertLot(ctx, tx, l); err != nil {
		return err
	}
	return s.notePaper(ctx, tx, actor, r, "survey.lot_order", map[string]any{"lot": l.Code(), "stratum": st.Code(), "size": l.Size})
}

func notOpen(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "survey.not_open")
	}
	return err
}

func (s *Service) notePaper(ctx context.Context, tx *dbx.Tx, actor authz.Actor, r Round, action string, detail map[string]any) error {
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: "survey_round", ObjectID: r.ID, ScopePath: r.ScopePath, Detail: detail})
}

// printing reads a round for the street office or the community that holds it.
func (s *Service) printing(ctx context.Context, p authz.Principal, round id.ID) (Round, authz.Actor, []Stratum, error) {
	r, actor, projects, err := s.own(ctx, p, round)
	if err != nil {
		return r, actor, nil, err
	}
	if actor.Role == authz.RoleCommittee {
		return r, actor, nil, fault.New(fault.Forbidden, "survey.paper_author")
	}
	for _, pr := range projects {
		if err := s.notRated(ctx, actor.Person, pr); err != nil {
			return r, actor, nil, err
		}
	}
	strata, err := strataOf(ctx, s.DB, round)
	return r, actor, strata, err
}

// printed reads a lot for those who have it printed.
func (s *Service) printed(ctx context.Context, p authz.Principal, round, which id.ID) (Round, authz.Actor, Stratum, Lot, error) {
	r, actor, _, err := s.printing(ctx, p, round)
	if err != nil {
		return r, actor, Stratum{}, Lot{}, err
	}
	l, err := lotByID(ctx, s.DB, round, which)
	if err != nil {
		return r, actor, Stratum{}, l, err
	}
	if r.State != Open || s.now() >= r.ClosesAt {
		return r, actor, Stratum{}, l, fault.New(fault.Conflict, "survey.not_open")
	}
	st, err := stratumByID(ctx, s.DB, l.StratumID)
	return r, actor, st, l, err
}

// SignLot signs the blinded ballots of a lot, which are as many as were ordered. The same batch again gets the same signatures, so that
// nothing is lost with a connection; another one is survey.lot_signed. The number signed enters the ledger. Other faults: survey.lot_size,
// survey.lot_twice, those of ballot.Signer.
func (s *Service) SignLot(ctx context.Context, p authz.Principal, round, which id.ID, blinded [][]byte) ([][]byte, error) {
	r, actor, st, l, err := s.printed(ctx, p, round, which)
	if err != nil {
		return nil, err
	}
	if int64(len(blinded)) != l.Size {
		return nil, fault.InvalidField("body.blinded", "survey.lot_size", "size", l.Size)
	}
	seen := map[string]bool{}
	for _, b := range blinded {
		if seen[string(b)] {
			return nil, fault.InvalidField("body.blinded", "survey.lot_twice")
		}
		seen[string(b)] = true
	}
	batch := ballot.BatchHash(blinded)
	if l.Batch != nil && ballotHash(l.Batch) != batch {
		return nil, fault.New(fault.Conflict, "survey.lot_signed")
	}
	signatures, err := s.signAll(ctx, st, blinded)
	if err != nil {
		return nil, err
	}
	return signatures, s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := pinRound(ctx, tx, round, Open); err != nil {
			return notOpen(err)
		}
		return s.keepSigned(ctx, tx, actor, r, st, l, batch)
	})
}

// signAll signs one message after the other, each in a place of its own, so that dwellings that draw meanwhile do not wait for the lot.
func (s *Service) signAll(ctx context.Context, st Stratum, blinded [][]byte) ([][]byte, error) {
	der, err := s.Keys.Open(st.ID, st.KeySealed)
	if err != nil {
		return nil, err
	}
	key, err := ballot.ParsePrivateKey(der)
	clear(der)
	if err != nil {
		return nil, err
	}
	defer key.Destroy()
	out := make([][]byte, len(blinded))
	for i, b := range blinded {
		wait, cancel := context.WithTimeout(ctx, signWait)
		out[i], err = s.signer.BlindSign(wait, key, b)
		cancel()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keepSigned writes that a batch was signed, once, under a round that is held: what else enters its ledger waits.
func (s *Service) keepSigned(ctx context.Context, tx *dbx.Tx, actor authz.Actor, r Round, st Stratum, l Lot, batch ballot.Hash) error {
	err := signLot(ctx, tx, l.ID, batch)
	if dbx.IsDuplicate(err) {
		return fault.InvalidField("body.blinded", "survey.lot_twice")
	}
	if errors.Is(err, dbx.ErrNoMatch) {
		now, err := lotByID(ctx, tx, r.ID, l.ID)
		if err == nil && ballotHash(now.Batch) != batch {
			err = fault.New(fault.Conflict, "survey.lot_signed")
		}
		return err
	}
	if err != nil {
		return err
	}
	at := s.now()
	if err := stillOpen(ctx, tx, r.ID, at); err != nil {
		return err
	}
	leaf := ballot.Lot{Round: r.ID, Key: ballotHash(st.KeyID), Lot: l.Code(), Issued: int(l.Size), Batch: batch, Day: clock.DateOf(at.Time())}
	if err := addLeaf(ctx, tx, r.ID, at, leaf); err != nil {
		return err
	}
	return s.notePaper(ctx, tx, actor, r, "survey.lot_sign", map[string]any{"lot": l.Code(), "batch": batch})
}

// RegisterLot takes in the finished ballots of a lot, ascending by token and without their codes. As many valid ones as were signed are all
// that there are: whoever printed cannot have kept one back. From here on envelopes may be handed out, and none of their ballots can be cast
// but from paper. The same list again changes nothing. Faults: survey.lot_not_signed, survey.lot_registered, survey.lot_size,
// survey.lot_order, survey.lot_cast, ballot.forged.
func (s *Service) RegisterLot(ctx context.Context, p authz.Principal, round, which id.ID, list []ballot.Ballot) (LotView, error) {
	r, actor, st, l, err := s.printed(ctx, p, round, which)
	if err != nil {
		return LotView{}, err
	}
	envelopes, err := s.sealed(ctx, st, l, list)
	if err != nil {
		return LotView{}, err
	}
	hash := ballot.ListHash(list)
	if l.State == LotReady && ballotHash(l.List) == hash {
		return s.lot(ctx, round, which)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := pinRound(ctx, tx, round, Open); err != nil {
			return notOpen(err)
		}
		err := readyLot(ctx, tx, which, hash)
		if errors.Is(err, dbx.ErrNoMatch) {
			return registered(ctx, tx, round, which, hash)
		}
		if err != nil {
			return err
		}
		return s.keepEnvelopes(ctx, tx, actor, r, l, envelopes)
	})
	if err != nil {
		return LotView{}, err
	}
	return s.lot(ctx, round, which)
}

// registered tells why a lot could not be registered; nil where the same list was.
func registered(ctx context.Context, tx *dbx.Tx, round, which id.ID, hash ballot.Hash) error {
	now, err := lotByID(ctx, tx, round, which)
	switch {
	case err != nil:
		return err
	case now.State == LotOrdered:
		return fault.New(fault.Conflict, "survey.lot_not_signed")
	case ballotHash(now.List) != hash:
		return fault.New(fault.Conflict, "survey.lot_registered")
	}
	return nil
}

// sealed checks a manifest and makes its rows.
func (s *Service) sealed(ctx context.Context, st Stratum, l Lot, list []ballot.Ballot) ([]Envelope, error) {
	if int64(len(list)) != l.Size {
		return nil, fault.InvalidField("body.ballots", "survey.lot_size", "size", l.Size)
	}
	key, err := ballot.ParsePublicKey(st.PublicKey)
	if err != nil {
		return nil, err
	}
	out := make([]Envelope, len(list))
	for i, b := range list {
		if i > 0 && ballot.Hash(list[i-1].Token).Compare(ballot.Hash(b.Token)) >= 0 {
			return nil, fault.InvalidField("body.ballots", "survey.lot_order")
		}
		if err := s.verifier.Verify(ctx, key, l.RoundID, b); err != nil {
			return nil, err
		}
		out[i] = Envelope{RoundID: l.RoundID, Name: b.Token.Hash(l.RoundID), LotID: l.ID, Prefix: b.Prefix, Signature: b.Signature}
	}
	slices.SortFunc(out, func(a, b Envelope) int { return a.Name.Compare(b.Name) })
	return out, nil
}

// keepEnvelopes writes the ballots of a lot, none of which may have been cast.
func (s *Service) keepEnvelopes(ctx context.Context, tx *dbx.Tx, actor authz.Actor, r Round, l Lot, list []Envelope) error {
	err := insertEnvelopes(ctx, tx, list)
	if dbx.IsDuplicate(err) {
		return fault.InvalidField("body.ballots", "survey.lot_twice")
	}
	if err != nil {
		return err
	}
	names := make([]ballot.Hash, len(list))
	for i, e := range list {
		names[i] = e.Name
	}
	there, err := castAlready(ctx, tx, r.ID, names)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		return fault.New(fault.Conflict, "survey.lot_cast", "ballots", len(there))
	}
	if err := stillOpen(ctx, tx, r.ID, s.now()); err != nil {
		return err
	}
	return s.notePaper(ctx, tx, actor, r, "survey.lot_register", map[string]any{"lot": l.Code()})
}

// LotView is a lot as those who work with it see it. While the round is open small counts are not shown.
type LotView struct {
	ID      id.ID    `json:"id"`
	Lot     string   `json:"lot" doc:"Its code, as printed on the sheets"`
	Stratum string   `json:"stratum"`
	Size    int64    `json:"size" doc:"Envelopes"`
	State   LotState `json:"state" enum:"ordered,signed,ready"`
	Taken   *int64   `json:"taken,omitempty" doc:"By dwellings; absent while it could tell who"`
	Entered *int64   `json:"entered,omitempty" doc:"Came back filled in and were entered; absent while it could tell who"`
	Void    *int64   `json:"void,omitempty" doc:"Came back unused or spoilt; once the round is closed"`
}

func (s *Service) lot(ctx context.Context, round, which id.ID) (LotView, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return LotView{}, err
	}
	l, err := lotByID(ctx, s.DB, round, which)
	if err != nil {
		return LotView{}, err
	}
	st, err := stratumByID(ctx, s.DB, l.StratumID)
	return s.viewLot(r, l, st), err
}

func (s *Service) viewLot(r Round, l Lot, st Stratum) LotView {
	v := LotView{ID: l.ID, Lot: l.Code(), Stratum: st.Code(), Size: l.Size, State: l.State}
	shown := func(n int64) *int64 {
		if r.State == Open && n < int64(s.Rules.Surveys.Publication.RunningFrom) {
			return nil
		}
		return &n
	}
	v.Taken, v.Entered = shown(l.Taken), shown(l.Entered)
	if void := l.Unused + l.Spoilt; r.State != Open {
		v.Void = &void
	}
	return v
}

// Lots lists the lots of a round for those who print, hand out and enter.
func (s *Service) Lots(ctx context.Context, p authz.Principal, round id.ID) ([]LotView, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return nil, err
	}
	strata, err := strataOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	lots, err := lotsOf(ctx, s.DB, round)
	if err != nil {
		return nil, err
	}
	out, allowed := []LotView{}, 0
	var refused error
	for _, pr := range projects {
		if _, err := s.handles(ctx, p, pr); err != nil {
			if refused = err; fault.Of(err).Kind == fault.Internal {
				return nil, err
			}
			continue
		}
		allowed++
		for _, l := range lots {
			at := slices.IndexFunc(strata, func(st Stratum) bool { return st.ID == l.StratumID })
			if strata[at].ServiceAreaID == pr.ServiceAreaID {
				out = append(out, s.viewLot(r, l, strata[at]))
			}
		}
	}
	if allowed == 0 {
		return nil, refused
	}
	return out, nil
}

package vote

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/teller"
)

// Seat is a teller of a vote.
type Seat struct {
	No        int             `db:"no" json:"no"`
	Side      string          `db:"side" json:"side" enum:"owner,committee,community,street_office" doc:"Whose side the teller is of; no two are of one side"`
	PersonID  id.ID           `db:"person_id" json:"-"`
	OrgID     *id.ID          `db:"org_id" json:"orgId,omitempty"`
	Reach     []byte          `db:"reach" json:"reach" doc:"Key by which the others reach this teller, base64"`
	SeatedAt  clock.Instant   `db:"seated_at" json:"seatedAt"`
	Raw       *string         `db:"dealing" json:"-"`
	KeyHash   *rules.Hash     `db:"key_hash" json:"confirmed,omitempty" doc:"The key that this teller computed and confirmed"`
	Dealing   *teller.Dealing `db:"-" json:"dealing,omitempty"`
	Mine      bool            `db:"-" json:"mine,omitempty"`
	DealtSeat bool            `db:"-" json:"dealt"`
}

// sides are the capacities in which one can be a teller, each a side of its own. The company is none.
var sides = map[authz.Role]string{authz.RoleOwner: "owner", authz.RoleCommittee: "committee", authz.RoleCommunity: "community", authz.RoleCommunityWork: "community", authz.RoleStreetOffice: "street_office"}

// TakeSeat makes the caller one of the three tellers, with the key by which the others reach them. Tellers are of three sides and three natural
// persons, none with a post in a property company. Faults: vote.seat_taken (Conflict), vote.teller_company, vote.tellers_full;
// vote.step_impossible before the roll is posted and after the key is made.
func (s *Service) TakeSeat(ctx context.Context, p authz.Principal, t Taken, which id.ID, reach []byte) ([]Seat, error) {
	v, actor, err := s.telling(ctx, p, which)
	if err != nil {
		return nil, err
	}
	side, ok := sides[actor.Role]
	if !ok || actor.Person.IsZero() {
		return nil, fault.New(fault.Forbidden, "vote.teller_side")
	}
	if err := teller.CheckReach(reach); err != nil {
		return nil, fault.InvalidField("body.reach", "vote.teller_key")
	}
	if busy, err := s.Posts.InCompany(ctx, s.DB, actor.Person, s.now()); err != nil || busy {
		return nil, fault.Or(err, fault.New(fault.Forbidden, "vote.teller_company"))
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := s.makingKey(ctx, tx, v); err != nil {
			return err
		}
		seats, err := seatsOf(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		no := freeSeat(seats)
		if no == 0 {
			return fault.New(fault.Conflict, "vote.tellers_full")
		}
		err = insertSeat(ctx, tx, v.ID, Seat{No: no, Side: side, PersonID: actor.Person, OrgID: actor.Org.Ptr(), Reach: reach, SeatedAt: s.now()})
		if dbx.IsDuplicate(err) {
			return fault.New(fault.Conflict, "vote.seat_taken")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.take_seat", map[string]any{"no": no, "side": side})
	})
	if err != nil {
		return nil, err
	}
	return s.Seats(ctx, p, which)
}

func freeSeat(seats []Seat) int {
	for no := 1; no <= teller.Tellers; no++ {
		if !slices.ContainsFunc(seats, func(t Seat) bool { return t.No == no }) {
			return no
		}
	}
	return 0
}

// telling reads a vote for a teller's next step.
func (s *Service) telling(ctx context.Context, p authz.Principal, which id.ID) (Vote, authz.Actor, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return v, authz.Actor{}, err
	}
	persons, err := electorPersons(ctx, s.DB, which, p.Person)
	if err != nil {
		return v, authz.Actor{}, err
	}
	actor, err := authz.Act(p, authz.VoteTell, v.object(persons...))
	return v, actor, fault.Or(err, asElector(actor, persons))
}

// asElector wants an owner who speaks as one to be on the roll.
func asElector(actor authz.Actor, persons []id.ID) error {
	if actor.Role == authz.RoleOwner && len(persons) == 0 {
		return fault.New(fault.Forbidden, "vote.not_elector")
	}
	return nil
}

// makingKey keeps a vote in the state in which its key is made, until the transaction ends.
func (s *Service) makingKey(ctx context.Context, tx *dbx.Tx, v Vote) error {
	if err := pinVote(ctx, tx, Vote{ID: v.ID, State: RollPosted}); err != nil {
		return orImpossible(err, v)
	}
	now, err := voteByID(ctx, tx, v.ID)
	if err == nil && now.KeyHash != nil {
		err = fault.New(fault.Conflict, "vote.key_made")
	}
	return err
}

// mySeat is the caller's among the seats; vote.not_teller.
func mySeat(seats []Seat, person id.ID) (Seat, error) {
	i := slices.IndexFunc(seats, func(t Seat) bool { return t.PersonID == person })
	if i < 0 || person.IsZero() {
		return Seat{}, fault.New(fault.Forbidden, "vote.not_teller")
	}
	return seats[i], nil
}

// Seats shows the tellers; their dealings to each other are theirs alone to open.
func (s *Service) Seats(ctx context.Context, p authz.Principal, which id.ID) ([]Seat, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	seats, err := seatsOf(ctx, s.DB, v.ID)
	for i := range seats {
		seats[i].Mine = seats[i].PersonID == p.Person && !p.Person.IsZero()
	}
	return seats, err
}

// Deal hands in a teller's dealing, once the three seats are taken. The same again changes nothing.
func (s *Service) Deal(ctx context.Context, p authz.Principal, t Taken, which id.ID, d teller.Dealing) ([]Seat, error) {
	return s.atSeat(ctx, p, t, which, "vote.deal", func(ctx context.Context, tx *dbx.Tx, v Vote, seats []Seat, mine Seat) error {
		if err := teller.CheckDealing(d); err != nil || d.From != mine.No || len(seats) < teller.Tellers {
			return fault.InvalidField("body", "vote.dealing")
		}
		if mine.Dealing != nil {
			return fault.New(fault.Conflict, "vote.dealt")
		}
		return putDealing(ctx, tx, v.ID, mine.No, d)
	})
}

// Confirm says which key a teller computed after checking every share dealt to them. When the three agree with the server the key is the
// vote's. Faults: input.invalid with vote.key_differs.
func (s *Service) Confirm(ctx context.Context, p authz.Principal, t Taken, which id.ID, hash rules.Hash) ([]Seat, error) {
	return s.atSeat(ctx, p, t, which, "vote.confirm_key", func(ctx context.Context, tx *dbx.Tx, v Vote, seats []Seat, mine Seat) error {
		key, err := keyOf(v.ID, seats)
		if err != nil || rules.Hash(key.Hash) != hash {
			return fault.InvalidField("body.keyHash", "vote.key_differs")
		}
		if err := confirmSeat(ctx, tx, v.ID, mine.No, hash); err != nil {
			return err
		}
		others := slices.DeleteFunc(slices.Clone(seats), func(x Seat) bool { return x.No == mine.No || x.KeyHash != nil })
		if len(others) > 0 {
			return nil
		}
		now, err := voteByID(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		return s.step(ctx, tx, authz.Actor{Role: authz.RoleSystem, Request: "vote.key"}, now, StepKey, func(_ context.Context, _ *dbx.Tx, m *move) error {
			m.next.KeyPublic, m.next.KeyHash = key.Public, &hash
			m.leaf = map[string]any{"key": hash, "public": key.Public, "parts": key.Parts}
			return nil
		})
	})
}

// atSeat does something of the ceremony in the name of the caller's seat.
func (s *Service) atSeat(ctx context.Context, p authz.Principal, t Taken, which id.ID, action string, do func(context.Context, *dbx.Tx, Vote, []Seat, Seat) error) ([]Seat, error) {
	v, actor, err := s.telling(ctx, p, which)
	if err != nil {
		return nil, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := s.makingKey(ctx, tx, v); err != nil {
			return err
		}
		seats, err := seatsOf(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		mine, err := mySeat(seats, actor.Person)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, v, seats, mine); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, action, map[string]any{"no": mine.No})
	})
	if err != nil {
		return nil, err
	}
	return s.Seats(ctx, p, which)
}

// keyOf makes the vote's key of the dealings.
func keyOf(vote id.ID, seats []Seat) (teller.Key, error) {
	var dealt [teller.Tellers]teller.Dealing
	var reach teller.Reaches
	for _, t := range seats {
		if t.Dealing == nil {
			return teller.Key{}, fmt.Errorf("%w: teller %d has not dealt", teller.ErrDealing, t.No)
		}
		dealt[t.No-1], reach[t.No-1] = *t.Dealing, t.Reach
	}
	if len(seats) < teller.Tellers {
		return teller.Key{}, errors.New("not every seat is taken")
	}
	return teller.Combine(vote, reach, dealt)
}

// Vacate frees a seat and undoes the ceremony, before the key is made: by its teller, or by the organiser where a teller does not come.
func (s *Service) Vacate(ctx context.Context, p authz.Principal, t Taken, which id.ID, no int) ([]Seat, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	seats, err := seatsOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(seats, func(x Seat) bool { return x.No == no })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	actor := authz.Actor{Person: p.Person, Account: p.Account, Request: p.Request}
	if seats[at].PersonID != p.Person || p.Person.IsZero() {
		if _, _, actor, err = s.organise(ctx, p, which); err != nil {
			return nil, err
		}
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if err := s.makingKey(ctx, tx, v); err != nil {
			return err
		}
		if err := vacateSeat(ctx, tx, v.ID, no); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.vacate_seat", map[string]any{"no": no})
	})
	if err != nil {
		return nil, err
	}
	return s.Seats(ctx, p, which)
}

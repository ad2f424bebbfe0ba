package vote

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// maxHeads bounds a vote: more owners than any estate has.
const maxHeads = 60_000

// orImpossible turns a step that no longer matched into the fault that says so.
func orImpossible(err error, v Vote) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return impossible(v)
	}
	return err
}

// PostRoll reads the roll of owners out of the register as it is now and posts it; done again before the opening it posts the corrected one.
// Faults: vote.roll_late (it must be posted long enough before the opening), vote.roll_empty, vote.roll_area (an owner's area is not known
// anywhere), all Conflict.
func (s *Service) PostRoll(ctx context.Context, p authz.Principal, which id.ID, t Taken) (Vote, error) {
	v, items, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return v, err
	}
	units, err := s.Places.Units(ctx, s.DB, v.Scope, v.PlaceID, v.Entrance, s.now())
	if err != nil {
		return Vote{}, err
	}
	roll := makeRoll(v, units)
	if err := s.checkRoll(v, roll); err != nil {
		return Vote{}, err
	}
	return s.take(ctx, t, actor, v, StepPost, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		hash, total := rollHash(v.ID, roll.Units), roll.total()
		m.next.RollHash, m.next.RollArea, m.next.RollHeads, m.next.ExposureBP = &hash, total.Area, total.Heads, roll.exposure(items)
		if m.next.PostedAt == nil {
			m.next.PostedAt = &m.at
		}
		if !roll.developerSpeaks() { // the dwelling was sold, or nobody is entered there any more
			m.next.DeveloperPaper, m.next.DeveloperUnit, m.next.DeveloperAt = nil, nil, nil
		}
		m.detail["heads"], m.detail["area"] = total.Heads, total.Area
		m.leaf = map[string]any{"roll": hash, "heads": total.Heads, "area": total.Area}
		if err := endStrayProxies(ctx, tx, v.ID, roll, m.at); err != nil {
			return err
		}
		return putRoll(ctx, tx, v.ID, roll)
	})
}

// endStrayProxies ends the authorities that the roll posted anew does not bear out: lines have other numbers on it, and an authority for one
// owner's line must never become one for another's. It stays where its line has the same units and whoever gave it.
func endStrayProxies(ctx context.Context, tx *dbx.Tx, vote id.ID, next Roll, at clock.Instant) error {
	given, err := proxiesOf(ctx, tx, vote)
	if err != nil || len(given) == 0 {
		return err
	}
	before, err := unitsOf(ctx, tx, vote)
	if err != nil {
		return err
	}
	for _, p := range given {
		if slices.Contains(next.Electors, Elector{p.Head, p.GrantedBy}) && slices.Equal(unitsOfLine(before, p.Head), unitsOfLine(next.Units, p.Head)) {
			continue
		}
		if _, err := endProxy(ctx, tx, vote, p.Head, at); err != nil {
			return err
		}
	}
	return nil
}

// unitsOfLine are the units of a line, sorted.
func unitsOfLine(units []RollUnit, head int) []string {
	var out []string
	for _, u := range units {
		if u.Head == head {
			out = append(out, u.UnitID.String())
		}
	}
	slices.Sort(out)
	return out
}

func (s *Service) checkRoll(v Vote, roll Roll) error {
	total := roll.total()
	switch {
	case total.Heads == 0 || total.Heads > maxHeads:
		return fault.New(fault.Conflict, "vote.roll_empty", "most", maxHeads)
	case slices.ContainsFunc(roll.Units, func(u RollUnit) bool { return u.Area <= 0 }):
		at := slices.IndexFunc(roll.Units, func(u RollUnit) bool { return u.Area <= 0 })
		return fault.New(fault.Conflict, "vote.roll_area", "unit", roll.Units[at].Label)
	case v.State == Announced && v.OpensAt != nil && s.now().Add(s.days(v, rules.VoteRollDays)) > *v.OpensAt:
		return fault.New(fault.Conflict, "vote.roll_late", "days", s.procedure(v).Get(rules.VoteRollDays))
	}
	return nil
}

// Line is a head with its units, and whether it took part: known by name to the organiser at once, and to the owners once the vote is closed.
type Line struct {
	Head
	Parts []RollUnit `json:"parts"`
	Voted *bool      `json:"voted,omitempty"`
	Mine  bool       `json:"mine,omitempty" doc:"The caller speaks for it"`
	Paper bool       `json:"paper,omitempty" doc:"A paper ballot was entered by one person and waits for another; for who enters paper"`
}

// Roll shows the posted roll to its owners, the organiser and those who supervise.
func (s *Service) Roll(ctx context.Context, p authz.Principal, which id.ID) ([]Line, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	full, err := s.seesRoll(ctx, p, v)
	if err != nil {
		return nil, err
	}
	heads, err := headsOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	voted, err := votedOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	mine, err := headsOfPerson(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return nil, err
	}
	waits, err := entriesOf(ctx, s.DB, v.ID)
	if err != nil {
		return nil, err
	}
	parts := map[int][]RollUnit{}
	for _, u := range units {
		parts[u.Head] = append(parts[u.Head], u)
	}
	out := make([]Line, len(heads))
	for i, h := range heads {
		out[i] = Line{Head: h, Parts: parts[h.No], Mine: slices.Contains(mine, h.No)}
		took := voted[h.No]
		out[i].Paper = full && slices.Contains(waits, h.No)
		if full || v.State.Over() || v.State == Closed || out[i].Mine {
			out[i].Voted = &took
		} else {
			out[i].DeliveredAt, out[i].DeliveredHow, out[i].DeliveredNote = nil, "", ""
		}
	}
	return out, nil
}

// seesRoll tells whether the caller sees the roll at all, and who took part while the vote is open.
func (s *Service) seesRoll(ctx context.Context, p authz.Principal, v Vote) (full bool, err error) {
	if authz.Require(p, authz.VotePaper, v.object()) == nil || authz.Require(p, authz.VoteOrganise, v.object()) == nil {
		return true, nil
	}
	persons, err := electorPersons(ctx, s.DB, v.ID, p.Person)
	if err == nil && len(persons) == 0 {
		err = fault.New(fault.Forbidden, "vote.not_elector")
	}
	return false, err
}

// Object says that the posted roll is wrong. Whoever lives or owns there may: who was left out is on no line. Faults:
// vote.step_impossible.
func (s *Service) Object(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, content string) (Objection, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return Objection{}, err
	}
	actor, err := authz.Act(p, authz.VoteObject, v.object())
	if err != nil {
		return Objection{}, err
	}
	if content, err = text.Paragraph("body.content", content, 5, 2000); err != nil {
		return Objection{}, err
	}
	o := Objection{ID: id.New(), PersonID: p.Person, Content: content, State: "open", MadeAt: s.now()}
	made := o.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, o.ID)
		if made = got; err != nil || again {
			return err
		}
		if err := pinVote(ctx, tx, Vote{ID: v.ID, State: RollPosted}); err != nil {
			return orImpossible(err, v)
		}
		if err := insertObjection(ctx, tx, v.ID, o); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.object_to_roll", map[string]any{"objection": o.ID})
	})
	if err != nil {
		return Objection{}, err
	}
	return objectionByID(ctx, s.DB, v.ID, made)
}

// Answer decides an objection to the roll. What is accepted is mended in the register and posted anew; the vote opens with none left
// open.
func (s *Service) Answer(ctx context.Context, p authz.Principal, which, objection id.ID, t Taken, accept bool, answer string) (Objection, error) {
	v, _, actor, err := s.organise(ctx, p, which)
	if err != nil {
		return Objection{}, err
	}
	o, err := objectionByID(ctx, s.DB, v.ID, objection)
	if err != nil {
		return Objection{}, err
	}
	if answer, err = text.Paragraph("body.answer", answer, 2, 2000); err != nil {
		return Objection{}, err
	}
	if o.PersonID == actor.Person && !actor.Person.IsZero() {
		return Objection{}, fault.New(fault.Forbidden, "vote.own_objection")
	}
	at := s.now()
	o.Version, o.Answer, o.AnsweredAt, o.AnsweredBy, o.AnsweredRole, o.State = t.Version, answer, &at, actor.Person.Ptr(), string(actor.Role), "rejected"
	if accept {
		o.State = "accepted"
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		if err := answerObjection(ctx, tx, v.ID, o); errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		} else if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, v, "vote.answer_objection", map[string]any{"objection": o.ID, "state": o.State})
	})
	if err != nil {
		return Objection{}, err
	}
	return objectionByID(ctx, s.DB, v.ID, o.ID)
}

// Objections lists the objections to a roll: all of them for who organises and supervises, one's own for an owner.
func (s *Service) Objections(ctx context.Context, p authz.Principal, which id.ID) ([]Objection, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return nil, err
	}
	list, err := objectionsOf(ctx, s.DB, v.ID)
	if err != nil || authz.Require(p, authz.VoteOrganise, v.object()) == nil {
		return list, err
	}
	return slices.DeleteFunc(list, func(o Objection) bool { return o.PersonID != p.Person }), nil
}

// Delivery is how the ballot and the notice reached owners.
type Delivery struct {
	Heads []int
	How   string // door, mail or notice
	Note  string
}

// Deliver notes that ballots were handed over, mailed, or posted for owners whom nobody finds. Public notice is no delivery where the owners'
// own rules speak for the silent.
func (s *Service) Deliver(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, in Delivery) (int64, error) {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return 0, err
	}
	actor, err := authz.Act(p, authz.VotePaper, v.object())
	if err != nil {
		return 0, err
	}
	if in.Note, err = text.Line("body.note", in.Note, 0, 300); err != nil {
		return 0, err
	}
	var done int64
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, v.ID); err != nil || again {
			return err
		}
		if v.State != RollPosted && !v.State.Taking() {
			return impossible(v)
		}
		if err := pinVote(ctx, tx, v); err != nil {
			return orImpossible(err, v)
		}
		for _, no := range in.Heads {
			n, err := deliver(ctx, tx, v.ID, no, in.How, actor.Person, in.Note, s.now())
			if err != nil {
				return err
			}
			done += n
		}
		return s.audit(ctx, tx, actor, v, "vote.deliver", map[string]any{"heads": in.Heads, "how": in.How})
	})
	return done, err
}

// Received is an owner's own word that the notice and the ballot are on their screen, until the voting ends: whom the owners' own rules take
// as silent is settled then. Later words change nothing.
func (s *Service) Received(ctx context.Context, p authz.Principal, which id.ID) error {
	v, _, err := s.vote(ctx, p, which)
	if err != nil {
		return err
	}
	heads, err := headsOfPerson(ctx, s.DB, v.ID, p.Person)
	if err != nil {
		return err
	}
	actor, err := authz.Act(p, authz.VoteCast, v.object(p.Person))
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		return fault.New(fault.Forbidden, "vote.not_elector")
	}
	if v.State != RollPosted && !v.State.Taking() {
		return nil
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := pinVote(ctx, tx, v); err != nil {
			return orImpossible(err, v)
		}
		var first int64
		for _, no := range heads {
			n, err := deliver(ctx, tx, v.ID, no, "web", p.Person, "", s.now())
			if err != nil {
				return err
			}
			first += n
		}
		if first == 0 {
			return nil
		}
		return s.audit(ctx, tx, actor, v, "vote.received", map[string]any{"heads": heads})
	})
}

// openRoll wants a roll that can be frozen: posted long enough, nothing open against it.
func (s *Service) openRoll(ctx context.Context, q dbx.Querier, v Vote, at clock.Instant) error {
	list, err := objectionsOf(ctx, q, v.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(o Objection) bool { return o.State == "open" }) {
		return fault.New(fault.Conflict, "vote.objections_open")
	}
	if v.PostedAt == nil || v.PostedAt.Add(s.days(v, rules.VoteRollDays)) > at {
		return fault.New(fault.Conflict, "vote.roll_late", "days", s.procedure(v).Get(rules.VoteRollDays))
	}
	return nil
}

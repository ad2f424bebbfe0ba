package workorder

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/text"
)

// The answers to "is it solved?".
const (
	SolvedYes    = "yes"
	SolvedPartly = "partly"
	SolvedNo     = "no"
)

// The channels of an answer.
const (
	channelSelf     = "self"
	channelLink     = "link"
	channelCallback = "callback"
)

// Answer is what a household says about a closure: two separate questions, and what it wants to tell (R4.5).
type Answer struct {
	Solved    string
	Satisfied int
	Remark    string
	PassOn    bool // the remark may be shown to the handler, without the score and without a name
}

func (a *Answer) clean(path string) error {
	if !slices.Contains([]string{SolvedYes, SolvedPartly, SolvedNo}, a.Solved) {
		return fault.InvalidField(path+".solved", "workorder.solved")
	}
	if a.Satisfied < 1 || a.Satisfied > 5 {
		return fault.InvalidField(path+".satisfied", "workorder.satisfied")
	}
	var err error
	a.Remark, err = text.Paragraph(path+".remark", a.Remark, 0, 500)
	return err
}

// rater is who answers: the household where one is known, else the person, else the order itself (a caller).
type rater struct {
	key       id.ID
	household *id.ID
	person    *id.ID
}

// raterOf finds in which household, or as whom, p has to do with the order.
func raterOf(o *Order, p authz.Principal) (rater, bool) {
	sides := append([]follower{{PersonID: o.ReporterID, HouseholdID: o.HouseholdID}}, o.followers...)
	for _, f := range sides {
		if f.HouseholdID != nil && livedIn(p, *f.HouseholdID, o.ReportedAt) {
			return rater{*f.HouseholdID, f.HouseholdID, p.Person.Ptr()}, true
		}
	}
	for _, f := range sides {
		if f.PersonID != nil && *f.PersonID == p.Person {
			return f.rater(), true
		}
	}
	return rater{}, false
}

func (f follower) rater() rater {
	if f.HouseholdID != nil {
		return rater{*f.HouseholdID, f.HouseholdID, f.PersonID}
	}
	return rater{*f.PersonID, nil, f.PersonID}
}

// onBehalf is the one whose answer the community writes down: the reporter of the order.
func onBehalf(o *Order) rater {
	if o.HouseholdID != nil || o.ReporterID != nil {
		return follower{PersonID: o.ReporterID, HouseholdID: o.HouseholdID}.rater()
	}
	return rater{key: o.ID}
}

// Rate answers for a household, once for each closure; the database refuses a second. Faults:
// workorder.rated_already, workorder.not_closed, workorder.rating_late.
func (s *Service) Rate(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, a Answer) error {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return err
	}
	if err := o.seenBy(p); err != nil {
		return err
	}
	actor, err := authz.Act(p, authz.OrderRate, o.tied(reporter))
	if err != nil {
		return forbidden(err, authz.OrderRate)
	}
	who, ok := raterOf(o, p)
	if !ok {
		return fault.New(fault.Forbidden, "auth.forbidden", "permission", string(authz.OrderRate))
	}
	return s.rateClosed(ctx, once, o, actor, who, channelSelf, a)
}

// forbidden is the refusal of something to somebody who may see the order.
func forbidden(err error, perm authz.Permission) error {
	if fault.Of(err).Kind == fault.NotFound {
		return fault.New(fault.Forbidden, "auth.forbidden", "permission", string(perm))
	}
	return err
}

// rateClosed stores an answer to the closure an order is in.
func (s *Service) rateClosed(ctx context.Context, once idem.Key, o *Order, actor authz.Actor, who rater, channel string, a Answer) error {
	if err := a.clean("body"); err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		if err := s.rateable(o, now); err != nil {
			return err
		}
		if err := hold(ctx, tx, o); err != nil {
			if isNoMatch(err) {
				return fault.New(fault.Conflict, "workorder.not_closed")
			}
			return err
		}
		return s.storeRating(ctx, tx, o, actor, who, channel, a, now)
	})
}

func (s *Service) rateable(o *Order, now clock.Instant) error {
	if o.State != Closed {
		return fault.New(fault.Conflict, "workorder.not_closed")
	}
	if now > o.ClosedAt.Add(days(s.Rules.WorkOrders.Rating.OpenDays)) {
		return fault.New(fault.Conflict, "workorder.rating_late")
	}
	return nil
}

// rateNow stores the answer given with the confirmation that closes the order.
func (s *Service) rateNow(ctx context.Context, tx *dbx.Tx, m *move, p authz.Principal, a Answer) error {
	closed := *m.order
	closed.Facts = m.next
	who, own := raterOf(&closed, p)
	channel := channelSelf
	if !own {
		who, channel = onBehalf(&closed), channelCallback
	}
	return s.storeRating(ctx, tx, &closed, m.actor, who, channel, a, m.now)
}

// storeRating writes rating, remark and, for a low answer, the community's call-back. Ratings are not events of
// the order: its version, which a company sees, must not tell that somebody rated.
func (s *Service) storeRating(ctx context.Context, tx *dbx.Tx, o *Order, actor authz.Actor, who rater, channel string, a Answer, now clock.Instant) error {
	r := Rating{
		ID: id.New(), OrderID: o.ID, ClosureNo: o.ClosureNo, RaterKey: who.key, HouseholdID: who.household, PersonID: who.person,
		Solved: a.Solved, Satisfied: a.Satisfied, Channel: channel, At: now,
	}
	if channel == channelCallback {
		r.RecordedBy = actor.Person.Ptr()
	}
	err := insertRating(ctx, tx, r)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "workorder.rated_already")
	}
	if err != nil {
		return err
	}
	if a.Remark != "" {
		if err := insertRemark(ctx, tx, o, r, a.Remark, a.PassOn); err != nil {
			return err
		}
	}
	if err := s.callBackIfLow(ctx, tx, o, a, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Entry{
		Actor: actor, Action: "workorder.rate", ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"closure": o.ClosureNo, "channel": channel, "assisted": channel == channelCallback},
	})
}

func (s *Service) callBackIfLow(ctx context.Context, tx *dbx.Tx, o *Order, a Answer, now clock.Instant) error {
	if a.Solved != SolvedNo && a.Satisfied > s.Rules.WorkOrders.Rating.LowAtMost {
		return nil
	}
	if err := s.openCallback(ctx, tx, o, o.ClosureNo, "low_rating", now); err != nil {
		return err
	}
	return outbox.Add(ctx, tx, now, "workorder.low_rating", o.ID, map[string]any{
		"order": o.ID, "number": o.Number, "closure": o.ClosureNo, "community": o.CommunityID, "street": o.StreetID,
	})
}

func (s *Service) openCallback(ctx context.Context, tx *dbx.Tx, o *Order, closure int64, reason string, now clock.Instant) error {
	rule := calendar.Rule{Count: s.Rules.WorkOrders.Rating.CallBackWorkingDays, Unit: calendar.WorkingDays}
	due, err := s.Rules.Calendar.Deadline(rule, clock.DateOf(now.Time()))
	if err != nil {
		return err
	}
	return insertCallback(ctx, tx, OrderCallback{
		ID: id.New(), OrderID: o.ID, ClosureNo: closure, CommunityID: o.CommunityID, StreetID: o.StreetID, Reason: reason, OpenedAt: now, DueAt: due.End(),
	})
}

// Called is what came of a call-back.
type Called struct {
	Outcome string // answered, unreachable, declined
	Note    string
	Answer  *Answer // the answer of somebody who has not rated: written down, and marked as such
}

func (c *Called) clean() error {
	if !slices.Contains([]string{"answered", "unreachable", "declined"}, c.Outcome) {
		return fault.InvalidField("body.outcome", "workorder.callback_outcome")
	}
	var err error
	if c.Note, err = text.Paragraph("body.note", c.Note, 0, 1000); err != nil || c.Answer == nil {
		return err
	}
	return c.Answer.clean("body.rating")
}

// RecordCallback ends the open call-back of an order and may write down the answer of a person without a phone.
// It is done by the community or the street office, never by who did the work.
func (s *Service) RecordCallback(ctx context.Context, p authz.Principal, once idem.Key, order id.ID, c Called) error {
	o, actor, err := s.byTheArea(ctx, p, order, authz.OrderCallback)
	if err != nil {
		return err
	}
	if err := c.clean(); err != nil {
		return err
	}
	now := s.now()
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, o.ID); err != nil || again {
			return err
		}
		return s.recordCallback(ctx, tx, o, actor, c, now)
	})
}

// byTheArea loads an order for what the community or the street does about it, independent of who handles it.
func (s *Service) byTheArea(ctx context.Context, p authz.Principal, order id.ID, perm authz.Permission) (*Order, authz.Actor, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err == nil {
		err = o.loadWorkers(ctx, s.DB)
	}
	if err != nil {
		return nil, authz.Actor{}, err
	}
	if err := o.seenBy(p); err != nil {
		return nil, authz.Actor{}, err
	}
	actor, err := authz.Act(p, perm, o.tied(byArea))
	if err != nil {
		return nil, authz.Actor{}, forbidden(err, perm)
	}
	if code := independent(situation{order: o, p: p}); code != "" {
		return nil, authz.Actor{}, fault.New(fault.Conflict, code)
	}
	return o, actor, nil
}

func (s *Service) recordCallback(ctx context.Context, tx *dbx.Tx, o *Order, actor authz.Actor, c Called, now clock.Instant) error {
	open, err := finishCallback(ctx, tx, o, actor.Person.Ptr(), c.Outcome, c.Note, now)
	if err != nil {
		return err
	}
	if !open && c.Answer == nil {
		return fault.New(fault.Conflict, "workorder.no_callback")
	}
	if c.Answer != nil {
		if err := s.rateable(o, now); err != nil {
			return err
		}
		if err := hold(ctx, tx, o); err != nil {
			return fault.New(fault.Conflict, "workorder.not_closed").Because(err)
		}
		if err := s.storeRating(ctx, tx, o, actor, onBehalf(o), channelCallback, *c.Answer, now); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, audit.Entry{
		Actor: actor, Action: "workorder.call_back", ObjectKind: "work_order", ObjectID: o.ID, ScopePath: o.ScopePath,
		Detail: map[string]any{"closure": o.closureInHand(), "outcome": c.Outcome},
	})
}

package credit

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/text"
)

// Decision is what was decided of an item, or of an appeal.
type Decision struct {
	Accept  bool // the item is entered; the appeal is right
	Reasons string
}

// answering reads a company for its own answer.
func (s *Service) answering(ctx context.Context, p authz.Principal, company id.ID) (authz.Actor, error) {
	c, err := s.Companies.Company(ctx, s.DB, company)
	if err != nil {
		return authz.Actor{}, err
	}
	return authz.Act(p, authz.CreditReply, c.object())
}

// Reply is the company's answer to a notice, once. Faults: credit.state, credit.replied, credit.too_late.
func (s *Service) Reply(ctx context.Context, p authz.Principal, company, which id.ID, t Taken, words string) (Item, error) {
	actor, err := s.answering(ctx, p, company)
	if err != nil {
		return Item{}, err
	}
	if words, err = text.Paragraph("body.reply", words, 2, 2000); err != nil {
		return Item{}, err
	}
	return s.step(ctx, company, which, t, actor, StepReply, func(i *Item, now clock.Instant) error {
		switch {
		case i.RepliedAt != nil:
			return fault.New(fault.Conflict, "credit.replied")
		case i.ReplyUntil == nil || clock.DateOf(now.Time()) > *i.ReplyUntil:
			return fault.New(fault.Conflict, "credit.too_late")
		}
		i.Reply, i.RepliedBy, i.RepliedAt = words, actor.Person.Ptr(), &now
		return nil
	})
}

// Decide enters an item or drops it, by another natural person than the one who gave notice; against a company not before it replied or
// the time for that is over. Faults: credit.state, credit.same_person, credit.reply_open, credit.involved.
func (s *Service) Decide(ctx context.Context, p authz.Principal, company, which id.ID, t Taken, d Decision) (Item, error) {
	c, actor, err := s.keeping(ctx, p, authz.CreditDecide, company)
	if err != nil {
		return Item{}, err
	}
	if d.Reasons, err = text.Paragraph("body.reasons", d.Reasons, 5, 2000); err != nil {
		return Item{}, err
	}
	return s.step(ctx, company, which, t, actor, StepDecide, func(i *Item, now clock.Instant) error {
		switch {
		case i.NoticedBy == actor.Person:
			return fault.New(fault.Forbidden, "credit.same_person")
		case i.ReplyUntil != nil && i.RepliedAt == nil && clock.DateOf(now.Time()) <= *i.ReplyUntil:
			return fault.New(fault.Conflict, "credit.reply_open", "until", string(*i.ReplyUntil))
		}
		i.DecidedBy, i.DecidedRole, i.DecidedAt, i.Accepted, i.Reasons = actor.Person.Ptr(), string(actor.Role), &now, d.Accept, d.Reasons
		if i.State = Dropped; !d.Accept {
			return nil
		}
		i.State = InForce
		return s.openAppeal(c, i)
	})
}

// openAppeal says until when an item against a company can be appealed.
func (s *Service) openAppeal(c Company, i *Item) error {
	if !i.Kind.against() {
		return nil
	}
	set, err := s.ruleSet(c, i.RuleSet)
	if err != nil {
		return err
	}
	due, err := s.Rules.Calendar.Deadline(calendar.Rule{Count: set.AppealDays, Unit: calendar.CalendarDays}, clock.DateOf(i.DecidedAt.Time()))
	i.AppealUntil = &due.Date
	return err
}

// Appeal is the company's appeal against an item, once. Until it is decided the item does not count. Faults: credit.state, credit.appealed,
// credit.too_late.
func (s *Service) Appeal(ctx context.Context, p authz.Principal, company, which id.ID, t Taken, words string) (Item, error) {
	actor, err := s.answering(ctx, p, company)
	if err != nil {
		return Item{}, err
	}
	if words, err = text.Paragraph("body.appeal", words, 5, 2000); err != nil {
		return Item{}, err
	}
	return s.step(ctx, company, which, t, actor, StepAppeal, func(i *Item, now clock.Instant) error {
		switch {
		case i.AppealedAt != nil:
			return fault.New(fault.Conflict, "credit.appealed")
		case i.AppealUntil == nil || clock.DateOf(now.Time()) > *i.AppealUntil:
			return fault.New(fault.Conflict, "credit.too_late")
		}
		i.State, i.Appeal, i.AppealedBy, i.AppealedAt = Appealed, words, actor.Person.Ptr(), &now
		return nil
	})
}

// Rule decides an appeal, by a person who neither gave notice nor decided. Faults: credit.state, credit.same_person, credit.involved.
func (s *Service) Rule(ctx context.Context, p authz.Principal, company, which id.ID, t Taken, d Decision) (Item, error) {
	_, actor, err := s.keeping(ctx, p, authz.CreditDecide, company)
	if err != nil {
		return Item{}, err
	}
	if d.Reasons, err = text.Paragraph("body.reasons", d.Reasons, 5, 2000); err != nil {
		return Item{}, err
	}
	return s.step(ctx, company, which, t, actor, StepRule, func(i *Item, now clock.Instant) error {
		if i.NoticedBy == actor.Person || id.OrNil(i.DecidedBy) == actor.Person {
			return fault.New(fault.Forbidden, "credit.same_person")
		}
		i.RuledBy, i.RuledRole, i.RuledAt, i.Kept, i.RuledWords = actor.Person.Ptr(), string(actor.Role), &now, !d.Accept, d.Reasons
		if i.State = InForce; d.Accept {
			i.State = Overturned
		}
		return nil
	})
}

// End takes an item out of the record from a day on: it was rectified, its fact ended, or the company leaves the blacklist. Past grades
// stay as they were. Faults: credit.state, credit.ends, credit.involved.
func (s *Service) End(ctx context.Context, p authz.Principal, company, which id.ID, t Taken, on clock.Date, reason string) (Item, error) {
	_, actor, err := s.keeping(ctx, p, authz.CreditEnter, company)
	if err != nil {
		return Item{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 5, 500); err != nil {
		return Item{}, err
	}
	return s.step(ctx, company, which, t, actor, StepEnd, func(i *Item, now clock.Instant) error {
		if on < i.ValidFrom || on > clock.DateOf(now.Time()) {
			return fault.InvalidField("body.on", "credit.ends")
		}
		i.State, i.EndedOn, i.EndedAt, i.EndedBy, i.EndedRole, i.EndReason = Ended, &on, &now, actor.Person.Ptr(), string(actor.Role), reason
		return nil
	})
}

// Enrol records that a company takes part in a credit system from now on, or no longer. Asking for what is so changes nothing.
func (s *Service) Enrol(ctx context.Context, p authz.Principal, once idem.Key, company id.ID, ruleSet string, enrolled bool) error {
	c, actor, err := s.keeping(ctx, p, authz.CreditEnter, company)
	if err != nil {
		return err
	}
	set, err := s.ruleSet(c, ruleSet)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, company); err != nil || again {
			return err
		}
		now, err := Moment(ctx, tx, company, s.now())
		if err != nil {
			return err
		}
		if is, err := enrolledAt(ctx, tx, company, set.Code, now); err != nil || is == enrolled {
			return err
		}
		change := leave
		if enrolled {
			change = enrol
		}
		err = change(ctx, tx, company, set.Code, actor.Person, now)
		if dbx.IsDuplicate(err) || errors.Is(err, dbx.ErrNoMatch) {
			return nil // somebody did it at the same moment
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: "credit.enrol", ObjectKind: "organisation", ObjectID: company, ScopePath: c.KeeperPath,
			Detail: map[string]any{"ruleSet": set.Code, "enrolled": enrolled}})
	})
}

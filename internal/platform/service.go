package platform

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// DemoAccounts lists the log-ins of a demonstration. Anywhere else, and to who may not read them, it is NotFound.
func (s *Service) DemoAccounts(v Visit) ([]DemoAccount, error) {
	list := s.accounts.Load()
	if list == nil || (list.here && !v.here()) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return list.accounts, nil
}

// Write takes what somebody who is logged in says about the platform. Faults: input.invalid (text.*);
// feedback.too_many (Conflict) while five of the person's wait for an answer.
func (s *Service) Write(ctx context.Context, p authz.Principal, once idem.Key, kind Kind, words string) (Feedback, error) {
	actor, err := authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}})
	if err != nil {
		return Feedback{}, err
	}
	if words, err = text.Paragraph("body.text", words, 1, 2000); err != nil {
		return Feedback{}, err
	}
	f := Feedback{ID: id.New(), Person: p.Person, Kind: kind, Text: words, WrittenAt: clock.Now(s.Clock), Version: 1}
	made := f.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, f.ID)
		if made = claimed; err != nil || again {
			return err
		}
		// A bound against floods: several that come at the same moment may pass it together, as many as the limit on writes lets through.
		waiting, err := countWaiting(ctx, tx, p.Person)
		if err != nil {
			return err
		}
		if waiting >= maxWaiting {
			return fault.New(fault.Conflict, "feedback.too_many", "most", maxWaiting)
		}
		if err := insertFeedback(ctx, tx, f); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "feedback.written", f)
	})
	if err != nil {
		return Feedback{}, err
	}
	return feedbackByID(ctx, s.DB, made)
}

// record notes that it happened, never what was written.
func (s *Service) record(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action string, f Feedback) error {
	return audit.Record(ctx, tx, clock.Now(s.Clock), audit.Entry{Actor: actor, Action: action, ObjectKind: "feedback", ObjectID: f.ID, Detail: map[string]string{"kind": string(f.Kind)}})
}

// Own lists what the caller wrote, newest first.
func (s *Service) Own(ctx context.Context, p authz.Principal, req page.Request) (page.Page[Feedback], error) {
	if err := authz.Require(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}}); err != nil {
		return page.Page[Feedback]{}, err
	}
	return listFeedback(ctx, s.DB, "person_id = ?", []any{p.Person}, req)
}

// List lists what everybody wrote, without their names, for the operator: what waits, or what was answered; newest first.
func (s *Service) List(ctx context.Context, p authz.Principal, answered bool, req page.Request) (page.Page[Feedback], error) {
	if err := authz.Require(p, authz.FeedbackAnswer, authz.Object{}); err != nil {
		return page.Page[Feedback]{}, err
	}
	if answered {
		return listFeedback(ctx, s.DB, "answered_at IS NOT NULL", nil, req)
	}
	return listFeedback(ctx, s.DB, "answered_at IS NULL", nil, req)
}

// Answer answers one, once; its writer is told. Faults: input.invalid (text.*); feedback.answered (Conflict).
func (s *Service) Answer(ctx context.Context, p authz.Principal, once idem.Key, which id.ID, words string) (Feedback, error) {
	actor, err := authz.Act(p, authz.FeedbackAnswer, authz.Object{})
	if err != nil {
		return Feedback{}, err
	}
	f, err := feedbackByID(ctx, s.DB, which)
	if dbx.IsNoRow(err) {
		return Feedback{}, fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Feedback{}, err
	}
	if words, err = text.Paragraph("body.answer", words, 1, 2000); err != nil {
		return Feedback{}, err
	}
	now := clock.Now(s.Clock)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		if err := answerFeedback(ctx, tx, which, words, p.Person, now); errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "feedback.answered")
		} else if err != nil {
			return err
		}
		if err := s.record(ctx, tx, actor, "feedback.answered", f); err != nil {
			return err
		}
		return outbox.Add(ctx, tx, now, "feedback.answered", which, map[string]any{"person": f.Person})
	})
	if err != nil {
		return Feedback{}, err
	}
	return feedbackByID(ctx, s.DB, which)
}

// Sweep clears the words of feedback that was answered longer ago than the inventory of personal data tells users, and who
// answered it; that something was written stays.
func (s *Service) Sweep(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return forgetAnswered(ctx, tx, personal.Cutoff(personal.FeedbackText, s.Clock.Now()))
	})
}

// Export is what the platform holds about a person's feedback, for the person (PIPL 45).
type Export struct {
	Written  []Feedback      `json:"written"`
	Answered []clock.Instant `json:"answered"` // when the person, as an operator, answered others
}

// ExportPerson gathers what a person wrote and when they answered others. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (out Export, err error) {
	if out.Written, err = feedbackOf(ctx, q, person); err != nil {
		return Export{}, err
	}
	out.Answered, err = answeredBy(ctx, q, person)
	return out, err
}

// ErasePerson clears what a person wrote and what was answered, and that the person answered others; that something was written stays.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	return eraseFeedback(ctx, tx, person, clock.Now(s.Clock))
}

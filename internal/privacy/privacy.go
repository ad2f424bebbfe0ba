// Package privacy gives people their rights over their own data (PIPL 15, 44-47; R2.10): what is held and
// why, consents and their withdrawal, who read it, a copy of it, its erasure. Facts stay: an order is still
// closed and a log still whole after its reporter is gone; only who it was can no longer be told.
package privacy

import (
	"context"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Part is a feature that holds data about persons.
type Part struct {
	Name   string
	Export func(ctx context.Context, q dbx.Querier, person id.ID) (any, error)
	// Erase clears what may be cleared. It runs in the one transaction that erases the person everywhere,
	// and refuses (Conflict) while the person has a task that others rely on, such as a post.
	Erase func(ctx context.Context, tx *dbx.Tx, person id.ID) error
	// Apart: the time of keeping its data begins with something else than that the person leaves, such as the end of an order; it
	// clears them itself.
	Apart bool
}

// Deps are what the service needs.
type Deps struct {
	DB       *dbx.DB
	Clock    clock.Clock
	Consents *personal.Consents
	Reads    *personal.Reads
	Parts    []Part
}

// Service is the use cases of a person about their own data.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

func own(p authz.Principal) (authz.Actor, error) {
	return authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}})
}

// alone is own for what only the person may do: a log-in that somebody else made possible, by a password of theirs or a
// ticket, neither takes a person's data out, nor ends their account, nor consents.
func alone(p authz.Principal) (authz.Actor, error) {
	if p.Limited != "" {
		return authz.Actor{}, fault.New(fault.Forbidden, p.Limited)
	}
	return own(p)
}

// Export gathers everything the platform holds about the caller, by part.
func (s *Service) Export(ctx context.Context, p authz.Principal) (map[string]any, error) {
	actor, err := alone(p)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"exportedAt": clock.Now(s.Clock)}
	for _, part := range s.Parts {
		if out[part.Name], err = part.Export(ctx, s.DB, p.Person); err != nil {
			return nil, err
		}
	}
	if out["consents"], err = s.Consents.List(ctx, s.DB, p.Person); err != nil {
		return nil, err
	}
	if out["reads"], err = s.Reads.OfSubject(ctx, s.DB, p.Person, id.Nil, 1000); err != nil {
		return nil, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "privacy.export", nil))
	})
	return out, err
}

// Erase clears the caller's personal data and ends the account; it cannot be undone. It is refused
// (Conflict) while the caller holds a post, and (Invalid) unless confirm repeats the word asked for.
func (s *Service) Erase(ctx context.Context, p authz.Principal, confirm string) error {
	actor, err := alone(p)
	if err != nil {
		return err
	}
	if confirm != "ERASE" {
		return fault.InvalidField("body.confirm", "privacy.confirm")
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		for _, part := range s.Parts {
			if part.Erase == nil {
				continue
			}
			if err := part.Erase(ctx, tx, p.Person); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "privacy.erase", nil))
	})
}

// Give records the caller's consent to the text they saw.
func (s *Service) Give(ctx context.Context, p authz.Principal, purpose personal.Purpose, shown personal.Version) error {
	actor, err := alone(p)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		err := s.Consents.Give(ctx, tx, personal.Giving{Person: p.Person, Purpose: purpose, Shown: shown, Channel: personal.ChannelSelf, RecordedBy: p.Person})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "privacy.consent", map[string]any{"purpose": purpose, "text": shown}))
	})
}

// Withdraw ends one of the caller's consents, at once.
func (s *Service) Withdraw(ctx context.Context, p authz.Principal, purpose personal.Purpose) error {
	actor, err := alone(p)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.Consents.Withdraw(ctx, tx, p.Person, purpose, p.Person); err != nil {
			return err
		}
		return audit.Record(ctx, tx, clock.Now(s.Clock), entry(actor, "privacy.withdraw", map[string]any{"purpose": purpose}))
	})
}

// Own lists the caller's consents, oldest first.
func (s *Service) Own(ctx context.Context, p authz.Principal) ([]personal.Consent, error) {
	if _, err := own(p); err != nil {
		return nil, err
	}
	return s.Consents.List(ctx, s.DB, p.Person)
}

// Seen lists who read the caller's data in clear: roles, reasons and times, newest first (R6.7).
func (s *Service) Seen(ctx context.Context, p authz.Principal, req page.Request) (page.Page[personal.Seen], error) {
	var none page.Page[personal.Seen]
	if _, err := own(p); err != nil {
		return none, err
	}
	after, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return none, err
	}
	before := id.Nil
	if after != nil {
		if before, err = id.Parse(after[0]); err != nil {
			return none, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	rows, err := s.Reads.OfSubject(ctx, s.DB, p.Person, before, req.Size()+1)
	if err != nil {
		return none, err
	}
	return page.Cut(rows, req.Size(), func(r personal.Seen) []string { return []string{r.ID.String()} }), nil
}

func entry(actor authz.Actor, action string, detail any) audit.Entry {
	return audit.Entry{Actor: actor, Action: action, ObjectKind: "person", ObjectID: actor.Person, Detail: detail}
}

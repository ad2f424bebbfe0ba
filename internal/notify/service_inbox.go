package notify

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
)

func own(p authz.Principal) error {
	return authz.Require(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}})
}

func badCursor() error { return fault.InvalidField("query.cursor", "page.cursor") }

func notFound(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

// Inbox lists the caller's messages, newest first.
func (s *Service) Inbox(ctx context.Context, p authz.Principal, unread bool, req page.Request) (page.Page[Message], error) {
	if err := own(p); err != nil {
		return page.Page[Message]{}, err
	}
	after, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Message]{}, err
	}
	var before id.ID
	if after != nil {
		if before, err = id.Parse(after[0]); err != nil {
			return page.Page[Message]{}, badCursor()
		}
	}
	list, err := messagesOf(ctx, s.DB, p.Person, before, unread, req.Size()+1)
	if err != nil {
		return page.Page[Message]{}, err
	}
	return page.Cut(list, req.Size(), func(m Message) []string { return []string{m.ID.String()} }), nil
}

// about tells what messages are about, as the reader may see it now. It is not part of what is sent elsewhere: titles and places are a
// person's words.
func (s *Service) about(ctx context.Context, p authz.Principal, messages []Message) (map[id.ID]About, error) {
	out := map[id.ID]About{}
	for _, kind := range []Kind{OfOrders, OfRenovations, OfFundRequests} {
		which := map[id.ID]bool{}
		for _, m := range messages {
			if strings.HasPrefix(m.Topic, string(kind)+".") {
				which[m.Subject] = true
			}
		}
		if len(which) == 0 {
			continue
		}
		found, err := s.Subjects.About(ctx, p, kind, slices.Collect(maps.Keys(which)))
		if err != nil {
			return nil, err
		}
		maps.Copy(out, found)
	}
	return out, nil
}

// Unread counts the caller's unread messages.
func (s *Service) Unread(ctx context.Context, p authz.Principal) (int64, error) {
	if err := own(p); err != nil {
		return 0, err
	}
	return unreadOf(ctx, s.DB, p.Person)
}

// MarkRead marks one of the caller's messages as read; doing it again changes nothing.
func (s *Service) MarkRead(ctx context.Context, p authz.Principal, message id.ID) error {
	if err := own(p); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return notFound(markRead(ctx, tx, p.Person, message, s.now()))
	})
}

// MarkAllRead marks the caller's messages up to the newest one they have seen; what came after it stays
// unread.
func (s *Service) MarkAllRead(ctx context.Context, p authz.Principal, upTo id.ID) error {
	if err := own(p); err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return markAllRead(ctx, tx, p.Person, upTo, s.now())
	})
}

// Preferences are how the caller wants to be told.
func (s *Service) Preferences(ctx context.Context, p authz.Principal) (Preferences, error) {
	if err := own(p); err != nil {
		return Preferences{}, err
	}
	return s.preferences(ctx, p.Person)
}

func (s *Service) preferences(ctx context.Context, person id.ID) (Preferences, error) {
	all, err := preferencesOf(ctx, s.DB, []id.ID{person})
	if err != nil {
		return Preferences{}, err
	}
	if set, ok := all[person]; ok {
		return set, nil
	}
	return defaults(s.Quiet), nil
}

// SetPreferences replaces version want.Version of the caller's preferences. What already waits keeps its
// way, but new quiet hours hold it up. Faults: input.invalid (notify.sms_choice, notify.digest,
// notify.quiet); version.stale.
func (s *Service) SetPreferences(ctx context.Context, p authz.Principal, want Preferences) (Preferences, error) {
	if err := own(p); err != nil {
		return Preferences{}, err
	}
	if err := want.check(); err != nil {
		return Preferences{}, err
	}
	actor := p.Actor(authz.Grant{Role: authz.RoleAccount})
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := stale(savePreferences(ctx, tx, p.Person, want)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: "account.notifications", ObjectKind: "person", ObjectID: p.Person})
	})
	if err != nil {
		return Preferences{}, err
	}
	return s.preferences(ctx, p.Person)
}

// Export is what this package holds about a person, for the person (PIPL 45).
type Export struct {
	Messages []ExportedMessage `json:"messages"`
	Digest   Cadence           `json:"digest"`
	SMS      map[Group]Choice  `json:"sms"`
}

// ExportedMessage is an inbox message of an Export.
type ExportedMessage struct {
	At     clock.Instant  `json:"at"`
	Title  string         `json:"title"`
	Body   string         `json:"body"`
	ReadAt *clock.Instant `json:"readAt,omitempty"`
}

// ExportPerson gathers what this package holds about a person. The caller checks that the person asks.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (Export, error) {
	set, err := preferencesOf(ctx, q, []id.ID{person})
	if err != nil {
		return Export{}, err
	}
	p, ok := set[person]
	if !ok {
		p = defaults(s.Quiet)
	}
	out := Export{Messages: []ExportedMessage{}, Digest: p.Digest, SMS: p.SMS}
	var last id.ID
	for {
		list, err := messagesOf(ctx, q, person, last, false, page.Max)
		if err != nil {
			return Export{}, err
		}
		for _, m := range list {
			out.Messages = append(out.Messages, ExportedMessage{m.At, titleOf(m.Template, Chinese, m.Params), bodyOf(m.Template, Chinese, m.Params), m.ReadAt})
			last = m.ID
		}
		if len(list) < page.Max {
			return out, nil
		}
	}
}

// ErasePerson deletes the person's inbox and preferences and discards what waits for their phone.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	return eraseInbox(ctx, tx, person)
}

// DeadLetters lists what was given up, newest first.
func (s *Service) DeadLetters(ctx context.Context, p authz.Principal, req page.Request) (page.Page[DeadLetter], error) {
	if err := authz.Require(p, authz.SystemRead, authz.Object{}); err != nil {
		return page.Page[DeadLetter]{}, err
	}
	return deadLetters(ctx, s.DB, req)
}

// RepeatDead lets a dead letter be tried anew, with the same identifier. not_found: it is not dead.
func (s *Service) RepeatDead(ctx context.Context, p authz.Principal, which id.ID) error {
	now := s.now()
	return s.decideDead(ctx, p, "dead_letter.repeat", which,
		func(ctx context.Context, tx *dbx.Tx) error { return outbox.Revive(ctx, tx, which, now) },
		func(ctx context.Context, tx *dbx.Tx) error { return reviveDelivery(ctx, tx, which, now) })
}

// DiscardDead gives a dead letter up for good. not_found: it is not dead.
func (s *Service) DiscardDead(ctx context.Context, p authz.Principal, which id.ID) error {
	return s.decideDead(ctx, p, "dead_letter.discard", which,
		func(ctx context.Context, tx *dbx.Tx) error { return outbox.Discard(ctx, tx, which) },
		func(ctx context.Context, tx *dbx.Tx) error { return discardDelivery(ctx, tx, which) })
}

func (s *Service) decideDead(ctx context.Context, p authz.Principal, action string, which id.ID, event, message dbx.Body) error {
	actor, err := authz.Act(p, authz.SystemManage, authz.Object{})
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		kind, err := "outbox", event(ctx, tx)
		if errors.Is(err, dbx.ErrNoMatch) {
			kind, err = "delivery", message(ctx, tx)
		}
		if err != nil {
			return notFound(err)
		}
		return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: kind, ObjectID: which})
	})
}

package notify

import (
	"context"
	"errors"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
)

// keeper is the capacity in which p manages the webhooks of an organisation: only somebody with a post in
// that very organisation does.
func keeper(p authz.Principal, org id.ID) (authz.Actor, error) {
	obj := authz.Object{Orgs: []id.ID{org}}
	for _, g := range p.Grants {
		if g.Org == org {
			obj.Path = g.Path
		}
	}
	return authz.Act(p, authz.WebhookManage, obj)
}

// Webhooks lists the webhooks of an organisation.
func (s *Service) Webhooks(ctx context.Context, p authz.Principal, org id.ID) ([]Webhook, error) {
	if _, err := keeper(p, org); err != nil {
		return nil, err
	}
	return webhooksOf(ctx, s.DB, org)
}

// Webhook is one webhook of an organisation the caller manages.
func (s *Service) Webhook(ctx context.Context, p authz.Principal, which id.ID) (Webhook, error) {
	w, _, err := s.kept(ctx, p, which)
	return w, err
}

func (s *Service) kept(ctx context.Context, p authz.Principal, which id.ID) (Webhook, authz.Actor, error) {
	if _, err := authz.Holds(p, authz.WebhookManage); err != nil {
		return Webhook{}, authz.Actor{}, err
	}
	w, err := webhookByID(ctx, s.DB, which)
	if dbx.IsNoRow(err) {
		return w, authz.Actor{}, fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return w, authz.Actor{}, err
	}
	actor, err := keeper(p, w.Org)
	if err != nil {
		return Webhook{}, actor, err
	}
	return w, actor, nil
}

// hooksAtMost bounds the webhooks of an organisation.
const hooksAtMost = 20

// AddWebhook enters a webhook. Faults: input.invalid (notify.url, notify.secret, notify.topics);
// notify.too_many (Conflict).
func (s *Service) AddWebhook(ctx context.Context, p authz.Principal, once idem.Key, org id.ID, d HookDraft) (Webhook, error) {
	actor, err := keeper(p, org)
	if err != nil {
		return Webhook{}, err
	}
	if err := d.check(s.Network, nil); err != nil {
		return Webhook{}, err
	}
	now := s.now()
	w := Webhook{ID: id.New(), Org: org, Kind: d.Kind, State: HookActive, CreatedAt: now, Version: 1}
	if err := s.take(&w, d); err != nil {
		return Webhook{}, err
	}
	made := w.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, w.ID)
		if made = claimed; err != nil || again {
			return err
		}
		there, err := webhooksOf(ctx, tx, org)
		if err != nil {
			return err
		}
		if len(there) >= hooksAtMost {
			return fault.New(fault.Conflict, "notify.too_many", "most", hooksAtMost)
		}
		if err := insertWebhook(ctx, tx, w); err != nil {
			return err
		}
		return s.recordHook(ctx, tx, actor, "webhook.add", w)
	})
	if err != nil {
		return Webhook{}, err
	}
	return webhookByID(ctx, s.DB, made)
}

// take puts the draft's values into the webhook, sealing address and key.
func (s *Service) take(w *Webhook, d HookDraft) (err error) {
	w.Name, w.Topics = d.Name, d.Topics
	if d.URL != "" {
		u, _ := s.Network.checkURL(d.URL) // checked with the draft
		w.Host = u.Host
		if w.URLCipher, err = s.Secrets.Seal(w.ID, d.URL); err != nil {
			return err
		}
	}
	if d.Secret != "" {
		w.SecretCipher, err = s.Secrets.Seal(w.ID, d.Secret)
	}
	return err
}

// ChangeWebhook replaces name, topics and state, and address and secret where they are given. Faults as of
// AddWebhook; version.stale.
func (s *Service) ChangeWebhook(ctx context.Context, p authz.Principal, which id.ID, version int64, d HookDraft) (Webhook, error) {
	w, actor, err := s.kept(ctx, p, which)
	if err != nil {
		return Webhook{}, err
	}
	d.Kind = w.Kind
	if err := d.check(s.Network, &w); err != nil {
		return Webhook{}, err
	}
	if err := s.take(&w, d); err != nil {
		return Webhook{}, err
	}
	w.State, w.Version = d.State, version
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := stale(updateWebhook(ctx, tx, w)); err != nil {
			return err
		}
		return s.recordHook(ctx, tx, actor, "webhook.change", w)
	})
	if err != nil {
		return Webhook{}, err
	}
	return webhookByID(ctx, s.DB, which)
}

// RemoveWebhook ends a webhook and forgets its address and secret; what waits for it is discarded.
func (s *Service) RemoveWebhook(ctx context.Context, p authz.Principal, which id.ID, version int64) error {
	w, actor, err := s.kept(ctx, p, which)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := stale(removeWebhook(ctx, tx, which, version)); err != nil {
			return err
		}
		if err := dropFor(ctx, tx, which); err != nil {
			return err
		}
		return s.recordHook(ctx, tx, actor, "webhook.remove", w)
	})
}

// TestWebhook sends a test message at once and returns the webhook with how it went: LastError is empty
// when it was taken. It counts among the robot's messages of the minute. Faults: notify.paused (Conflict);
// notify.robot_busy (RateLimited).
func (s *Service) TestWebhook(ctx context.Context, p authz.Principal, which id.ID) (Webhook, error) {
	w, actor, err := s.kept(ctx, p, which)
	if err != nil {
		return Webhook{}, err
	}
	if w.State != HookActive {
		return Webhook{}, fault.New(fault.Conflict, "notify.paused")
	}
	l, err := s.claimTest(ctx, w, actor)
	if err != nil {
		return Webhook{}, err
	}
	failed := s.dispatch(ctx, l)
	if failed != nil { // a test is not repeated by itself
		code, _ := reason(failed)
		failed = &failure{code: code, final: true, cause: failed}
	}
	if err := s.settle(context.WithoutCancel(ctx), l, failed); err != nil {
		return Webhook{}, err
	}
	return webhookByID(ctx, s.DB, which)
}

// claimTest writes the test as a delivery that is already claimed.
func (s *Service) claimTest(ctx context.Context, w Webhook, actor authz.Actor) (load, error) {
	now := s.now()
	d := delivery{ID: id.New(), Event: id.New(), Channel: ToHook, Recipient: w.ID, Topic: "webhook.test", Subject: w.ID, Template: "webhook_test",
		Params: params{}, Urgency: Emergency, EventAt: now, DueAt: now}
	l := load{target: target{ID: d.ID, Channel: ToHook, Recipient: w.ID, Urgency: Emergency}, claim: id.New()}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		n, first, err := sentSince(ctx, tx, w.ID, now.Add(-robotWithin))
		if err != nil {
			return err
		}
		if n >= robotAtMost {
			return fault.New(fault.RateLimited, "notify.robot_busy").After(first.Add(robotWithin).Sub(now))
		}
		if err := insertDeliveries(ctx, tx, []delivery{d}, now); err != nil {
			return err
		}
		if l.rows, err = claimTarget(ctx, tx, l.target, l.claim, now, now.Add(claimFor)); err != nil {
			return err
		}
		return s.recordHook(ctx, tx, actor, "webhook.test", w)
	})
	return l, err
}

func (s *Service) recordHook(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action string, w Webhook) error {
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: "webhook", ObjectID: w.ID,
		Detail: map[string]any{"org": w.Org, "kind": w.Kind, "host": w.Host, "topics": w.Topics, "state": w.State}})
}

// stale turns a conditional update that matched nothing into the fault version.stale.
func stale(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "version.stale")
	}
	return err
}

package notify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// HookKind is the form in which a webhook is told.
type HookKind string

// The forms: our own signed JSON, and the group robots of three platforms.
const (
	Generic  HookKind = "generic"
	WeCom    HookKind = "wecom"
	DingTalk HookKind = "dingtalk"
	Feishu   HookKind = "feishu"
)

// robot tells whether people in a group read what is sent.
func (k HookKind) robot() bool { return k != Generic }

// HookState is whether a webhook is told.
type HookState string

// The states of a webhook.
const (
	HookActive  HookState = "active"
	HookPaused  HookState = "paused"
	HookRemoved HookState = "removed"
)

// Topics is what a webhook is told about: exact topics, or "workorder.*" for all of a kind, or "*".
type Topics []string

// Scan reads the stored form, words separated by spaces.
func (t *Topics) Scan(src any) error {
	switch v := src.(type) {
	case string:
		*t = strings.Fields(v)
	case []byte:
		*t = strings.Fields(string(v))
	default:
		return fmt.Errorf("cannot read %T as topics", src)
	}
	return nil
}

func (t Topics) text() string { return strings.Join(t, " ") }

func (t Topics) has(topic string) bool {
	kind, _, _ := strings.Cut(topic, ".")
	return slices.Contains(t, topic) || slices.Contains(t, kind+".*") || slices.Contains(t, "*")
}

// known tells whether each of them names a topic that the table has.
func (t Topics) known() bool {
	return !slices.ContainsFunc(t, func(want string) bool {
		for name := range topics {
			if (Topics{want}).has(name) {
				return false
			}
		}
		return true
	})
}

// Webhook is an address of an organisation that is told. The address of a robot holds its token, so it is
// kept sealed like the key, and never shown again in full.
type Webhook struct {
	ID           id.ID          `db:"id"`
	Org          id.ID          `db:"org_id"`
	Kind         HookKind       `db:"kind"`
	Name         string         `db:"name"`
	Host         string         `db:"host"`
	URLCipher    []byte         `db:"url_cipher"`
	SecretCipher []byte         `db:"secret_cipher"`
	Topics       Topics         `db:"topics"`
	State        HookState      `db:"state"`
	SentAt       *clock.Instant `db:"sent_at"`
	LastError    string         `db:"last_error"`
	CreatedAt    clock.Instant  `db:"created_at"`
	Version      int64          `db:"version"`
}

// HookDraft is what a client enters. In a change, an empty URL or secret leaves what there is.
type HookDraft struct {
	Kind   HookKind
	Name   string
	URL    string
	Secret string
	Topics []string
	State  HookState
}

// The least length of the key of our own form, and the most of any.
const (
	secretAtLeast = 16
	secretAtMost  = 128
	topicsAtMost  = 40
)

// check cleans the draft. In a change (kept non-nil) address and secret may be absent.
func (d *HookDraft) check(n Network, kept *Webhook) (err error) {
	var wrong fault.Collect
	if d.Name, err = text.Line("body.name", d.Name, 1, 60); err != nil {
		return err
	}
	if u, ok := n.checkURL(d.URL); (d.URL != "" || kept == nil) && (!ok || len(u.Host) > 260) {
		wrong.Add("body.url", "notify.url")
	}
	needed := d.Kind == Generic && (d.Secret != "" || kept == nil || len(kept.SecretCipher) == 0)
	if len(d.Secret) > secretAtMost || (needed && len(d.Secret) < secretAtLeast) || (d.Kind == WeCom && d.Secret != "") {
		wrong.Add("body.secret", "notify.secret", "least", secretAtLeast, "most", secretAtMost)
	}
	if len(d.Topics) == 0 || len(d.Topics) > topicsAtMost || !Topics(d.Topics).known() {
		wrong.Add("body.topics", "notify.topics")
	}
	slices.Sort(d.Topics)
	d.Topics = slices.Compact(d.Topics)
	return wrong.Err()
}

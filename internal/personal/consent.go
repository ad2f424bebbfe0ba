package personal

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Purpose is what a person consents to. Only what no contract and no duty already allows asks for
// consent (PIPL 13), and refusing it takes no service away (PIPL 16).
type Purpose string

// The purposes that need consent.
const (
	PurposeHelper        Purpose = "helper"         // somebody acts for the person on the platform
	PurposeServiceNeed   Purpose = "service_need"   // a note on needs such as trouble walking: sensitive (PIPL 29)
	PurposeIdentityParty Purpose = "identity_party" // the party complained about may learn who complained
	PurposePartyLabel    Purpose = "party_label"    // Party membership is shown beside the name (PIPL 29)
	PurposeSMSSurvey     Purpose = "sms_survey"     // invitations to surveys by SMS
)

// Wording is what the person is shown before consenting.
type Wording struct {
	Purpose   Purpose
	ZH, EN    string
	Sensitive bool // separate consent (PIPL 29)
}

// Wordings are the texts now shown. A change of a text makes a new version, to which nobody has
// consented yet; the old consents stay on record with the old version.
var Wordings = []Wording{
	{Purpose: PurposeHelper,
		ZH: "我同意由我指定的人在本平台代我报修、评价和查看我的工单。我可以随时撤回，撤回后对方立即不能再代办。",
		EN: "I agree that the person I name reports, rates and sees work orders for me on this platform. I can withdraw this at any time, with effect at once."},
	{Purpose: PurposeServiceNeed, Sensitive: true,
		ZH: "我同意社区记录我的服务需要（例如行动不便），仅供社区工作人员安排服务时查看。我可以随时撤回，撤回后记录即删除。",
		EN: "I agree that the community notes what help I need, such as trouble walking, seen only by community staff when they arrange services. I can withdraw this at any time; the note is then deleted."},
	{Purpose: PurposeIdentityParty,
		ZH: "我同意将我的姓名告知被反映的一方，以便其与我沟通。不同意不影响事项的办理。我可以随时撤回。",
		EN: "I agree that the party I complain about learns my name so that they can speak with me. The case is handled all the same if I do not agree. I can withdraw this at any time."},
	{Purpose: PurposePartyLabel, Sensitive: true,
		ZH: "我同意在我的姓名旁显示党员身份。这属于敏感个人信息，不同意不影响任何服务。我可以随时撤回。",
		EN: "I agree that my Party membership is shown beside my name. This is sensitive information; no service depends on it. I can withdraw this at any time."},
	{Purpose: PurposeSMSSurvey,
		ZH: "我同意接收满意度调查的邀请短信。不同意不影响任何服务。我可以随时撤回。",
		EN: "I agree to invitations to surveys by SMS. No service depends on it. I can withdraw this at any time."},
}

// Version identifies a wording: the SHA-256 of its texts.
type Version [32]byte

// Version returns the hash of the purpose and both texts.
func (w Wording) Version() Version {
	return sha256.Sum256([]byte(string(w.Purpose) + "\x00" + w.ZH + "\x00" + w.EN))
}

// String returns the version in hexadecimal.
func (v Version) String() string { return hex.EncodeToString(v[:]) }

// MarshalText writes the version in hexadecimal.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (v *Version) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err != nil || len(b) != len(v) {
		return errors.New("not a version: want 64 hexadecimal digits")
	}
	copy(v[:], b)
	return nil
}

// Value stores the 32 bytes.
func (v Version) Value() (driver.Value, error) { return v[:], nil }

// Scan reads the 32 bytes.
func (v *Version) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok || len(b) != len(v) {
		return fmt.Errorf("cannot read %T as a version", src)
	}
	copy(v[:], b)
	return nil
}

// WordingOf returns the text now shown for a purpose.
func WordingOf(p Purpose) (Wording, bool) {
	for _, w := range Wordings {
		if w.Purpose == p {
			return w, true
		}
	}
	return Wording{}, false
}

// Channel is how a consent reached the platform.
type Channel string

// The channels. Paper and front desk make consent as easy for those without a phone.
const (
	ChannelSelf  Channel = "self"
	ChannelDesk  Channel = "desk"
	ChannelPaper Channel = "paper"
)

// Consent is one consent, in force until withdrawn.
type Consent struct {
	ID          id.ID          `db:"id"`
	Person      id.ID          `db:"person_id"`
	Purpose     Purpose        `db:"purpose"`
	TextHash    Version        `db:"text_hash"`
	Channel     Channel        `db:"channel"`
	RecordedBy  id.ID          `db:"recorded_by"` // the person, or who wrote it down for them
	GivenAt     clock.Instant  `db:"given_at"`
	WithdrawnAt *clock.Instant `db:"withdrawn_at"`
	WithdrawnBy *id.ID         `db:"withdrawn_by"`
}

// Giving is a consent being given.
type Giving struct {
	Person     id.ID
	Purpose    Purpose
	Shown      Version // the version of the text that the person saw
	Channel    Channel
	RecordedBy id.ID
}

// Consents is the consent ledger: rows are added and ended, never changed otherwise or deleted.
type Consents struct{ clock clock.Clock }

// NewConsents returns the ledger.
func NewConsents(c clock.Clock) *Consents { return &Consents{clock: c} }

// Give records a consent to the text now shown; one to an older text of the same purpose ends with it.
// Giving again what is in force changes nothing. Faults: input.invalid for an unknown purpose or
// channel; personal.consent_text_changed (Conflict) when the person saw another text than the present.
func (c *Consents) Give(ctx context.Context, tx *dbx.Tx, g Giving) error {
	w, err := g.check()
	if err != nil {
		return err
	}
	if w.Version() != g.Shown {
		return fault.New(fault.Conflict, "personal.consent_text_changed")
	}
	row := Consent{ID: id.New(), Person: g.Person, Purpose: g.Purpose, TextHash: g.Shown, Channel: g.Channel,
		RecordedBy: g.RecordedBy, GivenAt: clock.Now(c.clock)}
	if err := supersedeConsent(ctx, tx, row); err != nil {
		return err
	}
	if err := insertConsent(ctx, tx, row); err != nil && !dbx.IsDuplicate(err) {
		return err
	}
	return nil
}

func (g Giving) check() (Wording, error) {
	var wrong fault.Collect
	w, known := WordingOf(g.Purpose)
	if !known {
		wrong.Add("body.purpose", "personal.purpose_unknown")
	}
	if g.Channel != ChannelSelf && g.Channel != ChannelDesk && g.Channel != ChannelPaper {
		wrong.Add("body.channel", "personal.channel_unknown")
	}
	return w, wrong.Err()
}

// Withdraw ends the consent in force, at once and without a reason asked (PIPL 15). The fault
// personal.consent_none (NotFound) when there is none.
func (c *Consents) Withdraw(ctx context.Context, tx *dbx.Tx, person id.ID, p Purpose, by id.ID) error {
	n, err := withdrawConsent(ctx, tx, person, p, by, clock.Now(c.clock))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "personal.consent_none")
	}
	return nil
}

// Require returns nil while a consent of the person for the purpose is in force, to whatever version of
// its text; otherwise the fault personal.consent_missing (Forbidden).
func (c *Consents) Require(ctx context.Context, q dbx.Querier, person id.ID, p Purpose) error {
	has, err := c.Has(ctx, q, person, p)
	if err == nil && !has {
		return fault.New(fault.Forbidden, "personal.consent_missing", "purpose", string(p))
	}
	return err
}

// Has tells whether a consent of the person for the purpose is in force.
func (c *Consents) Has(ctx context.Context, q dbx.Querier, person id.ID, p Purpose) (bool, error) {
	_, err := consentInForce(ctx, q, person, p)
	if dbx.IsNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// Among tells which of the persons have a consent for the purpose in force.
func (c *Consents) Among(ctx context.Context, q dbx.Querier, persons []id.ID, p Purpose) (map[id.ID]bool, error) {
	return agreedAmong(ctx, q, persons, p)
}

// List returns every consent the person ever gave, oldest first.
func (c *Consents) List(ctx context.Context, q dbx.Querier, person id.ID) ([]Consent, error) {
	return consentsOf(ctx, q, person)
}

package ratelimit

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/redproperty/redproperty/internal/id"
)

// MaxAttachmentMiB is the most that one upload may cost: no configured burst may be smaller.
const MaxAttachmentMiB = 64

// BuilderConfig is what a Builder needs.
type BuilderConfig struct {
	Defaults Defaults
	// Overrides may be nil: none.
	Overrides *Overrides
	// Key is the secret of the HMACs, at least MinKeyBytes long. With another key all buckets begin anew
	// and overrides of personal keys no longer match, so keep it.
	Key []byte
}

// Builder makes the batches, one method per use. Its first argument is always the context of the hash tag:
// of the deployment or the place served, the same for all requests of one actor. Errors of its methods are
// the Err… values of this package.
type Builder struct {
	defaults  Defaults
	overrides *Overrides
	keys      keyer
}

// NewBuilder refuses a short key.
func NewBuilder(cfg BuilderConfig) (*Builder, error) {
	if len(cfg.Key) < MinKeyBytes {
		return nil, fmt.Errorf("ratelimit: the HMAC key has %d bytes, needs %d", len(cfg.Key), MinKeyBytes)
	}
	return &Builder{defaults: cfg.Defaults, overrides: cfg.Overrides, keys: keyer{secret: append([]byte(nil), cfg.Key...)}}, nil
}

// LoginAttempt asks, before a password is looked at, whether the log-in name has failed too often, from
// anywhere and from this address, and counts the attempt in the address's guard. account is what was typed,
// whether or not such an account exists. Simultaneous guesses can all pass; LoginReserve does not let them.
func (b *Builder) LoginAttempt(context, account string, addr netip.Addr) (Batch, error) {
	return b.login(context, account, addr, CheckOnly).add(AnonymousLoginsPerAddress, CheckAndSpend, 1, b.keys.address(addr)).batch()
}

// LoginReserve is LoginAttempt for a caller that verifies passwords concurrently: it takes the token of a
// failure beforehand. LoginSucceeded gives it back by its reset; after a failure nothing is left to do;
// where no verdict was reached, Limiter.Refund gives it back.
func (b *Builder) LoginReserve(context, account string, addr netip.Addr) (Batch, error) {
	return b.login(context, account, addr, CheckAndSpend).add(AnonymousLoginsPerAddress, CheckAndSpend, 1, b.keys.address(addr)).batch()
}

// LoginFailed counts a wrong password after LoginAttempt.
func (b *Builder) LoginFailed(context, account string, addr netip.Addr) (Batch, error) {
	return b.login(context, account, addr, SpendOnly).batch()
}

// LoginSucceeded forgets the failures of the log-in name.
func (b *Builder) LoginSucceeded(context, account string, addr netip.Addr) (Batch, error) {
	return b.login(context, account, addr, ResetOnly).batch()
}

func (b *Builder) login(context, account string, addr netip.Addr, kind Kind) *draft {
	who := b.keys.handle(account)
	return b.draft(context).
		add(LoginFailuresPerAccount, kind, 1, who).
		add(LoginFailuresPerAccountAddress, kind, 1, who, b.keys.address(addr))
}

// CodeRequest asks for a one-time code by SMS to phone: spaced, per day, and in the address's guard. What all
// codes of a month may cost is bounded elsewhere, where they are sent.
func (b *Builder) CodeRequest(context, phone string, addr netip.Addr) (Batch, error) {
	who := b.keys.handle(phone)
	return b.draft(context).
		add(SMSCodesPerPhone, CheckAndSpend, 1, who).
		add(SMSCodesPerPhoneDay, CheckAndSpend, 1, who).
		add(AnonymousCodesPerAddress, CheckAndSpend, 1, b.keys.address(addr)).
		batch()
}

// CodeForMember is CodeRequest for a code that a member of the staff or the program itself causes, where the
// client's address says nothing about the phone's owner.
func (b *Builder) CodeForMember(context, phone string) (Batch, error) {
	who := b.keys.handle(phone)
	return b.draft(context).
		add(SMSCodesPerPhone, CheckAndSpend, 1, who).
		add(SMSCodesPerPhoneDay, CheckAndSpend, 1, who).
		batch()
}

// OTPAttempt asks, before a one-time code is compared, whether too many wrong ones were entered for phone.
func (b *Builder) OTPAttempt(context, phone string) (Batch, error) {
	return b.one(context, OTPFailuresPerPhone, CheckOnly, b.keys.handle(phone))
}

// OTPReserve is to OTPAttempt what LoginReserve is to LoginAttempt.
func (b *Builder) OTPReserve(context, phone string) (Batch, error) {
	return b.one(context, OTPFailuresPerPhone, CheckAndSpend, b.keys.handle(phone))
}

// OTPFailed counts a wrong one-time code after OTPAttempt.
func (b *Builder) OTPFailed(context, phone string) (Batch, error) {
	return b.one(context, OTPFailuresPerPhone, SpendOnly, b.keys.handle(phone))
}

// OTPSucceeded forgets the wrong codes entered for phone.
func (b *Builder) OTPSucceeded(context, phone string) (Batch, error) {
	return b.one(context, OTPFailuresPerPhone, ResetOnly, b.keys.handle(phone))
}

// AnonymousRead counts a read of a public page by a caller who is not logged in.
func (b *Builder) AnonymousRead(context string, addr netip.Addr) (Batch, error) {
	return b.one(context, AnonymousReadsPerAddress, CheckAndSpend, b.keys.address(addr))
}

// WorkOrder counts a work order that a resident reports.
func (b *Builder) WorkOrder(context string, account id.ID) (Batch, error) {
	who := idPart(account)
	return b.draft(context).
		add(WorkOrdersPerAccountHour, CheckAndSpend, 1, who).
		add(WorkOrdersPerAccountDay, CheckAndSpend, 1, who).
		batch()
}

// DeskOrder counts a work order that a front desk takes down for a caller.
func (b *Builder) DeskOrder(context string, account id.ID) (Batch, error) {
	return b.one(context, DeskOrdersPerAccountHour, CheckAndSpend, idPart(account))
}

// Attachment counts the begun MiB of an upload. It returns ErrCost for a negative size and for more than
// MaxAttachmentMiB, which the size limit of uploads refuses before.
func (b *Builder) Attachment(context string, account id.ID, bytes int64) (Batch, error) {
	mib := bytes >> 20
	if bytes > mib<<20 {
		mib++
	}
	if bytes < 0 {
		mib = -1
	}
	return b.draft(context).add(AttachmentMiBPerAccount, CheckAndSpend, mib, idPart(account)).batch()
}

// Message counts a message of account in the work order.
func (b *Builder) Message(context string, account, order id.ID) (Batch, error) {
	return b.one(context, MessagesPerOrderAccount, CheckAndSpend, idPart(order), idPart(account))
}

// JoinTry takes a try at a household's code, from the account's share and, where the code was typed for a known
// estate, from the estate's. A right code gives both back by Limiter.Refund, so that only wrong ones count and a
// day of moving in exhausts nothing.
func (b *Builder) JoinTry(context string, account, estate id.ID) (Batch, error) {
	d := b.draft(context).add(JoinTriesPerAccount, CheckAndSpend, 1, idPart(account))
	if !estate.IsZero() {
		d = d.add(JoinTriesPerEstate, CheckAndSpend, 1, idPart(estate))
	}
	return d.batch()
}

// Export counts an export by account.
func (b *Builder) Export(context string, account id.ID) (Batch, error) {
	return b.one(context, ExportsPerAccount, CheckAndSpend, idPart(account))
}

// Import counts an import, or a dry run, for organisation.
func (b *Builder) Import(context string, organisation id.ID) (Batch, error) {
	return b.one(context, ImportsPerOrganisation, CheckAndSpend, idPart(organisation))
}

// Write counts any writing call of account.
func (b *Builder) Write(context string, account id.ID) (Batch, error) {
	return b.one(context, WritesPerAccount, CheckAndSpend, idPart(account))
}

// Reveal counts the uncovering of a hidden reporter by account (R6.6).
func (b *Builder) Reveal(context string, account id.ID) (Batch, error) {
	return b.one(context, RevealsPerAccount, CheckAndSpend, idPart(account))
}

// DoorSearch counts a question by which somebody without a household finds the door to apply for.
func (b *Builder) DoorSearch(context string, account id.ID) (Batch, error) {
	return b.one(context, DoorSearchesPerAccount, CheckAndSpend, idPart(account))
}

// BallotDraw counts a ballot that an account asks to be signed for its household's dwelling in a round.
func (b *Builder) BallotDraw(context string, round, household, account id.ID) (Batch, error) {
	return b.draft(context).
		add(BallotDrawsPerHousehold, CheckAndSpend, 1, b.keys.veiled(household)).
		add(BallotDrawsPerAccount, CheckAndSpend, 1, b.keys.veiled(account)).
		add(BallotDrawsPerRound, CheckAndSpend, 1, idPart(round)).
		batch()
}

// BallotEnvelope counts an envelope that an account hands out to a dwelling in a round.
func (b *Builder) BallotEnvelope(context string, round, dwelling, account id.ID) (Batch, error) {
	return b.draft(context).
		add(BallotDrawsPerHousehold, CheckAndSpend, 1, b.keys.veiled(dwelling)).
		add(BallotEnvelopesPerAccount, CheckAndSpend, 1, b.keys.veiled(account)).
		add(BallotDrawsPerRound, CheckAndSpend, 1, idPart(round)).
		batch()
}

// BallotSuspect asks whether too much was cast in the round, from the address or from everywhere, that is no ballot.
// It is a reason to check what comes from there with less effort at once, never to refuse it: a ballot that
// verifies counts.
func (b *Builder) BallotSuspect(context string, round id.ID, addr netip.Addr, salts Salts) (Batch, error) {
	return b.castFrom(context, CheckOnly, addr, salts).add(BallotFailuresPerRound, CheckOnly, 1, idPart(round)).batch()
}

// BallotFailed counts what was cast and is no ballot. It refuses by the address alone; the round's failures are
// counted for BallotSuspect.
func (b *Builder) BallotFailed(context string, round id.ID, addr netip.Addr, salts Salts) (Batch, error) {
	return b.castFrom(context, CheckAndSpend, addr, salts).add(BallotFailuresPerRound, SpendOnly, 1, idPart(round)).batch()
}

func (b *Builder) castFrom(context string, kind Kind, addr netip.Addr, salts Salts) *draft {
	return b.draft(context).
		add(BallotFailuresPerAddress, kind, 1, keyer{salts.Now[:]}.address(addr)).
		after(keyer{salts.Before[:]}.address(addr))
}

// OverrideKey writes the key under which an override of the limit is stored, from its subject as an
// administrator types it: ids, a phone or log-in name, an address, in the order of the limit's words.
func (b *Builder) OverrideKey(n Name, subject ...string) (string, error) {
	if !n.Known() || len(subject) != len(specs[n].subject) {
		return "", fmt.Errorf("%w: %s takes %d parts", ErrSubject, n, n.parts())
	}
	parts := make([]part, len(subject))
	for i, f := range specs[n].subject {
		parts[i] = b.keys.encode(f, subject[i])
	}
	return join(parts)
}

func (n Name) parts() int {
	if !n.Known() {
		return 0
	}
	return len(specs[n].subject)
}

func (b *Builder) one(context string, n Name, kind Kind, subject ...part) (Batch, error) {
	return b.draft(context).add(n, kind, 1, subject...).batch()
}

// draft is a batch being built; its first transaction fixes the tag.
type draft struct {
	builder *Builder
	context string
	made    Batch
	err     error
}

func (b *Builder) draft(context string) *draft { return &draft{builder: b, context: context} }

func (d *draft) add(n Name, kind Kind, cost int64, subject ...part) *draft {
	t, tag, err := d.builder.transaction(d.context, n, kind, cost, subject)
	if err == nil && d.made.tag != "" && d.made.tag != tag {
		err = fmt.Errorf("%w: %s and %s", ErrTag, d.made.tag, tag)
	}
	d.err = errors.Join(d.err, err)
	d.made.tag = tag
	d.made.txns = append(d.made.txns, t)
	return d
}

// after lets the last added bucket begin with the debt of another one of the same limit.
func (d *draft) after(subject part) *draft {
	last := &d.made.txns[len(d.made.txns)-1]
	last.former = bucketKey(d.made.tag, last.name, subject.text)
	d.err = errors.Join(d.err, subject.err)
	return d
}

func (d *draft) batch() (Batch, error) {
	if d.err != nil {
		return Batch{}, d.err
	}
	return d.made.check()
}

func (b *Builder) transaction(context string, n Name, kind Kind, cost int64, parts []part) (transaction, string, error) {
	tag, err := hashTag(specs[n].family, context)
	if err != nil {
		return transaction{}, "", err
	}
	subject, err := join(parts)
	if err != nil {
		return transaction{}, tag, fmt.Errorf("%s: %w", n, err)
	}
	if cost < 0 || cost > specs[n].maxCost {
		return transaction{}, tag, fmt.Errorf("%w: %s, %d", ErrCost, n, cost)
	}
	t := transaction{name: n, kind: kind, key: bucketKey(tag, n, subject), cost: cost}
	limit, ok := b.limit(n, subject)
	if !ok {
		t.kind = AllowOnly
		return t, tag, nil
	}
	t.limit, t.pace = limit, limit.pace()
	return t, tag, nil
}

// limit finds what applies to a bucket: its override with the default's way of applying it, else the
// default. An override of a limit without default is enforced, and falls back.
func (b *Builder) limit(n Name, subject string) (Limit, bool) {
	limit, ok := b.defaults.limits[n]
	if b.overrides == nil {
		return limit, ok
	}
	rate, overridden := b.overrides.Find(n, subject)
	if !overridden {
		return limit, ok
	}
	if !ok {
		limit.Failure = Fallback
	}
	limit.Rate = rate
	return limit, true
}

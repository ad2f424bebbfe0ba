// Package authn tells who is calling: accounts with a password or one-time codes by SMS, log-in sessions
// in cookies, personal API tokens of staff. Secrets are kept only as hashes. Whether an account exists
// can be told neither from an answer nor from how long it takes.
package authn

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sms"
)

// State is whether an account can be used.
type State string

// The states of an account.
const (
	Active State = "active"
	Locked State = "locked" // by an administrator
	Erased State = "erased" // at the person's own wish; it never comes back
)

// Account is a way to log in, of one natural person.
type Account struct {
	ID           id.ID         `db:"id"`
	Person       id.ID         `db:"person_id"`
	UserName     *string       `db:"user_name"`
	PasswordHash *string       `db:"password_hash"`
	MustChange   bool          `db:"must_change"` // the password was made by somebody else
	State        State         `db:"state"`
	CreatedAt    clock.Instant `db:"created_at"`
	Version      int64         `db:"version"`
}

// Session is a log-in on one device.
type Session struct {
	ID        id.ID          `db:"id" json:"id"`
	Account   id.ID          `db:"account_id" json:"-"`
	Device    string         `db:"device" json:"device" doc:"Kind of browser, coarsely"`
	CreatedAt clock.Instant  `db:"created_at" json:"createdAt"`
	SeenAt    clock.Instant  `db:"seen_at" json:"seenAt" doc:"Last use, to the minute"`
	ExpiresAt clock.Instant  `db:"expires_at" json:"expiresAt"`
	RevokedAt *clock.Instant `db:"revoked_at" json:"-"`
	How       string         `db:"origin" json:"how" enum:"password,code,ticket" doc:"How it began; ticket: from another app of the street"`
	Current   bool           `db:"-" json:"current" doc:"Whether it is the one that asks"`
}

// Token is a personal API token of staff: it acts for its owner within its scopes.
type Token struct {
	ID         id.ID          `db:"id" json:"id"`
	Account    id.ID          `db:"account_id" json:"-"`
	Name       string         `db:"name" json:"name"`
	Scopes     Scopes         `db:"scopes" json:"scopes" doc:"The permissions it is limited to"`
	CreatedAt  clock.Instant  `db:"created_at" json:"createdAt"`
	ExpiresAt  clock.Instant  `db:"expires_at" json:"expiresAt"`
	LastUsedAt *clock.Instant `db:"last_used_at" json:"lastUsedAt,omitempty" doc:"Last use, to the hour"`
	RevokedAt  *clock.Instant `db:"revoked_at" json:"-"`
}

// Scopes are permissions, stored as words separated by spaces.
type Scopes []authz.Permission

// Scan reads the stored form.
func (s *Scopes) Scan(src any) error {
	text, _ := src.(string)
	if b, ok := src.([]byte); ok {
		text = string(b)
	}
	*s = Scopes{}
	for w := range strings.FieldsSeq(text) {
		*s = append(*s, authz.Permission(w))
	}
	return nil
}

func (s Scopes) text() string {
	words := make([]string, len(s))
	for i, p := range s {
		words[i] = string(p)
	}
	return strings.Join(words, " ")
}

// Persons finds and makes natural persons.
type Persons interface {
	// PersonByPhone returns the person with this phone, the zero ID when there is none.
	PersonByPhone(ctx context.Context, q dbx.Querier, phone string) (id.ID, error)
	// EnsurePerson returns the person with this phone, making one when there is none.
	EnsurePerson(ctx context.Context, tx *dbx.Tx, name, phone string) (id.ID, error)
	// IsNamed tells whether the person's name is known.
	IsNamed(ctx context.Context, q dbx.Querier, person id.ID) (bool, error)
}

// Grants lists a person's capacities in force at a moment.
type Grants func(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]authz.Grant, error)

// Held says in words where a capacity is held.
type Held struct {
	Name  string // the organisation's, or the estate and the dwelling; empty for a dwelling that is no more
	Home  *Home  // of a household membership
	Helps string // for whom a helper acts, masked
}

// Home says where the dwelling of a household lies.
type Home struct {
	ServiceArea id.ID  `json:"serviceArea"`
	Estate      string `json:"estate" doc:"The estate's name, with that of its part where it has several" example:"宁海花园一期"`
	Building    string `json:"building" example:"1号楼"`
	Address     string `json:"address" doc:"The dwelling within the estate" example:"1号楼 1单元 101"`
}

// Places says where capacities are held.
type Places interface {
	HeldAt(ctx context.Context, q dbx.Querier, g authz.Grant) (Held, error)
}

// Guard limits guessing. A refusal is a RateLimited fault.
type Guard interface {
	Login(ctx context.Context, login string, from netip.Addr) error
	LoginSucceeded(ctx context.Context, login string, from netip.Addr)
	CodeRequest(ctx context.Context, phone string, from netip.Addr) error
	CodeTry(ctx context.Context, phone string) error
	CodeSucceeded(ctx context.Context, phone string)
}

// Indexer gives the blind index under which a phone's codes are kept.
type Indexer interface {
	PhoneIndex(phone string) []byte
}

// Texts sends text messages.
type Texts interface {
	Send(ctx context.Context, m sms.Message) error
}

// Deps are what the service needs.
type Deps struct {
	DB       *dbx.DB
	Clock    clock.Clock
	Log      *slog.Logger
	Persons  Persons
	Grants   []Grants
	Places   Places
	Guard    Guard
	Index    Indexer
	SMS      Texts
	Idle     time.Duration // a session unused for so long ends
	Absolute time.Duration // a session older than this ends
	Secure   bool          // users come over TLS: cookies are marked Secure
	// PublicURL is the address at which users reach the program: what tickets are for.
	PublicURL string
}

// Service is the use cases of logging in.
type Service struct {
	Deps
	hasher *hasher
	sends  chan sms.Message
}

// New makes the service.
func New(d Deps) *Service {
	return &Service{Deps: d, hasher: newHasher(), sends: make(chan sms.Message, 256)}
}

// secret is a random token with its hash; only the hash is kept.
type secret struct {
	text string
	hash [32]byte
}

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func newSecret(prefix string) secret {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when the system has no randomness
	s := prefix + alphabet.EncodeToString(b[:])
	return secret{s, hashOf(s)}
}

func hashOf(s string) [32]byte { return sha256.Sum256([]byte(s)) }

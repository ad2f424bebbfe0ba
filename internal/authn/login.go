package authn

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sms"
)

const (
	codeLife  = 5 * time.Minute
	codeTries = 5
)

// LoggedIn is a fresh session: Secret goes into the cookie and is not kept.
type LoggedIn struct {
	Session Session
	Secret  string
	Account Account
}

var errCredentials = fault.New(fault.Unauthenticated, "auth.credentials")

// LogInByPassword opens a session for a user name or phone and a password. Anybody may call it. A wrong
// name, a wrong password, a locked account and an account without password are the same
// Unauthenticated fault and take the same time; too many failures are RateLimited.
func (s *Service) LogInByPassword(ctx context.Context, login, password, device string, from netip.Addr) (LoggedIn, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if login == "" {
		return LoggedIn{}, errCredentials // nobody is called by spaces alone
	}
	if err := s.Guard.Login(ctx, login, from); err != nil {
		return LoggedIn{}, err
	}
	a, err := s.find(ctx, login)
	if err != nil {
		return LoggedIn{}, err
	}
	var stored *string
	if a != nil && a.State == Active {
		stored = a.PasswordHash
	}
	ok, err := s.hasher.verify(ctx, stored, password)
	if err != nil {
		return LoggedIn{}, err
	}
	if !ok {
		return LoggedIn{}, errCredentials
	}
	s.Guard.LoginSucceeded(ctx, login, from)
	var in LoggedIn
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		in, err = s.open(ctx, tx, *a, device, "password")
		return err
	})
	return in, err
}

func (s *Service) find(ctx context.Context, login string) (*Account, error) {
	if !mobile.MatchString(login) {
		return accountBy(ctx, s.DB, "user_name", login)
	}
	person, err := s.Persons.PersonByPhone(ctx, s.DB, login)
	if err != nil || person.IsZero() {
		return nil, err
	}
	return accountBy(ctx, s.DB, "person_id", person)
}

// open writes a new session; the secret is new with each log-in, so that a planted cookie gains nothing.
func (s *Service) open(ctx context.Context, tx *dbx.Tx, a Account, device, how string) (LoggedIn, error) {
	now := clock.Now(s.Clock)
	sec := newSecret("")
	in := LoggedIn{Secret: sec.text, Account: a, Session: Session{
		ID: id.New(), Account: a.ID, Device: device, How: how, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.Absolute)}}
	if err := insertSession(ctx, tx, in.Session, sec.hash); err != nil {
		return in, err
	}
	return in, audit.Record(ctx, tx, now, audit.Entry{
		Actor: authz.Actor{Account: a.ID, Person: a.Person, Role: authz.RoleAccount, Request: authz.From(ctx).Request}, Action: "account.login",
		ObjectKind: "account", ObjectID: a.ID, Detail: map[string]string{"how": how}})
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// RequestCode sends a one-time code to a phone; the phone need not have an account, and the answer is
// the same either way. A newer code makes older ones void.
func (s *Service) RequestCode(ctx context.Context, phone string, from netip.Addr) error {
	if !mobile.MatchString(phone) {
		return fault.InvalidField("body.phone", "phone.mobile")
	}
	if err := s.Guard.CodeRequest(ctx, phone, from); err != nil {
		return err
	}
	code, err := newCode()
	if err != nil {
		return err
	}
	index, now := s.Index.PhoneIndex(phone), clock.Now(s.Clock)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return insertCode(ctx, tx, index, codeHash(index, code), now, now.Add(codeLife))
	})
	if err != nil {
		return err
	}
	select {
	case s.sends <- sms.Message{ID: id.New(), Phone: phone, Kind: sms.LoginCode, Params: map[string]string{"code": code, "minutes": fmt.Sprint(int(codeLife.Minutes()))}}:
		return nil
	default:
		return fault.New(fault.Unavailable, "auth.code_queue").After(30 * time.Second)
	}
}

// SendCodes delivers codes until ctx ends. They leave behind the answer, so that a slow gateway neither
// holds a caller up nor tells anything by its time. A code that was not delivered is asked for again.
func (s *Service) SendCodes(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case m := <-s.sends:
			if err := s.SMS.Send(ctx, m); err != nil {
				s.Log.Error("one-time code not sent", "err", err)
			}
		}
	}
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", n), nil
}

func codeHash(phoneIndex []byte, code string) []byte {
	h := sha256.Sum256(append(append([]byte{}, phoneIndex...), code...))
	return h[:]
}

// LogInByCode opens a session for the phone a code was sent to; the first log-in of a phone makes its
// account. A wrong, used or expired code is Unauthenticated; after five tries a code is void.
func (s *Service) LogInByCode(ctx context.Context, phone, code, device string) (LoggedIn, error) {
	if !mobile.MatchString(phone) {
		return LoggedIn{}, fault.InvalidField("body.phone", "phone.mobile")
	}
	if err := s.Guard.CodeTry(ctx, phone); err != nil {
		return LoggedIn{}, err
	}
	var in LoggedIn
	var good bool
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) (err error) {
		// A failed try is committed too, or the tries would not be counted.
		if good, err = s.spendCode(ctx, tx, phone, code); err != nil || !good {
			return err
		}
		a, err := s.ensureAccount(ctx, tx, phone)
		if err != nil {
			return err
		}
		in, err = s.open(ctx, tx, a, device, "code")
		return err
	})
	if err != nil {
		return LoggedIn{}, err
	}
	if !good {
		return LoggedIn{}, fault.New(fault.Unauthenticated, "auth.code")
	}
	s.Guard.CodeSucceeded(ctx, phone)
	return in, nil
}

func (s *Service) spendCode(ctx context.Context, tx *dbx.Tx, phone, code string) (bool, error) {
	index, now := s.Index.PhoneIndex(phone), clock.Now(s.Clock)
	row, err := newestCode(ctx, tx, index, now)
	if dbx.IsNoRow(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := countTry(ctx, tx, row.ID, codeTries); err != nil {
		return false, ignoreNoMatch(err)
	}
	if subtle.ConstantTimeCompare(row.Hash, codeHash(index, code)) != 1 {
		return false, nil
	}
	if err := useCode(ctx, tx, row.ID, now); err != nil {
		return false, ignoreNoMatch(err)
	}
	return true, nil
}

func ignoreNoMatch(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return nil
	}
	return err
}

func (s *Service) ensureAccount(ctx context.Context, tx *dbx.Tx, phone string) (Account, error) {
	person, err := s.Persons.EnsurePerson(ctx, tx, "", phone)
	if err != nil {
		return Account{}, err
	}
	a, err := accountBy(ctx, tx, "person_id", person)
	if err != nil {
		return Account{}, err
	}
	if a != nil {
		if a.State != Active {
			return Account{}, errCredentials
		}
		return *a, nil
	}
	made := Account{ID: id.New(), Person: person, State: Active, CreatedAt: clock.Now(s.Clock), Version: 1}
	return made, insertAccount(ctx, tx, made)
}

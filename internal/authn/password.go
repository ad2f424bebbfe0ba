package authn

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/fault"
)

// Bounds of a password, in characters.
const (
	minPassword = 10
	maxPassword = 128
)

// argon2id's cost for new hashes (OWASP's second choice: 19 MiB, two passes, one lane); a stored hash
// carries its own.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var current = cost{memory: 19 * 1024, time: 2, threads: 1}

// hasher bounds how many passwords are hashed at once: each takes the memory and a core.
type hasher struct {
	slots chan struct{}
	dummy string // compared with when there is no account, so that the time tells nothing
}

func newHasher() *hasher {
	h := &hasher{slots: make(chan struct{}, max(2, runtime.NumCPU()))}
	h.dummy = hash(rand.Text(), current)
	return h
}

func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return hash(password, current), nil
}

// verify tells whether password belongs to the stored hash; a nil hash is compared with the dummy and
// never matches.
func (h *hasher) verify(ctx context.Context, stored *string, password string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if stored == nil {
		_, _ = matches(h.dummy, password) // for its duration only
		return false, nil
	}
	return matches(*stored, password)
}

func hash(password string, c cost) string {
	var salt [16]byte
	_, _ = rand.Read(salt[:])
	key := argon2.IDKey(normal(password), salt[:], c.time, c.memory, c.threads, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, enc.EncodeToString(salt[:]), enc.EncodeToString(key))
}

func matches(stored, password string) (bool, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("stored password hash has an unknown form")
	}
	var c cost
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("stored password hash: %w", err)
	}
	got := argon2.IDKey(normal(password), salt, c.time, c.memory, c.threads, uint32(len(want))) // #nosec G115 -- 32 bytes
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func normal(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

// common are beginnings that guessers try first; a password needs more than them and a few digits.
var common = []string{"password", "123456", "111111", "000000", "888888", "666666", "qwerty", "admin", "redproperty", "abc123", "woaini", "a123456", "iloveyou"}

// checkPassword refuses what is guessed at once: too short, too few different characters, a well-known
// beginning with little behind it, the user name inside.
func checkPassword(path, password string, userName *string) error {
	n := utf8.RuneCountInString(password)
	if n < minPassword || n > maxPassword {
		return fault.InvalidField(path, "password.length", "least", minPassword, "most", maxPassword)
	}
	distinct := map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
	}
	lower := strings.ToLower(password)
	weak := len(distinct) < 5 || (userName != nil && strings.Contains(lower, *userName))
	for _, c := range common {
		weak = weak || (strings.HasPrefix(lower, c) && n < len(c)+5)
	}
	if weak {
		return fault.InvalidField(path, "password.weak")
	}
	return nil
}

// NewPassword makes a password for somebody to whom it is told once: 80 bits, easy to type.
func NewPassword() string {
	s := newSecret("").text[:16]
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

package membership

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// CodeLasts is how long a joining code can be used after it was made.
const CodeLasts = 60 * 24 * time.Hour

// codeAlphabet has no I, L, O and U: what people type from paper is told apart (Crockford's base 32).
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var codeEncoding = base32.NewEncoding(codeAlphabet).WithPadding(base32.NoPadding)

// newCode makes a code of 80 random bits as 16 characters: too many to guess, so a plain hash keeps it.
func newCode() (string, error) {
	var b [10]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return codeEncoding.EncodeToString(b[:]), nil
}

// SpellCode writes a code as it is printed, in groups of four: 7QK2-9XWD-3FRT-M0VC.
func SpellCode(code string) string {
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), "-")
}

// ParseCode reads a code as people type it: any case, spaces and hyphens, full-width characters, O for
// 0, I and L for 1. It returns the 16 characters, or false for anything else.
func ParseCode(typed string) (string, bool) {
	if len(typed) > 200 {
		return "", false
	}
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' { // full-width forms lie at a fixed distance from ASCII
			r -= '！' - '!'
		}
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		case r == ' ' || r == '　' || r == '-' || r == '–' || r == '—':
			continue
		}
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || !strings.ContainsRune(codeAlphabet, r) {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), b.Len() == 16
}

// hashCode is what the database keeps of a code.
func hashCode(code string) [32]byte { return sha256.Sum256([]byte("redproperty join code\x00" + code)) }

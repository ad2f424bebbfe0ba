package ratelimit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/id"
)

const (
	partSeparator = ":"
	// hashBytes of the HMAC are kept: 128 bits, beyond any chance of two people sharing a bucket.
	hashBytes = 16
	// MinKeyBytes is the least length of the HMAC key.
	MinKeyBytes = 32
)

// part is one part of a bucket's key, or why there is none.
type part struct {
	text string
	err  error
}

// keyer writes the parts of keys. Personal values become HMACs: neither Redis nor the override table nor a
// memory dump tells a phone number, a log-in name or an address.
type keyer struct{ secret []byte }

// handle hashes a phone or log-in name. Spellings that differ by case, width or surrounding space share
// a bucket, so that varying them earns nothing.
func (k keyer) handle(s string) part {
	folded := strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	if folded == "" {
		return part{err: fmt.Errorf("%w: empty account or phone", ErrSubject)}
	}
	return part{text: k.hash("handle", folded)}
}

// address hashes an IP address: an IPv4 address as it is, also when mapped into IPv6; an IPv6 address by
// its /64, which is the least a subscriber holds.
func (k keyer) address(a netip.Addr) part {
	a = a.Unmap().WithZone("")
	if !a.IsValid() {
		return part{err: fmt.Errorf("%w: no address", ErrSubject)}
	}
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	return part{text: k.hash("address", netip.PrefixFrom(a, bits).Masked().String())}
}

// Salt keys addresses for an hour. It is random, and never written anywhere.
type Salt [MinKeyBytes]byte

// Salts are the salt of this hour, with which buckets are written, and that of the hour before, whose debts are
// still looked at: so the change of the hour gives nobody a fresh bucket.
type Salts struct{ Now, Before Salt }

// veiled hashes an id that must not be read beside the time in its bucket.
func (k keyer) veiled(i id.ID) part {
	if i.IsZero() {
		return idPart(i)
	}
	return part{text: k.hash("id", i.String())}
}

// hash keeps handles, addresses and ids apart by their sort.
func (k keyer) hash(sort, value string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(sort + "\x00" + value))
	return hex.EncodeToString(mac.Sum(nil)[:hashBytes])
}

func idPart(i id.ID) part {
	if i.IsZero() {
		return part{err: fmt.Errorf("%w: no id", ErrSubject)}
	}
	return part{text: i.String()}
}

// encode writes a part from text as an administrator types it.
func (k keyer) encode(f form, s string) part {
	switch f {
	case handle:
		return k.handle(s)
	case address:
		a, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return part{err: fmt.Errorf("%w: no address", ErrSubject)}
		}
		return k.address(a)
	case passing:
		return part{err: fmt.Errorf("%w: an address is known for an hour only", ErrSubject)}
	}
	i, err := id.Parse(s)
	if err != nil {
		return part{err: fmt.Errorf("%w: no id", ErrSubject)}
	}
	if f == veiled {
		return k.veiled(i)
	}
	return idPart(i)
}

// valid tells whether text is what encode makes for this form.
func (f form) valid(text string) bool {
	switch f {
	case identifier:
		i, err := id.Parse(text)
		return err == nil && !i.IsZero()
	case passing:
		return false
	}
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == hashBytes && text == strings.ToLower(text)
}

// join makes the subject of a key from its parts, or returns the first error.
func join(parts []part) (string, error) {
	texts := make([]string, len(parts))
	for i, p := range parts {
		if p.err != nil {
			return "", p.err
		}
		texts[i] = p.text
	}
	return strings.Join(texts, partSeparator), nil
}

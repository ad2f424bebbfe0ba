package notify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// Network is where webhooks may lead to. Whoever enters an address must not reach through it what only
// this machine can reach, so private, loopback and link-local addresses are refused unless they are
// allowed here.
type Network struct {
	Allow []netip.Prefix
	// PlainHTTP lets an address of this machine itself be http; everything else must be https.
	PlainHTTP bool
}

// reserved are the addresses, besides those that netip tells, that lead to no public host, or to another
// address written inside (NAT64, 6to4, Teredo).
var reserved = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// permits tells whether a connection to addr may be made.
func (n Network) permits(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, p := range n.Allow {
		if p.Contains(addr) {
			return true
		}
	}
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}

// checkURL tells whether raw is an address that a webhook may have, and its host. Names are looked up only
// when it is dialled: what a name leads to can change in between.
func (n Network) checkURL(raw string) (*url.URL, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return nil, false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	literal := err == nil
	switch {
	case literal && !n.permits(addr):
		return nil, false
	case u.Scheme == "https":
		return u, true
	case u.Scheme == "http" && n.PlainHTTP:
		return u, u.Hostname() == "localhost" || (literal && addr.IsLoopback())
	}
	return nil, false
}

// errRefused is returned by the dialler for an address that is not permitted.
var errRefused = errors.New("notify: the address is not permitted")

const (
	postTimeout = 10 * time.Second
	answerLimit = 64 << 10
)

// egress posts to addresses that others entered.
type egress struct {
	network Network
	client  *http.Client
}

func newEgress(n Network) *egress {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !n.permits(to.Addr()) {
			return errRefused
		}
		return nil
	}}
	return &egress{network: n, client: &http.Client{
		Timeout: postTimeout,
		// No proxy from the environment: it would dial where the check above does not look.
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 2,
			IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: answerLimit, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends a JSON body and returns the beginning of the answer to a 2xx. Errors name neither the
// address, which may hold a token, nor what was answered.
func (e *egress) post(ctx context.Context, to string, body []byte, header map[string]string) ([]byte, error) {
	if _, ok := e.network.checkURL(to); !ok {
		return nil, stop("address_refused")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, stop("address_refused")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "RedProperty-Webhook/1")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := e.client.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil {
		return nil, unreachable(err)
	}
	if resp.StatusCode/100 != 2 {
		return nil, fail("answer_"+strconv.Itoa(resp.StatusCode), nil)
	}
	return answer, nil
}

// unreachable drops the address from what the HTTP client says.
func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var timeout net.Error
	switch {
	case errors.Is(err, errRefused):
		return stop("address_refused")
	case errors.As(err, &timeout) && timeout.Timeout():
		return fail("timeout", err)
	}
	return fail("unreachable", err)
}

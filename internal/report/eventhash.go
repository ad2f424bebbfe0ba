package report

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/redproperty/redproperty/internal/id"
)

// eventHash is a keyed hash over everything that a publication rests on: the events of the orders that
// mattered, in the order of their keys, then the ratings in the order of theirs. Who rated is no part of it.
// A nil one hashes nothing.
type eventHash struct {
	sum    hash.Hash
	order  []event // of the order under way: it counts only when the order turns out to matter
	Orders int64
	Events int64
}

func newEventHash(salt []byte) *eventHash { return &eventHash{sum: hmac.New(sha256.New, salt)} }

func (e *eventHash) begin() {
	if e != nil {
		e.order = e.order[:0]
	}
}

func (e *eventHash) add(ev event) {
	if e == nil {
		return
	}
	e.order = append(e.order, ev)
}

func (e *eventHash) take() {
	if e == nil {
		return
	}
	e.Orders++
	for _, ev := range e.order {
		e.Events++
		detail := sha256.Sum256(ev.Detail)
		e.write([]byte("event"), ev.Order[:], number(ev.Seq), number(int64(ev.At)), []byte(ev.Kind), detail[:])
	}
}

func (e *eventHash) ratings(rows []rating) {
	for _, r := range rows {
		e.write([]byte("rating"), r.ID[:], r.OrderID[:], number(r.ClosureNo), []byte(r.Solved), number(int64(r.Satisfied)), []byte(r.Channel), number(int64(r.At)))
	}
}

// write adds parts, each after its length: no two lists have the same bytes.
func (e *eventHash) write(parts ...[]byte) {
	for _, p := range parts {
		e.sum.Write(number(int64(len(p))))
		e.sum.Write(p)
	}
}

func (e *eventHash) result() (out [32]byte) {
	e.sum.Sum(out[:0])
	return out
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// cellHash is the hash of one published cell with its own salt, so that somebody who may see one cell can
// check that it is part of a publication without learning the others.
func cellHash(salt []byte, cell Cell, content string) [32]byte {
	h := sha256.New()
	for _, p := range [][]byte{[]byte("redproperty rate cell v1"), salt, []byte(cell.String()), []byte(content)} {
		h.Write(number(int64(len(p))))
		h.Write(p)
	}
	var out [32]byte
	h.Sum(out[:0])
	return out
}

// Leaf is what the ledger keeps of a publication: the hash of its header and of the hashes of its cells.
func (s *Snapshot) Leaf(cells [][]byte) [32]byte {
	h := sha256.New()
	write := func(p []byte) {
		h.Write(number(int64(len(p))))
		h.Write(p)
	}
	write([]byte("redproperty rate snapshot v1"))
	for _, v := range []id.ID{s.ID, s.StreetID, s.PublishedOrg} {
		write(v[:])
	}
	for _, v := range []string{string(s.Month), s.PublishedRole, s.Reason} {
		write([]byte(v))
	}
	for _, v := range []int64{s.Revision, int64(s.AsOf), int64(s.PublishedAt), s.Method, s.Orders, s.Events} {
		write(number(v))
	}
	write(s.RuleHash[:])
	write(s.EventHash)
	write(number(int64(len(cells))))
	for _, c := range cells {
		write(c)
	}
	var out [32]byte
	h.Sum(out[:0])
	return out
}

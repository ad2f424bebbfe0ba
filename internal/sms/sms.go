// Package sms sends text messages through a port with two adapters: the log, for trying the program
// out, and a signed webhook to the gateway an operator has a contract with. A monthly cap on the cost is
// kept in the database, so that no defect and no attack can run up a bill.
package sms

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Kind is a kind of message: gateways in China send only texts made from registered templates.
type Kind string

// The kinds of message.
const (
	LoginCode    Kind = "login_code"    // code, minutes
	OrderUpdate  Kind = "order_update"  // number, state
	OrderConfirm Kind = "order_confirm" // number, link
	Notice       Kind = "notice"        // title
)

// Message is one text to one phone.
type Message struct {
	ID     id.ID // the dedupe key: a gateway drops a repetition
	Phone  string
	Kind   Kind
	Params map[string]string
}

// Sender delivers a message or says why not. It is called outside transactions.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Port reserves a message's cost in the month's budget, then sends it.
type Port struct {
	DB       *dbx.DB
	Clock    clock.Clock
	Sender   Sender
	CapFen   int64 // most that a calendar month may cost
	PriceFen int64 // of one part of 67 characters
}

// Send sends m. When the month's budget is used up it is a RateLimited fault and nothing leaves. A
// message that could not be delivered stays charged: the gateway may have sent it.
func (p *Port) Send(ctx context.Context, m Message) error {
	cost := p.PriceFen * parts(m)
	err := p.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return p.reserve(ctx, tx, cost) })
	if err != nil {
		return err
	}
	if err := p.Sender.Send(ctx, m); err != nil {
		return fmt.Errorf("sms %s: %w", m.Kind, err)
	}
	return nil
}

func (p *Port) reserve(ctx context.Context, tx *dbx.Tx, cost int64) error {
	month := string(clock.DateOf(p.Clock.Now()))[:7]
	const spend = `UPDATE sms_month SET spent_fen = spent_fen + ?, messages = messages + 1 WHERE month = ? AND spent_fen + ? <= ?`
	for range 2 {
		n, err := tx.Exec(ctx, spend, cost, month, cost, p.CapFen)
		if err != nil || n == 1 {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO sms_month (month, spent_fen, messages) VALUES (?, 0, 0)`, month)
		if dbx.IsDuplicate(err) {
			break
		}
		if err != nil {
			return err
		}
	}
	return fault.New(fault.RateLimited, "sms.budget")
}

// parts estimates into how many parts a gateway cuts the message: templates add some twenty characters.
func parts(m Message) int64 {
	n := 20
	for _, v := range m.Params {
		n += utf8.RuneCountInString(v)
	}
	return int64(1 + (n-1)/67)
}

// Spent is what a month ("2026-11") has cost so far, in fen, and how many messages it was.
func (p *Port) Spent(ctx context.Context, month string) (fen, messages int64, err error) {
	var row struct {
		Spent    int64 `db:"spent_fen"`
		Messages int64 `db:"messages"`
	}
	err = p.DB.Get(ctx, &row, `SELECT spent_fen, messages FROM sms_month WHERE month = ?`, month)
	if dbx.IsNoRow(err) {
		return 0, 0, nil
	}
	return row.Spent, row.Messages, err
}

// Log writes messages to the log instead of sending them: the embedded default, so that one can log in
// by code without a gateway. It shows codes to whoever reads the log and is not for real use.
type Log struct{ Log *slog.Logger }

// Send logs the message.
func (l Log) Send(_ context.Context, m Message) error {
	args := []any{"kind", string(m.Kind), "phone", m.Phone}
	for _, k := range slices.Sorted(maps.Keys(m.Params)) {
		args = append(args, k, m.Params[k])
	}
	l.Log.Warn("text message (sms.mode is log: it was not sent)", args...)
	return nil
}

package notify

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Message is a message in a person's inbox, as it is stored: it is rendered when it is read.
type Message struct {
	ID       id.ID          `db:"id"`
	Person   id.ID          `db:"person_id"`
	Event    id.ID          `db:"event_id"`
	Topic    string         `db:"topic"`
	Subject  id.ID          `db:"subject_id"`
	Template string         `db:"template"`
	Params   params         `db:"params"`
	Urgency  Urgency        `db:"urgency"`
	At       clock.Instant  `db:"created_at"`
	ReadAt   *clock.Instant `db:"read_at"`
}

const messageColumns = `id, person_id, event_id, topic, subject_id, template, params, urgency, created_at, read_at`

func insertMessages(ctx context.Context, tx *dbx.Tx, list []Message) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{m.ID, m.Person, m.Event, m.Topic, m.Subject, m.Template, m.Params.stored(), int64(m.Urgency), m.At, nil}
	}
	return tx.InsertMany(ctx, `INSERT INTO inbox_message (`+messageColumns+`)`, rows)
}

// messagesOf lists a person's messages before an id, newest first; the zero id is the beginning.
func messagesOf(ctx context.Context, q dbx.Querier, person, before id.ID, unread bool, limit int) (list []Message, err error) {
	where, args := "person_id = ?", []any{person}
	if unread {
		where += " AND read_at IS NULL"
	}
	if !before.IsZero() {
		where, args = where+" AND id < ?", append(args, before)
	}
	err = q.Select(ctx, &list, `SELECT `+messageColumns+` FROM inbox_message WHERE `+where+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	return list, err
}

func unreadOf(ctx context.Context, q dbx.Querier, person id.ID) (n int64, err error) {
	err = q.Get(ctx, &n, `SELECT COUNT(*) FROM inbox_message WHERE person_id = ? AND read_at IS NULL`, person)
	return n, err
}

// unreadAmong counts the unread messages of a person that belong to these events.
func unreadAmong(ctx context.Context, q dbx.Querier, person id.ID, events []id.ID) (n int64, err error) {
	query, args, err := dbx.In(`SELECT COUNT(*) FROM inbox_message WHERE person_id = ? AND read_at IS NULL AND event_id IN (?)`, person, events)
	if err != nil {
		return 0, err
	}
	err = q.Get(ctx, &n, query, args...)
	return n, err
}

// markRead marks one message; one that was read before keeps its time. dbx.ErrNoMatch: it is not theirs.
func markRead(ctx context.Context, tx *dbx.Tx, person, message id.ID, now clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE inbox_message SET read_at = COALESCE(read_at, ?) WHERE id = ? AND person_id = ?`, now, message, person)
}

// markAllRead marks the messages up to and including one.
func markAllRead(ctx context.Context, tx *dbx.Tx, person, upTo id.ID, now clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE inbox_message SET read_at = ? WHERE person_id = ? AND read_at IS NULL AND id <= ?`, now, person, upTo)
	return err
}

func forgetMessages(ctx context.Context, db *dbx.DB, before clock.Instant, limit int) (int64, error) {
	var old []id.ID
	if err := db.Select(ctx, &old, `SELECT id FROM inbox_message WHERE created_at < ? ORDER BY created_at LIMIT ?`, before, limit); err != nil {
		return 0, err
	}
	return deleteIn(ctx, db, `DELETE FROM inbox_message WHERE id IN (?)`, old)
}

func eraseInbox(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	for _, stmt := range []string{`DELETE FROM inbox_message WHERE person_id = ?`, `DELETE FROM notification_preference WHERE person_id = ?`} {
		if _, err := tx.Exec(ctx, stmt, person); err != nil {
			return err
		}
	}
	return dropFor(ctx, tx, person)
}

type preferenceRow struct {
	Person  id.ID           `db:"person_id"`
	SMS     string          `db:"sms"`
	Digest  Cadence         `db:"digest"`
	From    calendar.Minute `db:"quiet_from"`
	To      calendar.Minute `db:"quiet_to"`
	Version int64           `db:"version"`
}

func (r preferenceRow) preferences() (Preferences, error) {
	p := Preferences{Digest: r.Digest, Quiet: calendar.Quiet{From: r.From, To: r.To}, Version: r.Version}
	if err := json.Unmarshal([]byte(r.SMS), &p.SMS); err != nil {
		return p, err
	}
	return p, p.check() // a group newer than the row takes its default
}

// preferencesOf reads the preferences of persons; who has set none is not in the answer.
func preferencesOf(ctx context.Context, q dbx.Querier, persons []id.ID) (map[id.ID]Preferences, error) {
	out := map[id.ID]Preferences{}
	for len(persons) > 0 {
		n := min(500, len(persons))
		query, args, err := dbx.In(`SELECT person_id, sms, digest, quiet_from, quiet_to, version FROM notification_preference WHERE person_id IN (?)`, persons[:n])
		if err != nil {
			return nil, err
		}
		var rows []preferenceRow
		if err := q.Select(ctx, &rows, query, args...); err != nil {
			return nil, err
		}
		for _, r := range rows {
			if out[r.Person], err = r.preferences(); err != nil {
				return nil, err
			}
		}
		persons = persons[n:]
	}
	return out, nil
}

// savePreferences writes what replaces version p.Version. dbx.ErrNoMatch: it is no longer that version.
func savePreferences(ctx context.Context, tx *dbx.Tx, person id.ID, p Preferences) error {
	choices, err := json.Marshal(p.SMS)
	if err != nil {
		return err
	}
	if p.Version == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO notification_preference (person_id, sms, digest, quiet_from, quiet_to, version) VALUES (?,?,?,?,?,1)`,
			person, string(choices), string(p.Digest), int64(p.Quiet.From), int64(p.Quiet.To))
		if dbx.IsDuplicate(err) {
			return errors.Join(dbx.ErrNoMatch, err)
		}
		return err
	}
	return tx.ExecOne(ctx, `UPDATE notification_preference SET sms = ?, digest = ?, quiet_from = ?, quiet_to = ?, version = version + 1 WHERE person_id = ? AND version = ?`,
		string(choices), string(p.Digest), int64(p.Quiet.From), int64(p.Quiet.To), person, p.Version)
}

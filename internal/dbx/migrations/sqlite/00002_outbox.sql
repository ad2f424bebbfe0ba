-- +goose Up
CREATE TABLE outbox (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  topic        TEXT    NOT NULL CHECK (length(topic) <= 80),
  subject_id   BLOB    NOT NULL CHECK (length(subject_id) = 16),
  payload      TEXT    NOT NULL,
  state        TEXT    NOT NULL CHECK (length(state) <= 10),
  attempts     INTEGER NOT NULL,
  due_at       INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  last_error   TEXT    NOT NULL CHECK (length(last_error) <= 300)
) STRICT;
CREATE INDEX ix_outbox_due ON outbox (state, due_at);
CREATE INDEX ix_outbox_subject ON outbox (subject_id);
-- +goose Down
DROP TABLE outbox;

-- +goose Up
CREATE TABLE inbox_message (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id  BLOB    NOT NULL CHECK (length(person_id) = 16),
  event_id   BLOB    NOT NULL CHECK (length(event_id) = 16),
  topic      TEXT    NOT NULL CHECK (length(topic) <= 80),
  subject_id BLOB    NOT NULL CHECK (length(subject_id) = 16),
  template   TEXT    NOT NULL CHECK (length(template) <= 60),
  params     TEXT    NOT NULL,
  urgency    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  read_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_inbox_message_event_id_person_id ON inbox_message (event_id, person_id);
CREATE INDEX ix_inbox_message_person_id ON inbox_message (person_id, id);
CREATE INDEX ix_inbox_message_unread ON inbox_message (person_id, read_at, id);
CREATE INDEX ix_inbox_message_created ON inbox_message (created_at);
-- +goose Down
DROP TABLE inbox_message;

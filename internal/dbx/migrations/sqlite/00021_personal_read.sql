-- +goose Up
CREATE TABLE personal_read (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  reader_id   BLOB    NOT NULL CHECK (length(reader_id) = 16),
  capacity    TEXT    NOT NULL CHECK (length(capacity) <= 40),
  subject_id  BLOB    NOT NULL CHECK (length(subject_id) = 16),
  field       TEXT    NOT NULL CHECK (length(field) <= 64),
  reason      TEXT    NOT NULL CHECK (length(reason) <= 40),
  object_kind TEXT    NOT NULL CHECK (length(object_kind) <= 40),
  object_id   BLOB    NOT NULL CHECK (length(object_id) = 16),
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_personal_read_subject ON personal_read (subject_id, id);
CREATE INDEX ix_personal_read_object ON personal_read (object_id, id);
-- +goose Down
DROP TABLE personal_read;

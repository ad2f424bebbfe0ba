-- +goose Up
CREATE TABLE renovation_event (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (length(kind) <= 30),
  from_state TEXT NOT NULL CHECK (length(from_state) <= 12),
  to_state   TEXT NOT NULL CHECK (length(to_state) <= 12),
  person_id  BLOB CHECK (length(person_id) = 16),
  org_id     BLOB CHECK (length(org_id) = 16),
  role       TEXT NOT NULL CHECK (length(role) <= 20),
  post_id    BLOB CHECK (length(post_id) = 16),
  detail     TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_renovation_event_subject_id_id ON renovation_event (subject_id, id);
-- +goose Down
DROP TABLE renovation_event;

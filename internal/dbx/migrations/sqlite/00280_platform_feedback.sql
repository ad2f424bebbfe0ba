-- +goose Up
CREATE TABLE platform_feedback (
  id          BLOB NOT NULL CHECK (length(id) = 16),
  person_id   BLOB NOT NULL CHECK (length(person_id) = 16),
  kind        TEXT NOT NULL CHECK (length(kind) <= 20) CHECK (kind IN ('complaint', 'suggestion', 'malfunction', 'accessibility')),
  text        TEXT NOT NULL CHECK (length(text) <= 2000),
  written_at  INTEGER NOT NULL,
  answer      TEXT NOT NULL CHECK (length(answer) <= 2000),
  answered_at INTEGER,
  answered_by BLOB CHECK (length(answered_by) = 16),
  version     INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_platform_feedback_person_id_id ON platform_feedback (person_id, id);
CREATE INDEX ix_platform_feedback_answered_at_id ON platform_feedback (answered_at, id);
-- +goose Down
DROP TABLE platform_feedback;

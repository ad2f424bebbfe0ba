-- +goose Up
CREATE TABLE personal_consent (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id    BLOB    NOT NULL CHECK (length(person_id) = 16),
  purpose      TEXT    NOT NULL CHECK (length(purpose) <= 40),
  text_hash    BLOB    NOT NULL CHECK (length(text_hash) = 32),
  channel      TEXT    NOT NULL CHECK (length(channel) <= 16),
  recorded_by  BLOB    NOT NULL CHECK (length(recorded_by) = 16),
  given_at     INTEGER NOT NULL,
  withdrawn_at INTEGER,
  withdrawn_by BLOB    CHECK (length(withdrawn_by) = 16),
  in_force     INTEGER GENERATED ALWAYS AS (CASE WHEN withdrawn_at IS NULL THEN 1 END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_personal_consent_in_force ON personal_consent (person_id, purpose, in_force);
-- +goose Down
DROP TABLE personal_consent;

-- +goose Up
CREATE TABLE renovation_consent (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  subject_id      BLOB NOT NULL CHECK (length(subject_id) = 16),
  plan_number     INTEGER NOT NULL,
  subject_hash    BLOB NOT NULL CHECK (length(subject_hash) = 32),
  budget_fen      INTEGER NOT NULL,
  decision_item   INTEGER NOT NULL,
  decision_id     BLOB CHECK (length(decision_id) = 16),
  held_on         TEXT NOT NULL CHECK (length(held_on) = 10),
  document        BLOB CHECK (length(document) = 32),
  total_area      INTEGER NOT NULL,
  total_heads     INTEGER NOT NULL,
  joined_area     INTEGER NOT NULL,
  joined_heads    INTEGER NOT NULL,
  favour_area     INTEGER NOT NULL,
  favour_heads    INTEGER NOT NULL,
  recorded_at     INTEGER NOT NULL,
  person_id       BLOB CHECK (length(person_id) = 16),
  org_id          BLOB CHECK (length(org_id) = 16),
  ended_at        INTEGER,
  current_subject BLOB GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN subject_id END) STORED,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_consent_current_subject ON renovation_consent (current_subject);
CREATE INDEX ix_renovation_consent_subject_id_id ON renovation_consent (subject_id, id);
CREATE INDEX ix_renovation_consent_document ON renovation_consent (document);
-- +goose Down
DROP TABLE renovation_consent;

-- +goose Up
CREATE TABLE survey_round (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  form_id       BLOB NOT NULL CHECK (length(form_id) = 16),
  author_org_id BLOB NOT NULL CHECK (length(author_org_id) = 16),
  author_role   TEXT NOT NULL CHECK (length(author_role) <= 20),
  scope_path    TEXT NOT NULL CHECK (length(scope_path) <= 400),
  title         TEXT NOT NULL CHECK (length(title) <= 100),
  state         TEXT NOT NULL CHECK (length(state) <= 10),
  method        TEXT NOT NULL CHECK (length(method) <= 10),
  margin_bp     INTEGER,
  opens_at      INTEGER NOT NULL,
  closes_at     INTEGER NOT NULL,
  rule_hash     BLOB NOT NULL CHECK (length(rule_hash) = 32),
  receipt_key   BLOB CHECK (length(receipt_key) = 32),
  roll_hash     BLOB CHECK (length(roll_hash) = 32),
  frozen_at     INTEGER,
  reveal_until  INTEGER,
  seed          BLOB CHECK (length(seed) = 32),
  opened_at     INTEGER,
  closed_at     INTEGER,
  scored_at     INTEGER,
  published_at  INTEGER,
  revision      INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_round_form_id FOREIGN KEY (form_id) REFERENCES survey_form (id)
) STRICT;
CREATE INDEX ix_survey_round_scope_path_id ON survey_round (scope_path, id);
CREATE INDEX ix_survey_round_state_closes_at ON survey_round (state, closes_at);
-- +goose Down
DROP TABLE survey_round;

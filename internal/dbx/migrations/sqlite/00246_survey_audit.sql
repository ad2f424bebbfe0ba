-- +goose Up
CREATE TABLE survey_audit (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  round_id      BLOB NOT NULL CHECK (length(round_id) = 16),
  number        INTEGER NOT NULL,
  revision      INTEGER NOT NULL,
  scope_path    TEXT NOT NULL CHECK (length(scope_path) <= 400),
  state         TEXT NOT NULL CHECK (length(state) <= 12) CHECK (state IN ('open', 'concluded', 'decided', 'signed_off')),
  reason        TEXT NOT NULL CHECK (length(reason) <= 500),
  opened_by     BLOB CHECK (length(opened_by) = 16),
  opened_role   TEXT NOT NULL CHECK (length(opened_role) <= 20),
  opened_at     INTEGER NOT NULL,
  proposal      TEXT NOT NULL CHECK (length(proposal) <= 10),
  finding       TEXT NOT NULL CHECK (length(finding) <= 2000),
  concluded_by  BLOB CHECK (length(concluded_by) = 16),
  concluded_at  INTEGER,
  outcome       TEXT NOT NULL CHECK (length(outcome) <= 10) CHECK (outcome IN ('', 'uphold', 'revise', 'reject')),
  reasons       TEXT NOT NULL CHECK (length(reasons) <= 2000),
  reason_salt   BLOB CHECK (length(reason_salt) = 32),
  decided_by    BLOB CHECK (length(decided_by) = 16),
  decided_role  TEXT NOT NULL CHECK (length(decided_role) <= 20),
  decided_at    INTEGER,
  version       INTEGER NOT NULL,
  open_round_id BLOB GENERATED ALWAYS AS (CASE WHEN state IN ('open', 'concluded') THEN round_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_audit_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_audit_round_id_number ON survey_audit (round_id, number);
CREATE UNIQUE INDEX uq_survey_audit_open_round_id ON survey_audit (open_round_id);
CREATE INDEX ix_survey_audit_round_id_revision ON survey_audit (round_id, revision);
-- +goose Down
DROP TABLE survey_audit;

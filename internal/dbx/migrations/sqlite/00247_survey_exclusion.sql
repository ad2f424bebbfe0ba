-- +goose Up
CREATE TABLE survey_exclusion (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  round_id       BLOB NOT NULL CHECK (length(round_id) = 16),
  number         INTEGER NOT NULL,
  audit_id       BLOB NOT NULL CHECK (length(audit_id) = 16),
  attribute      TEXT NOT NULL CHECK (length(attribute) <= 10) CHECK (attribute IN ('channel', 'lot', 'stratum')),
  value          TEXT NOT NULL CHECK (length(value) <= 40),
  excluded       INTEGER NOT NULL,
  reason         TEXT NOT NULL CHECK (length(reason) <= 500),
  reason_salt    BLOB NOT NULL CHECK (length(reason_salt) = 32),
  proposed_by    BLOB NOT NULL CHECK (length(proposed_by) = 16),
  proposed_role  TEXT NOT NULL CHECK (length(proposed_role) <= 20),
  proposed_at    INTEGER NOT NULL,
  first          BLOB NOT NULL CHECK (length(first) = 32),
  confirmed_by   BLOB CHECK (length(confirmed_by) = 16),
  confirmed_role TEXT NOT NULL CHECK (length(confirmed_role) <= 20),
  confirmed_at   INTEGER,
  second         BLOB CHECK (length(second) = 32),
  from_revision  INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_exclusion_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id),
  CONSTRAINT fk_survey_exclusion_audit_id FOREIGN KEY (audit_id) REFERENCES survey_audit (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_exclusion_round_id_number ON survey_exclusion (round_id, number);
CREATE UNIQUE INDEX uq_survey_exclusion_audit_id_attribute_value ON survey_exclusion (audit_id, attribute, value);
-- +goose Down
DROP TABLE survey_exclusion;

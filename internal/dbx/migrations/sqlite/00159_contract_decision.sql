-- +goose Up
CREATE TABLE contract_decision (
  id               BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  contract_id      BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  held_on          TEXT NOT NULL CHECK (length(held_on) = 10),
  document         BLOB NOT NULL CHECK (length(document) = 32),
  total_area       INTEGER NOT NULL,
  total_heads      INTEGER NOT NULL,
  joined_area      INTEGER NOT NULL,
  joined_heads     INTEGER NOT NULL,
  favour_area      INTEGER NOT NULL,
  favour_heads     INTEGER NOT NULL,
  recorded_at      INTEGER NOT NULL,
  person_id        BLOB CHECK (length(person_id) = 16),
  org_id           BLOB CHECK (length(org_id) = 16),
  replaced_at      INTEGER,
  current_contract BLOB GENERATED ALWAYS AS (CASE WHEN replaced_at IS NULL THEN contract_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_contract_decision_current_contract ON contract_decision (current_contract);
CREATE INDEX ix_contract_decision_contract_id_id ON contract_decision (contract_id, id);
-- +goose Down
DROP TABLE contract_decision;

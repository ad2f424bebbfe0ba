-- +goose Up
CREATE TABLE contract_period (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  param       TEXT NOT NULL CHECK (length(param) <= 40),
  count_of    INTEGER NOT NULL,
  unit        TEXT NOT NULL CHECK (length(unit) <= 20),
  clause      TEXT NOT NULL CHECK (length(clause) <= 200),
  person_id   BLOB CHECK (length(person_id) = 16),
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (contract_id, param)
) STRICT;
-- +goose Down
DROP TABLE contract_period;

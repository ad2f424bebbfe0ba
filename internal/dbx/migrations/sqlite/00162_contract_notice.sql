-- +goose Up
CREATE TABLE contract_notice (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  contract_id  BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  kind         TEXT NOT NULL CHECK (kind IN ('owners_dismissal', 'provider_non_renewal', 'indefinite_end')),
  side         TEXT NOT NULL CHECK (side IN ('company', 'owners')),
  given_on     TEXT NOT NULL CHECK (length(given_on) = 10),
  document     BLOB NOT NULL CHECK (length(document) = 32),
  earliest_end TEXT NOT NULL CHECK (length(earliest_end) = 10),
  late         INTEGER NOT NULL,
  count_of     INTEGER NOT NULL,
  unit         TEXT NOT NULL CHECK (length(unit) <= 20),
  basis        TEXT NOT NULL CHECK (length(basis) <= 200),
  clause       TEXT CHECK (length(clause) <= 200),
  rule_hash    BLOB NOT NULL CHECK (length(rule_hash) = 32),
  recorded_at  INTEGER NOT NULL,
  person_id    BLOB CHECK (length(person_id) = 16),
  org_id       BLOB CHECK (length(org_id) = 16)
) STRICT;
CREATE INDEX ix_contract_notice_contract_id_id ON contract_notice (contract_id, id);
-- +goose Down
DROP TABLE contract_notice;

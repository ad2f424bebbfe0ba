-- +goose Up
CREATE TABLE contract_assent (
  id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  contract_id   BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  act           TEXT NOT NULL CHECK (act IN ('sign', 'start', 'withdraw')),
  terms_version INTEGER NOT NULL,
  side          TEXT NOT NULL CHECK (side IN ('company', 'owners')),
  person_id     BLOB NOT NULL CHECK (length(person_id) = 16),
  org_id        BLOB NOT NULL CHECK (length(org_id) = 16),
  post_id       BLOB CHECK (length(post_id) = 16),
  terms_hash    BLOB NOT NULL CHECK (length(terms_hash) = 32),
  at            INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_contract_assent_contract_id_act_terms_version_side ON contract_assent (contract_id, act, terms_version, side);
CREATE UNIQUE INDEX uq_contract_assent_contract_id_act_terms_version_person_id ON contract_assent (contract_id, act, terms_version, person_id);
-- +goose Down
DROP TABLE contract_assent;

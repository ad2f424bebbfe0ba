-- +goose Up
CREATE TABLE contract_sla (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  category    TEXT NOT NULL CHECK (length(category) <= 60),
  severity    TEXT NOT NULL CHECK (length(severity) <= 20),
  accept_min  INTEGER NOT NULL,
  arrive_min  INTEGER NOT NULL,
  control_min INTEGER NOT NULL,
  fix_min     INTEGER NOT NULL,
  clock       TEXT NOT NULL CHECK (clock IN ('natural', 'working')),
  PRIMARY KEY (contract_id, no)
) STRICT;
CREATE UNIQUE INDEX uq_contract_sla_contract_id_category_severity ON contract_sla (contract_id, category, severity);
-- +goose Down
DROP TABLE contract_sla;

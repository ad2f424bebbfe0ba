-- +goose Up
CREATE TABLE contract (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path      TEXT NOT NULL CHECK (length(scope_path) <= 400),
  number          TEXT NOT NULL CHECK (length(number) <= 60),
  kind            TEXT NOT NULL CHECK (kind IN ('early_stage', 'ordinary')),
  company_org_id  BLOB NOT NULL CHECK (length(company_org_id) = 16),
  owners_org_id   BLOB CHECK (length(owners_org_id) = 16),
  fee_method      TEXT NOT NULL CHECK (fee_method IN ('lump_sum', 'commission', 'trust')),
  starts_on       TEXT NOT NULL CHECK (length(starts_on) = 10),
  ends_on         TEXT CHECK (length(ends_on) = 10),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'in_force', 'renewed', 'indefinite', 'terminated', 'handover', 'closed')),
  terms_version   INTEGER NOT NULL,
  signed_on       TEXT CHECK (length(signed_on) = 10),
  filed_on        TEXT CHECK (length(filed_on) = 10),
  filing_number   TEXT CHECK (length(filing_number) <= 60),
  in_force_on     TEXT CHECK (length(in_force_on) = 10),
  ended_on        TEXT CHECK (length(ended_on) = 10),
  end_ground      TEXT CHECK (length(end_ground) <= 20),
  closed_on       TEXT CHECK (length(closed_on) = 10),
  follows_id      BLOB CHECK (length(follows_id) = 16),
  imported        INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  changed_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  force_area      BLOB GENERATED ALWAYS AS (CASE WHEN state IN ('in_force', 'indefinite') THEN service_area_id END) STORED,
  live_number     TEXT GENERATED ALWAYS AS (CASE WHEN state <> 'closed' OR in_force_on IS NOT NULL THEN number END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_contract_force_area ON contract (force_area);
CREATE UNIQUE INDEX uq_contract_service_area_id_live_number ON contract (service_area_id, live_number);
CREATE INDEX ix_contract_scope_path_id ON contract (scope_path, id);
CREATE INDEX ix_contract_company_org_id_id ON contract (company_org_id, id);
CREATE INDEX ix_contract_owners_org_id_id ON contract (owners_org_id, id);
-- +goose Down
DROP TABLE contract;

-- +goose Up
CREATE TABLE survey_settlement (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path      TEXT NOT NULL CHECK (length(scope_path) <= 400),
  revision        INTEGER NOT NULL,
  contract_id     BLOB NOT NULL CHECK (length(contract_id) = 16),
  company_org_id  BLOB NOT NULL CHECK (length(company_org_id) = 16),
  owners_org_id   BLOB NOT NULL CHECK (length(owners_org_id) = 16),
  state           TEXT NOT NULL CHECK (length(state) <= 20) CHECK (state IN ('proposed', 'company_confirmed', 'owners_confirmed', 'settled', 'disputed')),
  from_month      TEXT NOT NULL CHECK (length(from_month) <= 7),
  months          INTEGER NOT NULL,
  month_fen       INTEGER NOT NULL,
  proposal        TEXT NOT NULL,
  proposed_by     BLOB NOT NULL CHECK (length(proposed_by) = 16),
  proposed_role   TEXT NOT NULL CHECK (length(proposed_role) <= 20),
  proposed_at     INTEGER NOT NULL,
  company_by      BLOB CHECK (length(company_by) = 16),
  company_at      INTEGER,
  owners_by       BLOB CHECK (length(owners_by) = 16),
  owners_at       INTEGER,
  disputed_by     BLOB CHECK (length(disputed_by) = 16),
  disputed_org    BLOB CHECK (length(disputed_org) = 16),
  disputed_at     INTEGER,
  dispute         TEXT NOT NULL CHECK (length(dispute) <= 2000),
  version         INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_settlement_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_settlement_round_id_service_area_id_revision ON survey_settlement (round_id, service_area_id, revision);
CREATE INDEX ix_survey_settlement_contract_id_id ON survey_settlement (contract_id, id);
-- +goose Down
DROP TABLE survey_settlement;

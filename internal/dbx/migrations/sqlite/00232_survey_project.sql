-- +goose Up
CREATE TABLE survey_project (
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path      TEXT NOT NULL CHECK (length(scope_path) <= 400),
  name            TEXT NOT NULL CHECK (length(name) <= 200),
  company_org_id  BLOB CHECK (length(company_org_id) = 16),
  contract_id     BLOB CHECK (length(contract_id) = 16),
  owners_org_id   BLOB CHECK (length(owners_org_id) = 16),
  dwellings       INTEGER NOT NULL,
  left_out        INTEGER NOT NULL,
  sampled         INTEGER NOT NULL,
  reconciled_at   INTEGER,
  reconciled_by   BLOB CHECK (length(reconciled_by) = 16),
  reconciled_role TEXT NOT NULL CHECK (length(reconciled_role) <= 20),
  PRIMARY KEY (round_id, service_area_id),
  CONSTRAINT fk_survey_project_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE INDEX ix_survey_project_service_area_id_round_id ON survey_project (service_area_id, round_id);
CREATE INDEX ix_survey_project_company_org_id_round_id ON survey_project (company_org_id, round_id);
-- +goose Down
DROP TABLE survey_project;

-- +goose Up
CREATE TABLE survey_project (
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  scope_path      VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name            VARCHAR(200) NOT NULL,
  company_org_id  BINARY(16) NULL,
  contract_id     BINARY(16) NULL,
  owners_org_id   BINARY(16) NULL,
  dwellings       BIGINT NOT NULL,
  left_out        BIGINT NOT NULL,
  sampled         BIGINT NOT NULL,
  reconciled_at   BIGINT NULL,
  reconciled_by   BINARY(16) NULL,
  reconciled_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (round_id, service_area_id),
  KEY ix_survey_project_service_area_id_round_id (service_area_id, round_id),
  KEY ix_survey_project_company_org_id_round_id (company_org_id, round_id),
  CONSTRAINT fk_survey_project_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_project;

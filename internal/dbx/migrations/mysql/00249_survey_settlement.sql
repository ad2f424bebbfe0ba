-- +goose Up
CREATE TABLE survey_settlement (
  id              BINARY(16) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  scope_path      VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  revision        BIGINT NOT NULL,
  contract_id     BINARY(16) NOT NULL,
  company_org_id  BINARY(16) NOT NULL,
  owners_org_id   BINARY(16) NOT NULL,
  state           VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('proposed', 'company_confirmed', 'owners_confirmed', 'settled', 'disputed')),
  from_month      VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  months          BIGINT NOT NULL,
  month_fen       BIGINT NOT NULL,
  proposal        MEDIUMTEXT NOT NULL,
  proposed_by     BINARY(16) NOT NULL,
  proposed_role   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  proposed_at     BIGINT NOT NULL,
  company_by      BINARY(16) NULL,
  company_at      BIGINT NULL,
  owners_by       BINARY(16) NULL,
  owners_at       BIGINT NULL,
  disputed_by     BINARY(16) NULL,
  disputed_org    BINARY(16) NULL,
  disputed_at     BIGINT NULL,
  dispute         VARCHAR(2000) NOT NULL,
  version         BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_settlement_round_id_service_area_id_revision (round_id, service_area_id, revision),
  KEY ix_survey_settlement_contract_id_id (contract_id, id),
  CONSTRAINT fk_survey_settlement_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_settlement;

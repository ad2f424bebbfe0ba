-- +goose Up
CREATE TABLE arrangement (
  id                BINARY(16) NOT NULL,
  service_area_id   BINARY(16) NOT NULL,
  scope_path        VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind              VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('contract', 'continuation', 'custody', 'emergency', 'self_managed', 'none')),
  handler_org_id    BINARY(16) NULL,
  owners_rep_org_id BINARY(16) NULL,
  contract_id       BINARY(16) NULL,
  basis             VARCHAR(300) NOT NULL,
  from_at           BIGINT NOT NULL,
  to_at             BIGINT NULL,
  until_on          CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  person_id         BINARY(16) NULL,
  org_id            BINARY(16) NULL,
  current_area      BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN service_area_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_arrangement_current_area (current_area),
  KEY ix_arrangement_service_area_id_id (service_area_id, id),
  KEY ix_arrangement_handler_org_id_to_at (handler_org_id, to_at),
  KEY ix_arrangement_scope_path_to_at (scope_path, to_at),
  CONSTRAINT fk_arrangement_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE arrangement;

-- +goose Up
CREATE TABLE join_code (
  id           BINARY(16) NOT NULL,
  batch_id     BINARY(16) NOT NULL,
  code_hash    BINARY(32) NOT NULL,
  unit_id      BINARY(16) NOT NULL,
  building_id  BINARY(16) NOT NULL,
  scope_path   VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  made_by      BINARY(16) NOT NULL,
  made_at      BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT NULL,
  used_by      BINARY(16) NULL,
  voided_at    BIGINT NULL,
  open_unit_id BINARY(16) GENERATED ALWAYS AS (CASE WHEN used_at IS NULL AND voided_at IS NULL THEN unit_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_join_code_code_hash (code_hash),
  UNIQUE KEY uq_join_code_open_unit_id (open_unit_id),
  KEY ix_join_code_batch_id_id (batch_id, id),
  KEY ix_join_code_building_id_id (building_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE join_code;

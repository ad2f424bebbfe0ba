-- +goose Up
CREATE TABLE rate_snapshot_cell (
  snapshot_id BINARY(16) NOT NULL,
  pos         BIGINT NOT NULL,
  dimension   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cell_key    VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  company_id  BINARY(16) NULL,
  content     MEDIUMTEXT NOT NULL,
  salt        BINARY(16) NOT NULL,
  hash        BINARY(32) NOT NULL,
  PRIMARY KEY (snapshot_id, pos),
  UNIQUE KEY uq_rate_snapshot_cell_snapshot_id_dimension_cell_key (snapshot_id, dimension, cell_key),
  KEY ix_rate_snapshot_cell_scope_path (scope_path, snapshot_id),
  KEY ix_rate_snapshot_cell_company_id (company_id, snapshot_id),
  CONSTRAINT fk_rate_snapshot_cell_snapshot_id FOREIGN KEY (snapshot_id) REFERENCES rate_snapshot (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE rate_snapshot_cell;

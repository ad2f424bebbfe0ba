-- +goose Up
CREATE TABLE unit_owner (
  id            BINARY(16) NOT NULL,
  unit_id       BINARY(16) NOT NULL,
  owner_id      BINARY(16) NOT NULL,
  from_date     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_date       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  source        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (source IN ('register', 'contract', 'declared', 'import')),
  created_at    BIGINT NOT NULL,
  current_owner BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_date IS NULL THEN owner_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_unit_owner_unit_id_current_owner (unit_id, current_owner),
  KEY ix_unit_owner_owner_id (owner_id),
  CONSTRAINT fk_unit_owner_unit_id FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_unit_owner_owner_id FOREIGN KEY (owner_id) REFERENCES owner (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE unit_owner;

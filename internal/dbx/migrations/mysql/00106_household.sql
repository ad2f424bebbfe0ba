-- +goose Up
CREATE TABLE household (
  id           BINARY(16) NOT NULL,
  unit_id      BINARY(16) NOT NULL,
  started_at   BIGINT NOT NULL,
  ended_at     BIGINT NULL,
  version      BIGINT NOT NULL,
  current_unit BINARY(16) GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN unit_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_household_current_unit (current_unit),
  KEY ix_household_unit_id_started_at (unit_id, started_at),
  CONSTRAINT fk_household_unit_id FOREIGN KEY (unit_id) REFERENCES unit (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE household;

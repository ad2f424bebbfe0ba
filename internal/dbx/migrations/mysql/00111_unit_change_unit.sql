-- +goose Up
CREATE TABLE unit_change_unit (
  change_id    BINARY(16) NOT NULL,
  unit_id      BINARY(16) NOT NULL,
  part         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (part IN ('source', 'result')),
  unit_version BIGINT NOT NULL,
  PRIMARY KEY (change_id, unit_id, part),
  KEY ix_unit_change_unit_unit_id_change_id (unit_id, change_id),
  CONSTRAINT fk_unit_change_unit_change_id FOREIGN KEY (change_id) REFERENCES unit_change (id),
  CONSTRAINT fk_unit_change_unit_unit_id FOREIGN KEY (unit_id) REFERENCES unit (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE unit_change_unit;

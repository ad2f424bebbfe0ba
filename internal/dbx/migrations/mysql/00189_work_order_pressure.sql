-- +goose Up
CREATE TABLE work_order_pressure (
  id          BINARY(16) NOT NULL,
  order_id    BINARY(16) NOT NULL,
  street_id   BINARY(16) NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text        VARCHAR(2000) NOT NULL,
  person_id   BINARY(16) NULL,
  at          BIGINT NOT NULL,
  state       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  closed_at   BIGINT NULL,
  closed_by   BINARY(16) NULL,
  closed_role VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outcome     VARCHAR(1000) NOT NULL,
  PRIMARY KEY (id),
  KEY ix_work_order_pressure_scope (scope_path, state, id),
  KEY ix_work_order_pressure_order (order_id, id),
  CONSTRAINT fk_work_order_pressure_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_pressure;

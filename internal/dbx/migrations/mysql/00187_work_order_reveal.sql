-- +goose Up
CREATE TABLE work_order_reveal (
  id         BINARY(16) NOT NULL,
  order_id   BINARY(16) NOT NULL,
  person_id  BINARY(16) NOT NULL,
  org_id     BINARY(16) NULL,
  role       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason     VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened_at  BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_work_order_reveal_order (order_id, id),
  CONSTRAINT fk_work_order_reveal_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_reveal;

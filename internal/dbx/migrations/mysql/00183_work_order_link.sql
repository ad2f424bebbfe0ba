-- +goose Up
CREATE TABLE work_order_link (
  token_hash BINARY(32) NOT NULL,
  order_id   BINARY(16) NOT NULL,
  kind       VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (token_hash),
  KEY ix_work_order_link_order (order_id),
  CONSTRAINT fk_work_order_link_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_link;

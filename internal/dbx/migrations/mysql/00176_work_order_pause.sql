-- +goose Up
CREATE TABLE work_order_pause (
  id            BINARY(16) NOT NULL,
  order_id      BINARY(16) NOT NULL,
  round         BIGINT NOT NULL,
  from_at       BIGINT NOT NULL,
  to_at         BIGINT NULL,
  reason        VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  evidence      VARCHAR(500) NOT NULL,
  attachment_id BINARY(16) NULL,
  open_key      BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN order_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_pause_open_key (open_key),
  KEY ix_work_order_pause_order (order_id, from_at),
  CONSTRAINT fk_work_order_pause_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_pause;

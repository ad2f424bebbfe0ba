-- +goose Up
CREATE TABLE work_order_check (
  order_id     BINARY(16) NOT NULL,
  closure_no   BIGINT NOT NULL,
  community_id BINARY(16) NOT NULL,
  month        VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  drawn_at     BIGINT NOT NULL,
  state        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  checked_at   BIGINT NULL,
  checked_by   BINARY(16) NULL,
  note         VARCHAR(1000) NOT NULL,
  PRIMARY KEY (order_id, closure_no),
  KEY ix_work_order_check_community (community_id, state, order_id),
  KEY ix_work_order_check_month (community_id, month),
  CONSTRAINT fk_work_order_check_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_check;

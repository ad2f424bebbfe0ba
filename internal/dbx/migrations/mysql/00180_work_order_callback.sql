-- +goose Up
CREATE TABLE work_order_callback (
  id           BINARY(16) NOT NULL,
  order_id     BINARY(16) NOT NULL,
  closure_no   BIGINT NOT NULL,
  community_id BINARY(16) NULL,
  street_id    BINARY(16) NOT NULL,
  reason       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  opened_at    BIGINT NOT NULL,
  due_at       BIGINT NOT NULL,
  state        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  done_at      BIGINT NULL,
  done_by      BINARY(16) NULL,
  outcome      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note         VARCHAR(1000) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_callback_order_id (order_id, closure_no),
  KEY ix_work_order_callback_community (community_id, state, id),
  KEY ix_work_order_callback_street (street_id, state, id),
  CONSTRAINT fk_work_order_callback_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_callback;

-- +goose Up
CREATE TABLE work_order_follower (
  order_id      BINARY(16) NOT NULL,
  from_order_id BINARY(16) NOT NULL,
  person_id     BINARY(16) NULL,
  household_id  BINARY(16) NULL,
  since         BIGINT NOT NULL,
  PRIMARY KEY (order_id, from_order_id),
  KEY ix_work_order_follower_from (from_order_id),
  CONSTRAINT fk_work_order_follower_order_id FOREIGN KEY (order_id) REFERENCES work_order (id),
  CONSTRAINT fk_work_order_follower_from_order_id FOREIGN KEY (from_order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_follower;

-- +goose Up
CREATE TABLE work_order_follower (
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  from_order_id BLOB NOT NULL CHECK (length(from_order_id) = 16),
  person_id     BLOB CHECK (length(person_id) = 16),
  household_id  BLOB CHECK (length(household_id) = 16),
  since         INTEGER NOT NULL,
  PRIMARY KEY (order_id, from_order_id),
  CONSTRAINT fk_work_order_follower_order_id FOREIGN KEY (order_id) REFERENCES work_order (id),
  CONSTRAINT fk_work_order_follower_from_order_id FOREIGN KEY (from_order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_follower_from ON work_order_follower (from_order_id);
-- +goose Down
DROP TABLE work_order_follower;

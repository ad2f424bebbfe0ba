-- +goose Up
CREATE TABLE work_order_rating (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  order_id     BLOB NOT NULL CHECK (length(order_id) = 16),
  closure_no   INTEGER NOT NULL,
  rater_key    BLOB NOT NULL CHECK (length(rater_key) = 16),
  household_id BLOB CHECK (length(household_id) = 16),
  person_id    BLOB CHECK (length(person_id) = 16),
  solved       TEXT NOT NULL CHECK (length(solved) <= 8),
  satisfied    INTEGER NOT NULL,
  channel      TEXT NOT NULL CHECK (length(channel) <= 12),
  recorded_by  BLOB CHECK (length(recorded_by) = 16),
  at           INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_rating_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_rating_rater_key ON work_order_rating (order_id, closure_no, rater_key);
CREATE INDEX ix_work_order_rating_at ON work_order_rating (at);
-- +goose Down
DROP TABLE work_order_rating;

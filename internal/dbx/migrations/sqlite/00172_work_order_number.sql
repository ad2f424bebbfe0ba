-- +goose Up
CREATE TABLE work_order_number (
  prefix TEXT NOT NULL CHECK (length(prefix) <= 12),
  day    TEXT NOT NULL CHECK (length(day) = 10),
  last   INTEGER NOT NULL,
  PRIMARY KEY (prefix, day)
) STRICT;
-- +goose Down
DROP TABLE work_order_number;

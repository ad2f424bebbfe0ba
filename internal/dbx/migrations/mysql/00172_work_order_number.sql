-- +goose Up
CREATE TABLE work_order_number (
  prefix VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day    CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last   BIGINT NOT NULL,
  PRIMARY KEY (prefix, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_number;

-- +goose Up
CREATE TABLE sms_month (
  month     CHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  spent_fen BIGINT  NOT NULL,
  messages  BIGINT  NOT NULL,
  PRIMARY KEY (month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE sms_month;

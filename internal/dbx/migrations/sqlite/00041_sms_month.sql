-- +goose Up
CREATE TABLE sms_month (
  month     TEXT    NOT NULL PRIMARY KEY CHECK (length(month) = 7),
  spent_fen INTEGER NOT NULL,
  messages  INTEGER NOT NULL
) STRICT;
-- +goose Down
DROP TABLE sms_month;

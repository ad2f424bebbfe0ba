-- +goose Up
CREATE TABLE notification_preference (
  person_id  BLOB    NOT NULL PRIMARY KEY CHECK (length(person_id) = 16),
  sms        TEXT    NOT NULL CHECK (length(sms) <= 600),
  digest     TEXT    NOT NULL CHECK (length(digest) <= 10),
  quiet_from INTEGER NOT NULL,
  quiet_to   INTEGER NOT NULL,
  version    INTEGER NOT NULL
) STRICT;
-- +goose Down
DROP TABLE notification_preference;

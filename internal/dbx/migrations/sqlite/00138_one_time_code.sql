-- +goose Up
CREATE TABLE one_time_code (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  phone_index BLOB    NOT NULL CHECK (length(phone_index) = 32),
  code_hash   BLOB    NOT NULL CHECK (length(code_hash) = 32),
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  tries       INTEGER NOT NULL,
  used_at     INTEGER
) STRICT;
CREATE INDEX ix_one_time_code_phone ON one_time_code (phone_index, id);
CREATE INDEX ix_one_time_code_expires ON one_time_code (expires_at);
-- +goose Down
DROP TABLE one_time_code;

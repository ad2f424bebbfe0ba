-- +goose Up
CREATE TABLE login_session (
  id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
  account_id BLOB    NOT NULL CHECK (length(account_id) = 16) CONSTRAINT fk_login_session_account REFERENCES account (id),
  device     TEXT    NOT NULL CHECK (length(device) <= 60),
  origin     TEXT    NOT NULL CHECK (length(origin) <= 10),
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_login_session_token_hash ON login_session (token_hash);
CREATE INDEX ix_login_session_account ON login_session (account_id, id);
CREATE INDEX ix_login_session_expires ON login_session (expires_at);
-- +goose Down
DROP TABLE login_session;

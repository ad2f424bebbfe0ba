-- +goose Up
CREATE TABLE api_token (
  id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  token_hash   BLOB    NOT NULL CHECK (length(token_hash) = 32),
  account_id   BLOB    NOT NULL CHECK (length(account_id) = 16) CONSTRAINT fk_api_token_account REFERENCES account (id),
  name         TEXT    NOT NULL CHECK (length(name) <= 60),
  scopes       TEXT    NOT NULL CHECK (length(scopes) <= 2000),
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_api_token_token_hash ON api_token (token_hash);
CREATE INDEX ix_api_token_account ON api_token (account_id, id);
-- +goose Down
DROP TABLE api_token;

-- +goose Up
CREATE TABLE idempotency (
  principal  BLOB    NOT NULL CHECK (length(principal) = 16),
  operation  TEXT    NOT NULL CHECK (length(operation) <= 80),
  key_hash   BLOB    NOT NULL CHECK (length(key_hash) = 32),
  body_hash  BLOB    NOT NULL CHECK (length(body_hash) = 32),
  resource   BLOB    NOT NULL CHECK (length(resource) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (principal, operation, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_idempotency_created ON idempotency (created_at);
-- +goose Down
DROP TABLE idempotency;

-- +goose Up
CREATE TABLE ledger_hash (
  log   TEXT    NOT NULL CHECK (length(log) <= 40),
  pos   INTEGER NOT NULL,
  hash  BLOB    NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (log, pos)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE ledger_hash;

-- +goose Up
CREATE TABLE ledger_push (
  target_hash BLOB    NOT NULL CHECK (length(target_hash) = 32),
  log         TEXT    NOT NULL CHECK (length(log) <= 40),
  tree_size   INTEGER NOT NULL,
  pushed_at   INTEGER NOT NULL,
  PRIMARY KEY (target_hash, log)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE ledger_push;

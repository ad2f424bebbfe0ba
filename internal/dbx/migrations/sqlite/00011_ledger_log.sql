-- +goose Up
CREATE TABLE ledger_log (
  name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) <= 40),
  tree_size  INTEGER NOT NULL,
  root       BLOB    NOT NULL CHECK (length(root) = 32)
) STRICT;
-- +goose Down
DROP TABLE ledger_log;

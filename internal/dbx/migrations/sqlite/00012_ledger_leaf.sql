-- +goose Up
CREATE TABLE ledger_leaf (
  log   TEXT    NOT NULL CHECK (length(log) <= 40),
  pos   INTEGER NOT NULL,
  leaf  BLOB    NOT NULL CHECK (length(leaf) = 32),
  PRIMARY KEY (log, pos)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE ledger_leaf;

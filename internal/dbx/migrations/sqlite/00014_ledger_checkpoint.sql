-- +goose Up
CREATE TABLE ledger_checkpoint (
  log       TEXT    NOT NULL CHECK (length(log) <= 40),
  tree_size INTEGER NOT NULL,
  note      TEXT    NOT NULL CHECK (length(note) <= 2000),
  signed_at INTEGER NOT NULL,
  PRIMARY KEY (log, tree_size)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE ledger_checkpoint;

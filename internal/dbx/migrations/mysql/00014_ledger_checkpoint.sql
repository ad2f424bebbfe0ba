-- +goose Up
CREATE TABLE ledger_checkpoint (
  log       VARCHAR(40)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tree_size BIGINT        NOT NULL,
  note      VARCHAR(2000) NOT NULL,
  signed_at BIGINT        NOT NULL,
  PRIMARY KEY (log, tree_size)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE ledger_checkpoint;

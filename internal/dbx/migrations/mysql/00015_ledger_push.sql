-- +goose Up
CREATE TABLE ledger_push (
  target_hash BINARY(32)  NOT NULL,
  log         VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tree_size   BIGINT      NOT NULL,
  pushed_at   BIGINT      NOT NULL,
  PRIMARY KEY (target_hash, log)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE ledger_push;

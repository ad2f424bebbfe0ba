-- +goose Up
CREATE TABLE ledger_log (
  name       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tree_size  BIGINT     NOT NULL,
  root       BINARY(32) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE ledger_log;

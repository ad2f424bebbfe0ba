-- +goose Up
CREATE TABLE ledger_hash (
  log   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pos   BIGINT     NOT NULL,
  hash  BINARY(32) NOT NULL,
  PRIMARY KEY (log, pos)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE ledger_hash;

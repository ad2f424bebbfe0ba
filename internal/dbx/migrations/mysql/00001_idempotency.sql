-- +goose Up
CREATE TABLE idempotency (
  principal  BINARY(16)   NOT NULL,
  operation  VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_hash   BINARY(32)   NOT NULL,
  body_hash  BINARY(32)   NOT NULL,
  resource   BINARY(16)   NOT NULL,
  created_at BIGINT       NOT NULL,
  PRIMARY KEY (principal, operation, key_hash),
  KEY ix_idempotency_created (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE idempotency;

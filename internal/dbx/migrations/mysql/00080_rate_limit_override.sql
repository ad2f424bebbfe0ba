-- +goose Up
CREATE TABLE rate_limit_override (
  limit_number INT          NOT NULL,
  bucket_key   VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  burst        BIGINT       NOT NULL CHECK (burst > 0),
  token_count  BIGINT       NOT NULL CHECK (token_count > 0),
  period_ms    BIGINT       NOT NULL CHECK (period_ms > 0),
  author_id    BINARY(16)   NOT NULL,
  comment_text VARCHAR(500) NOT NULL,
  enabled      TINYINT      NOT NULL CHECK (enabled IN (0, 1)),
  expires_at   BIGINT,
  version      BIGINT       NOT NULL,
  updated_at   BIGINT       NOT NULL,
  PRIMARY KEY (limit_number, bucket_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE rate_limit_override;

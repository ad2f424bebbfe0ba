-- +goose Up
CREATE TABLE rate_limit_override (
  limit_number INTEGER NOT NULL,
  bucket_key   TEXT    NOT NULL CHECK (length(bucket_key) BETWEEN 1 AND 160),
  burst        INTEGER NOT NULL CHECK (burst > 0),
  token_count  INTEGER NOT NULL CHECK (token_count > 0),
  period_ms    INTEGER NOT NULL CHECK (period_ms > 0),
  author_id    BLOB    NOT NULL CHECK (length(author_id) = 16),
  comment_text TEXT    NOT NULL CHECK (length(comment_text) BETWEEN 1 AND 500),
  enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  expires_at   INTEGER,
  version      INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  PRIMARY KEY (limit_number, bucket_key)
) STRICT;
-- +goose Down
DROP TABLE rate_limit_override;

-- +goose Up
CREATE TABLE work_order_link (
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
  order_id   BLOB NOT NULL CHECK (length(order_id) = 16),
  kind       TEXT NOT NULL CHECK (length(kind) <= 12),
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (token_hash),
  CONSTRAINT fk_work_order_link_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_link_order ON work_order_link (order_id);
-- +goose Down
DROP TABLE work_order_link;

-- +goose Up
CREATE TABLE work_order_pause (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  round         INTEGER NOT NULL,
  from_at       INTEGER NOT NULL,
  to_at         INTEGER,
  reason        TEXT NOT NULL CHECK (length(reason) <= 40),
  evidence      TEXT NOT NULL CHECK (length(evidence) <= 500),
  attachment_id BLOB CHECK (length(attachment_id) = 16),
  open_key      BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN order_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_pause_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_pause_open_key ON work_order_pause (open_key);
CREATE INDEX ix_work_order_pause_order ON work_order_pause (order_id, from_at);
-- +goose Down
DROP TABLE work_order_pause;

-- +goose Up
CREATE TABLE work_order_check (
  order_id     BLOB NOT NULL CHECK (length(order_id) = 16),
  closure_no   INTEGER NOT NULL,
  community_id BLOB NOT NULL CHECK (length(community_id) = 16),
  month        TEXT NOT NULL CHECK (length(month) <= 7),
  drawn_at     INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (length(state) <= 12),
  checked_at   INTEGER,
  checked_by   BLOB CHECK (length(checked_by) = 16),
  note         TEXT NOT NULL CHECK (length(note) <= 1000),
  PRIMARY KEY (order_id, closure_no),
  CONSTRAINT fk_work_order_check_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_check_community ON work_order_check (community_id, state, order_id);
CREATE INDEX ix_work_order_check_month ON work_order_check (community_id, month);
-- +goose Down
DROP TABLE work_order_check;

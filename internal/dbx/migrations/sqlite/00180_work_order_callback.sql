-- +goose Up
CREATE TABLE work_order_callback (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  order_id     BLOB NOT NULL CHECK (length(order_id) = 16),
  closure_no   INTEGER NOT NULL,
  community_id BLOB CHECK (length(community_id) = 16),
  street_id    BLOB NOT NULL CHECK (length(street_id) = 16),
  reason       TEXT NOT NULL CHECK (length(reason) <= 20),
  opened_at    INTEGER NOT NULL,
  due_at       INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (length(state) <= 12),
  done_at      INTEGER,
  done_by      BLOB CHECK (length(done_by) = 16),
  outcome      TEXT NOT NULL CHECK (length(outcome) <= 20),
  note         TEXT NOT NULL CHECK (length(note) <= 1000),
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_callback_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_callback_order_id ON work_order_callback (order_id, closure_no);
CREATE INDEX ix_work_order_callback_community ON work_order_callback (community_id, state, id);
CREATE INDEX ix_work_order_callback_street ON work_order_callback (street_id, state, id);
-- +goose Down
DROP TABLE work_order_callback;

-- +goose Up
CREATE TABLE work_order_message (
  id        BLOB NOT NULL CHECK (length(id) = 16),
  order_id  BLOB NOT NULL CHECK (length(order_id) = 16),
  side      TEXT NOT NULL CHECK (length(side) <= 12),
  person_id BLOB CHECK (length(person_id) = 16),
  org_id    BLOB CHECK (length(org_id) = 16),
  role      TEXT NOT NULL CHECK (length(role) <= 40),
  text      TEXT NOT NULL CHECK (length(text) <= 1000),
  at        INTEGER NOT NULL,
  read_at   INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_message_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_message_order ON work_order_message (order_id, id);
CREATE INDEX ix_work_order_message_at ON work_order_message (at);
CREATE INDEX ix_work_order_message_person ON work_order_message (person_id);
-- +goose Down
DROP TABLE work_order_message;

-- +goose Up
CREATE TABLE work_order_reveal (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  order_id   BLOB NOT NULL CHECK (length(order_id) = 16),
  person_id  BLOB NOT NULL CHECK (length(person_id) = 16),
  org_id     BLOB CHECK (length(org_id) = 16),
  role       TEXT NOT NULL CHECK (length(role) <= 40),
  reason     TEXT NOT NULL CHECK (length(reason) <= 20),
  opened_at  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_reveal_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_reveal_order ON work_order_reveal (order_id, id);
-- +goose Down
DROP TABLE work_order_reveal;

-- +goose Up
CREATE TABLE work_order_event (
  order_id        BLOB NOT NULL CHECK (length(order_id) = 16),
  seq             INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  kind            TEXT NOT NULL CHECK (length(kind) <= 40),
  from_state      TEXT NOT NULL CHECK (length(from_state) <= 20),
  to_state        TEXT NOT NULL CHECK (length(to_state) <= 20),
  actor_role      TEXT NOT NULL CHECK (length(actor_role) <= 40),
  actor_person_id BLOB CHECK (length(actor_person_id) = 16),
  actor_org_id    BLOB CHECK (length(actor_org_id) = 16),
  detail          TEXT NOT NULL,
  text            TEXT CHECK (length(text) <= 2000),
  PRIMARY KEY (order_id, seq),
  CONSTRAINT fk_work_order_event_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_event_at ON work_order_event (at);
-- +goose Down
DROP TABLE work_order_event;

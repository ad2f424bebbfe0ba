-- +goose Up
CREATE TABLE work_order_pressure (
  id          BLOB NOT NULL CHECK (length(id) = 16),
  order_id    BLOB NOT NULL CHECK (length(order_id) = 16),
  street_id   BLOB NOT NULL CHECK (length(street_id) = 16),
  scope_path  TEXT NOT NULL CHECK (length(scope_path) <= 400),
  kind        TEXT NOT NULL CHECK (length(kind) <= 20),
  text        TEXT NOT NULL CHECK (length(text) <= 2000),
  person_id   BLOB CHECK (length(person_id) = 16),
  at          INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (length(state) <= 12),
  closed_at   INTEGER,
  closed_by   BLOB CHECK (length(closed_by) = 16),
  closed_role TEXT NOT NULL CHECK (length(closed_role) <= 40),
  outcome     TEXT NOT NULL CHECK (length(outcome) <= 1000),
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_pressure_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_pressure_scope ON work_order_pressure (scope_path, state, id);
CREATE INDEX ix_work_order_pressure_order ON work_order_pressure (order_id, id);
-- +goose Down
DROP TABLE work_order_pressure;

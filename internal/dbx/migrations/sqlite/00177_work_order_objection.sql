-- +goose Up
CREATE TABLE work_order_objection (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  order_id       BLOB NOT NULL CHECK (length(order_id) = 16),
  org_id         BLOB CHECK (length(org_id) = 16),
  person_id      BLOB CHECK (length(person_id) = 16),
  clause         TEXT NOT NULL CHECK (length(clause) <= 200),
  reason         TEXT NOT NULL CHECK (length(reason) <= 1000),
  raised_at      INTEGER NOT NULL,
  due_at         INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (length(state) <= 12),
  decided_at     INTEGER,
  decided_by     BLOB CHECK (length(decided_by) = 16),
  decided_role   TEXT NOT NULL CHECK (length(decided_role) <= 40),
  decision_text  TEXT NOT NULL CHECK (length(decision_text) <= 1000),
  new_handler_id BLOB CHECK (length(new_handler_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_objection_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_objection_order_id ON work_order_objection (order_id);
-- +goose Down
DROP TABLE work_order_objection;

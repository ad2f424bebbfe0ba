-- +goose Up
CREATE TABLE work_order_escalation (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  order_id   BLOB NOT NULL CHECK (length(order_id) = 16),
  round      INTEGER NOT NULL,
  stage      TEXT NOT NULL CHECK (length(stage) <= 12),
  level      INTEGER NOT NULL,
  severity   TEXT NOT NULL CHECK (length(severity) <= 20),
  audience   TEXT NOT NULL CHECK (length(audience) <= 80),
  queued     INTEGER NOT NULL,
  told       INTEGER NOT NULL,
  digest     INTEGER NOT NULL,
  reached_at INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_escalation_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_escalation_order_id ON work_order_escalation (order_id, round, stage, level);
CREATE INDEX ix_work_order_escalation_queued ON work_order_escalation (queued, id);
-- +goose Down
DROP TABLE work_order_escalation;

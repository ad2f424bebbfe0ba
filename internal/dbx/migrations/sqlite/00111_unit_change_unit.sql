-- +goose Up
CREATE TABLE unit_change_unit (
  change_id    BLOB NOT NULL CHECK (length(change_id) = 16) REFERENCES unit_change (id),
  unit_id      BLOB NOT NULL CHECK (length(unit_id) = 16) REFERENCES unit (id),
  part         TEXT NOT NULL CHECK (part IN ('source', 'result')),
  unit_version INTEGER NOT NULL,
  PRIMARY KEY (change_id, unit_id, part)
) STRICT;
CREATE INDEX ix_unit_change_unit_unit_id_change_id ON unit_change_unit (unit_id, change_id);
-- +goose Down
DROP TABLE unit_change_unit;

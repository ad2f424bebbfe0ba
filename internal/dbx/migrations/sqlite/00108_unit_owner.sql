-- +goose Up
CREATE TABLE unit_owner (
  id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id       BLOB NOT NULL CHECK (length(unit_id) = 16) REFERENCES unit (id),
  owner_id      BLOB NOT NULL CHECK (length(owner_id) = 16) REFERENCES owner (id),
  from_date     TEXT NOT NULL CHECK (length(from_date) = 10),
  to_date       TEXT CHECK (length(to_date) = 10),
  source        TEXT NOT NULL CHECK (source IN ('register', 'contract', 'declared', 'import')),
  created_at    INTEGER NOT NULL,
  current_owner BLOB GENERATED ALWAYS AS (CASE WHEN to_date IS NULL THEN owner_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_unit_owner_unit_id_current_owner ON unit_owner (unit_id, current_owner);
CREATE INDEX ix_unit_owner_owner_id ON unit_owner (owner_id);
-- +goose Down
DROP TABLE unit_owner;

-- +goose Up
CREATE TABLE household (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id      BLOB NOT NULL CHECK (length(unit_id) = 16) REFERENCES unit (id),
  started_at   INTEGER NOT NULL,
  ended_at     INTEGER,
  version      INTEGER NOT NULL,
  current_unit BLOB GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN unit_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_household_current_unit ON household (current_unit);
CREATE INDEX ix_household_unit_id_started_at ON household (unit_id, started_at);
-- +goose Down
DROP TABLE household;

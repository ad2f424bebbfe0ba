-- +goose Up
CREATE TABLE join_code (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  batch_id     BLOB NOT NULL CHECK (length(batch_id) = 16),
  code_hash    BLOB NOT NULL CHECK (length(code_hash) = 32),
  unit_id      BLOB NOT NULL CHECK (length(unit_id) = 16),
  building_id  BLOB NOT NULL CHECK (length(building_id) = 16),
  scope_path   TEXT NOT NULL CHECK (length(scope_path) <= 400),
  made_by      BLOB NOT NULL CHECK (length(made_by) = 16),
  made_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  used_at      INTEGER,
  used_by      BLOB CHECK (length(used_by) = 16),
  voided_at    INTEGER,
  open_unit_id BLOB GENERATED ALWAYS AS (CASE WHEN used_at IS NULL AND voided_at IS NULL THEN unit_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_join_code_code_hash ON join_code (code_hash);
CREATE UNIQUE INDEX uq_join_code_open_unit_id ON join_code (open_unit_id);
CREATE INDEX ix_join_code_batch_id_id ON join_code (batch_id, id);
CREATE INDEX ix_join_code_building_id_id ON join_code (building_id, id);
-- +goose Down
DROP TABLE join_code;

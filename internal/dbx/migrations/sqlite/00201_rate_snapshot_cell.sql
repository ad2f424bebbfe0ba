-- +goose Up
CREATE TABLE rate_snapshot_cell (
  snapshot_id BLOB NOT NULL CHECK (length(snapshot_id) = 16),
  pos         INTEGER NOT NULL,
  dimension   TEXT NOT NULL CHECK (length(dimension) <= 20),
  cell_key    TEXT NOT NULL CHECK (length(cell_key) <= 80),
  scope_path  TEXT NOT NULL CHECK (length(scope_path) <= 400),
  company_id  BLOB CHECK (length(company_id) = 16),
  content     TEXT NOT NULL,
  salt        BLOB NOT NULL CHECK (length(salt) = 16),
  hash        BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (snapshot_id, pos),
  CONSTRAINT fk_rate_snapshot_cell_snapshot_id FOREIGN KEY (snapshot_id) REFERENCES rate_snapshot (id)
) STRICT;
CREATE UNIQUE INDEX uq_rate_snapshot_cell_snapshot_id_dimension_cell_key ON rate_snapshot_cell (snapshot_id, dimension, cell_key);
CREATE INDEX ix_rate_snapshot_cell_scope_path ON rate_snapshot_cell (scope_path, snapshot_id);
CREATE INDEX ix_rate_snapshot_cell_company_id ON rate_snapshot_cell (company_id, snapshot_id);
-- +goose Down
DROP TABLE rate_snapshot_cell;

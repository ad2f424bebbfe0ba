-- +goose Up
CREATE TABLE import_run (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind         TEXT NOT NULL CHECK (length(kind) <= 20),
  account_id   BLOB NOT NULL CHECK (length(account_id) = 16),
  person_id    BLOB NOT NULL CHECK (length(person_id) = 16),
  capacity_id  BLOB CHECK (length(capacity_id) = 16),
  scopes       TEXT CHECK (length(scopes) <= 4000),
  file_name    TEXT NOT NULL CHECK (length(file_name) <= 200),
  file_sha256  BLOB NOT NULL CHECK (length(file_sha256) = 32),
  file_bytes   INTEGER NOT NULL,
  file_blob    BLOB CHECK (length(file_blob) = 32),
  mapping_blob BLOB CHECK (length(mapping_blob) = 32),
  file_key     BLOB CHECK (length(file_key) <= 100),
  target_id    BLOB CHECK (length(target_id) = 16),
  scope_path   TEXT NOT NULL CHECK (length(scope_path) <= 400),
  phone_basis  TEXT NOT NULL CHECK (length(phone_basis) <= 12),
  dry_run      INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (length(state) <= 10),
  attempt      INTEGER NOT NULL,
  cancel_asked INTEGER NOT NULL,
  rows_done    INTEGER NOT NULL,
  rows_total   INTEGER NOT NULL,
  outcome      TEXT,
  failure      TEXT,
  created_at   INTEGER NOT NULL,
  started_at   INTEGER,
  ended_at     INTEGER,
  kept_until   INTEGER,
  same_hash    BLOB NOT NULL CHECK (length(same_hash) = 32),
  active_hash  BLOB GENERATED ALWAYS AS (CASE WHEN state IN ('queued', 'running') THEN same_hash END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_import_run_active_hash ON import_run (active_hash);
CREATE INDEX ix_import_run_state_id ON import_run (state, id);
CREATE INDEX ix_import_run_person_id_id ON import_run (person_id, id);
CREATE INDEX ix_import_run_scope_path_id ON import_run (scope_path, id);
CREATE INDEX ix_import_run_kept_until ON import_run (kept_until);
-- +goose Down
DROP TABLE import_run;

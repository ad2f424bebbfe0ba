-- +goose Up
CREATE TABLE import_line (
  import_id BLOB NOT NULL CHECK (length(import_id) = 16) REFERENCES import_run (id),
  seq       INTEGER NOT NULL,
  from_row  INTEGER NOT NULL,
  to_row    INTEGER NOT NULL,
  outcome   TEXT NOT NULL CHECK (length(outcome) <= 12),
  why       TEXT NOT NULL CHECK (length(why) <= 40),
  problems  TEXT,
  PRIMARY KEY (import_id, seq)
) STRICT;
CREATE INDEX ix_import_line_import_id_outcome_seq ON import_line (import_id, outcome, seq);
-- +goose Down
DROP TABLE import_line;

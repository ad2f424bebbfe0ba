-- +goose Up
CREATE TABLE renovation_supervisor (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id  BLOB NOT NULL CHECK (length(renovation_id) = 16),
  person_id      BLOB CHECK (length(person_id) = 16),
  state          TEXT NOT NULL CHECK (length(state) <= 12) CHECK (state IN ('volunteered', 'confirmed', 'ended')),
  volunteered_at INTEGER NOT NULL,
  confirmed_at   INTEGER,
  confirmed_by   BLOB CHECK (length(confirmed_by) = 16),
  confirmed_org  BLOB CHECK (length(confirmed_org) = 16),
  ended_at       INTEGER,
  end_reason     TEXT NOT NULL CHECK (length(end_reason) <= 200),
  current_person BLOB GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_supervisor_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_supervisor_renovation_id_current_person ON renovation_supervisor (renovation_id, current_person);
CREATE INDEX ix_renovation_supervisor_person_id ON renovation_supervisor (person_id);
-- +goose Down
DROP TABLE renovation_supervisor;

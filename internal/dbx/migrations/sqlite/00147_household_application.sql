-- +goose Up
CREATE TABLE household_application (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id           BLOB NOT NULL CHECK (length(unit_id) = 16),
  person_id         BLOB NOT NULL CHECK (length(person_id) = 16),
  relation          TEXT NOT NULL CHECK (length(relation) <= 10),
  name_sealed       BLOB CHECK (length(name_sealed) <= 600),
  note_sealed       BLOB CHECK (length(note_sealed) <= 4000),
  scope_path        TEXT NOT NULL CHECK (length(scope_path) <= 400),
  state             TEXT NOT NULL CHECK (length(state) <= 10),
  applied_at        INTEGER NOT NULL,
  decided_at        INTEGER,
  decided_by        BLOB CHECK (length(decided_by) = 16),
  reason            TEXT NOT NULL CHECK (length(reason) <= 24),
  member_id         BLOB CHECK (length(member_id) = 16),
  version           INTEGER NOT NULL,
  pending_person_id BLOB GENERATED ALWAYS AS (CASE WHEN state = 'pending' THEN person_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_household_application_unit_id_pending_person_id ON household_application (unit_id, pending_person_id);
CREATE INDEX ix_household_application_person_id_id ON household_application (person_id, id);
CREATE INDEX ix_household_application_scope_path_state_id ON household_application (scope_path, state, id);
-- +goose Down
DROP TABLE household_application;

-- +goose Up
CREATE TABLE household_member (
  id                BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  household_id      BLOB NOT NULL CHECK (length(household_id) = 16),
  unit_id           BLOB NOT NULL CHECK (length(unit_id) = 16),
  person_id         BLOB NOT NULL CHECK (length(person_id) = 16),
  scope_path        TEXT NOT NULL CHECK (length(scope_path) <= 400),
  relation          TEXT NOT NULL CHECK (length(relation) <= 10),
  helps_member_id   BLOB CHECK (length(helps_member_id) = 16),
  via               TEXT NOT NULL CHECK (length(via) <= 12),
  note_sealed       BLOB CHECK (length(note_sealed) <= 2000),
  from_at           INTEGER NOT NULL,
  to_at             INTEGER,
  state             TEXT NOT NULL CHECK (length(state) <= 10),
  ended_reason      TEXT NOT NULL CHECK (length(ended_reason) <= 24),
  contestable_until INTEGER NOT NULL,
  contest_reason    TEXT NOT NULL CHECK (length(contest_reason) <= 24),
  contested_by      BLOB CHECK (length(contested_by) = 16),
  contested_at      INTEGER,
  version           INTEGER NOT NULL,
  current_person_id BLOB GENERATED ALWAYS AS (CASE WHEN to_at IS NULL THEN person_id END) STORED,
  CONSTRAINT fk_household_member_helps_member_id FOREIGN KEY (helps_member_id) REFERENCES household_member (id)
) STRICT;
CREATE UNIQUE INDEX uq_household_member_household_id_current_person_id ON household_member (household_id, current_person_id);
CREATE INDEX ix_household_member_person_id_from_at ON household_member (person_id, from_at);
CREATE INDEX ix_household_member_helps_member_id ON household_member (helps_member_id);
CREATE INDEX ix_household_member_scope_path_state_id ON household_member (scope_path, state, id);
-- +goose Down
DROP TABLE household_member;

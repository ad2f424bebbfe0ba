-- +goose Up
CREATE TABLE survey_objection (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  number          INTEGER NOT NULL,
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  scope_path      TEXT NOT NULL CHECK (length(scope_path) <= 400),
  revision        INTEGER NOT NULL,
  by_kind         TEXT NOT NULL CHECK (length(by_kind) <= 10) CHECK (by_kind IN ('company', 'committee', 'households')),
  party_id        BLOB NOT NULL CHECK (length(party_id) = 16),
  state           TEXT NOT NULL CHECK (length(state) <= 10) CHECK (state IN ('gathering', 'filed', 'upheld', 'dismissed', 'withdrawn')),
  content         TEXT NOT NULL CHECK (length(content) <= 2000),
  joined          INTEGER NOT NULL,
  begun_by        BLOB NOT NULL CHECK (length(begun_by) = 16),
  begun_role      TEXT NOT NULL CHECK (length(begun_role) <= 20),
  begun_at        INTEGER NOT NULL,
  filed_at        INTEGER,
  decide_until    INTEGER,
  decided_at      INTEGER,
  decided_by      BLOB CHECK (length(decided_by) = 16),
  decided_role    TEXT NOT NULL CHECK (length(decided_role) <= 20),
  reasons         TEXT NOT NULL CHECK (length(reasons) <= 2000),
  version         INTEGER NOT NULL,
  filed_number    INTEGER GENERATED ALWAYS AS (CASE WHEN number > 0 THEN number END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_objection_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_objection_round_id_service_area_id_revision_party_id ON survey_objection (round_id, service_area_id, revision, party_id);
CREATE UNIQUE INDEX uq_survey_objection_round_id_filed_number ON survey_objection (round_id, filed_number);
CREATE INDEX ix_survey_objection_scope_path_id ON survey_objection (scope_path, id);
CREATE INDEX ix_survey_objection_state_decide_until ON survey_objection (state, decide_until);
-- +goose Down
DROP TABLE survey_objection;

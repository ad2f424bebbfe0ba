-- +goose Up
CREATE TABLE survey_form (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  owner_org_id BLOB NOT NULL CHECK (length(owner_org_id) = 16),
  scope_path   TEXT NOT NULL CHECK (length(scope_path) <= 400),
  template     TEXT NOT NULL CHECK (length(template) <= 40),
  title        TEXT NOT NULL CHECK (length(title) <= 200),
  content      TEXT NOT NULL,
  hash         BLOB NOT NULL CHECK (length(hash) = 32),
  state        TEXT NOT NULL CHECK (length(state) <= 10),
  person_id    BLOB NOT NULL CHECK (length(person_id) = 16),
  created_at   INTEGER NOT NULL,
  changed_at   INTEGER NOT NULL,
  published_at INTEGER,
  version      INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_survey_form_scope_path_id ON survey_form (scope_path, id);
CREATE INDEX ix_survey_form_owner_org_id_id ON survey_form (owner_org_id, id);
-- +goose Down
DROP TABLE survey_form;

-- +goose Up
CREATE TABLE survey_plan (
  plan_id       BLOB NOT NULL CHECK (length(plan_id) = 16),
  revision      INTEGER NOT NULL,
  author_org_id BLOB NOT NULL CHECK (length(author_org_id) = 16),
  author_role   TEXT NOT NULL CHECK (length(author_role) <= 20),
  scope_path    TEXT NOT NULL CHECK (length(scope_path) <= 400),
  year          INTEGER NOT NULL,
  content       TEXT NOT NULL,
  rule_hash     BLOB NOT NULL CHECK (length(rule_hash) = 32),
  reason        TEXT NOT NULL CHECK (length(reason) <= 500),
  made_by       BLOB NOT NULL CHECK (length(made_by) = 16),
  made_at       INTEGER NOT NULL,
  PRIMARY KEY (plan_id, revision),
  CONSTRAINT fk_survey_plan_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) STRICT;
CREATE UNIQUE INDEX uq_survey_plan_author_org_id_scope_path_year_revision ON survey_plan (author_org_id, scope_path, year, revision);
CREATE INDEX ix_survey_plan_scope_path_year ON survey_plan (scope_path, year);
-- +goose Down
DROP TABLE survey_plan;

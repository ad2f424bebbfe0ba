-- +goose Up
CREATE TABLE survey_plan (
  plan_id       BINARY(16) NOT NULL,
  revision      BIGINT NOT NULL,
  author_org_id BINARY(16) NOT NULL,
  author_role   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope_path    VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  year          BIGINT NOT NULL,
  content       MEDIUMTEXT NOT NULL,
  rule_hash     BINARY(32) NOT NULL,
  reason        VARCHAR(500) NOT NULL,
  made_by       BINARY(16) NOT NULL,
  made_at       BIGINT NOT NULL,
  PRIMARY KEY (plan_id, revision),
  UNIQUE KEY uq_survey_plan_author_org_id_scope_path_year_revision (author_org_id, scope_path, year, revision),
  KEY ix_survey_plan_scope_path_year (scope_path, year),
  CONSTRAINT fk_survey_plan_rule_hash FOREIGN KEY (rule_hash) REFERENCES rule_version (hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_plan;

-- +goose Up
CREATE TABLE survey_form (
  id           BINARY(16) NOT NULL,
  owner_org_id BINARY(16) NOT NULL,
  scope_path   VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template     VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title        VARCHAR(200) NOT NULL,
  content      MEDIUMTEXT NOT NULL,
  hash         BINARY(32) NOT NULL,
  state        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id    BINARY(16) NOT NULL,
  created_at   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL,
  published_at BIGINT NULL,
  version      BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_survey_form_scope_path_id (scope_path, id),
  KEY ix_survey_form_owner_org_id_id (owner_org_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_form;

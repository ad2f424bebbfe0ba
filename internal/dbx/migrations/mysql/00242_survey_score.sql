-- +goose Up
CREATE TABLE survey_score (
  id             BINARY(16) NOT NULL,
  round_id       BINARY(16) NOT NULL,
  area_id        BINARY(16) NOT NULL,
  scope_path     VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  company_org_id BINARY(16) NULL,
  revision       BIGINT NOT NULL,
  content        MEDIUMTEXT NOT NULL,
  hash           BINARY(32) NOT NULL,
  made_at        BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_score_round_id_area_id_revision (round_id, area_id, revision),
  KEY ix_survey_score_area_id_made_at (area_id, made_at),
  KEY ix_survey_score_company_org_id_made_at (company_org_id, made_at),
  CONSTRAINT fk_survey_score_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_score;

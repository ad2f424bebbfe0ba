-- +goose Up
CREATE TABLE survey_score (
  id             BLOB NOT NULL CHECK (length(id) = 16),
  round_id       BLOB NOT NULL CHECK (length(round_id) = 16),
  area_id        BLOB NOT NULL CHECK (length(area_id) = 16),
  scope_path     TEXT NOT NULL CHECK (length(scope_path) <= 400),
  company_org_id BLOB CHECK (length(company_org_id) = 16),
  revision       INTEGER NOT NULL,
  content        TEXT NOT NULL,
  hash           BLOB NOT NULL CHECK (length(hash) = 32),
  made_at        INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_score_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_score_round_id_area_id_revision ON survey_score (round_id, area_id, revision);
CREATE INDEX ix_survey_score_area_id_made_at ON survey_score (area_id, made_at);
CREATE INDEX ix_survey_score_company_org_id_made_at ON survey_score (company_org_id, made_at);
-- +goose Down
DROP TABLE survey_score;

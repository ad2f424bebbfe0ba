-- +goose Up
CREATE TABLE survey_agreement (
  dwelling_id BLOB NOT NULL CHECK (length(dwelling_id) = 16),
  round_id    BLOB NOT NULL CHECK (length(round_id) = 16),
  recorded_by BLOB NOT NULL CHECK (length(recorded_by) = 16),
  PRIMARY KEY (dwelling_id),
  CONSTRAINT fk_survey_agreement_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_survey_agreement_round_id ON survey_agreement (round_id);
-- +goose Down
DROP TABLE survey_agreement;

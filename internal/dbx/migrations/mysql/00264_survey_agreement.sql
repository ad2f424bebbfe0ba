-- +goose Up
CREATE TABLE survey_agreement (
  dwelling_id BINARY(16) NOT NULL,
  round_id    BINARY(16) NOT NULL,
  recorded_by BINARY(16) NOT NULL,
  PRIMARY KEY (dwelling_id),
  KEY ix_survey_agreement_round_id (round_id),
  CONSTRAINT fk_survey_agreement_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_agreement;

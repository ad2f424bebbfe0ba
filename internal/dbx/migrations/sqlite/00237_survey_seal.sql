-- +goose Up
CREATE TABLE survey_seal (
  round_id   BLOB NOT NULL CHECK (length(round_id) = 16),
  stratum_id BLOB NOT NULL CHECK (length(stratum_id) = 16),
  sealed_on  TEXT NOT NULL CHECK (length(sealed_on) = 10),
  dwellings  INTEGER NOT NULL,
  root       BLOB NOT NULL CHECK (length(root) = 32),
  PRIMARY KEY (stratum_id, sealed_on),
  CONSTRAINT fk_survey_seal_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE INDEX ix_survey_seal_round_id_sealed_on ON survey_seal (round_id, sealed_on);
-- +goose Down
DROP TABLE survey_seal;

-- +goose Up
CREATE TABLE survey_seal (
  round_id   BINARY(16) NOT NULL,
  stratum_id BINARY(16) NOT NULL,
  sealed_on  CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  dwellings  BIGINT NOT NULL,
  root       BINARY(32) NOT NULL,
  PRIMARY KEY (stratum_id, sealed_on),
  KEY ix_survey_seal_round_id_sealed_on (round_id, sealed_on),
  CONSTRAINT fk_survey_seal_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_seal;

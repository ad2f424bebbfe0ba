-- +goose Up
CREATE TABLE survey_envelope (
  round_id   BINARY(16) NOT NULL,
  token_hash BINARY(32) NOT NULL,
  lot_id     BINARY(16) NOT NULL,
  prefix     BINARY(32) NOT NULL,
  signature  VARBINARY(512) NOT NULL,
  fate       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT ck_survey_envelope_fate CHECK (fate IN ('', 'entered', 'unused', 'spoilt')),
  CONSTRAINT fk_survey_envelope_lot_id FOREIGN KEY (lot_id) REFERENCES survey_lot (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_envelope;

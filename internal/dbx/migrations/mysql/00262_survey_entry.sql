-- +goose Up
CREATE TABLE survey_entry (
  round_id   BINARY(16) NOT NULL,
  token_hash BINARY(32) NOT NULL,
  answers    MEDIUMTEXT NOT NULL,
  entered_by BINARY(16) NOT NULL,
  tries      BIGINT NOT NULL,
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT fk_survey_entry_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_entry;

-- +goose Up
CREATE TABLE survey_entry (
  round_id   BLOB NOT NULL CHECK (length(round_id) = 16),
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
  answers    TEXT NOT NULL,
  entered_by BLOB NOT NULL CHECK (length(entered_by) = 16),
  tries      INTEGER NOT NULL,
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT fk_survey_entry_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE survey_entry;

-- +goose Up
CREATE TABLE survey_pledge (
  round_id     BLOB NOT NULL CHECK (length(round_id) = 16),
  org_id       BLOB NOT NULL CHECK (length(org_id) = 16),
  commitment   BLOB NOT NULL CHECK (length(commitment) = 32),
  value        BLOB CHECK (length(value) = 32),
  person_id    BLOB NOT NULL CHECK (length(person_id) = 16),
  role         TEXT NOT NULL CHECK (length(role) <= 20),
  committed_at INTEGER NOT NULL,
  revealed_at  INTEGER,
  PRIMARY KEY (round_id, org_id),
  CONSTRAINT fk_survey_pledge_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
-- +goose Down
DROP TABLE survey_pledge;

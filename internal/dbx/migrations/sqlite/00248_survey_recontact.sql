-- +goose Up
CREATE TABLE survey_recontact (
  round_id     BLOB NOT NULL CHECK (length(round_id) = 16),
  dwelling_id  BLOB NOT NULL CHECK (length(dwelling_id) = 16),
  answer       TEXT NOT NULL CHECK (length(answer) <= 12) CHECK (answer IN ('', 'yes', 'no', 'not_reached')),
  entered_by   BLOB CHECK (length(entered_by) = 16),
  entered_role TEXT NOT NULL CHECK (length(entered_role) <= 20),
  entered_at   INTEGER,
  version      INTEGER NOT NULL,
  PRIMARY KEY (round_id, dwelling_id),
  CONSTRAINT fk_survey_recontact_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
-- +goose Down
DROP TABLE survey_recontact;

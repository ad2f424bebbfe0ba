-- +goose Up
CREATE TABLE survey_interviewer (
  round_id       BLOB NOT NULL CHECK (length(round_id) = 16),
  no             INTEGER NOT NULL,
  person_id      BLOB NOT NULL CHECK (length(person_id) = 16),
  org_id         BLOB NOT NULL CHECK (length(org_id) = 16),
  appointed_by   BLOB NOT NULL CHECK (length(appointed_by) = 16),
  appointed_role TEXT NOT NULL CHECK (length(appointed_role) <= 20),
  appointed_at   INTEGER NOT NULL,
  ended_at       INTEGER,
  PRIMARY KEY (round_id, no),
  CONSTRAINT fk_survey_interviewer_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_interviewer_round_id_person_id ON survey_interviewer (round_id, person_id);
-- +goose Down
DROP TABLE survey_interviewer;

-- +goose Up
CREATE TABLE survey_objection_home (
  objection_id BLOB NOT NULL CHECK (length(objection_id) = 16),
  dwelling_id  BLOB NOT NULL CHECK (length(dwelling_id) = 16),
  person_id    BLOB NOT NULL CHECK (length(person_id) = 16),
  joined_at    INTEGER NOT NULL,
  PRIMARY KEY (objection_id, dwelling_id),
  CONSTRAINT fk_survey_objection_home_objection_id FOREIGN KEY (objection_id) REFERENCES survey_objection (id)
) STRICT;
CREATE INDEX ix_survey_objection_home_person_id ON survey_objection_home (person_id);
-- +goose Down
DROP TABLE survey_objection_home;

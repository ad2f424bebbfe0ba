-- +goose Up
CREATE TABLE survey_objection_home (
  objection_id BINARY(16) NOT NULL,
  dwelling_id  BINARY(16) NOT NULL,
  person_id    BINARY(16) NOT NULL,
  joined_at    BIGINT NOT NULL,
  PRIMARY KEY (objection_id, dwelling_id),
  KEY ix_survey_objection_home_person_id (person_id),
  CONSTRAINT fk_survey_objection_home_objection_id FOREIGN KEY (objection_id) REFERENCES survey_objection (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_objection_home;

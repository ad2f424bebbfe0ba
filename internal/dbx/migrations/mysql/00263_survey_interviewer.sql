-- +goose Up
CREATE TABLE survey_interviewer (
  round_id       BINARY(16) NOT NULL,
  no             BIGINT NOT NULL,
  person_id      BINARY(16) NOT NULL,
  org_id         BINARY(16) NOT NULL,
  appointed_by   BINARY(16) NOT NULL,
  appointed_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  appointed_at   BIGINT NOT NULL,
  ended_at       BIGINT NULL,
  PRIMARY KEY (round_id, no),
  UNIQUE KEY uq_survey_interviewer_round_id_person_id (round_id, person_id),
  CONSTRAINT fk_survey_interviewer_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_interviewer;

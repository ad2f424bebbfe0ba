-- +goose Up
CREATE TABLE survey_plan_round (
  plan_id         BLOB NOT NULL CHECK (length(plan_id) = 16),
  revision        INTEGER NOT NULL,
  no              INTEGER NOT NULL,
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  asked           INTEGER NOT NULL,
  PRIMARY KEY (plan_id, no, service_area_id),
  CONSTRAINT fk_survey_plan_round_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE INDEX ix_survey_plan_round_round_id_service_area_id ON survey_plan_round (round_id, service_area_id);
-- +goose Down
DROP TABLE survey_plan_round;

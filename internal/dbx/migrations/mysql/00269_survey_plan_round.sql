-- +goose Up
CREATE TABLE survey_plan_round (
  plan_id         BINARY(16) NOT NULL,
  revision        BIGINT NOT NULL,
  no              BIGINT NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  asked           BIGINT NOT NULL,
  PRIMARY KEY (plan_id, no, service_area_id),
  KEY ix_survey_plan_round_round_id_service_area_id (round_id, service_area_id),
  CONSTRAINT fk_survey_plan_round_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_plan_round;

-- +goose Up
CREATE TABLE survey_dwelling (
  id              BINARY(16) NOT NULL,
  round_id        BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  stratum_id      BINARY(16) NULL,
  unit_id         BINARY(16) NOT NULL,
  building_id     BINARY(16) NOT NULL,
  label           VARCHAR(200) NOT NULL,
  elector         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  left_out        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sampled         SMALLINT NOT NULL,
  secret          BINARY(32) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_survey_dwelling_round_id_unit_id (round_id, unit_id),
  KEY ix_survey_dwelling_round_id_stratum_id_id (round_id, stratum_id, id),
  KEY ix_survey_dwelling_unit_id_round_id (unit_id, round_id),
  CONSTRAINT fk_survey_dwelling_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_dwelling;

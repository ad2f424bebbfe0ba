-- +goose Up
CREATE TABLE survey_draw (
  draw_hash    BINARY(32) NOT NULL,
  round_id     BINARY(16) NOT NULL,
  dwelling_id  BINARY(16) NOT NULL,
  stratum_id   BINARY(16) NOT NULL,
  blinded_hash BINARY(32) NOT NULL,
  drawn_on     CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (draw_hash),
  UNIQUE KEY uq_survey_draw_dwelling_id (dwelling_id),
  KEY ix_survey_draw_round_id_drawn_on (round_id, drawn_on),
  KEY ix_survey_draw_stratum_id (stratum_id),
  CONSTRAINT fk_survey_draw_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE survey_draw;

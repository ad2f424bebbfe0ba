-- +goose Up
CREATE TABLE survey_draw (
  draw_hash    BLOB NOT NULL CHECK (length(draw_hash) = 32),
  round_id     BLOB NOT NULL CHECK (length(round_id) = 16),
  dwelling_id  BLOB NOT NULL CHECK (length(dwelling_id) = 16),
  stratum_id   BLOB NOT NULL CHECK (length(stratum_id) = 16),
  blinded_hash BLOB NOT NULL CHECK (length(blinded_hash) = 32),
  drawn_on     TEXT NOT NULL CHECK (length(drawn_on) = 10),
  PRIMARY KEY (draw_hash),
  CONSTRAINT fk_survey_draw_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX uq_survey_draw_dwelling_id ON survey_draw (dwelling_id);
CREATE INDEX ix_survey_draw_round_id_drawn_on ON survey_draw (round_id, drawn_on);
CREATE INDEX ix_survey_draw_stratum_id ON survey_draw (stratum_id);
-- +goose Down
DROP TABLE survey_draw;

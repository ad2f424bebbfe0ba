-- +goose Up
CREATE TABLE survey_dwelling (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  stratum_id      BLOB CHECK (length(stratum_id) = 16),
  unit_id         BLOB NOT NULL CHECK (length(unit_id) = 16),
  building_id     BLOB NOT NULL CHECK (length(building_id) = 16),
  label           TEXT NOT NULL CHECK (length(label) <= 200),
  elector         TEXT NOT NULL CHECK (length(elector) <= 10),
  left_out        TEXT NOT NULL CHECK (length(left_out) <= 20),
  sampled         INTEGER NOT NULL,
  secret          BLOB NOT NULL CHECK (length(secret) = 32),
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_dwelling_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_dwelling_round_id_unit_id ON survey_dwelling (round_id, unit_id);
CREATE INDEX ix_survey_dwelling_round_id_stratum_id_id ON survey_dwelling (round_id, stratum_id, id);
CREATE INDEX ix_survey_dwelling_unit_id_round_id ON survey_dwelling (unit_id, round_id);
-- +goose Down
DROP TABLE survey_dwelling;

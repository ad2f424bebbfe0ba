-- +goose Up
CREATE TABLE survey_stratum (
  id              BLOB NOT NULL CHECK (length(id) = 16),
  round_id        BLOB NOT NULL CHECK (length(round_id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  no              INTEGER NOT NULL,
  name            TEXT NOT NULL CHECK (length(name) <= 200),
  dwellings       INTEGER NOT NULL,
  sampled         INTEGER NOT NULL,
  key_id          BLOB CHECK (length(key_id) = 32),
  public_key      BLOB CHECK (length(public_key) <= 1000),
  key_sealed      BLOB CHECK (length(key_sealed) <= 4000),
  destroyed_at    INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_stratum_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_stratum_round_id_no ON survey_stratum (round_id, no);
CREATE UNIQUE INDEX uq_survey_stratum_key_id ON survey_stratum (key_id);
-- +goose Down
DROP TABLE survey_stratum;

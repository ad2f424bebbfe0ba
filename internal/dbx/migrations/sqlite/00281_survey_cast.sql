-- +goose Up
CREATE TABLE survey_cast (
  round_id       BLOB NOT NULL CHECK (length(round_id) = 16),
  token_hash     BLOB NOT NULL CHECK (length(token_hash) = 32),
  stratum_id     BLOB NOT NULL CHECK (length(stratum_id) = 16),
  token          BLOB NOT NULL CHECK (length(token) = 32),
  prefix         BLOB NOT NULL CHECK (length(prefix) = 32),
  signature      BLOB NOT NULL CHECK (length(signature) <= 512),
  answers        TEXT NOT NULL,
  salt           BLOB NOT NULL CHECK (length(salt) = 32),
  text_hash      BLOB NOT NULL CHECK (length(text_hash) = 32),
  commitment     BLOB NOT NULL CHECK (length(commitment) = 32),
  revision       INTEGER NOT NULL,
  channel        TEXT NOT NULL CHECK (length(channel) <= 10),
  lot            TEXT NOT NULL CHECK (length(lot) <= 40),
  attribute_salt BLOB NOT NULL CHECK (length(attribute_salt) = 32),
  opening        BLOB NOT NULL CHECK (length(opening) = 32),
  PRIMARY KEY (round_id, token_hash),
  CONSTRAINT fk_survey_cast_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE survey_cast;

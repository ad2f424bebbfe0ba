-- +goose Up
CREATE TABLE survey_examination (
  round_id   BLOB NOT NULL CHECK (length(round_id) = 16),
  revision   INTEGER NOT NULL,
  recomputed INTEGER NOT NULL,
  raised     INTEGER NOT NULL,
  flags      TEXT NOT NULL,
  method     TEXT NOT NULL CHECK (length(method) <= 40),
  rule_hash  BLOB NOT NULL CHECK (length(rule_hash) = 32),
  seed       BLOB NOT NULL CHECK (length(seed) = 32),
  made_at    INTEGER NOT NULL,
  PRIMARY KEY (round_id, revision),
  CONSTRAINT fk_survey_examination_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
-- +goose Down
DROP TABLE survey_examination;

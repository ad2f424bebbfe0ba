-- +goose Up
CREATE TABLE survey_leaf (
  id       BLOB NOT NULL CHECK (length(id) = 16),
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  no       INTEGER NOT NULL,
  kind     TEXT NOT NULL CHECK (length(kind) <= 20),
  body     TEXT NOT NULL,
  leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
  made_at  INTEGER NOT NULL,
  entry    INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT fk_survey_leaf_round_id FOREIGN KEY (round_id) REFERENCES survey_round (id)
) STRICT;
CREATE UNIQUE INDEX uq_survey_leaf_round_id_no ON survey_leaf (round_id, no);
CREATE UNIQUE INDEX uq_survey_leaf_entry ON survey_leaf (entry);
-- +goose Down
DROP TABLE survey_leaf;

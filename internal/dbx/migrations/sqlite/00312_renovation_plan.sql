-- +goose Up
CREATE TABLE renovation_plan (
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  number        INTEGER NOT NULL,
  content       TEXT NOT NULL,
  hash          BLOB NOT NULL CHECK (length(hash) = 32),
  reason        TEXT NOT NULL CHECK (length(reason) <= 1000),
  budget_fen    INTEGER NOT NULL,
  made_at       INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (renovation_id, number),
  CONSTRAINT fk_renovation_plan_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
-- +goose Down
DROP TABLE renovation_plan;

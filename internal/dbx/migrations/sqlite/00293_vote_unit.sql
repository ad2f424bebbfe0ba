-- +goose Up
CREATE TABLE vote_unit (
  vote_id BLOB NOT NULL CHECK (length(vote_id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  head_no INTEGER NOT NULL,
  area    INTEGER NOT NULL,
  source  TEXT NOT NULL CHECK (length(source) <= 10),
  label   TEXT NOT NULL CHECK (length(label) <= 200),
  PRIMARY KEY (vote_id, unit_id),
  CONSTRAINT fk_vote_unit_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE INDEX ix_vote_unit_vote_id_head_no ON vote_unit (vote_id, head_no);
-- +goose Down
DROP TABLE vote_unit;

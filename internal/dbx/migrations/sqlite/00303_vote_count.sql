-- +goose Up
CREATE TABLE vote_count (
  vote_id      BLOB NOT NULL CHECK (length(vote_id) = 16),
  teller_no    INTEGER NOT NULL,
  outcome      TEXT NOT NULL,
  spoiled      TEXT NOT NULL,
  handed_in_at INTEGER NOT NULL,
  PRIMARY KEY (vote_id, teller_no),
  CONSTRAINT fk_vote_count_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_count;

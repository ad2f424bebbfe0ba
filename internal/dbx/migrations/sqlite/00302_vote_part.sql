-- +goose Up
CREATE TABLE vote_part (
  vote_id BLOB NOT NULL CHECK (length(vote_id) = 16),
  purpose BLOB NOT NULL CHECK (length(purpose) = 16),
  from_no INTEGER NOT NULL,
  to_no   INTEGER NOT NULL,
  sealed  BLOB NOT NULL,
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (vote_id, purpose, from_no, to_no),
  CONSTRAINT fk_vote_part_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_part;

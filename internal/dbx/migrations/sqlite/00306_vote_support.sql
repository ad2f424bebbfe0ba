-- +goose Up
CREATE TABLE vote_support (
  vote_id   BLOB NOT NULL CHECK (length(vote_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  at        INTEGER NOT NULL,
  PRIMARY KEY (vote_id, person_id),
  CONSTRAINT fk_vote_support_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_support;

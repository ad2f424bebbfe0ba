-- +goose Up
CREATE TABLE vote_elector (
  vote_id   BLOB NOT NULL CHECK (length(vote_id) = 16),
  head_no   INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  PRIMARY KEY (vote_id, head_no, person_id),
  CONSTRAINT fk_vote_elector_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE INDEX ix_vote_elector_person_id_vote_id ON vote_elector (person_id, vote_id);
-- +goose Down
DROP TABLE vote_elector;

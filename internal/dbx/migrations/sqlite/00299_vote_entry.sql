-- +goose Up
CREATE TABLE vote_entry (
  vote_id    BLOB NOT NULL CHECK (length(vote_id) = 16),
  head_no    INTEGER NOT NULL,
  person_id  BLOB NOT NULL CHECK (length(person_id) = 16),
  mark       BLOB NOT NULL CHECK (length(mark) = 32),
  sealed     BLOB NOT NULL CHECK (length(sealed) <= 400),
  scan       BLOB NOT NULL CHECK (length(scan) = 32),
  entered_at INTEGER NOT NULL,
  PRIMARY KEY (vote_id, head_no),
  CONSTRAINT fk_vote_entry_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_entry;

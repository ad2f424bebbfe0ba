-- +goose Up
CREATE TABLE vote_document (
  vote_id    BLOB NOT NULL CHECK (length(vote_id) = 16),
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  name       TEXT NOT NULL CHECK (length(name) <= 200),
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  size_bytes INTEGER NOT NULL,
  added_at   INTEGER NOT NULL,
  person_id  BLOB CHECK (length(person_id) = 16),
  PRIMARY KEY (vote_id, hash),
  CONSTRAINT fk_vote_document_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_document;

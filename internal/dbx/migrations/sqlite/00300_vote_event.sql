-- +goose Up
CREATE TABLE vote_event (
  vote_id    BLOB NOT NULL CHECK (length(vote_id) = 16),
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (length(kind) <= 30),
  from_state TEXT NOT NULL CHECK (length(from_state) <= 12),
  to_state   TEXT NOT NULL CHECK (length(to_state) <= 12),
  person_id  BLOB CHECK (length(person_id) = 16),
  org_id     BLOB CHECK (length(org_id) = 16),
  role       TEXT NOT NULL CHECK (length(role) <= 20),
  post_id    BLOB CHECK (length(post_id) = 16),
  detail     TEXT NOT NULL,
  PRIMARY KEY (vote_id, seq),
  CONSTRAINT fk_vote_event_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_event;

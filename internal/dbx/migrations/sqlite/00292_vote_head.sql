-- +goose Up
CREATE TABLE vote_head (
  vote_id        BLOB NOT NULL CHECK (length(vote_id) = 16),
  no             INTEGER NOT NULL,
  area           INTEGER NOT NULL,
  units          INTEGER NOT NULL,
  developer      INTEGER NOT NULL,
  label          TEXT NOT NULL CHECK (length(label) <= 200),
  delivered_at   INTEGER,
  delivered_how  TEXT NOT NULL CHECK (length(delivered_how) <= 10),
  delivered_by   BLOB CHECK (length(delivered_by) = 16),
  delivered_note TEXT NOT NULL CHECK (length(delivered_note) <= 300),
  PRIMARY KEY (vote_id, no),
  CONSTRAINT fk_vote_head_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_head;

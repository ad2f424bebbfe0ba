-- +goose Up
CREATE TABLE vote_item (
  vote_id        BLOB NOT NULL CHECK (length(vote_id) = 16),
  no             INTEGER NOT NULL,
  matter         INTEGER NOT NULL,
  title          TEXT NOT NULL CHECK (length(title) <= 200),
  content        TEXT NOT NULL,
  options        TEXT NOT NULL,
  most           INTEGER NOT NULL,
  subject_kind   TEXT NOT NULL CHECK (length(subject_kind) <= 20),
  subject_id     BLOB CHECK (length(subject_id) = 16),
  subject_option INTEGER NOT NULL,
  PRIMARY KEY (vote_id, no),
  CONSTRAINT fk_vote_item_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE INDEX ix_vote_item_subject_id_vote_id ON vote_item (subject_id, vote_id);
-- +goose Down
DROP TABLE vote_item;

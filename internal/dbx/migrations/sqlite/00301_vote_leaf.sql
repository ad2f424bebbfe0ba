-- +goose Up
CREATE TABLE vote_leaf (
  id      BLOB NOT NULL CHECK (length(id) = 16),
  vote_id BLOB NOT NULL CHECK (length(vote_id) = 16),
  kind    TEXT NOT NULL CHECK (length(kind) <= 20),
  body    TEXT NOT NULL,
  leaf    BLOB NOT NULL CHECK (length(leaf) = 32),
  made_at INTEGER NOT NULL,
  entry   INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT fk_vote_leaf_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE UNIQUE INDEX uq_vote_leaf_entry ON vote_leaf (entry);
CREATE INDEX ix_vote_leaf_vote_id_id ON vote_leaf (vote_id, id);
-- +goose Down
DROP TABLE vote_leaf;

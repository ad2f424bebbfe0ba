-- +goose Up
CREATE TABLE vote_objection (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  vote_id       BLOB NOT NULL CHECK (length(vote_id) = 16),
  person_id     BLOB NOT NULL CHECK (length(person_id) = 16),
  content       TEXT NOT NULL CHECK (length(content) <= 2000),
  state         TEXT NOT NULL CHECK (length(state) <= 10),
  answer        TEXT NOT NULL CHECK (length(answer) <= 2000),
  made_at       INTEGER NOT NULL,
  answered_at   INTEGER,
  answered_by   BLOB CHECK (length(answered_by) = 16),
  answered_role TEXT NOT NULL CHECK (length(answered_role) <= 20),
  version       INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_objection_state CHECK (state IN ('open', 'accepted', 'rejected')),
  CONSTRAINT fk_vote_objection_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE INDEX ix_vote_objection_vote_id_id ON vote_objection (vote_id, id);
-- +goose Down
DROP TABLE vote_objection;

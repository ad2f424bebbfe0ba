-- +goose Up
CREATE TABLE vote_teller (
  vote_id   BLOB NOT NULL CHECK (length(vote_id) = 16),
  no        INTEGER NOT NULL,
  side      TEXT NOT NULL CHECK (length(side) <= 20),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  org_id    BLOB CHECK (length(org_id) = 16),
  reach     BLOB NOT NULL CHECK (length(reach) <= 65),
  seated_at INTEGER NOT NULL,
  dealing   TEXT,
  key_hash  BLOB CHECK (length(key_hash) = 32),
  PRIMARY KEY (vote_id, no),
  CONSTRAINT fk_vote_teller_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE UNIQUE INDEX uq_vote_teller_vote_id_person_id ON vote_teller (vote_id, person_id);
CREATE UNIQUE INDEX uq_vote_teller_vote_id_side ON vote_teller (vote_id, side);
-- +goose Down
DROP TABLE vote_teller;

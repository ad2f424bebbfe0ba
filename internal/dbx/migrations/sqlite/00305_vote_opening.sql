-- +goose Up
CREATE TABLE vote_opening (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  vote_id    BLOB NOT NULL CHECK (length(vote_id) = 16),
  head_no    INTEGER NOT NULL,
  basis      TEXT NOT NULL CHECK (length(basis) <= 12),
  reason     TEXT NOT NULL CHECK (length(reason) <= 1000),
  org_id     BLOB NOT NULL CHECK (length(org_id) = 16),
  asked_by   BLOB NOT NULL CHECK (length(asked_by) = 16),
  asked_role TEXT NOT NULL CHECK (length(asked_role) <= 20),
  asked_at   INTEGER NOT NULL,
  opened_at  INTEGER,
  opened_by  BLOB CHECK (length(opened_by) = 16),
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_opening_basis CHECK (basis IN ('court', 'verification')),
  CONSTRAINT fk_vote_opening_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE INDEX ix_vote_opening_vote_id_id ON vote_opening (vote_id, id);
-- +goose Down
DROP TABLE vote_opening;

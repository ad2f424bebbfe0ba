-- +goose Up
CREATE TABLE vote_order (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  vote_id      BLOB NOT NULL CHECK (length(vote_id) = 16),
  kind         TEXT NOT NULL CHECK (length(kind) <= 10),
  reasons      TEXT NOT NULL CHECK (length(reasons) <= 2000),
  org_id       BLOB NOT NULL CHECK (length(org_id) = 16),
  ordered_by   BLOB NOT NULL CHECK (length(ordered_by) = 16),
  ordered_role TEXT NOT NULL CHECK (length(ordered_role) <= 20),
  ordered_at   INTEGER NOT NULL,
  appeal       TEXT NOT NULL CHECK (length(appeal) <= 2000),
  appealed_by  BLOB CHECK (length(appealed_by) = 16),
  appealed_at  INTEGER,
  upheld       INTEGER,
  ruling       TEXT NOT NULL CHECK (length(ruling) <= 2000),
  ruled_by     BLOB CHECK (length(ruled_by) = 16),
  ruled_at     INTEGER,
  ended_at     INTEGER,
  version      INTEGER NOT NULL,
  current_vote BLOB GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN vote_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_order_kind CHECK (kind IN ('correct', 'revoke')),
  CONSTRAINT fk_vote_order_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE UNIQUE INDEX uq_vote_order_current_vote ON vote_order (current_vote);
CREATE INDEX ix_vote_order_vote_id_id ON vote_order (vote_id, id);
-- +goose Down
DROP TABLE vote_order;

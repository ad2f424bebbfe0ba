-- +goose Up
CREATE TABLE vote_proxy (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  vote_id      BLOB NOT NULL CHECK (length(vote_id) = 16),
  head_no      INTEGER NOT NULL,
  granted_by   BLOB NOT NULL CHECK (length(granted_by) = 16),
  code_hash    BLOB NOT NULL CHECK (length(code_hash) = 32),
  delegate_id  BLOB CHECK (length(delegate_id) = 16),
  slot         INTEGER,
  granted_at   INTEGER NOT NULL,
  taken_at     INTEGER,
  ended_at     INTEGER,
  current_head INTEGER GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN head_no END) STORED,
  current_slot INTEGER GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN slot END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_vote_proxy_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
CREATE UNIQUE INDEX uq_vote_proxy_vote_id_current_head ON vote_proxy (vote_id, current_head);
CREATE UNIQUE INDEX uq_vote_proxy_vote_id_delegate_id_current_slot ON vote_proxy (vote_id, delegate_id, current_slot);
CREATE UNIQUE INDEX uq_vote_proxy_code_hash ON vote_proxy (code_hash);
-- +goose Down
DROP TABLE vote_proxy;

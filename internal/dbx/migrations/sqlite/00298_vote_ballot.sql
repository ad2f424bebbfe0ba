-- +goose Up
CREATE TABLE vote_ballot (
  vote_id     BLOB NOT NULL CHECK (length(vote_id) = 16),
  head_no     INTEGER NOT NULL,
  revision    INTEGER NOT NULL,
  channel     TEXT NOT NULL CHECK (length(channel) <= 10),
  sealed      BLOB NOT NULL CHECK (length(sealed) <= 400),
  commitment  BLOB NOT NULL CHECK (length(commitment) = 32),
  person_id   BLOB NOT NULL CHECK (length(person_id) = 16),
  proxy_id    BLOB CHECK (length(proxy_id) = 16),
  scan        BLOB CHECK (length(scan) = 32),
  second_scan BLOB CHECK (length(second_scan) = 32),
  cast_at     INTEGER NOT NULL,
  PRIMARY KEY (vote_id, head_no),
  CONSTRAINT ck_vote_ballot_channel CHECK (channel IN ('web', 'paper', 'proxy')),
  CONSTRAINT fk_vote_ballot_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) STRICT;
-- +goose Down
DROP TABLE vote_ballot;

-- +goose Up
CREATE TABLE vote_ballot (
  vote_id     BINARY(16) NOT NULL,
  head_no     BIGINT NOT NULL,
  revision    BIGINT NOT NULL,
  channel     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed      VARBINARY(400) NOT NULL,
  commitment  BINARY(32) NOT NULL,
  person_id   BINARY(16) NOT NULL,
  proxy_id    BINARY(16) NULL,
  scan        BINARY(32) NULL,
  second_scan BINARY(32) NULL,
  cast_at     BIGINT NOT NULL,
  PRIMARY KEY (vote_id, head_no),
  CONSTRAINT ck_vote_ballot_channel CHECK (channel IN ('web', 'paper', 'proxy')),
  CONSTRAINT fk_vote_ballot_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_ballot;

-- +goose Up
CREATE TABLE vote_event (
  vote_id    BINARY(16) NOT NULL,
  seq        BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  kind       VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_state   VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id  BINARY(16) NULL,
  org_id     BINARY(16) NULL,
  role       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  post_id    BINARY(16) NULL,
  detail     MEDIUMTEXT NOT NULL,
  PRIMARY KEY (vote_id, seq),
  CONSTRAINT fk_vote_event_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_event;

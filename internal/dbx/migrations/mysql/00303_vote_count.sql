-- +goose Up
CREATE TABLE vote_count (
  vote_id      BINARY(16) NOT NULL,
  teller_no    BIGINT NOT NULL,
  outcome      MEDIUMTEXT NOT NULL,
  spoiled      MEDIUMTEXT NOT NULL,
  handed_in_at BIGINT NOT NULL,
  PRIMARY KEY (vote_id, teller_no),
  CONSTRAINT fk_vote_count_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_count;

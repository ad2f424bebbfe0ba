-- +goose Up
CREATE TABLE vote_part (
  vote_id BINARY(16) NOT NULL,
  purpose BINARY(16) NOT NULL,
  from_no BIGINT NOT NULL,
  to_no   BIGINT NOT NULL,
  sealed  MEDIUMBLOB NOT NULL,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (vote_id, purpose, from_no, to_no),
  CONSTRAINT fk_vote_part_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_part;

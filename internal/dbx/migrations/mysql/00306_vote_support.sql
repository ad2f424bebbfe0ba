-- +goose Up
CREATE TABLE vote_support (
  vote_id   BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (vote_id, person_id),
  CONSTRAINT fk_vote_support_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_support;

-- +goose Up
CREATE TABLE vote_elector (
  vote_id   BINARY(16) NOT NULL,
  head_no   BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  PRIMARY KEY (vote_id, head_no, person_id),
  KEY ix_vote_elector_person_id_vote_id (person_id, vote_id),
  CONSTRAINT fk_vote_elector_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_elector;

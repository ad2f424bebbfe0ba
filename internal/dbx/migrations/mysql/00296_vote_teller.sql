-- +goose Up
CREATE TABLE vote_teller (
  vote_id   BINARY(16) NOT NULL,
  no        BIGINT NOT NULL,
  side      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id BINARY(16) NOT NULL,
  org_id    BINARY(16) NULL,
  reach     VARBINARY(65) NOT NULL,
  seated_at BIGINT NOT NULL,
  dealing   MEDIUMTEXT NULL,
  key_hash  BINARY(32) NULL,
  PRIMARY KEY (vote_id, no),
  UNIQUE KEY uq_vote_teller_vote_id_person_id (vote_id, person_id),
  UNIQUE KEY uq_vote_teller_vote_id_side (vote_id, side),
  CONSTRAINT fk_vote_teller_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_teller;

-- +goose Up
CREATE TABLE vote_leaf (
  id      BINARY(16) NOT NULL,
  vote_id BINARY(16) NOT NULL,
  kind    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body    MEDIUMTEXT NOT NULL,
  leaf    BINARY(32) NOT NULL,
  made_at BIGINT NOT NULL,
  entry   BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_vote_leaf_entry (entry),
  KEY ix_vote_leaf_vote_id_id (vote_id, id),
  CONSTRAINT fk_vote_leaf_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_leaf;

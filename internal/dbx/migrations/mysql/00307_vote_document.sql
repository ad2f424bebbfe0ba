-- +goose Up
CREATE TABLE vote_document (
  vote_id    BINARY(16) NOT NULL,
  hash       BINARY(32) NOT NULL,
  name       VARCHAR(200) NOT NULL,
  media_type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size_bytes BIGINT NOT NULL,
  added_at   BIGINT NOT NULL,
  person_id  BINARY(16) NULL,
  PRIMARY KEY (vote_id, hash),
  CONSTRAINT fk_vote_document_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_document;

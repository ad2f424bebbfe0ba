-- +goose Up
CREATE TABLE vote_unit (
  vote_id BINARY(16) NOT NULL,
  unit_id BINARY(16) NOT NULL,
  head_no BIGINT NOT NULL,
  area    BIGINT NOT NULL,
  source  VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  label   VARCHAR(200) NOT NULL,
  PRIMARY KEY (vote_id, unit_id),
  KEY ix_vote_unit_vote_id_head_no (vote_id, head_no),
  CONSTRAINT fk_vote_unit_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_unit;

-- +goose Up
CREATE TABLE vote_head (
  vote_id        BINARY(16) NOT NULL,
  no             BIGINT NOT NULL,
  area           BIGINT NOT NULL,
  units          BIGINT NOT NULL,
  developer      BIGINT NOT NULL,
  label          VARCHAR(200) NOT NULL,
  delivered_at   BIGINT NULL,
  delivered_how  VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delivered_by   BINARY(16) NULL,
  delivered_note VARCHAR(300) NOT NULL,
  PRIMARY KEY (vote_id, no),
  CONSTRAINT fk_vote_head_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_head;

-- +goose Up
CREATE TABLE vote_item (
  vote_id        BINARY(16) NOT NULL,
  no             BIGINT NOT NULL,
  matter         BIGINT NOT NULL,
  title          VARCHAR(200) NOT NULL,
  content        MEDIUMTEXT NOT NULL,
  options        MEDIUMTEXT NOT NULL,
  most           BIGINT NOT NULL,
  subject_kind   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id     BINARY(16) NULL,
  subject_option BIGINT NOT NULL,
  PRIMARY KEY (vote_id, no),
  KEY ix_vote_item_subject_id_vote_id (subject_id, vote_id),
  CONSTRAINT fk_vote_item_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_item;

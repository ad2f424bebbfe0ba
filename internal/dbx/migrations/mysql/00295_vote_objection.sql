-- +goose Up
CREATE TABLE vote_objection (
  id            BINARY(16) NOT NULL,
  vote_id       BINARY(16) NOT NULL,
  person_id     BINARY(16) NOT NULL,
  content       VARCHAR(2000) NOT NULL,
  state         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answer        VARCHAR(2000) NOT NULL,
  made_at       BIGINT NOT NULL,
  answered_at   BIGINT NULL,
  answered_by   BINARY(16) NULL,
  answered_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version       BIGINT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_objection_state CHECK (state IN ('open', 'accepted', 'rejected')),
  KEY ix_vote_objection_vote_id_id (vote_id, id),
  CONSTRAINT fk_vote_objection_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_objection;

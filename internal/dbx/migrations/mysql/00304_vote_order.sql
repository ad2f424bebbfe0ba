-- +goose Up
CREATE TABLE vote_order (
  id           BINARY(16) NOT NULL,
  vote_id      BINARY(16) NOT NULL,
  kind         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reasons      VARCHAR(2000) NOT NULL,
  org_id       BINARY(16) NOT NULL,
  ordered_by   BINARY(16) NOT NULL,
  ordered_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ordered_at   BIGINT NOT NULL,
  appeal       VARCHAR(2000) NOT NULL,
  appealed_by  BINARY(16) NULL,
  appealed_at  BIGINT NULL,
  upheld       BIGINT NULL,
  ruling       VARCHAR(2000) NOT NULL,
  ruled_by     BINARY(16) NULL,
  ruled_at     BIGINT NULL,
  ended_at     BIGINT NULL,
  version      BIGINT NOT NULL,
  current_vote BINARY(16) GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN vote_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_order_kind CHECK (kind IN ('correct', 'revoke')),
  UNIQUE KEY uq_vote_order_current_vote (current_vote),
  KEY ix_vote_order_vote_id_id (vote_id, id),
  CONSTRAINT fk_vote_order_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_order;

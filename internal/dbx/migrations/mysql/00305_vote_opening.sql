-- +goose Up
CREATE TABLE vote_opening (
  id         BINARY(16) NOT NULL,
  vote_id    BINARY(16) NOT NULL,
  head_no    BIGINT NOT NULL,
  basis      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason     VARCHAR(1000) NOT NULL,
  org_id     BINARY(16) NOT NULL,
  asked_by   BINARY(16) NOT NULL,
  asked_role VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked_at   BIGINT NOT NULL,
  opened_at  BIGINT NULL,
  opened_by  BINARY(16) NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_vote_opening_basis CHECK (basis IN ('court', 'verification')),
  KEY ix_vote_opening_vote_id_id (vote_id, id),
  CONSTRAINT fk_vote_opening_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_opening;

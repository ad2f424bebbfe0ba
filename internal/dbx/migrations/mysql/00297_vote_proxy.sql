-- +goose Up
CREATE TABLE vote_proxy (
  id           BINARY(16) NOT NULL,
  vote_id      BINARY(16) NOT NULL,
  head_no      BIGINT NOT NULL,
  granted_by   BINARY(16) NOT NULL,
  code_hash    BINARY(32) NOT NULL,
  delegate_id  BINARY(16) NULL,
  slot         BIGINT NULL,
  granted_at   BIGINT NOT NULL,
  taken_at     BIGINT NULL,
  ended_at     BIGINT NULL,
  current_head BIGINT GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN head_no END) STORED,
  current_slot BIGINT GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN slot END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_vote_proxy_vote_id_current_head (vote_id, current_head),
  UNIQUE KEY uq_vote_proxy_vote_id_delegate_id_current_slot (vote_id, delegate_id, current_slot),
  UNIQUE KEY uq_vote_proxy_code_hash (code_hash),
  CONSTRAINT fk_vote_proxy_vote_id FOREIGN KEY (vote_id) REFERENCES vote (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE vote_proxy;

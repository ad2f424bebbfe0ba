-- +goose Up
CREATE TABLE api_token (
  id           BINARY(16)    NOT NULL,
  token_hash   BINARY(32)    NOT NULL,
  account_id   BINARY(16)    NOT NULL,
  name         VARCHAR(60)   NOT NULL,
  scopes       VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at   BIGINT        NOT NULL,
  expires_at   BIGINT        NOT NULL,
  last_used_at BIGINT        NULL,
  revoked_at   BIGINT        NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_api_token_token_hash (token_hash),
  KEY ix_api_token_account (account_id, id),
  CONSTRAINT fk_api_token_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE api_token;

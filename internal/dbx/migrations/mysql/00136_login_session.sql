-- +goose Up
CREATE TABLE login_session (
  id         BINARY(16)  NOT NULL,
  token_hash BINARY(32)  NOT NULL,
  account_id BINARY(16)  NOT NULL,
  device     VARCHAR(60) NOT NULL,
  origin     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT      NOT NULL,
  seen_at    BIGINT      NOT NULL,
  expires_at BIGINT      NOT NULL,
  revoked_at BIGINT      NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_login_session_token_hash (token_hash),
  KEY ix_login_session_account (account_id, id),
  KEY ix_login_session_expires (expires_at),
  CONSTRAINT fk_login_session_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE login_session;

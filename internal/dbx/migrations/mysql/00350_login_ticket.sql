-- +goose Up
CREATE TABLE login_ticket (
  id          BINARY(16)   NOT NULL,
  ticket_hash BINARY(32)   NOT NULL,
  account_id  BINARY(16)   NOT NULL,
  org_id      BINARY(16)   NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  audience    VARCHAR(300) NOT NULL,
  created_at  BIGINT       NOT NULL,
  expires_at  BIGINT       NOT NULL,
  ended_at    BIGINT       NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_login_ticket_ticket_hash (ticket_hash),
  KEY ix_login_ticket_account (account_id, id),
  KEY ix_login_ticket_expires (expires_at),
  CONSTRAINT fk_login_ticket_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE login_ticket;

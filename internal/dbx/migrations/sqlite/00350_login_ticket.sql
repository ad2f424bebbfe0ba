-- +goose Up
CREATE TABLE login_ticket (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  ticket_hash BLOB    NOT NULL CHECK (length(ticket_hash) = 32),
  account_id  BLOB    NOT NULL CHECK (length(account_id) = 16) CONSTRAINT fk_login_ticket_account REFERENCES account (id),
  org_id      BLOB    NOT NULL CHECK (length(org_id) = 16),
  scope_path  TEXT    NOT NULL CHECK (length(scope_path) <= 400),
  audience    TEXT    NOT NULL CHECK (length(audience) <= 300),
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  ended_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_login_ticket_ticket_hash ON login_ticket (ticket_hash);
CREATE INDEX ix_login_ticket_account ON login_ticket (account_id, id);
CREATE INDEX ix_login_ticket_expires ON login_ticket (expires_at);
-- +goose Down
DROP TABLE login_ticket;

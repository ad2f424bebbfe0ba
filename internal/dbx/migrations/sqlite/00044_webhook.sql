-- +goose Up
CREATE TABLE webhook (
  id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  org_id        BLOB    NOT NULL CHECK (length(org_id) = 16),
  kind          TEXT    NOT NULL CHECK (length(kind) <= 10),
  name          TEXT    NOT NULL CHECK (length(name) <= 60),
  host          TEXT    NOT NULL CHECK (length(host) <= 260),
  url_cipher    BLOB    CHECK (length(url_cipher) <= 2400),
  secret_cipher BLOB    CHECK (length(secret_cipher) <= 400),
  topics        TEXT    NOT NULL CHECK (length(topics) <= 2000),
  state         TEXT    NOT NULL CHECK (length(state) <= 10),
  sent_at       INTEGER,
  last_error    TEXT    NOT NULL CHECK (length(last_error) <= 300),
  created_at    INTEGER NOT NULL,
  version       INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_webhook_org_id ON webhook (org_id, state);
-- +goose Down
DROP TABLE webhook;

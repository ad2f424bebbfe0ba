-- +goose Up
CREATE TABLE account (
  id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id     BLOB    NOT NULL CHECK (length(person_id) = 16),
  user_name     TEXT    CHECK (length(user_name) <= 40),
  password_hash TEXT    CHECK (length(password_hash) <= 200),
  must_change   INTEGER NOT NULL,
  state         TEXT    NOT NULL CHECK (length(state) <= 10),
  created_at    INTEGER NOT NULL,
  version       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_account_person_id ON account (person_id);
CREATE UNIQUE INDEX uq_account_user_name ON account (user_name);
-- +goose Down
DROP TABLE account;

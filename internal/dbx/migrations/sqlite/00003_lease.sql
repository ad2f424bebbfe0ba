-- +goose Up
CREATE TABLE lease (
  name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) <= 80),
  owner      BLOB    NOT NULL CHECK (length(owner) = 16),
  ends_at    INTEGER NOT NULL,
  epoch      INTEGER NOT NULL
) STRICT;
-- +goose Down
DROP TABLE lease;

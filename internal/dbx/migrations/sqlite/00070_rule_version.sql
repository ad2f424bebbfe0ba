-- +goose Up
CREATE TABLE rule_version (
  hash      BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
  name      TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  content   TEXT    NOT NULL,
  loaded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_rule_version_name ON rule_version (name, loaded_at);
-- +goose Down
DROP TABLE rule_version;

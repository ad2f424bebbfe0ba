-- +goose Up
CREATE TABLE rule_load (
  name      TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  no        INTEGER NOT NULL,
  hash      BLOB    NOT NULL CHECK (length(hash) = 32),
  loaded_at INTEGER NOT NULL,
  PRIMARY KEY (name, no),
  CONSTRAINT fk_rule_load_hash FOREIGN KEY (hash) REFERENCES rule_version (hash)
) STRICT, WITHOUT ROWID;
-- +goose Down
DROP TABLE rule_load;

-- +goose Up
CREATE TABLE rule_load (
  name      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  no        BIGINT NOT NULL,
  hash      BINARY(32) NOT NULL,
  loaded_at BIGINT NOT NULL,
  PRIMARY KEY (name, no),
  CONSTRAINT fk_rule_load_hash FOREIGN KEY (hash) REFERENCES rule_version (hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE rule_load;

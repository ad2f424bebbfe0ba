-- +goose Up
CREATE TABLE rule_version (
  hash      BINARY(32)  NOT NULL,
  name      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  content   MEDIUMTEXT  NOT NULL,
  loaded_at BIGINT      NOT NULL,
  PRIMARY KEY (hash),
  KEY ix_rule_version_name (name, loaded_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE rule_version;

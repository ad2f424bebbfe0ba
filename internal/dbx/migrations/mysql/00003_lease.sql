-- +goose Up
CREATE TABLE lease (
  name       VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner      BINARY(16)  NOT NULL,
  ends_at    BIGINT      NOT NULL,
  epoch      BIGINT      NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE lease;

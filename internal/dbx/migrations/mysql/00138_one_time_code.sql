-- +goose Up
CREATE TABLE one_time_code (
  id          BINARY(16) NOT NULL,
  phone_index BINARY(32) NOT NULL,
  code_hash   BINARY(32) NOT NULL,
  created_at  BIGINT     NOT NULL,
  expires_at  BIGINT     NOT NULL,
  tries       INT        NOT NULL,
  used_at     BIGINT     NULL,
  PRIMARY KEY (id),
  KEY ix_one_time_code_phone (phone_index, id),
  KEY ix_one_time_code_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE one_time_code;

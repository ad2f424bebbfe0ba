-- +goose Up
CREATE TABLE account (
  id            BINARY(16)   NOT NULL,
  person_id     BINARY(16)   NOT NULL,
  user_name     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  password_hash VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
  must_change   SMALLINT     NOT NULL,
  state         VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at    BIGINT       NOT NULL,
  version       BIGINT       NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_account_person_id (person_id),
  UNIQUE KEY uq_account_user_name (user_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE account;

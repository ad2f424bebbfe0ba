-- +goose Up
CREATE TABLE person (
  id           BINARY(16) NOT NULL,
  name_sealed  VARBINARY(600) NULL,
  name_index   BINARY(32) NULL,
  phone_sealed VARBINARY(200) NULL,
  phone_index  BINARY(32) NULL,
  created_at   BIGINT NOT NULL,
  erased_at    BIGINT NULL,
  version      BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_person_phone_index (phone_index),
  KEY ix_person_name_index (name_index)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE person;

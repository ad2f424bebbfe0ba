-- +goose Up
CREATE TABLE person (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name_sealed  BLOB CHECK (length(name_sealed) <= 600),
  name_index   BLOB CHECK (length(name_index) = 32),
  phone_sealed BLOB CHECK (length(phone_sealed) <= 200),
  phone_index  BLOB CHECK (length(phone_index) = 32),
  created_at   INTEGER NOT NULL,
  erased_at    INTEGER,
  version      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_person_phone_index ON person (phone_index);
CREATE INDEX ix_person_name_index ON person (name_index);
-- +goose Down
DROP TABLE person;

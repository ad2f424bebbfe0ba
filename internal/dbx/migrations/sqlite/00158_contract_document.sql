-- +goose Up
CREATE TABLE contract_document (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  hash        BLOB NOT NULL CHECK (length(hash) = 32),
  name        TEXT NOT NULL CHECK (length(name) <= 200),
  media_type  TEXT NOT NULL CHECK (length(media_type) <= 100),
  size_bytes  INTEGER NOT NULL,
  added_at    INTEGER NOT NULL,
  person_id   BLOB CHECK (length(person_id) = 16),
  org_id      BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (contract_id, hash)
) STRICT;
-- +goose Down
DROP TABLE contract_document;

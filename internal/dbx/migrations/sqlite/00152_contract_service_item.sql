-- +goose Up
CREATE TABLE contract_service_item (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  name        TEXT NOT NULL CHECK (length(name) <= 100),
  standard    TEXT NOT NULL CHECK (length(standard) <= 1000),
  PRIMARY KEY (contract_id, no)
) STRICT;
-- +goose Down
DROP TABLE contract_service_item;

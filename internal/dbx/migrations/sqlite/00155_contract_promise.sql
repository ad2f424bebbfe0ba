-- +goose Up
CREATE TABLE contract_promise (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  body        TEXT NOT NULL CHECK (length(body) <= 500),
  PRIMARY KEY (contract_id, no)
) STRICT;
-- +goose Down
DROP TABLE contract_promise;

-- +goose Up
CREATE TABLE contract_subcontract (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  item_no     INTEGER NOT NULL,
  contractor  TEXT NOT NULL CHECK (length(contractor) <= 100),
  PRIMARY KEY (contract_id, no)
) STRICT;
-- +goose Down
DROP TABLE contract_subcontract;

-- +goose Up
CREATE TABLE contract_fee (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  unit_kind   TEXT NOT NULL CHECK (unit_kind IN ('residential', 'commercial', 'parking', 'other')),
  fen         INTEGER NOT NULL,
  charged_per TEXT NOT NULL CHECK (charged_per IN ('area_month', 'unit_month')),
  basis       TEXT NOT NULL CHECK (length(basis) <= 200),
  PRIMARY KEY (contract_id, no)
) STRICT;
-- +goose Down
DROP TABLE contract_fee;

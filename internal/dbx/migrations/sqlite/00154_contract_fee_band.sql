-- +goose Up
CREATE TABLE contract_fee_band (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  no          INTEGER NOT NULL,
  from_score  INTEGER NOT NULL,
  below_score INTEGER NOT NULL,
  share_bp    INTEGER NOT NULL,
  PRIMARY KEY (contract_id, no)
) STRICT;
-- +goose Down
DROP TABLE contract_fee_band;

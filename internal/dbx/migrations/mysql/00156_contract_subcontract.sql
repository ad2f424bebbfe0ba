-- +goose Up
CREATE TABLE contract_subcontract (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  item_no     BIGINT NOT NULL,
  contractor  VARCHAR(100) NOT NULL,
  PRIMARY KEY (contract_id, no),
  CONSTRAINT fk_contract_subcontract_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_subcontract;

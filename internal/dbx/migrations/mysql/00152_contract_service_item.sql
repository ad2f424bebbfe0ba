-- +goose Up
CREATE TABLE contract_service_item (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  name        VARCHAR(100) NOT NULL,
  standard    VARCHAR(1000) NOT NULL,
  PRIMARY KEY (contract_id, no),
  CONSTRAINT fk_contract_service_item_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_service_item;

-- +goose Up
CREATE TABLE contract_promise (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  body        VARCHAR(500) NOT NULL,
  PRIMARY KEY (contract_id, no),
  CONSTRAINT fk_contract_promise_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_promise;

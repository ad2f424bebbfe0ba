-- +goose Up
CREATE TABLE contract_period (
  contract_id BINARY(16) NOT NULL,
  param       VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  count_of    BIGINT NOT NULL,
  unit        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  clause      VARCHAR(200) NOT NULL,
  person_id   BINARY(16) NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (contract_id, param),
  CONSTRAINT fk_contract_period_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_period;

-- +goose Up
CREATE TABLE contract_fee_band (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  from_score  BIGINT NOT NULL,
  below_score BIGINT NOT NULL,
  share_bp    BIGINT NOT NULL,
  PRIMARY KEY (contract_id, no),
  CONSTRAINT fk_contract_fee_band_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_fee_band;

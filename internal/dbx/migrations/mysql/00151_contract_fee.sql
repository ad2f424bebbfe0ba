-- +goose Up
CREATE TABLE contract_fee (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  unit_kind   VARCHAR(11) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (unit_kind IN ('residential', 'commercial', 'parking', 'other')),
  fen         BIGINT NOT NULL,
  charged_per VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (charged_per IN ('area_month', 'unit_month')),
  basis       VARCHAR(200) NOT NULL,
  PRIMARY KEY (contract_id, no),
  CONSTRAINT fk_contract_fee_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_fee;

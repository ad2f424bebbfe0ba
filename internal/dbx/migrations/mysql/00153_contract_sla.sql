-- +goose Up
CREATE TABLE contract_sla (
  contract_id BINARY(16) NOT NULL,
  no          BIGINT NOT NULL,
  category    VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  severity    VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accept_min  BIGINT NOT NULL,
  arrive_min  BIGINT NOT NULL,
  control_min BIGINT NOT NULL,
  fix_min     BIGINT NOT NULL,
  clock       VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (clock IN ('natural', 'working')),
  PRIMARY KEY (contract_id, no),
  UNIQUE KEY uq_contract_sla_contract_id_category_severity (contract_id, category, severity),
  CONSTRAINT fk_contract_sla_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_sla;

-- +goose Up
CREATE TABLE contract_assent (
  id            BINARY(16) NOT NULL,
  contract_id   BINARY(16) NOT NULL,
  act           VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (act IN ('sign', 'start', 'withdraw')),
  terms_version BIGINT NOT NULL,
  side          VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (side IN ('company', 'owners')),
  person_id     BINARY(16) NOT NULL,
  org_id        BINARY(16) NOT NULL,
  post_id       BINARY(16) NULL,
  terms_hash    BINARY(32) NOT NULL,
  at            BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_contract_assent_contract_id_act_terms_version_side (contract_id, act, terms_version, side),
  UNIQUE KEY uq_contract_assent_contract_id_act_terms_version_person_id (contract_id, act, terms_version, person_id),
  CONSTRAINT fk_contract_assent_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_assent;

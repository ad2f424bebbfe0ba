-- +goose Up
CREATE TABLE contract_decision (
  id               BINARY(16) NOT NULL,
  contract_id      BINARY(16) NOT NULL,
  held_on          CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  document         BINARY(32) NOT NULL,
  total_area       BIGINT NOT NULL,
  total_heads      BIGINT NOT NULL,
  joined_area      BIGINT NOT NULL,
  joined_heads     BIGINT NOT NULL,
  favour_area      BIGINT NOT NULL,
  favour_heads     BIGINT NOT NULL,
  recorded_at      BIGINT NOT NULL,
  person_id        BINARY(16) NULL,
  org_id           BINARY(16) NULL,
  replaced_at      BIGINT NULL,
  current_contract BINARY(16) GENERATED ALWAYS AS (CASE WHEN replaced_at IS NULL THEN contract_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_contract_decision_current_contract (current_contract),
  KEY ix_contract_decision_contract_id_id (contract_id, id),
  CONSTRAINT fk_contract_decision_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_decision;

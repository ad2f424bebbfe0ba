-- +goose Up
CREATE TABLE renovation_former_contract (
  id                BINARY(16) NOT NULL,
  renovation_id     BINARY(16) NOT NULL,
  contractor_org_id BINARY(16) NOT NULL,
  tender_reference  VARCHAR(100) NOT NULL,
  tendered_on       CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contract_fen      BIGINT NOT NULL,
  ended_on          CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason            VARCHAR(1000) NOT NULL,
  settled_fen       BIGINT NOT NULL,
  document          BINARY(32) NULL,
  at                BIGINT NOT NULL,
  person_id         BINARY(16) NULL,
  org_id            BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_former_contract_renovation_id_id (renovation_id, id),
  KEY ix_renovation_former_contract_document (document),
  CONSTRAINT ck_renovation_former_contract_settled_fen CHECK (settled_fen >= 0),
  CONSTRAINT fk_renovation_former_contract_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_former_contract;

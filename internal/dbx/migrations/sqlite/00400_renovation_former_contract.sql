-- +goose Up
CREATE TABLE renovation_former_contract (
  id                BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id     BLOB NOT NULL CHECK (length(renovation_id) = 16),
  contractor_org_id BLOB NOT NULL CHECK (length(contractor_org_id) = 16),
  tender_reference  TEXT NOT NULL CHECK (length(tender_reference) <= 100),
  tendered_on       TEXT NOT NULL CHECK (length(tendered_on) = 10),
  contract_fen      INTEGER NOT NULL,
  ended_on          TEXT NOT NULL CHECK (length(ended_on) = 10),
  reason            TEXT NOT NULL CHECK (length(reason) <= 1000),
  settled_fen       INTEGER NOT NULL,
  document          BLOB CHECK (length(document) = 32),
  at                INTEGER NOT NULL,
  person_id         BLOB CHECK (length(person_id) = 16),
  org_id            BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT ck_renovation_former_contract_settled_fen CHECK (settled_fen >= 0),
  CONSTRAINT fk_renovation_former_contract_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE INDEX ix_renovation_former_contract_renovation_id_id ON renovation_former_contract (renovation_id, id);
CREATE INDEX ix_renovation_former_contract_document ON renovation_former_contract (document);
-- +goose Down
DROP TABLE renovation_former_contract;

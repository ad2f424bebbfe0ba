-- +goose Up
CREATE TABLE contract_document (
  contract_id BINARY(16) NOT NULL,
  hash        BINARY(32) NOT NULL,
  name        VARCHAR(200) NOT NULL,
  media_type  VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size_bytes  BIGINT NOT NULL,
  added_at    BIGINT NOT NULL,
  person_id   BINARY(16) NULL,
  org_id      BINARY(16) NULL,
  PRIMARY KEY (contract_id, hash),
  CONSTRAINT fk_contract_document_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_document;

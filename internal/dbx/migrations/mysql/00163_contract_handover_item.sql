-- +goose Up
CREATE TABLE contract_handover_item (
  contract_id         BINARY(16) NOT NULL,
  item                VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state               VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('open', 'withheld', 'delivered', 'confirmed')),
  reason              VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  note                VARCHAR(500) NOT NULL,
  document            BINARY(32) NULL,
  delivered_at        BIGINT NULL,
  delivered_person_id BINARY(16) NULL,
  delivered_org_id    BINARY(16) NULL,
  confirmed_at        BIGINT NULL,
  confirmed_person_id BINARY(16) NULL,
  confirmed_org_id    BINARY(16) NULL,
  version             BIGINT NOT NULL,
  PRIMARY KEY (contract_id, item),
  CONSTRAINT fk_contract_handover_item_contract_id FOREIGN KEY (contract_id) REFERENCES contract (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE contract_handover_item;

-- +goose Up
CREATE TABLE contract_handover_item (
  contract_id         BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  item                TEXT NOT NULL CHECK (length(item) <= 40),
  state               TEXT NOT NULL CHECK (state IN ('open', 'withheld', 'delivered', 'confirmed')),
  reason              TEXT NOT NULL CHECK (length(reason) <= 20),
  note                TEXT NOT NULL CHECK (length(note) <= 500),
  document            BLOB CHECK (length(document) = 32),
  delivered_at        INTEGER,
  delivered_person_id BLOB CHECK (length(delivered_person_id) = 16),
  delivered_org_id    BLOB CHECK (length(delivered_org_id) = 16),
  confirmed_at        INTEGER,
  confirmed_person_id BLOB CHECK (length(confirmed_person_id) = 16),
  confirmed_org_id    BLOB CHECK (length(confirmed_org_id) = 16),
  version             INTEGER NOT NULL,
  PRIMARY KEY (contract_id, item)
) STRICT;
-- +goose Down
DROP TABLE contract_handover_item;

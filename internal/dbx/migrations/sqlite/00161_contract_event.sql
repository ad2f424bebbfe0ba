-- +goose Up
CREATE TABLE contract_event (
  contract_id BLOB NOT NULL CHECK (length(contract_id) = 16) REFERENCES contract (id),
  seq         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (length(kind) <= 30),
  from_state  TEXT NOT NULL CHECK (length(from_state) <= 12),
  to_state    TEXT NOT NULL CHECK (length(to_state) <= 12),
  person_id   BLOB CHECK (length(person_id) = 16),
  org_id      BLOB CHECK (length(org_id) = 16),
  role        TEXT NOT NULL CHECK (length(role) <= 20),
  post_id     BLOB CHECK (length(post_id) = 16),
  detail      TEXT NOT NULL,
  PRIMARY KEY (contract_id, seq)
) STRICT;
-- +goose Down
DROP TABLE contract_event;

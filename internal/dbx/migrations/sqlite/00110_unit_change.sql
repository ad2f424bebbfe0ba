-- +goose Up
CREATE TABLE unit_change (
  id               BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id  BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  kind             TEXT NOT NULL CHECK (kind IN ('correct', 'merge', 'split', 'void')),
  state            TEXT NOT NULL CHECK (state IN ('proposed', 'applied', 'rejected', 'withdrawn')),
  proposal         TEXT NOT NULL,
  reason           TEXT NOT NULL CHECK (length(reason) <= 500),
  sum_before       INTEGER NOT NULL,
  sum_after        INTEGER NOT NULL,
  sum_reason       TEXT CHECK (length(sum_reason) <= 500),
  proposer_account BLOB CHECK (length(proposer_account) = 16),
  proposer_person  BLOB NOT NULL CHECK (length(proposer_person) = 16),
  proposer_role    TEXT NOT NULL CHECK (length(proposer_role) <= 40),
  proposed_at      INTEGER NOT NULL,
  decider_person   BLOB CHECK (length(decider_person) = 16),
  decider_role     TEXT CHECK (length(decider_role) <= 40),
  decided_at       INTEGER,
  decision_note    TEXT CHECK (length(decision_note) <= 500),
  version          INTEGER NOT NULL,
  CONSTRAINT ck_unit_change_two_persons CHECK (decider_person <> proposer_person)
) STRICT;
CREATE INDEX ix_unit_change_service_area_id_state_id ON unit_change (service_area_id, state, id);
-- +goose Down
DROP TABLE unit_change;

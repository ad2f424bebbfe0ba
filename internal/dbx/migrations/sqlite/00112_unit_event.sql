-- +goose Up
CREATE TABLE unit_event (
  unit_id      BLOB NOT NULL CHECK (length(unit_id) = 16) REFERENCES unit (id),
  version      INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (length(kind) <= 12),
  at           INTEGER NOT NULL,
  actor_person BLOB CHECK (length(actor_person) = 16),
  actor_role   TEXT NOT NULL CHECK (length(actor_role) <= 40),
  change_id    BLOB CHECK (length(change_id) = 16) REFERENCES unit_change (id),
  before_state TEXT NOT NULL,
  PRIMARY KEY (unit_id, version)
) STRICT;
-- +goose Down
DROP TABLE unit_event;

-- +goose Up
CREATE TABLE personal_key (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  suite       TEXT    NOT NULL CHECK (length(suite) <= 32),
  wrapped     BLOB    NOT NULL CHECK (length(wrapped) <= 255),
  state       TEXT    NOT NULL CHECK (state IN ('active', 'retired')),
  created_at  INTEGER NOT NULL,
  retired_at  INTEGER,
  active_slot INTEGER GENERATED ALWAYS AS (CASE WHEN state = 'active' THEN 1 END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_personal_key_active_slot ON personal_key (active_slot);
-- +goose Down
DROP TABLE personal_key;

-- +goose Up
CREATE TABLE occupant (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id         BLOB NOT NULL CHECK (length(unit_id) = 16) REFERENCES unit (id),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  relation        TEXT NOT NULL CHECK (relation IN ('family', 'tenant', 'other')),
  name_sealed     BLOB CHECK (length(name_sealed) <= 600),
  name_index      BLOB CHECK (length(name_index) = 32),
  phone_sealed    BLOB CHECK (length(phone_sealed) <= 255),
  phone_index     BLOB CHECK (length(phone_index) = 32),
  phone_basis     TEXT CHECK (phone_basis IN ('contract', 'duty', 'consent')),
  from_date       TEXT NOT NULL CHECK (length(from_date) = 10),
  to_date         TEXT CHECK (length(to_date) = 10),
  created_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  current_unit    BLOB GENERATED ALWAYS AS (CASE WHEN to_date IS NULL THEN unit_id END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_occupant_current_unit_name_index ON occupant (current_unit, name_index);
CREATE INDEX ix_occupant_unit_id_id ON occupant (unit_id, id);
CREATE INDEX ix_occupant_service_area_id_id ON occupant (service_area_id, id);
CREATE INDEX ix_occupant_name_index ON occupant (name_index);
CREATE INDEX ix_occupant_phone_index ON occupant (phone_index);
-- +goose Down
DROP TABLE occupant;

-- +goose Up
CREATE TABLE owner (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  kind            TEXT NOT NULL CHECK (kind IN ('person', 'company', 'developer')),
  name_sealed     BLOB CHECK (length(name_sealed) <= 600),
  name_index      BLOB CHECK (length(name_index) = 32),
  phone_sealed    BLOB CHECK (length(phone_sealed) <= 255),
  phone_index     BLOB CHECK (length(phone_index) = 32),
  phone_basis     TEXT CHECK (phone_basis IN ('contract', 'duty', 'consent')),
  person_id       BLOB CHECK (length(person_id) = 16),
  created_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_owner_service_area_id_name_index_phone_index ON owner (service_area_id, name_index, phone_index);
CREATE INDEX ix_owner_service_area_id_id ON owner (service_area_id, id);
CREATE INDEX ix_owner_name_index ON owner (name_index);
CREATE INDEX ix_owner_phone_index ON owner (phone_index);
CREATE INDEX ix_owner_person_id ON owner (person_id);
-- +goose Down
DROP TABLE owner;

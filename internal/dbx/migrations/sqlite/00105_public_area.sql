-- +goose Up
CREATE TABLE public_area (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  building_id     BLOB CHECK (length(building_id) = 16) REFERENCES building (id),
  name            TEXT NOT NULL CHECK (length(name) <= 100),
  name_key        TEXT NOT NULL CHECK (length(name_key) <= 100),
  created_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  holder_id       BLOB GENERATED ALWAYS AS (COALESCE(building_id, service_area_id)) STORED
) STRICT;
CREATE UNIQUE INDEX uq_public_area_holder_id_name_key ON public_area (holder_id, name_key);
CREATE INDEX ix_public_area_service_area_id_id ON public_area (service_area_id, id);
-- +goose Down
DROP TABLE public_area;

-- +goose Up
CREATE TABLE building (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  name            TEXT NOT NULL CHECK (length(name) <= 60),
  name_key        TEXT NOT NULL CHECK (length(name_key) <= 60),
  order_no        INTEGER NOT NULL,
  floors_above    INTEGER NOT NULL CHECK (floors_above >= 0),
  floors_below    INTEGER NOT NULL CHECK (floors_below >= 0),
  built_year      INTEGER,
  created_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_building_service_area_id_name_key ON building (service_area_id, name_key);
-- +goose Down
DROP TABLE building;

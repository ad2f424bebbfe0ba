-- +goose Up
CREATE TABLE place_name (
  place_id BLOB NOT NULL PRIMARY KEY CHECK (length(place_id) = 16),
  kind     TEXT NOT NULL CHECK (kind IN ('province', 'city', 'district', 'street', 'community', 'estate', 'service_area', 'building', 'public_area')),
  path     TEXT NOT NULL CHECK (length(path) <= 400),
  name     TEXT NOT NULL CHECK (length(name) <= 100),
  name_key TEXT NOT NULL CHECK (length(name_key) <= 100),
  initials TEXT NOT NULL CHECK (length(initials) <= 400)
) STRICT;
CREATE INDEX ix_place_name_path ON place_name (path);
-- +goose Down
DROP TABLE place_name;

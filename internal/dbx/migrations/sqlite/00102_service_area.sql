-- +goose Up
CREATE TABLE service_area (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  estate_id    BLOB NOT NULL CHECK (length(estate_id) = 16) REFERENCES area (id),
  street_id    BLOB NOT NULL CHECK (length(street_id) = 16) REFERENCES area (id),
  community_id BLOB NOT NULL CHECK (length(community_id) = 16) REFERENCES area (id),
  name         TEXT NOT NULL CHECK (length(name) <= 100),
  name_key     TEXT NOT NULL CHECK (length(name_key) <= 100),
  path         TEXT NOT NULL CHECK (length(path) <= 400),
  created_at   INTEGER NOT NULL,
  version      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_service_area_path ON service_area (path);
CREATE UNIQUE INDEX uq_service_area_estate_id_name_key ON service_area (estate_id, name_key);
CREATE INDEX ix_service_area_community_id ON service_area (community_id);
-- +goose Down
DROP TABLE service_area;

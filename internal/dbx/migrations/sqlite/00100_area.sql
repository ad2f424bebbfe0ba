-- +goose Up
CREATE TABLE area (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  parent_id  BLOB CHECK (length(parent_id) = 16) REFERENCES area (id),
  kind       TEXT NOT NULL CHECK (kind IN ('province', 'city', 'district', 'street', 'community', 'estate')),
  name       TEXT NOT NULL CHECK (length(name) <= 100),
  name_key   TEXT NOT NULL CHECK (length(name_key) <= 100),
  path       TEXT NOT NULL CHECK (length(path) <= 400),
  created_at INTEGER NOT NULL,
  version    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX uq_area_path ON area (path);
CREATE UNIQUE INDEX uq_area_parent_id_kind_name_key ON area (parent_id, kind, name_key);
-- +goose Down
DROP TABLE area;

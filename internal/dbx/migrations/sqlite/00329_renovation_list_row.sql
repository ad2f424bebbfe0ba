-- +goose Up
CREATE TABLE renovation_list_row (
  id          BLOB NOT NULL CHECK (length(id) = 16),
  area_id     BLOB NOT NULL CHECK (length(area_id) = 16),
  scope_path  TEXT NOT NULL CHECK (length(scope_path) <= 400),
  list_name   TEXT NOT NULL CHECK (length(list_name) <= 100),
  order_no    INTEGER NOT NULL,
  region      TEXT NOT NULL CHECK (length(region) <= 100),
  place       TEXT NOT NULL CHECK (length(place) <= 100),
  projects    INTEGER,
  communities INTEGER,
  buildings   INTEGER,
  households  INTEGER,
  area_m2x100 INTEGER,
  started     INTEGER,
  rate_bp     INTEGER,
  imported_at INTEGER NOT NULL,
  person_id   BLOB CHECK (length(person_id) = 16),
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_list_row_area_id_list_name_region_place ON renovation_list_row (area_id, list_name, region, place);
CREATE INDEX ix_renovation_list_row_scope_path_list_name_order_no ON renovation_list_row (scope_path, list_name, order_no);
-- +goose Down
DROP TABLE renovation_list_row;

-- +goose Up
CREATE TABLE unit (
  id              BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  building_id     BLOB NOT NULL CHECK (length(building_id) = 16) REFERENCES building (id),
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16) REFERENCES service_area (id),
  code            TEXT CHECK (length(code) <= 60),
  entrance        TEXT NOT NULL CHECK (length(entrance) <= 20),
  number          TEXT NOT NULL CHECK (length(number) <= 40),
  number_key      TEXT NOT NULL CHECK (length(number_key) <= 80),
  floor           INTEGER,
  area_register   INTEGER CHECK (area_register > 0),
  area_survey     INTEGER CHECK (area_survey > 0),
  area_contract   INTEGER CHECK (area_contract > 0),
  area_m2x100     INTEGER GENERATED ALWAYS AS (COALESCE(area_register, area_survey, area_contract, 0)) STORED,
  area_source     TEXT GENERATED ALWAYS AS (CASE WHEN area_register IS NOT NULL THEN 'register' WHEN area_survey IS NOT NULL THEN 'survey' WHEN area_contract IS NOT NULL THEN 'contract' ELSE 'unknown' END) STORED,
  use_kind        TEXT NOT NULL CHECK (use_kind IN ('residential', 'commercial', 'parking', 'other')),
  state           TEXT NOT NULL CHECK (state IN ('active', 'merged', 'split', 'void')),
  delivery        TEXT NOT NULL CHECK (delivery IN ('unsold', 'undelivered', 'delivered', 'unknown')),
  occupied_state  TEXT NOT NULL CHECK (occupied_state IN ('owner', 'let', 'vacant', 'unknown')),
  created_at      INTEGER NOT NULL,
  changed_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  current_slot    INTEGER GENERATED ALWAYS AS (CASE WHEN state = 'active' THEN 1 END) STORED
) STRICT;
CREATE UNIQUE INDEX uq_unit_building_id_number_key_current_slot ON unit (building_id, number_key, current_slot);
CREATE UNIQUE INDEX uq_unit_service_area_id_code_current_slot ON unit (service_area_id, code, current_slot);
CREATE INDEX ix_unit_service_area_id_id ON unit (service_area_id, id);
-- +goose Down
DROP TABLE unit;

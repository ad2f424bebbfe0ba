-- +goose Up
CREATE TABLE unit (
  id              BINARY(16) NOT NULL,
  building_id     BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  code            VARCHAR(60) NULL,
  entrance        VARCHAR(20) NOT NULL,
  number          VARCHAR(40) NOT NULL,
  number_key      VARCHAR(80) NOT NULL,
  floor           BIGINT NULL,
  area_register   BIGINT NULL CHECK (area_register > 0),
  area_survey     BIGINT NULL CHECK (area_survey > 0),
  area_contract   BIGINT NULL CHECK (area_contract > 0),
  area_m2x100     BIGINT GENERATED ALWAYS AS (COALESCE(area_register, area_survey, area_contract, 0)) STORED,
  area_source     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS (CASE WHEN area_register IS NOT NULL THEN 'register' WHEN area_survey IS NOT NULL THEN 'survey' WHEN area_contract IS NOT NULL THEN 'contract' ELSE 'unknown' END) STORED,
  use_kind        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (use_kind IN ('residential', 'commercial', 'parking', 'other')),
  state           VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (state IN ('active', 'merged', 'split', 'void')),
  delivery        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (delivery IN ('unsold', 'undelivered', 'delivered', 'unknown')),
  occupied_state  VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (occupied_state IN ('owner', 'let', 'vacant', 'unknown')),
  created_at      BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  current_slot    BIGINT GENERATED ALWAYS AS (CASE WHEN state = 'active' THEN 1 END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_unit_building_id_number_key_current_slot (building_id, number_key, current_slot),
  UNIQUE KEY uq_unit_service_area_id_code_current_slot (service_area_id, code, current_slot),
  KEY ix_unit_service_area_id_id (service_area_id, id),
  CONSTRAINT fk_unit_building_id FOREIGN KEY (building_id) REFERENCES building (id),
  CONSTRAINT fk_unit_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE unit;

-- +goose Up
CREATE TABLE building (
  id              BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  name            VARCHAR(60) NOT NULL,
  name_key        VARCHAR(60) NOT NULL,
  order_no        BIGINT NOT NULL,
  floors_above    BIGINT NOT NULL CHECK (floors_above >= 0),
  floors_below    BIGINT NOT NULL CHECK (floors_below >= 0),
  built_year      BIGINT NULL,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_building_service_area_id_name_key (service_area_id, name_key),
  CONSTRAINT fk_building_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE building;

-- +goose Up
CREATE TABLE public_area (
  id              BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  building_id     BINARY(16) NULL,
  name            VARCHAR(100) NOT NULL,
  name_key        VARCHAR(100) NOT NULL,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  holder_id       BINARY(16) GENERATED ALWAYS AS (COALESCE(building_id, service_area_id)) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_public_area_holder_id_name_key (holder_id, name_key),
  KEY ix_public_area_service_area_id_id (service_area_id, id),
  CONSTRAINT fk_public_area_building_id FOREIGN KEY (building_id) REFERENCES building (id),
  CONSTRAINT fk_public_area_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE public_area;

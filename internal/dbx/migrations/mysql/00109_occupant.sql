-- +goose Up
CREATE TABLE occupant (
  id              BINARY(16) NOT NULL,
  unit_id         BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  relation        VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (relation IN ('family', 'tenant', 'other')),
  name_sealed     VARBINARY(600) NULL,
  name_index      BINARY(32) NULL,
  phone_sealed    VARBINARY(255) NULL,
  phone_index     BINARY(32) NULL,
  phone_basis     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL CHECK (phone_basis IN ('contract', 'duty', 'consent')),
  from_date       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_date         VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  current_unit    BINARY(16) GENERATED ALWAYS AS (CASE WHEN to_date IS NULL THEN unit_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_occupant_current_unit_name_index (current_unit, name_index),
  KEY ix_occupant_unit_id_id (unit_id, id),
  KEY ix_occupant_service_area_id_id (service_area_id, id),
  KEY ix_occupant_name_index (name_index),
  KEY ix_occupant_phone_index (phone_index),
  CONSTRAINT fk_occupant_unit_id FOREIGN KEY (unit_id) REFERENCES unit (id),
  CONSTRAINT fk_occupant_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE occupant;

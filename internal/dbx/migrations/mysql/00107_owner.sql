-- +goose Up
CREATE TABLE owner (
  id              BINARY(16) NOT NULL,
  service_area_id BINARY(16) NOT NULL,
  kind            VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('person', 'company', 'developer')),
  name_sealed     VARBINARY(600) NULL,
  name_index      BINARY(32) NULL,
  phone_sealed    VARBINARY(255) NULL,
  phone_index     BINARY(32) NULL,
  phone_basis     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL CHECK (phone_basis IN ('contract', 'duty', 'consent')),
  person_id       BINARY(16) NULL,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_owner_service_area_id_name_index_phone_index (service_area_id, name_index, phone_index),
  KEY ix_owner_service_area_id_id (service_area_id, id),
  KEY ix_owner_name_index (name_index),
  KEY ix_owner_phone_index (phone_index),
  KEY ix_owner_person_id (person_id),
  CONSTRAINT fk_owner_service_area_id FOREIGN KEY (service_area_id) REFERENCES service_area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE owner;

-- +goose Up
CREATE TABLE service_area (
  id           BINARY(16) NOT NULL,
  estate_id    BINARY(16) NOT NULL,
  street_id    BINARY(16) NOT NULL,
  community_id BINARY(16) NOT NULL,
  name         VARCHAR(100) NOT NULL,
  name_key     VARCHAR(100) NOT NULL,
  path         VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_service_area_path (path),
  UNIQUE KEY uq_service_area_estate_id_name_key (estate_id, name_key),
  KEY ix_service_area_community_id (community_id),
  CONSTRAINT fk_service_area_estate_id FOREIGN KEY (estate_id) REFERENCES area (id),
  CONSTRAINT fk_service_area_street_id FOREIGN KEY (street_id) REFERENCES area (id),
  CONSTRAINT fk_service_area_community_id FOREIGN KEY (community_id) REFERENCES area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE service_area;

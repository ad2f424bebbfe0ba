-- +goose Up
CREATE TABLE place_name (
  place_id BINARY(16) NOT NULL,
  kind     VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('province', 'city', 'district', 'street', 'community', 'estate', 'service_area', 'building', 'public_area')),
  path     VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name     VARCHAR(100) NOT NULL,
  name_key VARCHAR(100) NOT NULL,
  initials VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (place_id),
  KEY ix_place_name_path (path)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE place_name;

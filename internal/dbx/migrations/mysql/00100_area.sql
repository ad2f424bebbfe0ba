-- +goose Up
CREATE TABLE area (
  id         BINARY(16) NOT NULL,
  parent_id  BINARY(16) NULL,
  kind       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('province', 'city', 'district', 'street', 'community', 'estate')),
  name       VARCHAR(100) NOT NULL,
  name_key   VARCHAR(100) NOT NULL,
  path       VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_area_path (path),
  UNIQUE KEY uq_area_parent_id_kind_name_key (parent_id, kind, name_key),
  CONSTRAINT fk_area_parent_id FOREIGN KEY (parent_id) REFERENCES area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE area;

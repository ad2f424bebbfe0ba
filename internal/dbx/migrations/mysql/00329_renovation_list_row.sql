-- +goose Up
CREATE TABLE renovation_list_row (
  id          BINARY(16) NOT NULL,
  area_id     BINARY(16) NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  list_name   VARCHAR(100) NOT NULL,
  order_no    BIGINT NOT NULL,
  region      VARCHAR(100) NOT NULL,
  place       VARCHAR(100) NOT NULL,
  projects    BIGINT NULL,
  communities BIGINT NULL,
  buildings   BIGINT NULL,
  households  BIGINT NULL,
  area_m2x100 BIGINT NULL,
  started     BIGINT NULL,
  rate_bp     BIGINT NULL,
  imported_at BIGINT NOT NULL,
  person_id   BINARY(16) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_list_row_area_id_list_name_region_place (area_id, list_name, region, place),
  KEY ix_renovation_list_row_scope_path_list_name_order_no (scope_path, list_name, order_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_list_row;

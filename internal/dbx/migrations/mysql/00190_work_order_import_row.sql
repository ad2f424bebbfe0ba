-- +goose Up
CREATE TABLE work_order_import_row (
  service_area_id BINARY(16) NOT NULL,
  external_number VARCHAR(60) NOT NULL,
  order_id        BINARY(16) NOT NULL,
  row_hash        BINARY(32) NOT NULL,
  PRIMARY KEY (service_area_id, external_number),
  CONSTRAINT fk_work_order_import_row_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_import_row;

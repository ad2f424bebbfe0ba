-- +goose Up
CREATE TABLE work_order_import_row (
  service_area_id BLOB NOT NULL CHECK (length(service_area_id) = 16),
  external_number TEXT NOT NULL CHECK (length(external_number) <= 60),
  order_id        BLOB NOT NULL CHECK (length(order_id) = 16),
  row_hash        BLOB NOT NULL CHECK (length(row_hash) = 32),
  PRIMARY KEY (service_area_id, external_number),
  CONSTRAINT fk_work_order_import_row_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
-- +goose Down
DROP TABLE work_order_import_row;

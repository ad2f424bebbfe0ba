-- +goose Up
CREATE TABLE work_order_caller (
  id           BINARY(16) NOT NULL,
  name_sealed  VARBINARY(1024) NULL,
  phone_sealed VARBINARY(1024) NULL,
  phone_index  BINARY(32) NULL,
  phone_basis  VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  KEY ix_work_order_caller_phone_index (phone_index),
  CONSTRAINT fk_work_order_caller_id FOREIGN KEY (id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_caller;

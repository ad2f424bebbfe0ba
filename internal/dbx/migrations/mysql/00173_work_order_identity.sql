-- +goose Up
CREATE TABLE work_order_identity (
  id           BINARY(16) NOT NULL,
  name_sealed  VARBINARY(1024) NULL,
  phone_sealed VARBINARY(1024) NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_identity_id FOREIGN KEY (id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_identity;

-- +goose Up
CREATE TABLE work_order_caller (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  name_sealed  BLOB CHECK (length(name_sealed) <= 1024),
  phone_sealed BLOB CHECK (length(phone_sealed) <= 1024),
  phone_index  BLOB CHECK (length(phone_index) = 32),
  phone_basis  TEXT NOT NULL CHECK (length(phone_basis) <= 20),
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_caller_id FOREIGN KEY (id) REFERENCES work_order (id)
) STRICT;
CREATE INDEX ix_work_order_caller_phone_index ON work_order_caller (phone_index);
-- +goose Down
DROP TABLE work_order_caller;

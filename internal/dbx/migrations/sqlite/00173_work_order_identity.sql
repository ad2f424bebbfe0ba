-- +goose Up
CREATE TABLE work_order_identity (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  name_sealed  BLOB CHECK (length(name_sealed) <= 1024),
  phone_sealed BLOB CHECK (length(phone_sealed) <= 1024),
  PRIMARY KEY (id),
  CONSTRAINT fk_work_order_identity_id FOREIGN KEY (id) REFERENCES work_order (id)
) STRICT;
-- +goose Down
DROP TABLE work_order_identity;

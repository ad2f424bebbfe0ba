-- +goose Up
CREATE TABLE area_code (
  area_id      BINARY(16) NOT NULL,
  code         VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name         VARCHAR(100) NOT NULL,
  valid_from   VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  valid_to     VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
  current_code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS (CASE WHEN valid_to IS NULL THEN code END) STORED,
  current_area BINARY(16) GENERATED ALWAYS AS (CASE WHEN valid_to IS NULL THEN area_id END) STORED,
  PRIMARY KEY (area_id, valid_from),
  UNIQUE KEY uq_area_code_current_code (current_code),
  UNIQUE KEY uq_area_code_current_area (current_area),
  KEY ix_area_code_code (code),
  CONSTRAINT fk_area_code_area_id FOREIGN KEY (area_id) REFERENCES area (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE area_code;

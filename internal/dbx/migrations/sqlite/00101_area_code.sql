-- +goose Up
CREATE TABLE area_code (
  area_id      BLOB NOT NULL CHECK (length(area_id) = 16) REFERENCES area (id),
  code         TEXT NOT NULL CHECK (length(code) <= 12),
  name         TEXT NOT NULL CHECK (length(name) <= 100),
  valid_from   TEXT NOT NULL CHECK (length(valid_from) = 10),
  valid_to     TEXT CHECK (length(valid_to) = 10),
  current_code TEXT GENERATED ALWAYS AS (CASE WHEN valid_to IS NULL THEN code END) STORED,
  current_area BLOB GENERATED ALWAYS AS (CASE WHEN valid_to IS NULL THEN area_id END) STORED,
  PRIMARY KEY (area_id, valid_from)
) STRICT;
CREATE UNIQUE INDEX uq_area_code_current_code ON area_code (current_code);
CREATE UNIQUE INDEX uq_area_code_current_area ON area_code (current_area);
CREATE INDEX ix_area_code_code ON area_code (code);
-- +goose Down
DROP TABLE area_code;

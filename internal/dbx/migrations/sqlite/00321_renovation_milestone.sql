-- +goose Up
CREATE TABLE renovation_milestone (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_id       BLOB CHECK (length(item_id) = 16),
  title         TEXT NOT NULL CHECK (length(title) <= 100),
  planned_on    TEXT NOT NULL CHECK (length(planned_on) = 10),
  forecast_on   TEXT NOT NULL CHECK (length(forecast_on) = 10),
  actual_on     TEXT CHECK (length(actual_on) = 10),
  warned        TEXT NOT NULL CHECK (length(warned) <= 10),
  warn_on       TEXT CHECK (length(warn_on) = 10),
  created_at    INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_milestone_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_milestone_renovation_id_title ON renovation_milestone (renovation_id, title);
CREATE INDEX ix_renovation_milestone_warn_on_id ON renovation_milestone (warn_on, id);
-- +goose Down
DROP TABLE renovation_milestone;

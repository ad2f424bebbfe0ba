-- +goose Up
CREATE TABLE renovation_progress (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_id       BLOB NOT NULL CHECK (length(item_id) = 16),
  measured_on   TEXT NOT NULL CHECK (length(measured_on) = 10),
  quantity      INTEGER NOT NULL,
  note          TEXT NOT NULL CHECK (length(note) <= 1000),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_progress_item_id FOREIGN KEY (item_id) REFERENCES renovation_item (id)
) STRICT;
CREATE INDEX ix_renovation_progress_item_id_id ON renovation_progress (item_id, id);
CREATE INDEX ix_renovation_progress_renovation_id_id ON renovation_progress (renovation_id, id);
-- +goose Down
DROP TABLE renovation_progress;

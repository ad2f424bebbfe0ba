-- +goose Up
CREATE TABLE renovation_diary (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  on_date       TEXT NOT NULL CHECK (length(on_date) = 10),
  words         TEXT NOT NULL CHECK (length(words) <= 2000),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_diary_renovation_id FOREIGN KEY (renovation_id) REFERENCES renovation (id)
) STRICT;
CREATE INDEX ix_renovation_diary_renovation_id_on_date_id ON renovation_diary (renovation_id, on_date, id);
-- +goose Down
DROP TABLE renovation_diary;

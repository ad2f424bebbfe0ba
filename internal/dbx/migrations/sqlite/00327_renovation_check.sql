-- +goose Up
CREATE TABLE renovation_check (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  item_id       BLOB NOT NULL CHECK (length(item_id) = 16),
  code          TEXT NOT NULL CHECK (length(code) <= 40),
  result        TEXT NOT NULL CHECK (length(result) <= 14) CHECK (result IN ('pass', 'fail', 'not_applicable')),
  note          TEXT NOT NULL CHECK (length(note) <= 500),
  finding_id    BLOB CHECK (length(finding_id) = 16),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  replaced_at   INTEGER,
  current_item  BLOB GENERATED ALWAYS AS (CASE WHEN replaced_at IS NULL THEN item_id END) STORED,
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_check_item_id FOREIGN KEY (item_id) REFERENCES renovation_item (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_check_current_item_code ON renovation_check (current_item, code);
CREATE INDEX ix_renovation_check_renovation_id_id ON renovation_check (renovation_id, id);
-- +goose Down
DROP TABLE renovation_check;

-- +goose Up
CREATE TABLE renovation_entry (
  id            BLOB NOT NULL CHECK (length(id) = 16),
  renovation_id BLOB NOT NULL CHECK (length(renovation_id) = 16),
  funding_id    BLOB NOT NULL CHECK (length(funding_id) = 16),
  kind          TEXT NOT NULL CHECK (length(kind) <= 10) CHECK (kind IN ('planned', 'approved', 'received', 'paid', 'returned')),
  fen           INTEGER NOT NULL,
  on_date       TEXT NOT NULL CHECK (length(on_date) = 10),
  reference     TEXT NOT NULL CHECK (length(reference) <= 100),
  item_id       BLOB CHECK (length(item_id) = 16),
  reverses_id   BLOB CHECK (length(reverses_id) = 16),
  note          TEXT NOT NULL CHECK (length(note) <= 500),
  at            INTEGER NOT NULL,
  person_id     BLOB CHECK (length(person_id) = 16),
  org_id        BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id),
  CONSTRAINT fk_renovation_entry_funding_id FOREIGN KEY (funding_id) REFERENCES renovation_funding (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_entry_funding_id_kind_reference ON renovation_entry (funding_id, kind, reference);
CREATE UNIQUE INDEX uq_renovation_entry_reverses_id ON renovation_entry (reverses_id);
CREATE INDEX ix_renovation_entry_renovation_id_id ON renovation_entry (renovation_id, id);
-- +goose Down
DROP TABLE renovation_entry;

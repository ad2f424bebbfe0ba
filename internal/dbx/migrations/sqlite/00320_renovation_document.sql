-- +goose Up
CREATE TABLE renovation_document (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  kind       TEXT NOT NULL CHECK (length(kind) <= 10) CHECK (kind IN ('paper', 'photo')),
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  name       TEXT NOT NULL CHECK (length(name) <= 200),
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  size_bytes INTEGER NOT NULL,
  thumb_hash BLOB CHECK (length(thumb_hash) = 32),
  thumb_type TEXT NOT NULL CHECK (length(thumb_type) <= 100),
  added_at   INTEGER NOT NULL,
  person_id  BLOB CHECK (length(person_id) = 16),
  org_id     BLOB CHECK (length(org_id) = 16),
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_document_subject_id_hash ON renovation_document (subject_id, hash);
CREATE INDEX ix_renovation_document_hash ON renovation_document (hash);
CREATE INDEX ix_renovation_document_thumb_hash ON renovation_document (thumb_hash);
-- +goose Down
DROP TABLE renovation_document;

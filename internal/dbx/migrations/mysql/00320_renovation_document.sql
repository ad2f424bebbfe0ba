-- +goose Up
CREATE TABLE renovation_document (
  id         BINARY(16) NOT NULL,
  subject_id BINARY(16) NOT NULL,
  kind       VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('paper', 'photo')),
  hash       BINARY(32) NOT NULL,
  name       VARCHAR(200) NOT NULL,
  media_type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  size_bytes BIGINT NOT NULL,
  thumb_hash BINARY(32) NULL,
  thumb_type VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  added_at   BIGINT NOT NULL,
  person_id  BINARY(16) NULL,
  org_id     BINARY(16) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_document_subject_id_hash (subject_id, hash),
  KEY ix_renovation_document_hash (hash),
  KEY ix_renovation_document_thumb_hash (thumb_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_document;

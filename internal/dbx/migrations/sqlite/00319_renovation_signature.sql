-- +goose Up
CREATE TABLE renovation_signature (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  subject_id   BLOB NOT NULL CHECK (length(subject_id) = 16),
  subject_hash BLOB NOT NULL CHECK (length(subject_hash) = 32),
  party        TEXT NOT NULL CHECK (length(party) <= 20),
  person_id    BLOB CHECK (length(person_id) = 16),
  org_id       BLOB CHECK (length(org_id) = 16),
  role         TEXT NOT NULL CHECK (length(role) <= 20),
  agreed       INTEGER NOT NULL,
  words        TEXT NOT NULL CHECK (length(words) <= 1000),
  document     BLOB CHECK (length(document) = 32),
  at           INTEGER NOT NULL,
  void_at      INTEGER,
  sole_party   TEXT GENERATED ALWAYS AS (CASE WHEN void_at IS NULL AND party <> 'representative' THEN party END) STORED,
  signer       BLOB GENERATED ALWAYS AS (CASE WHEN void_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX uq_renovation_signature_subject_id_sole_party ON renovation_signature (subject_id, sole_party);
CREATE UNIQUE INDEX uq_renovation_signature_subject_id_signer ON renovation_signature (subject_id, signer);
CREATE INDEX ix_renovation_signature_document ON renovation_signature (document);
-- +goose Down
DROP TABLE renovation_signature;

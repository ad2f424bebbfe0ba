-- +goose Up
CREATE TABLE renovation_signature (
  id           BINARY(16) NOT NULL,
  subject_id   BINARY(16) NOT NULL,
  subject_hash BINARY(32) NOT NULL,
  party        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id    BINARY(16) NULL,
  org_id       BINARY(16) NULL,
  role         VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  agreed       BIGINT NOT NULL,
  words        VARCHAR(1000) NOT NULL,
  document     BINARY(32) NULL,
  at           BIGINT NOT NULL,
  void_at      BIGINT NULL,
  sole_party   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS (CASE WHEN void_at IS NULL AND party <> 'representative' THEN party END) STORED,
  signer       BINARY(16) GENERATED ALWAYS AS (CASE WHEN void_at IS NULL THEN person_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_signature_subject_id_sole_party (subject_id, sole_party),
  UNIQUE KEY uq_renovation_signature_subject_id_signer (subject_id, signer),
  KEY ix_renovation_signature_document (document)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_signature;

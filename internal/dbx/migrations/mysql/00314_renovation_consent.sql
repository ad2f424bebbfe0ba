-- +goose Up
CREATE TABLE renovation_consent (
  id              BINARY(16) NOT NULL,
  subject_id      BINARY(16) NOT NULL,
  plan_number     BIGINT NOT NULL,
  subject_hash    BINARY(32) NOT NULL,
  budget_fen      BIGINT NOT NULL,
  decision_item   BIGINT NOT NULL,
  decision_id     BINARY(16) NULL,
  held_on         CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  document        BINARY(32) NULL,
  total_area      BIGINT NOT NULL,
  total_heads     BIGINT NOT NULL,
  joined_area     BIGINT NOT NULL,
  joined_heads    BIGINT NOT NULL,
  favour_area     BIGINT NOT NULL,
  favour_heads    BIGINT NOT NULL,
  recorded_at     BIGINT NOT NULL,
  person_id       BINARY(16) NULL,
  org_id          BINARY(16) NULL,
  ended_at        BIGINT NULL,
  current_subject BINARY(16) GENERATED ALWAYS AS (CASE WHEN ended_at IS NULL THEN subject_id END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_renovation_consent_current_subject (current_subject),
  KEY ix_renovation_consent_subject_id_id (subject_id, id),
  KEY ix_renovation_consent_document (document)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_consent;

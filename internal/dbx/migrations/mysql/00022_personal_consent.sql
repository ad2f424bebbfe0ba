-- +goose Up
CREATE TABLE personal_consent (
  id           BINARY(16)  NOT NULL,
  person_id    BINARY(16)  NOT NULL,
  purpose      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text_hash    BINARY(32)  NOT NULL,
  channel      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recorded_by  BINARY(16)  NOT NULL,
  given_at     BIGINT      NOT NULL,
  withdrawn_at BIGINT      NULL,
  withdrawn_by BINARY(16)  NULL,
  in_force     BIGINT      GENERATED ALWAYS AS (CASE WHEN withdrawn_at IS NULL THEN 1 END) STORED,
  PRIMARY KEY (id),
  UNIQUE KEY uq_personal_consent_in_force (person_id, purpose, in_force)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE personal_consent;

-- +goose Up
CREATE TABLE platform_feedback (
  id          BINARY(16) NOT NULL,
  person_id   BINARY(16) NOT NULL,
  kind        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('complaint', 'suggestion', 'malfunction', 'accessibility')),
  text        VARCHAR(2000) NOT NULL,
  written_at  BIGINT NOT NULL,
  answer      VARCHAR(2000) NOT NULL,
  answered_at BIGINT NULL,
  answered_by BINARY(16) NULL,
  version     BIGINT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_platform_feedback_person_id_id (person_id, id),
  KEY ix_platform_feedback_answered_at_id (answered_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE platform_feedback;

-- +goose Up
CREATE TABLE renovation_remark (
  id           BINARY(16) NOT NULL,
  subject_id   BINARY(16) NOT NULL,
  person_id    BINARY(16) NULL,
  words        VARCHAR(1000) NOT NULL,
  at           BIGINT NOT NULL,
  answer       VARCHAR(1000) NOT NULL,
  answered_at  BIGINT NULL,
  answered_by  BINARY(16) NULL,
  answered_org BINARY(16) NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_remark_subject_id_id (subject_id, id),
  KEY ix_renovation_remark_person_id (person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_remark;

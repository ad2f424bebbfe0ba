-- +goose Up
CREATE TABLE personal_read (
  id          BINARY(16)  NOT NULL,
  reader_id   BINARY(16)  NOT NULL,
  capacity    VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id  BINARY(16)  NOT NULL,
  field       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id   BINARY(16)  NOT NULL,
  at          BIGINT      NOT NULL,
  PRIMARY KEY (id),
  KEY ix_personal_read_subject (subject_id, id),
  KEY ix_personal_read_object (object_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE personal_read;

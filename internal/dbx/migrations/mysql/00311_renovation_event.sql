-- +goose Up
CREATE TABLE renovation_event (
  id         BINARY(16) NOT NULL,
  subject_id BINARY(16) NOT NULL,
  at         BIGINT NOT NULL,
  kind       VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_state   VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id  BINARY(16) NULL,
  org_id     BINARY(16) NULL,
  role       VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  post_id    BINARY(16) NULL,
  detail     MEDIUMTEXT NOT NULL,
  PRIMARY KEY (id),
  KEY ix_renovation_event_subject_id_id (subject_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE renovation_event;

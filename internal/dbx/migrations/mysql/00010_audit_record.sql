-- +goose Up
CREATE TABLE audit_record (
  id          BINARY(16)   NOT NULL,
  at          BIGINT       NOT NULL,
  account_id  BINARY(16)   NULL,
  person_id   BINARY(16)   NULL,
  capacity    VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  post_id     BINARY(16)   NULL,
  action      VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_kind VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id   BINARY(16)   NOT NULL,
  scope_path  VARCHAR(400) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_id  VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail      MEDIUMTEXT   NOT NULL,
  salt        BINARY(16)   NOT NULL,
  seq         BIGINT       NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_audit_record_seq (seq),
  KEY ix_audit_record_object (object_kind, object_id, id),
  KEY ix_audit_record_scope (scope_path(200), id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE audit_record;

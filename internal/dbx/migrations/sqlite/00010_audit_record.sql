-- +goose Up
CREATE TABLE audit_record (
  id          BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  at          INTEGER NOT NULL,
  account_id  BLOB    CHECK (length(account_id) = 16),
  person_id   BLOB    CHECK (length(person_id) = 16),
  capacity    TEXT    NOT NULL CHECK (length(capacity) <= 40),
  post_id     BLOB    CHECK (length(post_id) = 16),
  action      TEXT    NOT NULL CHECK (length(action) <= 80),
  object_kind TEXT    NOT NULL CHECK (length(object_kind) <= 40),
  object_id   BLOB    NOT NULL CHECK (length(object_id) = 16),
  scope_path  TEXT    NOT NULL CHECK (length(scope_path) <= 400),
  request_id  TEXT    NOT NULL CHECK (length(request_id) <= 40),
  detail      TEXT    NOT NULL,
  salt        BLOB    NOT NULL CHECK (length(salt) = 16),
  seq         INTEGER
) STRICT;
CREATE UNIQUE INDEX uq_audit_record_seq ON audit_record (seq);
CREATE INDEX ix_audit_record_object ON audit_record (object_kind, object_id, id);
CREATE INDEX ix_audit_record_scope ON audit_record (scope_path, id);
-- +goose Down
DROP TABLE audit_record;

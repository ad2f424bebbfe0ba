-- +goose Up
CREATE TABLE renovation_remark (
  id           BLOB NOT NULL CHECK (length(id) = 16),
  subject_id   BLOB NOT NULL CHECK (length(subject_id) = 16),
  person_id    BLOB CHECK (length(person_id) = 16),
  words        TEXT NOT NULL CHECK (length(words) <= 1000),
  at           INTEGER NOT NULL,
  answer       TEXT NOT NULL CHECK (length(answer) <= 1000),
  answered_at  INTEGER,
  answered_by  BLOB CHECK (length(answered_by) = 16),
  answered_org BLOB CHECK (length(answered_org) = 16),
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX ix_renovation_remark_subject_id_id ON renovation_remark (subject_id, id);
CREATE INDEX ix_renovation_remark_person_id ON renovation_remark (person_id);
-- +goose Down
DROP TABLE renovation_remark;

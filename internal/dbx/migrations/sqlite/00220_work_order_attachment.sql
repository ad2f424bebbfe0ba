-- +goose Up
CREATE TABLE work_order_attachment (
  id          BLOB NOT NULL CHECK (length(id) = 16),
  order_id    BLOB NOT NULL CHECK (length(order_id) = 16),
  slot        INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (length(kind) <= 12),
  hash        BLOB NOT NULL CHECK (length(hash) = 32),
  thumb_hash  BLOB NOT NULL CHECK (length(thumb_hash) = 32),
  media_type  TEXT NOT NULL CHECK (length(media_type) <= 40),
  thumb_type  TEXT NOT NULL CHECK (length(thumb_type) <= 40),
  width       INTEGER NOT NULL,
  height      INTEGER NOT NULL,
  size_bytes  INTEGER NOT NULL,
  thumb_bytes INTEGER NOT NULL,
  person_id   BLOB CHECK (length(person_id) = 16),
  org_id      BLOB CHECK (length(org_id) = 16),
  at          INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_work_order_attachment_slot CHECK (slot BETWEEN 1 AND 9),
  CONSTRAINT fk_work_order_attachment_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) STRICT;
CREATE UNIQUE INDEX uq_work_order_attachment_slot ON work_order_attachment (order_id, slot);
CREATE UNIQUE INDEX uq_work_order_attachment_hash ON work_order_attachment (order_id, hash);
CREATE INDEX ix_work_order_attachment_hash ON work_order_attachment (hash);
CREATE INDEX ix_work_order_attachment_thumb ON work_order_attachment (thumb_hash);
-- +goose Down
DROP TABLE work_order_attachment;

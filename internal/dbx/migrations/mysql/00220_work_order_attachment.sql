-- +goose Up
CREATE TABLE work_order_attachment (
  id          BINARY(16) NOT NULL,
  order_id    BINARY(16) NOT NULL,
  slot        SMALLINT NOT NULL,
  kind        VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hash        BINARY(32) NOT NULL,
  thumb_hash  BINARY(32) NOT NULL,
  media_type  VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  thumb_type  VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  width       BIGINT NOT NULL,
  height      BIGINT NOT NULL,
  size_bytes  BIGINT NOT NULL,
  thumb_bytes BIGINT NOT NULL,
  person_id   BINARY(16) NULL,
  org_id      BINARY(16) NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_attachment_slot (order_id, slot),
  UNIQUE KEY uq_work_order_attachment_hash (order_id, hash),
  KEY ix_work_order_attachment_hash (hash),
  KEY ix_work_order_attachment_thumb (thumb_hash),
  CONSTRAINT ck_work_order_attachment_slot CHECK (slot BETWEEN 1 AND 9),
  CONSTRAINT fk_work_order_attachment_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_attachment;

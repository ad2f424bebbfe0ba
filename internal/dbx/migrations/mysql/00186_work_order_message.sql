-- +goose Up
CREATE TABLE work_order_message (
  id        BINARY(16) NOT NULL,
  order_id  BINARY(16) NOT NULL,
  side      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person_id BINARY(16) NULL,
  org_id    BINARY(16) NULL,
  role      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  text      VARCHAR(1000) NOT NULL,
  at        BIGINT NOT NULL,
  read_at   BIGINT NULL,
  PRIMARY KEY (id),
  KEY ix_work_order_message_order (order_id, id),
  KEY ix_work_order_message_at (at),
  KEY ix_work_order_message_person (person_id),
  CONSTRAINT fk_work_order_message_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_message;

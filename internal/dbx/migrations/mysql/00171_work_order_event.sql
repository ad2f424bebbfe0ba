-- +goose Up
CREATE TABLE work_order_event (
  order_id        BINARY(16) NOT NULL,
  seq             BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  kind            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_state      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  to_state        VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_role      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_person_id BINARY(16) NULL,
  actor_org_id    BINARY(16) NULL,
  detail          MEDIUMTEXT NOT NULL,
  text            VARCHAR(2000) NULL,
  PRIMARY KEY (order_id, seq),
  KEY ix_work_order_event_at (at),
  CONSTRAINT fk_work_order_event_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_event;

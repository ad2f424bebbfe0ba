-- +goose Up
CREATE TABLE work_order_escalation (
  id         BINARY(16) NOT NULL,
  order_id   BINARY(16) NOT NULL,
  round      BIGINT NOT NULL,
  stage      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level      BIGINT NOT NULL,
  severity   VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  audience   VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queued     SMALLINT NOT NULL,
  told       SMALLINT NOT NULL,
  digest     SMALLINT NOT NULL,
  reached_at BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_work_order_escalation_order_id (order_id, round, stage, level),
  KEY ix_work_order_escalation_queued (queued, id),
  CONSTRAINT fk_work_order_escalation_order_id FOREIGN KEY (order_id) REFERENCES work_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- +goose Down
DROP TABLE work_order_escalation;
